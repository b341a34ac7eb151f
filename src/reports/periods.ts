/** The days that a report is of: a day, a month, a fiscal year. Pure; business dates in Asia/Tokyo. */
import { fiscalYearOf } from '../business-date.ts';

export type PeriodKind = 'day' | 'month' | 'year';

export interface Period {
  kind: PeriodKind;
  /** First and last day, both included, `YYYY-MM-DD`. */
  from: string;
  until: string;
  /** 収納金日計表 … */
  titleJa: string;
  /** The days in the era's years (和暦), as they are printed. */
  nameJa: string;
}

/** The period of a kind in which a day lies. A fiscal year (年度) begins on 1 April. */
export function periodOf(kind: PeriodKind, day: string): Period {
  switch (kind) {
    case 'day':
      return { kind, from: day, until: day, titleJa: '収納金日計表', nameJa: eraDate(day) };
    case 'month': {
      const from = `${day.slice(0, 7)}-01`;
      return { kind, from, until: lastDayOf(from), titleJa: '収納金月計表', nameJa: eraMonth(from) };
    }
    case 'year': {
      const year = fiscalYearOf(day);
      const [from, until] = [`${String(year)}-04-01`, `${String(year + 1)}-03-31`];
      return { kind, from, until, titleJa: '収納金年計表', nameJa: eraFiscalYear(day) };
    }
  }
}

function lastDayOf(firstDay: string): string {
  const [year = 0, month = 0] = firstDay.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

const eraOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { timeZone: 'Asia/Tokyo', era: 'long', ...options });
const DATE = eraOf({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
const SHORT = eraOf({ era: 'narrow', year: 'numeric', month: 'numeric', day: 'numeric' });
const MONTH = eraOf({ year: 'numeric', month: 'long' });
const YEAR = eraOf({ year: 'numeric' });
const TIME = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: '2-digit' });

const instantOf = (date: string): Date => new Date(`${date}T00:00:00+09:00`);
/** The first year of an era is 元年 on paper; Intl says 1年. */
const firstYear = (text: string): string => text.replace(/(?<!\d)1年/, '元年');

/** `2026-11-24` → `令和8年11月24日(火)`. */
export const eraDate = (date: string): string => firstYear(DATE.format(instantOf(date)));
/** `2026-11-24` → `R8.11.24`, as forms have it where there is little room. */
export const shortEraDate = (date: string): string =>
  SHORT.formatToParts(instantOf(date))
    .flatMap(({ type, value }) => (type === 'literal' ? [] : type === 'era' ? [value] : [`${value}.`]))
    .join('')
    .replace(/\.$/, '');
/** `2026-11-24` → `令和8年11月`. */
export const eraMonth = (date: string): string => firstYear(MONTH.format(instantOf(date)));
/** `2026-11-24` → `令和8年度`. The era is that of the autumn: the year of a new era is called by it as a whole. */
export const eraFiscalYear = (date: string): string =>
  `${firstYear(YEAR.format(instantOf(`${String(fiscalYearOf(date))}-10-01`)))}度`;
/** `2026-11-24` → `R8`, where there is no room for 令和8年度. */
export const shortFiscalYear = (date: string): string =>
  shortEraDate(`${String(fiscalYearOf(date))}-10-01`).replace(/\..*/, '');
/** An instant → `令和8年11月24日(火) 8:30`, in Tokyo. */
export const eraInstant = (at: string): string =>
  `${firstYear(DATE.format(new Date(at)))} ${TIME.format(new Date(at))}`;
