/** 料金表: what every item costs on a day, what it will cost, and every change of it, with a second person. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PriceStatus } from '../../fees/catalogue.ts';
import type { MaintainedItem, Revision } from '../../fees/revision.ts';
import { formatDate, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { Sign } from '../shared/sign.tsx';
import { Fault } from './fault.tsx';
import { FeeHistory } from './fee-history.tsx';
import { FeeImport } from './fee-import.tsx';
import { FeePreview } from './fee-preview.tsx';
import { FeeRevision } from './fee-revision.tsx';
import { FeeSettingsForm } from './fee-settings.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { confirmFee, readFees, readWindows, reviseFee, type OfficeSession } from './service.ts';
import { useAnswer } from './use-answer.ts';

const STATUS_WORDS: Record<PriceStatus, string> = {
  shiroi: '市の料金',
  shiroi_proposed: '市の改定案',
  national: '全国の標準',
  stand_in: '他市の額',
  sample: '仮の額',
  confirmed: '確認済み',
};

type Doing =
  | { what: 'revise' | 'confirm' | 'history'; item: MaintainedItem }
  | { what: 'revision'; item: MaintainedItem; revision: Revision }
  | null;

export function FeesPage({ today, person }: { today: string; person: OfficeSession['person'] }) {
  const [on, setOn] = useState(today);
  const [window, setWindow] = useState('');
  const [doing, setDoing] = useState<Doing>(null);
  const fees = useAnswer(`fees ${on}`, () => readFees(on));
  const windows = useAnswer('windows', readWindows);
  const mayChange = person.roles.some((role) => role === 'accounting' || role === 'administrator');
  const items = (fees.value?.items ?? []).filter((item) => window === '' || item.window === window);
  const close = (): void => {
    setDoing(null);
    fees.askAgain();
  };
  return (
    <>
      <Fault message={fees.fault} />
      <div className="payments-head">
        <h2 className="lead">料金表</h2>
        <label className="date-field">
          <span>窓口</span>
          <select value={window} onChange={({ target }) => setWindow(target.value)}>
            <option value="">すべて</option>
            {(windows.value ?? []).map(({ code, nameJa }) => (
              <option key={code} value={code}>
                {nameJa}
              </option>
            ))}
          </select>
        </label>
        <TextField
          className="date-field"
          type="date"
          value={on}
          onChange={(next) => {
            if (next !== '') setOn(next);
          }}
        >
          <Label>この日の料金</Label>
          <Input />
        </TextField>
        <a className="button" href="/api/office/fees.csv" download>
          CSVに書き出す
        </a>
      </div>
      {fees.value === null && fees.fault === null && <p>読み込んでいます</p>}
      <FeeTable items={items} on={on} mayChange={mayChange} onDo={setDoing} />
      {fees.value !== null && <FeePreview today={today} fees={fees.value} items={items} />}
      {mayChange && fees.value !== null && (
        <>
          <FeeImport onDone={fees.askAgain} />
          <FeeSettingsForm
            key={fees.value.settings.version}
            settings={fees.value.settings}
            onDone={fees.askAgain}
          />
        </>
      )}
      <FeeDialogs doing={doing} today={today} onDo={setDoing} onClose={close} />
    </>
  );
}

function FeeTable(props: {
  items: readonly MaintainedItem[];
  on: string;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}) {
  return (
    <table className="grid fee-table">
      <caption className="unseen">料金の一覧</caption>
      <thead>
        <tr>
          <th scope="col">項目</th>
          <th scope="col" className="n">
            料金
          </th>
          <th scope="col">確認</th>
          <th scope="col">これから</th>
          <th scope="col">操作</th>
        </tr>
      </thead>
      <tbody>
        {props.items.map((item) => (
          <FeeRow key={item.code} {...props} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function FeeRow(props: {
  item: MaintainedItem;
  on: string;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}) {
  const { item, onDo } = props;
  const { confirmed, status } = item;
  return (
    <tr data-todo={!confirmed && status !== null}>
      <td>
        {item.nameJa}
        <br />
        <small>{item.code}</small>
      </td>
      <td className="n">{priceWords(item)}</td>
      <td>
        {status !== null && (
          <span className="tag" data-kind={confirmed ? 'ok' : 'ask'}>
            <Sign kind={confirmed ? 'ok' : 'ask'} size="small" />
            {confirmed ? STATUS_WORDS[status] : `未確認（${STATUS_WORDS[status]}）`}
          </span>
        )}
      </td>
      <td>{comingWords(item, props.on)}</td>
      <td>
        <div className="fee-acts">
          {props.mayChange && (
            <Button
              className="button"
              aria-label={`改定 ${item.nameJa}`}
              onPress={() => onDo({ what: 'revise', item })}
            >
              改定
            </Button>
          )}
          {props.mayChange && !confirmed && status !== null && (
            <Button
              className="button"
              aria-label={`確認 ${item.nameJa}`}
              onPress={() => onDo({ what: 'confirm', item })}
            >
              確認
            </Button>
          )}
          <Button
            className="button"
            aria-label={`履歴 ${item.nameJa}`}
            onPress={() => onDo({ what: 'history', item })}
          >
            履歴
          </Button>
        </div>
      </td>
    </tr>
  );
}

function priceWords({ priceYen, highestYen, unit }: MaintainedItem): string {
  if (priceYen === null || highestYen === null) return '扱いなし';
  const from = priceYen === highestYen ? '' : `${priceYen.toLocaleString('ja-JP')}〜`;
  return `${from}${formatYen(highestYen)}／${unit}`;
}

/** What takes effect by itself after the day that is shown. */
function comingWords({ prices }: MaintainedItem, on: string): string {
  const coming = prices.filter(({ from }) => from !== null && from > on);
  const words = coming.map(({ from, priceYen }) => {
    const price = priceYen === null ? '扱いをやめる' : formatYen(priceYen);
    return `${(from ?? '').slice(0, 4)}年${formatDate(from ?? '')}から ${price}`;
  });
  return [...new Set(words)].join('、');
}

