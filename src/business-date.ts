/** Dates as an office counts them: Asia/Tokyo, whatever the machine's own time zone. */

/** Asia/Tokyo is UTC+9 without summer time, by law since 1952. */
const TOKYO_AHEAD_MS = 9 * 3_600_000;

/** The business date of an instant, `YYYY-MM-DD` in Asia/Tokyo. */
export function businessDateOf(instant: Date): string {
  return new Date(instant.getTime() + TOKYO_AHEAD_MS).toISOString().slice(0, 10);
}
