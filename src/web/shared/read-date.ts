/** A day of the calendar as a person types it. Pure. */
import { daysAfter } from '../../business-date.ts';

/**
 * What a person types for a day → `YYYY-MM-DD`: `2026/11/27`, `20261127`, or `11/27` and `1127`, which are the nearest to
 * today. Empty: no day of the calendar (yet).
 */
export function readDate(typed: string, today: string): string {
  const text = typed.normalize('NFKC').trim();
  const [, year, month, day] =
    /^(?:(\d{4})[/-]?)?(\d{1,2})[/-](\d{1,2})$/.exec(text) ?? /^(\d{4})?(\d{2})(\d{2})$/.exec(text) ?? [];
  if (month === undefined || day === undefined) return '';
  const rest = `-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (year !== undefined) return inCalendar(year + rest);
  const thisYear = Number(today.slice(0, 4));
  const days = [thisYear - 1, thisYear, thisYear + 1].map((each) => inCalendar(String(each) + rest));
  const away = (date: string): number => Math.abs(Date.parse(date) - Date.parse(today));
  return days.filter((date) => date !== '').sort((one, other) => away(one) - away(other))[0] ?? '';
}

/** A day of the calendar comes back as itself. */
function inCalendar(date: string): string {
  return !Number.isNaN(Date.parse(date)) && daysAfter(date, 0) === date ? date : '';
}
