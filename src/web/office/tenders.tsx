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
  const byWindow = [...Map.groupBy(counts, ({ window }) => window)];
  return (
    <section className="tell" aria-label="現金と0円">
      <b>
        ほかに現金 {cash.count}件 {formatYen(cash.amountYen)}・0円 {nothing.count}件
      </b>
      窓口で数えただけの件数です。キャッシュレスの合計には入りません。
      <ul className="notes">
        {byWindow.map(([window, some]) => (
          <li key={window}>
            {nameOf(window)}　{wordsOf(shareOf(some))}
          </li>
        ))}
      </ul>
    </section>
  );
}

const wordsOf = ({ cash, nothing, cashless, paid, byCount }: Share): string =>
  `現金 ${cash.count}件 ${formatYen(cash.amountYen)}・0円 ${nothing.count}件・キャッシュレス比率 ${percent(byCount)}（${cashless.count}／${paid.count}件）`;

/** Tenths of a percent → `83.3%`. */
export const percent = (perMille: number | null): string =>
  perMille === null ? '—' : `${(perMille / 10).toFixed(1)}%`;
