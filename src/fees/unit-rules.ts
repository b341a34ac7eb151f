/**
 * How the units of a fee are counted, as a table: what is asked, what is multiplied, which day's price counts. An item
 * names its rule; nothing else in the house knows one from another.
 *
 * Source: what ordinances of cities count (1 fiscal year × 1 tax item = 1 件; a household copy per 5 persons; care by
 * day, visit, started hour or half hour; passes by month of start or by half-year).
 */
import {
  askedCountInput,
  choiceInput,
  countInput,
  dateInput,
  minutesOf,
  startMonthInput,
  textInput,
  timeInput,
  type InputSpec,
} from './inputs.ts';

/** What the quantity is multiplied with. Whole units only: rounding belongs to the factor that needs it. */
export type Factor =
  /** The count that was entered, in units of `per`, a begun one counted whole. */
  | { by: 'count'; input: string; per: number }
  /**
   * The time between two answers, in steps; `rounding` unless the item's terms say otherwise, and never fewer steps
   * than fit into `atLeast` minutes.
   */
  | { by: 'minutes'; from: string; until: string; step: number; atLeast: number; rounding: Rounding };

export type Rounding = 'up' | 'down' | 'nearest';

/** How a year's price becomes that of a part of it. */
export type Proration =
  /** Price × remaining months ÷ 12, rounded as the terms say. */
  | 'months'
  /** Whole from April to September, half from October, rounded as the terms say. */
  | 'half_year'
  /** As the city publishes it for each month of start; a month without a price is not sold. */
  | 'start_months';

export interface UnitRule {
  /** For whoever looks after the fees. */
  nameJa: string;
  inputs: InputSpec[];
  factors: Factor[];
  proration: Proration | null;
  /** The answer that decides which day's price counts, where it is the day of use. */
  pricedOn: string | null;
  /** One unit a line: it bears a number of its own. */
  isSingle: boolean;
}

const DAYS_AROUND = 366;
const usedOn = (): InputSpec => dateInput('usedOn', ['利用日', 'Day of use'], -DAYS_AROUND, DAYS_AROUND);
const children = (): InputSpec => countInput('persons', ['人数', 'Children'], '人', 20);
const years = (): InputSpec => countInput('years', ['年度の数', 'Fiscal years'], '年度', 20);
const months = (): InputSpec => countInput('months', ['月数', 'Months'], 'か月', 12);

const byCount = (input: string, per = 1): Factor => ({ by: 'count', input, per });
const time = (step: number, atLeast: number): Factor => ({
  by: 'minutes',
  from: 'from',
  until: 'until',
  step,
  atLeast,
  rounding: 'up',
});

const rule = (
  nameJa: string,
  inputs: InputSpec[],
  factors: Factor[],
  rest: Partial<UnitRule> = {},
): UnitRule => ({
  nameJa,
  inputs,
  factors,
  proration: null,
  pricedOn: null,
  isSingle: false,
  ...rest,
});

const care = (nameJa: string, inputs: InputSpec[], factors: Factor[]): UnitRule =>
  rule(nameJa, [usedOn(), children(), ...inputs], [byCount('persons'), ...factors], { pricedOn: 'usedOn' });

const pass = (nameJa: string, proration: Proration): UnitRule =>
  rule(nameJa, [startMonthInput(), textInput('sticker', ['シール番号', 'Sticker number'], true)], [], {
    proration,
    pricedOn: 'startMonth',
    isSingle: true,
  });

const REPLACEMENT_REASONS = [
  { code: 'lost', nameJa: '紛失', nameEn: 'Lost' },
  { code: 'damaged', nameJa: '破損', nameEn: 'Damaged' },
  { code: 'stolen', nameJa: '盗難', nameEn: 'Stolen' },
];

/** The clerk has found in a ledger on paper that the sticker was sold. */
export const FROM_LEDGER = 'ledger';
const SOLD_IN = [
  { code: 'record', nameJa: '記録で確認', nameEn: 'In the record' },
  { code: FROM_LEDGER, nameJa: '台帳で確認', nameEn: 'In the ledger' },
];

