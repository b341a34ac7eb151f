/** Our records against statements and bank: one sentence, then sums by what became of the rows, settlements, the rows. */
import type { BooksView, ExceptionView, SettlementView } from '../../reconcile/books/view.ts';
import { formatDate, formatDifference, formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { useFirstRows } from './first-rows.tsx';
import { FAULT_WORDS, LINE_WORDS, needsSomeone, SETTLEMENT_WORDS } from './statement-words.ts';
import { TableHead } from './table-head.tsx';

const SHOWN = 100;

export function BooksLead({ books }: { books: BooksView }) {
  if (books.run === null) {
    return <p>まだ明細との突合をしていません。明細を取り込むと、ここに結果が出ます。</p>;
  }
  const isClean = todo(books) === 0 && remainder(books) === 0;
  return (
    <h2 className="lead">
      <Sign kind={isClean ? 'ok' : 'no'} size="small" />
      <span>{sentenceOf(books)}</span>
    </h2>
  );
}

export function BooksTables(props: {
  books: BooksView;
  brandNames: ReadonlyMap<string, string>;
  acquirerNames: ReadonlyMap<string, string>;
}) {
  const { books, brandNames, acquirerNames } = props;
  if (books.run === null) return null;
  return (
    <section className="day" aria-label="明細との突合">
      <Statuses books={books} />
      {books.settlements.length > 0 && <Settlements settlements={books.settlements} names={acquirerNames} />}
      {books.exceptions.length > 0 && (
        <Exceptions rows={books.exceptions} brandNames={brandNames} acquirerNames={acquirerNames} />
      )}
    </section>
  );
}

const count = (books: BooksView, of: (status: BooksView['statuses'][number]['status']) => boolean): number =>
  books.statuses.filter(({ status }) => of(status)).reduce((sum, { count: many }) => sum + many, 0);

const isOpen = ({ status, faults }: SettlementView): boolean =>
  !['matched', 'deposit_awaited', 'statement_awaited'].includes(status) || faults.length > 0;

const openSettlements = (books: BooksView): number => books.settlements.filter(isOpen).length;

const todo = (books: BooksView): number => count(books, needsSomeone) + openSettlements(books);

const remainder = ({ run }: BooksView): number =>
  run === null
    ? 0
    : run.summary.edges.reduce((sum, { remainderYen }) => sum + Math.abs(remainderYen), 0) +
      Math.abs(run.summary.bank.remainderYen);

function sentenceOf(books: BooksView): string {
  const matched = count(books, (status) => status === 'matched');
  const awaited = count(books, (status) => status === 'awaited');
  const { summary } = books.run ?? {};
  const undeclared = summary?.undeclared.count ?? 0;
  const parts = [
    `明細と一致 ${matched.toLocaleString('ja-JP')}件。合わないもの ${todo(books).toLocaleString('ja-JP')}件。`,
  ];
  if (awaited > 0) parts.push(`明細待ち ${awaited.toLocaleString('ja-JP')}件（期限内）。`);
  parts.push(`説明できない差 ${formatYen(remainder(books))}。`);
  if (undeclared > 0)
    parts.push(`決済会社の登録がない支払い ${undeclared.toLocaleString('ja-JP')}件は比べていません。`);
  return parts.join('');
}

function Statuses({ books }: { books: BooksView }) {
  return (
    <table className="grid">
      <caption>窓口の記録と明細</caption>
      <TableHead
        columns={['結果', { n: '件数' }, { n: '窓口の記録' }, { n: '明細' }, { n: '差（明細−記録）' }]}
      />
      <tbody>
        {books.statuses.map((row) => (
          <tr key={row.status} data-todo={needsSomeone(row.status)}>
            <td>
              <Tag {...LINE_WORDS[row.status]} />
            </td>
            <td className="n">{row.count.toLocaleString('ja-JP')}件</td>
            <td className="n">{formatYen(row.oursYen)}</td>
            <td className="n">{formatYen(row.theirsYen)}</td>
            <td className="n">{formatDifference(row.differenceYen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Tag({ nameJa, sign }: { nameJa: string; sign: Parameters<typeof Sign>[0]['kind'] }) {
  return (
    <span className="tag" data-kind={sign}>
      <Sign kind={sign} size="small" />
      {nameJa}
    </span>
  );
}

function Settlements(props: { settlements: readonly SettlementView[]; names: ReadonlyMap<string, string> }) {
  // What somebody has to look at stands first, in the order of the days like the others.
  const rows = [...props.settlements].sort((one, other) => Number(isOpen(other)) - Number(isOpen(one)));
  const { shown, others } = useFirstRows(rows);
  return (
    <>
      <table className="grid">
        <caption>精算と入金</caption>
        <TableHead
          columns={[
            '決済会社・精算番号',
            '入金予定日',
            { n: '売上（差引）' },
            { n: '手数料' },
            { n: '入る額' },
            { n: '入った額' },
            '結果',
          ]}
        />
        <tbody>
          {shown.map((each, index) => (
            <tr key={index} data-todo={isOpen(each)}>
              <td>
                {props.names.get(each.acquirer) ?? each.acquirer}　{each.batches.join('、')}
              </td>
              <td>{each.due === null ? '—' : formatDate(each.due)}</td>
              <td className="n">{formatYen(each.grossYen)}</td>
              <td className="n">{formatYen(each.feeYen)}</td>
              <td className="n">{formatYen(each.netYen)}</td>
              <td className="n">{formatYen(each.depositedYen)}</td>
              <td>
                <Tag {...SETTLEMENT_WORDS[each.status]} />
                {each.faults.map((fault) => (
                  <Tag key={fault} nameJa={FAULT_WORDS[fault]} sign="ask" />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {others}
    </>
  );
}

function Exceptions(props: {
  rows: readonly ExceptionView[];
  brandNames: ReadonlyMap<string, string>;
  acquirerNames: ReadonlyMap<string, string>;
}) {
  const shown = props.rows.slice(0, SHOWN);
  return (
    <table className="grid">
      <caption>
        確かめる行{props.rows.length > shown.length && `（${props.rows.length}件のうち ${shown.length}件）`}
      </caption>
      <TableHead
        columns={['日', '決済会社・種類', 'カウンター', { n: '窓口の記録' }, { n: '明細' }, '結果']}
      />
      <tbody>
        {shown.map((row) => (
          <tr key={`${row.counter} ${row.operationId ?? ''} ${String(row.lineId)}`}>
            <td>{row.onDate === null ? '—' : formatDate(row.onDate)}</td>
            <td>
              {props.acquirerNames.get(row.acquirer) ?? row.acquirer}
              {row.brand !== null && `・${props.brandNames.get(row.brand) ?? row.brand}`}
            </td>
            <td>{row.counter === '*' ? '—' : row.counter}</td>
            <td className="n">{row.operationId === null ? '—' : formatYen(row.oursYen)}</td>
            <td className="n">{row.lineId === null ? '—' : formatYen(row.theirsYen)}</td>
            <td>
              <Tag {...LINE_WORDS[row.status]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
