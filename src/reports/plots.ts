/** What a report shows as pictures: figures that its tables add up from. Pure. */
import { METHOD_NAMES, METHODS } from '../terminal/offer.ts';
import type { Names } from './names.ts';
import { eraMonth, type Period } from './periods.ts';
import { ofEntries, sumOf } from './rows.ts';
import type { PaymentSum, Plot } from './view.ts';

const isSale = ofEntries('sale');
const yenOf = (some: readonly PaymentSum[]): number => sumOf(some, ({ amountYen }) => amountYen);

/** Sales in yen over the time, by window and method, and beside cash; a plot without a figure is left out. */
export function plotsOf(payments: readonly PaymentSum[], period: Period, names: Names): Plot[] {
  const sales = payments.filter(isSale);
  const windows = [...new Set(payments.filter(ofEntries('sale', 'cash')).map(({ window }) => window))].sort();
  return [
    ...timePlot(sales, period),
    {
      titleJa: '窓口ごとの売上（方法別）',
      parts: METHODS.map((method) => METHOD_NAMES[method]),
      bars: windows.map((window) => ({
        nameJa: names.window(window),
        yen: byMethod(sales.filter((sum) => sum.window === window)),
      })),
    },
    {
      titleJa: '窓口ごとのキャッシュレスと現金（%は金額でのキャッシュレスの割合）',
      parts: ['キャッシュレス', '現金'],
      bars: windows.flatMap((window) => {
        const here = payments.filter((sum) => sum.window === window);
        const [cashless, cash] = [yenOf(here.filter(isSale)), yenOf(here.filter(ofEntries('cash')))];
        if (cashless + cash === 0) return [];
        const percent = Math.round((100 * cashless) / (cashless + cash));
        return [{ nameJa: `${names.window(window)}（${String(percent)}%）`, yen: [cashless, cash] }];
      }),
    },
  ].filter(({ bars }) => bars.some(({ yen }) => yen.some((part) => part !== 0)));
}

/** Every day of the month or month of the year, also those without a sale. */
function timePlot(sales: readonly PaymentSum[], { kind, from, until }: Period): Plot[] {
  if (kind === 'day' || sales.length === 0) return [];
  const length = kind === 'month' ? 10 : 7;
  const buckets = [...new Set(daysOf(from, until).map((day) => day.slice(0, length)))];
  const nameOf = (bucket: string): string =>
    kind === 'month' ? String(Number(bucket.slice(8))) : eraMonth(`${bucket}-01`).replace(/^.*年/, '');
  const byBucket = Map.groupBy(sales, ({ day }) => day.slice(0, length));
  return [
    {
      titleJa: kind === 'month' ? '日ごとの売上（方法別）' : '月ごとの売上（方法別）',
      parts: METHODS.map((method) => METHOD_NAMES[method]),
      bars: buckets.map((bucket) => ({ nameJa: nameOf(bucket), yen: byMethod(byBucket.get(bucket) ?? []) })),
    },
  ];
}

const byMethod = (sales: readonly PaymentSum[]): number[] =>
  METHODS.map((method) => yenOf(sales.filter((sum) => sum.method === method)));

function daysOf(from: string, until: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(until); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
