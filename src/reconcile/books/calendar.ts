/** Business days in Japan, of offices and of banks: they differ on 29 and 30 December. Pure. */
import holidayJp from '@holiday-jp/holiday_jp';

const DAY_MS = 86_400_000;
const HOLIDAYS: Readonly<Record<string, unknown>> = holidayJp.holidays;

/** @param days may be negative */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Whose days. Neither works on Saturdays, Sundays and holidays. An office is closed from 29 December to 3 January
 * (地方自治法 4 条の 2; 行政機関の休日に関する法律 1 条), a bank only from 31 December (銀行法 15 条 1 項, 銀行法施行令 5 条
 * 1 項 2 号): money moves on 29 and 30 December.
 */
export type Whose = 'office' | 'bank';
const CLOSED_SINCE: Record<Whose, string> = { office: '12-29', bank: '12-31' };

/** Looked up by its date: the package's own test takes an instant and is a day off under another time zone than Tokyo's. */
export function isBusinessDay(date: string, whose: Whose = 'office'): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const monthDay = date.slice(5);
  const isYearEnd = monthDay >= CLOSED_SINCE[whose] || monthDay <= '01-03';
  return weekday !== 0 && weekday !== 6 && !isYearEnd && HOLIDAYS[date] === undefined;
}

/** That date, or the nearest business day on the side. */
export function shiftToBusinessDay(date: string, side: 'before' | 'after', whose: Whose = 'office'): string {
  let day = date;
  while (!isBusinessDay(day, whose)) day = addDays(day, side === 'after' ? 1 : -1);
  return day;
}

/** So many business days later, or earlier for a negative count; the date itself is not counted. */
export function addBusinessDays(date: string, count: number, whose: Whose = 'office'): string {
  let day = date;
  for (let left = Math.abs(count); left > 0;) {
    day = addDays(day, Math.sign(count));
    if (isBusinessDay(day, whose)) left -= 1;
  }
  return day;
}

/** The last day of a month that lies so many months after a date's. */
export function endOfMonth(date: string, monthsLater = 0): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month + monthsLater, 0)).toISOString().slice(0, 10);
}

/** A day of a month that lies so many months after a date's; the month's last where it has fewer days. */
export function dayOfMonth(date: string, monthsLater: number, day: number): string {
  const last = endOfMonth(date, monthsLater);
  return day >= Number(last.slice(8)) ? last : `${last.slice(0, 8)}${String(day).padStart(2, '0')}`;
}
