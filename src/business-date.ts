/** Dates as an office counts them: Asia/Tokyo, whatever the machine's own time zone. */

/** Asia/Tokyo is UTC+9 without summer time, by law since 1952. */
export const TOKYO_AHEAD_MS = 9 * 3_600_000;

/** The business date of an instant, `YYYY-MM-DD` in Asia/Tokyo. */
export function businessDateOf(instant: Date): string {
  return new Date(instant.getTime() + TOKYO_AHEAD_MS).toISOString().slice(0, 10);
}

/** `YYYY-MM-DD` so many days later; fewer than 0: before. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const dayAfter = (day: string): string => daysAfter(day, 1);
export const dayBefore = (day: string): string => daysAfter(day, -1);

/** The fiscal year (年度, from April) that `YYYY-MM` or `YYYY-MM-DD` lies in. */
export const fiscalYearOf = (day: string): number =>
  Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 4 ? 1 : 0);
