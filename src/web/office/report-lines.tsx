/** What a figure is made of: its lines, and their sum, which is the figure. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { EntryLine, EntryList, LineFilter, ToldLine } from '../../reports/view.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatCount, formatDate, formatNumber, formatTime, formatYen } from '../shared/format.ts';
import { Fault } from './fault.tsx';
import type { LookedInto } from './report-table.tsx';
import { readLines, type PeriodKind } from './reports-service.ts';
import { useAnswer } from './use-answer.ts';

const PAGE = 500;
const ENTRY_WORDS: Record<EntryLine['entry'], string> = {
  sale: '売上',
  void: '取消',
  refund: '返金',
  correction: '訂正',
  cash: '現金',
  nothing: '0円',
  unknown_sale: '結果不明',
  unknown_return: '取消・返金 結果不明',
};

export function ReportLines(props: {
  kind: PeriodKind;
  on: string;
  figure: LookedInto;
  onClose: () => void;
  /** The figure is to be read anew. */
  onStale: () => void;
}) {
  const { kind, on, figure } = props;
  const [skip, setSkip] = useState(0);
  const key = `lines ${kind} ${on} ${JSON.stringify(figure.filter)} ${String(skip)}`;
  const { value, fault } = useAnswer(key, () => readLines(kind, on, figure.filter, skip));
  return (
    <DialogFrame title={`${figure.titleJa}　${figure.shown}`} onClose={props.onClose}>
      <Fault message={fault} />
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value !== null && value.total[figure.measure] !== figure.figure && <Stale onStale={props.onStale} />}
      {value !== null &&
        (figure.filter.told === undefined ? (
          <Lines list={value} />
        ) : (
          <ToldLines list={value} part={figure.filter.part} />
        ))}
      <div className="dialog-actions">
        {skip > 0 && (
          <Button className="button" onPress={() => setSkip(skip - PAGE)}>
            前の {PAGE}行
          </Button>
        )}
        {value !== null && skip + PAGE < value.total.lines && (
          <Button className="button" onPress={() => setSkip(skip + PAGE)}>
            次の {PAGE}行
          </Button>
        )}
        <Button className="button" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

/** Recorded between the report and the look into it: the list is right, and the figure that was pressed is old. */
function Stale({ onStale }: { onStale: () => void }) {
  return (
    <div className="tell" role="status">
      <b>表示のあとに、市の記録が変わりました。下の一覧は今のもので、押した数字とは合いません。</b>
      <Button className="button" onPress={onStale}>
        帳票を読み直す
      </Button>
    </div>
  );
}

function Lines({ list: { total, lines } }: { list: EntryList }) {
  return (
    <>
      <p className="sum">
        {[
          `${formatCount(total.payments)}件（${formatCount(total.lines)}行）`,
          `数量 ${formatCount(total.quantity)}`,
          formatYen(total.amountYen),
          ...(total.waivedYen === 0 ? [] : [`免除した額 ${formatYen(total.waivedYen)}`]),
        ].join('　')}
      </p>
      <LineTable words={['日時', 'カウンター・伝票', '区分', '項目', '方法']} figures={['数量', '金額']}>
        {lines.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </LineTable>
    </>
  );
}

/** As another book has it; which payment of ours belongs to a line stands beside it. */
function ToldLines({ list: { total, told }, part }: { list: EntryList; part: LineFilter['part'] }) {
  return (
    <>
      <p className="sum">{`${formatCount(total.lines)}行　${formatYen(total.amountYen)}`}</p>
      {part !== undefined && PART_NOTES[part] !== undefined && (
        <p className="form-note">{PART_NOTES[part]}</p>
      )}
      <LineTable words={['日', 'もと', '区分', '窓口の伝票']} figures={['金額']}>
        {told.map((line, index) => (
          <ToldRow key={index} line={line} />
        ))}
      </LineTable>
    </>
  );
}

/** Where a line is taken away. */
const PART_NOTES: Partial<Record<NonNullable<LineFilter['part']>, string>> = {
  difference: '受け取った側・相手の記録を足し、窓口の記録・受け取るはずの額を引いています。',
  unexplained: '端末の合計を足し、窓口の記録と、記録で説明できる分を引いています。',
  net: '売上から手数料を引いた額です。',
};

/** @param props.figures heads of the columns of numbers, which come last */
function LineTable(props: { words: string[]; figures: string[]; children: ReactNode }) {
  return (
    <div className="report-scroll report-lines" role="group" aria-label="内訳の表" tabIndex={0}>
      <table className="grid report-grid">
        <caption className="unseen">内訳の一覧</caption>
        <thead>
          <tr>
            {props.words.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {props.figures.map((name) => (
              <th key={name} scope="col" className="n">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

function ToldRow({ line }: { line: ToldLine }) {
  return (
    <tr>
      <td>{line.onDate === null ? '' : formatDate(line.onDate)}</td>
      <td>{line.placeJa}</td>
      <td>{line.whatJa}</td>
      <td>
        {line.counter === null
          ? '—'
          : [line.counter, line.number === null ? '' : formatNumber(line.number)].join('　')}
      </td>
      <td className="n">{formatYen(line.amountYen)}</td>
    </tr>
  );
}

function Line({ line }: { line: EntryLine }) {
  const { windowNameJa, account, groundJa } = line;
  return (
    <tr>
      <td>
        {formatDate(line.onDate)} {line.entry === 'correction' ? '' : formatTime(line.at)}
      </td>
      <td>
        {line.counter}　{formatNumber(line.number)}
      </td>
      <td>{ENTRY_WORDS[line.entry]}</td>
      <td>
        {line.nameJa}
        <br />
        <small>{[windowNameJa, account, groundJa].filter((word) => word !== '').join('・')}</small>
      </td>
      <td>{line.wayJa}</td>
      <td className="n">{formatCount(line.quantity)}</td>
      <td className="n">
        {formatYen(line.amountYen)}
        {line.waivedYen !== 0 && (
          <>
            <br />
            <small>免除 {formatYen(line.waivedYen)}</small>
          </>
        )}
      </td>
    </tr>
  );
}
