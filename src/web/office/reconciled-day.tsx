/** One counter's day against its terminals: the sentence, bucket by bucket, and how it was paid. */
import { terminalJa, type ReconciliationRow, type ReconciliationView } from '../../reconcile/view.ts';
import type { Sum } from '../../sum.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { formatDifference, formatYen } from '../shared/format.ts';
import { wayOf, type SignKind } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { Bar } from './bar.tsx';
import { CounterClosings } from './counter-closing.tsx';
import { TableHead } from './table-head.tsx';

export const STATUS_WORDS: Record<ReconciliationView['status'], { word: string; sign: SignKind }> = {
  matched: { word: '一致', sign: 'ok' },
  explained: { word: '差は説明済み', sign: 'ok' },
  different: { word: '差があります', sign: 'no' },
  open_unknown: { word: '結果不明あり', sign: 'ask' },
};

export function ReconciledDay(props: { day: ReconciliationView; brandNames: ReadonlyMap<string, string> }) {
  const { day } = props;
  const { sign } = STATUS_WORDS[day.status];
  return (
    <article className="day">
      <h2 className="day-title" data-kind={sign}>
        <Sign kind={sign} size="small" />
        <span>
          窓口 {day.counter}　{day.sentence}
        </span>
      </h2>
      {day.notes.length > 0 && (
        <ul className="notes">
          {day.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {day.unknown.count > 0 && <p>結果不明 {sumOf(day.unknown)}は、どちらにも数えていません。</p>}
      <Buckets rows={day.rows} />
      <CounterClosings date={day.businessDate} counter={day.counter} compared={day.closings} />
      <Ways day={day} brandNames={props.brandNames} />
    </article>
  );
}

function Buckets({ rows }: { rows: readonly ReconciliationRow[] }) {
  if (rows.length === 0) return null;
  const severalTerminals = new Set(rows.map(({ terminal }) => terminal)).size > 1;
  return (
    <table className="grid">
      <caption>端末の区分ごと</caption>
      <TableHead
        columns={[
          severalTerminals && '端末',
          '区分',
          { n: '窓口の記録' },
          { n: '端末の合計' },
          { n: '差' },
          '状態',
        ]}
      />
      <tbody>
        {rows.map((row) => (
          <BucketRow key={`${row.terminal} ${row.bucket}`} row={row} withTerminal={severalTerminals} />
        ))}
      </tbody>
    </table>
  );
}

function BucketRow({ row, withTerminal }: { row: ReconciliationRow; withTerminal: boolean }) {
  const isExplained = row.isExplained === true;
  const agrees = isExplained || (row.differenceYen === 0 && row.differenceCount === 0);
  return (
    <tr data-todo={!agrees}>
      {withTerminal && <td>{terminalJa(row)}</td>}
      <th scope="row">{row.nameJa}</th>
      <td className="n">{sumOf(row.ours)}</td>
      <td className="n">{sumOf(row.theirs)}</td>
      <td className="n">{formatDifference(row.differenceYen)}</td>
      <td>
        <span className="tag" data-kind={agrees ? 'ok' : 'no'}>
          <Sign kind={agrees ? 'ok' : 'no'} size="small" />
          {isExplained ? '説明済み' : agrees ? '一致' : '要対応'}
        </span>
      </td>
    </tr>
  );
}

function Ways({ day, brandNames }: { day: ReconciliationView; brandNames: ReadonlyMap<string, string> }) {
  if (day.byMethod.length === 0) return null;
  const most = Math.max(...day.byMethod.map(({ amountYen }) => amountYen));
  return (
    <table className="grid">
      <caption>支払い方法ごと（窓口の記録）</caption>
      <TableHead columns={['方法', '種類', { n: '件数' }, { n: '金額' }, '構成']} />
      <tbody>
        {day.byMethod.map((way) => (
          <tr key={`${way.method} ${way.brand ?? ''}`}>
            <td>{METHOD_NAMES[way.method]}</td>
            <th scope="row">{way.brand === null ? '（不明）' : wayOf(way, brandNames)}</th>
            <td className="n">{way.count}</td>
            <td className="n">{formatYen(way.amountYen)}</td>
            <td className="share-cell">
              <Bar part={way.amountYen} of={most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sumOf({ count, amountYen }: Sum): string {
  return `${String(count)}件　${formatYen(amountYen)}`;
}
