/** Beside the cashless payments of a day: what was paid in cash and what cost nothing, counted and in no cashless total. */
import { shareOf, type Share } from '../../counted/share.ts';
import { formatYen } from '../shared/format.ts';
import { readTenders, readWindows } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function DayTenders({ date }: { date: string }) {
  const tenders = useAnswer(`tenders ${date}`, () => readTenders(date, date));
  const windows = useAnswer('windows', readWindows);
  const counts = tenders.value ?? [];
  const { cash, nothing } = shareOf(counts);
  if (cash.count + nothing.count === 0) return null;
  const nameOf = (code: string): string =>
    windows.value?.find((window) => window.code === code)?.nameJa ?? code;
  return (
    <section aria-label="現金と0円">
      <h3 className="section-title">
        ほかに現金 {cash.count}件 {formatYen(cash.amountYen)}・0円 {nothing.count}件
      </h3>
      <p className="form-note">窓口で数えただけの件数です。キャッシュレスの合計には入りません。</p>
      <table className="grid">
        <caption className="unseen">窓口ごとの現金と0円</caption>
        <thead>
          <tr>
            <th scope="col">窓口</th>
            {['現金', '0円', 'キャッシュレス比率（件数）'].map((name) => (
              <th key={name} scope="col" className="n">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...Map.groupBy(counts, ({ window }) => window)].map(([window, some]) => (
            <WindowRow key={window} nameJa={nameOf(window)} share={shareOf(some)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WindowRow({ nameJa, share }: { nameJa: string; share: Share }) {
  const { cash, nothing, cashless, paid, byCount } = share;
  return (
    <tr>
      <th scope="row">{nameJa}</th>
      <td className="n">
        {cash.count}件 {formatYen(cash.amountYen)}
      </td>
      <td className="n">{nothing.count}件</td>
      <td className="n">
        {percent(byCount)}
        {paid.count > 0 && `（${cashless.count}／${paid.count}件）`}
      </td>
    </tr>
  );
}

/** Tenths of a percent → `83.3%`. */
export const percent = (perMille: number | null): string =>
  perMille === null ? '—' : `${(perMille / 10).toFixed(1)}%`;
