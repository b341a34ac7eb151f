/** The prices of a day, what they will be, and what may be done with each. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { isConfirmed, type FeeWindow } from '../../fees/catalogue.ts';
import { STATUS_NAMES } from '../../fees/describe.ts';
import { changesAPrice, revise, type DraftRevision, type MaintainedItem } from '../../fees/revision.ts';
import { formatDate, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { Sign } from '../shared/sign.tsx';
import { EntryHistory } from './entry-history.tsx';
import { Fault } from './fault.tsx';
import { drafted, isReplacedBy } from './fee-draft.tsx';
import { FeeRevision } from './fee-revision.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { ChoiceField, DayField, windowChoices } from './page-fields.tsx';
import { confirmFees, readFees } from './service.ts';
import { useAnswer } from './use-answer.ts';

type Doing =
  | { what: 'revise'; item: MaintainedItem }
  | { what: 'history'; item: MaintainedItem }
  | { what: 'confirm'; items: readonly MaintainedItem[] };

export function PriceTable(props: {
  today: string;
  /** Another one: the table is asked for again. */
  tableVersion: string;
  windows: readonly FeeWindow[];
  mayChange: boolean;
  drafts: readonly DraftRevision[];
  onDraft: (draft: DraftRevision) => Promise<string | null>;
  onDone: () => void;
}) {
  const { today, drafts } = props;
  const [on, setOn] = useState(today);
  const [window, setWindow] = useState('');
  const [doing, setDoing] = useState<Doing | null>(null);
  const fees = useAnswer(`fees ${on} ${props.tableVersion}`, () => readFees(on));
  const items = (fees.value?.items ?? []).filter((item) => window === '' || item.window === window);
  const open = items.filter(isOpen);
  return (
    <>
      <Fault message={fees.fault} />
      <div className="page-tools">
        <ChoiceField
          label="窓口"
          value={window}
          choices={windowChoices(props.windows, true)}
          onChange={setWindow}
        />
        <DayField label="この日の料金" today={today} value={on} onChange={setOn} />
        {props.mayChange && open.length > 0 && (
          <Button className="button" onPress={() => setDoing({ what: 'confirm', items: open })}>
            未確認の {open.length}件をまとめて確認
          </Button>
        )}
      </div>
      {fees.value === null && fees.fault === null && <p>読み込んでいます</p>}
      {fees.value !== null && items.length === 0 && (
        <p>{window === '' ? NO_FEES : 'この窓口の料金はありません。'}</p>
      )}
      {items.length > 0 && (
        <Rows items={items} on={on} mayChange={props.mayChange} drafts={drafts} onDo={setDoing} />
      )}
      {doing !== null && (
        <PriceDialog
          doing={doing}
          today={today}
          drafts={drafts}
          onDraft={props.onDraft}
          onClose={() => setDoing(null)}
          onDone={() => {
            fees.askAgain();
            props.onDone();
          }}
        />
      )}
    </>
  );
}

const NO_FEES =
  '料金がまだありません。「窓口」の表に窓口を加えてから、料金表をCSVで取り込みます。いま書き出すと、見出しだけのCSVができます。';

const isOpen = ({ confirmed, status }: MaintainedItem): boolean => !confirmed && status !== null;

interface RowProps {
  on: string;
  mayChange: boolean;
  drafts: readonly DraftRevision[];
  onDo: (doing: Doing) => void;
}

function Rows({ items, ...props }: RowProps & { items: readonly MaintainedItem[] }) {
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
        {items.map((item) => (
          <Row key={item.code} {...props} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ item, on, mayChange, drafts, onDo }: RowProps & { item: MaintainedItem }) {
  const { confirmed, status, nameJa } = item;
  const isDrafted = drafts.some(({ code }) => code === item.code);
  return (
    <tr data-todo={isOpen(item)}>
      <th scope="row">
        {nameJa}
        <br />
        <small>{item.code}</small>
      </th>
      <td className="n">{priceWords(item)}</td>
      <td>
        {status !== null && (
          <span className="tag" data-kind={confirmed ? 'ok' : 'ask'}>
            <Sign kind={confirmed ? 'ok' : 'ask'} size="small" />
            {confirmed ? STATUS_NAMES[status] : `未確認（${STATUS_NAMES[status]}）`}
          </span>
        )}
      </td>
      <td>
        {comingWords(item, on)}
        {isDrafted && <div>下書きがあります</div>}
      </td>
      <td>
        <div className="row-acts">
          {mayChange && (
            <Button
              className="button"
              aria-label={`改定 ${nameJa}`}
              onPress={() => onDo({ what: 'revise', item })}
            >
              改定
            </Button>
          )}
          {mayChange && isOpen(item) && (
            <Button
              className="button"
              aria-label={`確認 ${nameJa}`}
              onPress={() => onDo({ what: 'confirm', items: [item] })}
            >
              確認
            </Button>
          )}
          <Button
            className="button"
            aria-label={`履歴 ${nameJa}`}
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
    return `${formatDate(from ?? '')}から ${price}`;
  });
  return [...new Set(words)].join('、');
}

function PriceDialog(props: {
  doing: Doing;
  today: string;
  drafts: readonly DraftRevision[];
  onDraft: (draft: DraftRevision) => Promise<string | null>;
  onClose: () => void;
  onDone: () => void;
}) {
  const { doing, drafts, onClose } = props;
  if (doing.what === 'history') {
    const { code, nameJa } = doing.item;
    return <EntryHistory kind="item" code={code} nameJa={nameJa} onClose={onClose} />;
  }
  if (doing.what === 'revise') {
    const { item } = doing;
    return (
      <FeeRevision
        item={item}
        today={props.today}
        last={drafts.at(-1)?.revision}
        onRevise={async (revision) => {
          const others = drafts.filter((each) => !isReplacedBy(each, item.code, revision));
          const before = drafted(item, others);
          if (!changesAPrice(before, revise(before, revision))) return NOTHING_CHANGES;
          const refused = await props.onDraft({ code: item.code, base: item.version, revision });
          if (refused === null) onClose();
          return refused;
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <SecondPerson
      what={`次の料金 ${doing.items.length}件が正しいことを確認します。本番の窓口では、確認した料金だけを使えます。`}
      roles={CONFIRMERS}
      onConfirm={(second) =>
        confirmFees(
          doing.items.map(({ code, version }) => ({ code, base: version })),
          second,
        )
      }
      onDone={() => {
        onClose();
        props.onDone();
      }}
      onClose={onClose}
    >
      <ul className="confirmed-prices">
        {doing.items.map((item) => (
          <li key={item.code}>
            {item.nameJa}　{openPrices(item).join('、')}
          </li>
        ))}
      </ul>
    </SecondPerson>
  );
}

const NOTHING_CHANGES =
  '価格の変わる項目はありません。今と違う料金を入れてください。今の料金でよければ「やめる」を押してください。';

/** Everything that is confirmed with the item, also what is still to come. */
function openPrices({ prices, classes, unit }: MaintainedItem): string[] {
  return prices
    .filter((price) => !isConfirmed(price))
    .map(({ class: feeClass, from, priceYen, source }) => {
      const nameJa = classes.find(({ code }) => code === feeClass)?.nameJa;
      const name = nameJa === undefined ? '' : `${nameJa} `;
      const price = priceYen === null ? '扱いなし' : `${formatYen(priceYen)}／${unit}`;
      return `${name}${price}（${from === null ? 'はじめから' : `${from}から`}、${source}）`;
    });
}
