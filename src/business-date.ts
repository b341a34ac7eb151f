/** Dates as an office counts them: Asia/Tokyo, whatever the machine's own time zone. */

/** Asia/Tokyo is UTC+9 without summer time, by law since 1952. */
export const TOKYO_AHEAD_MS = 9 * 3_600_000;

/** The business date of an instant, `YYYY-MM-DD` in Asia/Tokyo. */
export function businessDateOf(instant: Date): string {
  return new Date(instant.getTime() + TOKYO_AHEAD_MS).toISOString().slice(0, 10);
}

/** The day after `YYYY-MM-DD`. */
export const dayAfter = (day: string): string => shifted(day, 1);
/** The day before `YYYY-MM-DD`. */
export const dayBefore = (day: string): string => shifted(day, -1);

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
