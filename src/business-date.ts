/** Dates as an office counts them: Asia/Tokyo, whatever the machine's own time zone. */

const TOKYO_DATE = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tokyo' });

/** The business date of an instant, `YYYY-MM-DD` in Asia/Tokyo. */
export function businessDateOf(instant: Date): string {
  return TOKYO_DATE.format(instant);
}
