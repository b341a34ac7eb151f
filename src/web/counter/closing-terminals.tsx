/** Each terminal's period against the record: figures side by side, and a sentence where they differ. */
import type { Check } from '../../closing/check.ts';
import type { ComparedDay, ComparedPeriod } from '../../closing/comparison.ts';
import { nameOfTerminal, type TerminalNames } from '../../terminal/offer.ts';
import { formatDifference, formatTime, formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';

export function ClosingTerminals(props: { compared: ComparedDay & Partial<Pick<Check, 'unread'>> }) {
  const { leftOut, remarks = [], names, unread = [] } = props.compared;
  const periods = props.compared.periods.filter((period) => !isEmptyRest(period, props.compared.periods));
  return (
    <section aria-label="端末の合計と記録">
      {periods.length > 0 && (
        <table className="rows">
          <caption>端末の合計と記録</caption>
          <thead>
            <tr>
              <th scope="col">端末</th>
              <th scope="col" className="row-amount">
                記録
              </th>
              <th scope="col" className="row-amount">
                端末
              </th>
              <th scope="col" className="row-amount">
                差
              </th>
            </tr>
          </thead>
          <tbody>
            {periods.map((period) => (
              <Period key={`${period.name} ${period.readAt}`} period={period} names={names} />
            ))}
          </tbody>
        </table>
      )}
      {remarks.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {periods.map(
        (period) =>
          period.sentences.length > 0 && (
            <div className="tell" key={`why ${period.name} ${period.readAt}`}>
              <b>{periodName(names, period)}</b>
              <ul>
                {period.sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </div>
          ),
      )}
      <NotCompared leftOut={leftOut} unread={unread} names={names} />
    </section>
  );
}

/** Nothing has come to a terminal since it was settled: its row would say nothing. */
const isEmptyRest = (
  { terminal, name, ours, theirs }: ComparedPeriod,
  periods: readonly ComparedPeriod[],
): boolean =>
  ours.count === 0 &&
  theirs.count === 0 &&
  ours.amountYen === theirs.amountYen &&
  periods.some((other) => other.terminal === terminal && other.name !== name && other.isSettled);

/** What no totals stand beside, and why. */
function NotCompared({ leftOut, unread, names }: Pick<Check, 'leftOut' | 'unread' | 'names'>) {
  return (
    <>
      {leftOut.map(({ terminal, because, count, amountYen }) => (
        <p className="tell" key={`left out ${terminal} ${because}`}>
          <b>
            {nameOfTerminal(names, terminal)} で受けた {count}件 {formatYen(amountYen)}{' '}
            は、端末の合計と比べていません
          </b>
          {BECAUSE[because]}決済会社の明細で確かめるよう会計課に知らせてください。
        </p>
      ))}
      {unread.map(({ terminal, message }) => (
        <p className="tell" key={`unread ${terminal}`}>
          <b>{nameOfTerminal(names, terminal)} の合計を読めませんでした</b>
          {message}
        </p>
      ))}
    </>
  );
}

const BECAUSE: Record<ComparedDay['leftOut'][number]['because'], string> = {
  lost: '端末が紛失・交換中です。',
  replaced: '合計を読む前に端末が替わりました。',
  settled: '合計を読む前に端末が自分で日計をしました。端末の控えが残っていれば、それと合わせてください。',
};

function Period({ period, names }: { period: ComparedPeriod; names: TerminalNames }) {
  const isSame = period.sentences.length === 0 && period.differenceYen === 0;
  const counted = (sum: ComparedPeriod['ours']): string => `${sum.count}件 ${formatYen(sum.amountYen)}`;
  return (
    <>
      <tr>
        <th scope="row">
          {periodName(names, period)}
          <span className="row-detail">
            {period.isSettled ? '日計' : '中間計'} {formatTime(period.readAt)}
          </span>
        </th>
        <td className="row-amount">{counted(period.ours)}</td>
        <td className="row-amount">{counted(period.theirs)}</td>
        <td className="row-amount closing-verdict" data-kind={isSame ? 'ok' : 'ask'}>
          <Sign kind={isSame ? 'ok' : 'ask'} size="small" />
          {isSame ? '一致' : formatDifference(period.differenceYen)}
        </td>
      </tr>
      {!isSame &&
        period.rows.map((row) => (
          <tr key={row.bucket}>
            <td className="row-inner">{row.nameJa}</td>
            <td className="row-amount">{counted(row.ours)}</td>
            <td className="row-amount">{counted(row.theirs)}</td>
            <td className="row-amount">
              {row.differenceYen === 0 ? '' : formatDifference(row.differenceYen)}
            </td>
          </tr>
        ))}
    </>
  );
}

const periodName = (names: TerminalNames, { terminal, name }: ComparedPeriod): string =>
  nameOfTerminal(names, terminal) + name.slice(terminal.length);