export const UNIT_RULES = {
  per_copy: rule('1通ごと', [], []),
  per_item: rule('1件ごと', [], []),
  per_5_persons: rule(
    '5人までごと',
    [askedCountInput('persons', ['記載する人数', 'Persons'], '人', 50)],
    [byCount('persons', 5)],
  ),
  per_fiscal_year_and_item: rule('年度 × 件', [years()], [byCount('years')]),
  per_tax_and_fiscal_year: rule(
    '税目 × 年度',
    [countInput('taxes', ['税目の数', 'Taxes'], '税目', 10), years()],
    [byCount('taxes'), byCount('years')],
  ),
  per_person_day: care('人 × 日', [countInput('days', ['日数', 'Days'], '日', 31)], [byCount('days')]),
  per_person_visit: care(
    '人 × 回',
    [countInput('visits', ['回数', 'Visits'], '回', 31)],
    [byCount('visits')],
  ),
  per_started_30_min: care(
    '30分ごと（端数は切り上げ）',
    [
      timeInput('from', ['保育の終わり', 'End of care']),
      timeInput('until', ['お迎えの時刻', 'Picked up at']),
    ],
    [time(30, 0)],
  ),
  per_started_hour_min_1h: care(
    '1時間ごと（最低1時間、端数は切り上げ）',
    [timeInput('from', ['お預かりの時刻', 'From']), timeInput('until', ['お迎えの時刻', 'Picked up at'])],
    [time(60, 60)],
  ),
  /** The first hour whole, then half hours; the price is that of half an hour. */
  per_30_min_min_1h: care(
    '30分ごと（最低1時間、端数は切り上げ）',
    [timeInput('from', ['お預かりの時刻', 'From']), timeInput('until', ['お迎えの時刻', 'Picked up at'])],
    [time(30, 60)],
  ),
  per_month: rule('月ごと', [children(), months()], [byCount('persons'), byCount('months')]),
  per_month_and_hour: rule(
    '月 × 1日の時間',
    [children(), months(), countInput('hours', ['1日の時間', 'Hours a day'], '時間', 6)],
    [byCount('persons'), byCount('months'), byCount('hours')],
  ),
  per_24_h: rule(
    '24時間ごと',
    [
      countInput('days', ['24時間の数', 'Times 24 hours'], '回', 31),
      textInput('sticker', ['シール番号', 'Sticker number'], false),
    ],
    [byCount('days')],
  ),
  /** A lost sticker gives way to a new one of the same year of use. */
  sticker_replacement: rule(
    'シールの再交付',
    [
      startMonthInput(),
      choiceInput('reason', ['再交付の理由', 'Reason'], REPLACEMENT_REASONS),
      textInput('replaces', ['前のシール番号', 'Sticker number before'], true),
      textInput('sticker', ['新しいシール番号', 'New sticker number'], true),
      choiceInput('soldIn', ['前のシールの販売', 'Sale of the one before'], SOLD_IN, 'record'),
    ],
    [],
    { isSingle: true },
  ),
  per_fiscal_year_by_month: pass('年度、始める月から月割', 'months'),
  per_fiscal_year_half: pass('年度、10月から半額', 'half_year'),
  per_fiscal_year_prorated: pass('年度、始める月ごとの額', 'start_months'),
} satisfies Record<string, UnitRule>;

export type UnitRuleCode = keyof typeof UNIT_RULES;

export const ruleOf = ({ unitRule }: { unitRule: UnitRuleCode }): UnitRule => UNIT_RULES[unitRule];

/** The units of one factor; undefined: a time that ends before it begins, or nothing begun. */
export function unitsOf(
  factor: Factor,
  answers: ReadonlyMap<string, string>,
  terms: Readonly<Record<string, string>>,
): number | undefined {
  if (factor.by === 'count') return Math.ceil(Number(answers.get(factor.input)) / factor.per);
  const minutes = minutesOf(answers.get(factor.until) ?? '') - minutesOf(answers.get(factor.from) ?? '');
  if (!(minutes > 0)) return undefined;
  const counted = Math.max(minutes, factor.atLeast);
  const steps = roundedQuotient(counted, factor.step, roundingIn(terms) ?? factor.rounding);
  return steps > 0 ? steps : undefined;
}

/** Integer division, never through a fraction. */
export function roundedQuotient(dividend: number, divisor: number, rounding: Rounding): number {
  const rest = dividend % divisor;
  const whole = (dividend - rest) / divisor;
  if (rest === 0 || rounding === 'down') return whole;
  return rounding === 'up' || rest * 2 >= divisor ? whole + 1 : whole;
}

/** What a year's price comes to with a start in a month (1 to 12). Integer yen. */
export function prorate(
  proration: 'months' | 'half_year',
  priceYen: number,
  month: number,
  terms: Readonly<Record<string, string>>,
): number {
  const twelfths = proration === 'months' ? monthsLeft(month) : monthsLeft(month) > 6 ? 12 : 6;
  if (twelfths === 12) return priceYen;
  const to = Number(terms['round_to'] ?? '1');
  return roundedQuotient(priceYen * twelfths, 12 * to, roundingIn(terms) ?? 'down') * to;
}

/** Months to the end of March, the month of start counted. */
const monthsLeft = (month: number): number => ((15 - month) % 12) + 1;

function roundingIn(terms: Readonly<Record<string, string>>): Rounding | undefined {
  return (['up', 'down', 'nearest'] as const).find((each) => each === terms['rounding']);
}

/** What an item may leave to its terms: `name` → how its value has to look. */
export const TERMS: Readonly<Record<string, RegExp>> = {
  /** Where the time begins that is charged: the end of the care that is paid already. */
  from: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  rounding: /^(?:up|down|nearest)$/,
  /** Stickers of one series have no number twice in a year of use; left out: passes are one, one-time tickets another. */
  series: /^[a-z0-9-]{1,20}$/,
  /** Yen to which a part of a year's price is rounded. */
  round_to: /^(?:1|10|100)$/,
  /** What a fee of the daycare window pays for: the day's list fills it in, the certificate of provision sums it up. */
  provides: /^(?:temporary_care|extended_care|meal)$/,
};
