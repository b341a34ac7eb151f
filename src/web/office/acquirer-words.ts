/** An acquirer's terms in Japanese, and when a sale of a day is on its statement and in the bank. */
import { dueOf, overlapOf, type Acquirer, type findRival } from '../../reconcile/books/acquirer.ts';
import { formatDate } from '../shared/format.ts';

const monthDay = (day: number): string => (day === 31 ? '月末' : `${String(day)}日`);
const MONTHS = ['当月', '翌月', '翌々月', '3か月後'] as const;
export const SHIFT_WORDS = { before: '休みなら前の営業日', after: '休みなら次の営業日' } as const;
export const ROUNDING_WORDS = { floor: '切り捨て', round: '四捨五入', ceil: '切り上げ' } as const;

export function cycleJa({ cycle }: Pick<Acquirer, 'cycle'>): string {
  if (cycle.kind === 'daily') return `毎日締め、${String(cycle.payAfterBusinessDays)}営業日後に入金`;
  const closes = cycle.closes.map(monthDay).join('・');
  return `${closes}締め、${MONTHS[cycle.payAfterMonths] ?? ''}${monthDay(cycle.payDay)}に入金（${SHIFT_WORDS[cycle.shift]}）`;
}

/** 32,400 millionths → `3.24%`. */
export const percentOf = (ratePpm: number): string => `${String(ratePpm / 10_000)}%`;

export function feeJa({ fee }: Pick<Acquirer, 'fee'>, brandNames: ReadonlyMap<string, string>): string {
  if (fee === null) return '明細のとおり';
  const own = Object.entries(fee.brandRatesPpm).map(
    ([brand, rate]) => `${brandNames.get(brand) ?? brand} ${percentOf(rate)}`,
  );
  return [`${percentOf(fee.ratePpm)}（${ROUNDING_WORDS[fee.rounding]}）`, ...own].join('、');
}

/** `11月27日(金) の売上は、11月30日(月) に締め、12月10日(木) までに明細、12月30日(水) に入金` */
export function dueJa(acquirer: Acquirer, businessDate: string): string {
  const { closesOn, statementOn, paysOn } = dueOf(acquirer, businessDate);
  return `${formatDate(businessDate)} の売上は、${formatDate(closesOn)} に締め、${formatDate(statementOn)} までに明細、${formatDate(paysOn)} に入金`;
}

/** Banks write half-width katakana; names are compared, and read, in full width. */
export const payersJa = ({ payerNames }: Pick<Acquirer, 'payerNames'>): string =>
  payerNames.map((name) => name.normalize('NFKC')).join('、');

/** `2026年12月1日から`, `11月30日まで`. */
export const periodJa = ({ since, until }: Pick<Acquirer, 'since' | 'until'>): string =>
  since === undefined && until === undefined
    ? '期間の定めなし'
    : `${since === undefined ? '' : `${dayJa(since)} から`}${until === undefined ? '' : ` ${dayJa(until)} まで`}`.trim();

const dayJa = (day: string): string => `${day.slice(0, 4)}年${formatDate(day)}`;

type Names = ReadonlyMap<string, string>;
const brandsJa = (brands: readonly string[], names: Names): string =>
  brands.map((brand) => names.get(brand) ?? brand).join('、');

/** Why two can't both be declared, and what to do. */
export const rivalJa = ({ rival, brands }: NonNullable<ReturnType<typeof findRival>>, names: Names): string =>
  `${brandsJa(brands, names)}は「${rival.nameJa}」（${periodJa(rival)}）が受け持っています。会社が変わるなら、先に「${rival.nameJa}」に受け持つ最後の日を入れ、ここにその次の日を入れてください。`;

/** Where others are declared for some of the same, and who of them settles it. */
export function besidesJa(acquirer: Acquirer, all: readonly Acquirer[], names: Names): string[] {
  const { counter, nameJa, code } = acquirer;
  return all.flatMap((other) => {
    const here = overlapOf(acquirer, { ...other, counter });
    if (here === null) return [];
    const brands = brandsJa(here.brands, names);
    if (other.counter === counter) {
      const first = other.code < code ? other.nameJa : nameJa;
      return [
        `${brands}は「${other.nameJa}」とも登録されていて、いまは「${first}」のものとしています。受け持つ期間か種類を分けてください。`,
      ];
    }
    if (counter !== '*') return [];
    return [
      `窓口 ${other.counter} の${brands}は「${other.nameJa}」が受け持ちます（窓口ごとの登録が先です）。`,
    ];
  });
}

/** What a change makes of it, row by row. */
export function changesOf(
  before: Acquirer | null,
  after: Acquirer,
  brandNames: ReadonlyMap<string, string>,
): { labelJa: string; before: string; after: string }[] {
  const rows: [string, (acquirer: Acquirer) => string][] = [
    ['名前', ({ nameJa }) => nameJa],
    ['窓口', ({ counter }) => (counter === '*' ? 'すべての窓口' : counter)],
    ['種類', ({ brands }) => brands.map((brand) => brandNames.get(brand) ?? brand).join('、')],
    ['受け持つ期間', periodJa],
    ['締めと入金', cycleJa],
    ['明細が届くまで', ({ statementAfterBusinessDays: days }) => `締めの ${String(days)}営業日後まで`],
    ['手数料', (acquirer) => feeJa(acquirer, brandNames)],
    ['許す差', ({ fee }) => (fee === null ? '' : `${String(fee.toleranceYen)}円`)],
    ['入金の名義', payersJa],
    ['決済番号', ({ providerIdIn }) => (providerIdIn === 'none' ? '端末は返さない' : '端末の処理通番')],
  ];
  return rows
    .map(([labelJa, of]) => ({ labelJa, before: before === null ? '' : of(before), after: of(after) }))
    .filter(({ before: was, after: is }) => was !== is);
}