function FeeDialogs(props: {
  doing: Doing;
  today: string;
  onDo: (doing: Doing) => void;
  onClose: () => void;
}) {
  const { doing, onDo, onClose } = props;
  if (doing === null) return null;
  const { item } = doing;
  switch (doing.what) {
    case 'history':
      return <FeeHistory item={item} onClose={onClose} />;
    case 'revise':
      return (
        <FeeRevision
          item={item}
          today={props.today}
          onRevise={(revision) => onDo({ what: 'revision', item, revision })}
          onClose={onClose}
        />
      );
    case 'confirm':
      return (
        <SecondPerson
          what={`${item.nameJa}の料金 ${priceWords(item)} が正しいことを確認します（出典 ${item.source ?? ''}）。`}
          roles={CONFIRMERS}
          onConfirm={(second) => confirmFee(item.code, item.version, second)}
          onDone={onClose}
          onClose={onClose}
        />
      );
    case 'revision':
      return (
        <SecondPerson
          what={revisionWords(item, doing.revision)}
          roles={CONFIRMERS}
          onConfirm={(second) => reviseFee(item.code, item.version, doing.revision, second)}
          onDone={onClose}
          onClose={onClose}
        />
      );
  }
}

function revisionWords(item: MaintainedItem, { from, prices, reason }: Revision): string {
  const words = prices.map(({ class: feeClass, priceYen }) => {
    const name = item.classes.find(({ code }) => code === feeClass)?.nameJa ?? '';
    return `${name}${priceYen === null ? '扱いをやめる' : formatYen(priceYen)}`;
  });
  return `${item.nameJa}を ${from.slice(0, 4)}年${formatDate(from)} から ${words.join('、')} にします（${reason}）。その日の0時から、どの窓口でもこの料金になります。`;
}
