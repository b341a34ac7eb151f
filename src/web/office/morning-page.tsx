/** 朝の確認: one sentence, the four books side by side, the rows; what needs a person is the only coloured one. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { MorningRow, MorningView, NightView } from '../../reconcile/morning.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { formatDate, formatDayAndTime, formatDifference, formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { Bar } from './bar.tsx';
import { addressOf } from './place.ts';
import { TableHead } from './table-head.tsx';

/** @param run where the night's work is not done: the button that does it */
export function MorningLead({ morning, run }: { morning: MorningView; run: ReactNode }) {
  const { waitingCounters, night } = morning;
  return (
    <header className="morning-lead" data-kind={morning.isClean ? 'ok' : 'no'}>
      <p className="morning-day">
        {formatDate(morning.day)}
        {night !== null && <span>{nightJa(night)}</span>}
      </p>
      <h2 className="lead">
        <Sign kind={morning.isClean ? 'ok' : 'ask'} size="small" />
        <span>{morning.sentence}</span>
      </h2>
      {waitingCounters.length > 0 && (
        <p>
          窓口 {waitingCounters.join('・')} の出納員に、{formatDate(morning.day)}
          の「締め」を頼んでください。届いてから10分以内に、自動で突合します。
        </p>
      )}
      {(night?.state === 'failed' || night?.state === 'cut_off') && <p>{AGAIN}</p>}
      {run}
      {morning.openCases + morning.doubles > 0 && (
        <nav className="row-acts" aria-label="対応すること">
          {morning.openCases > 0 && (
            <a className="button primary" href={addressOf('reconciliation', { view: 'desk' })}>
              要対応 {morning.openCases.toLocaleString('ja-JP')}件を見る
            </a>
          )}
          {morning.doubles > 0 && (
            <a className={morning.openCases > 0 ? 'button' : 'button primary'} href={addressOf('payments')}>
              二重の疑い {morning.doubles.toLocaleString('ja-JP')}件を見る
            </a>
          )}
        </nav>
      )}
    </header>
  );
}

function nightJa({ state, startedAt, endedAt, attempt, missed }: NightView): string {
  const again = attempt > 1 ? `（${String(attempt)}回目）` : '';
  const before = missed > 0 ? `、動いていなかった ${String(missed)}夜の分を含みます` : '';
  if (state === 'done') return `夜間処理 ${formatDayAndTime(endedAt ?? startedAt)} 完了${again}${before}`;
  if (state === 'running') return `夜間処理 ${formatDayAndTime(startedAt)} から実行中`;
  return `突合 ${formatDayAndTime(startedAt)} は途中で止まりました${again}`;
}

const AGAIN =
  '10分ごとに自動でやり直します。「完了」と出るまでは、届いた明細や締めがまだ突合に入っていないことがあります。次の回でも止まるときは、管理者に「突合が途中で止まる」と伝えてください。原因はサービスの記録（madoguchi.log）に残っています。';

export function FourBooks({ morning }: { morning: MorningView }) {
  const { ours, terminal, statement, bank } = morning;
  const rest = statement.awaited;
  return (
    <div className="books four-books">
      <Book
        name="窓口の記録"
        kind="ok"
        amount={formatYen(ours.amountYen)}
        below={`${String(ours.count)}件`}
      />
      <Book
        name="端末の合計"
        kind={terminal === null ? 'run' : terminal.isDifferent ? 'no' : 'ok'}
        amount={terminal === null ? '—' : formatYen(terminal.amountYen)}
        below={
          terminal === null
            ? morning.noTotals
            : `${String(terminal.count)}件　差 ${formatDifference(terminal.differenceYen)}`
        }
        note={terminal === null ? '' : apartOf(terminal.amountYen - terminal.differenceYen - ours.amountYen)}
      />
      <Book
        name="決済会社の明細"
        kind={rest.count > 0 || statement.count === 0 ? 'run' : 'ok'}
        amount={statement.count === 0 ? '—' : formatYen(statement.amountYen)}
        below={
          rest.count === 0
            ? `${String(statement.count)}件`
            : `待ち ${String(rest.count)}件 ${formatYen(rest.amountYen)}${statement.until === null ? '' : `　${formatDate(statement.until)}まで`}`
        }
      />
      <Book
        name="入金"
        kind={bank.settledYen > 0 && bank.dueUntil === null ? 'ok' : 'run'}
        amount={bank.settledYen === 0 ? '—' : formatYen(bank.settledYen)}
        below={bank.dueFrom === null ? '' : `予定 ${rangeJa(bank.dueFrom, bank.dueUntil)}`}
      />
    </div>
  );
}

const rangeJa = (from: string, until: string | null): string =>
  until === null || until === from ? formatDate(from) : `${formatDate(from)}〜${formatDate(until)}`;

/** What is compared with the terminals is not all of the day, or more than it. */
const apartOf = (yen: number): string =>
  yen === 0 ? '' : `端末の合計に入らない返金や、前後の日の分 ${formatDifference(yen)}`;

function Book(props: {
  name: string;
  kind: 'ok' | 'no' | 'run';
  amount: string;
  below: string;
  note?: string;
}) {
  return (
    <div className="book" data-kind={props.kind}>
      <h3>{props.name}</h3>
      <p className="book-amount">{props.amount}</p>
      <p>{props.below}</p>
      {props.note !== undefined && props.note !== '' && <p>{props.note}</p>}
    </div>
  );
}

export function MorningRows({ rows }: { rows: readonly MorningRow[] }) {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ amountYen }) => amountYen));
  return (
    <table className="grid morning-rows">
      <caption className="unseen">窓口と方法ごと</caption>
      <TableHead columns={['窓口', '方法', { n: '件数' }, { n: '金額' }, '構成', '状態']} />
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.windowNameJa} ${row.method}`} data-todo={row.cases > 0}>
            <th scope="row">{row.windowNameJa}</th>
            <td>{METHOD_NAMES[row.method]}</td>
            <td className="n">{row.count}</td>
            <td className="n">{formatYen(row.amountYen)}</td>
            <td className="share-cell">
              <Bar part={Math.max(row.amountYen, 0)} of={most} />
            </td>
            <td>
              <RowState row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RowState({ row: { cases, unmatched, awaited } }: { row: MorningRow }) {
  const [kind, word] =
    cases > 0
      ? (['ask', `要対応 ${String(cases)}件`] as const)
      : unmatched > 0
        ? (['run', `未突合 ${String(unmatched)}件`] as const)
        : awaited > 0
          ? (['run', `明細待ち ${String(awaited)}件`] as const)
          : (['ok', '明細と一致'] as const);
  return (
    <span className="tag" data-kind={kind}>
      <Sign kind={kind} size="small" />
      {word}
    </span>
  );
}

export function OtherDay({ onBack }: { onBack: () => void }) {
  return (
    <Button className="button" onPress={onBack}>
      今日の朝に戻る
    </Button>
  );
}
