/** Figures, dates and times as people read them. Pure; the office's day is the day in Asia/Tokyo. */

const TOKYO = 'Asia/Tokyo';
const yenDigits = new Intl.NumberFormat('ja-JP');
const timeDigits = new Intl.DateTimeFormat('ja-JP', {
  timeZone: TOKYO,
  hour: 'numeric',
  minute: '2-digit',
});
const dayWords = new Intl.DateTimeFormat('ja-JP', {
  timeZone: TOKYO,
  month: 'long',
  day: 'numeric',
  weekday: 'short',
});
const yearDigits = new Intl.DateTimeFormat('ja-JP', { timeZone: TOKYO, year: 'numeric' });
const eraWords = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  timeZone: TOKYO,
  era: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
});
const clockDigits = new Intl.DateTimeFormat('sv-SE', { timeZone: TOKYO, hour: '2-digit', minute: '2-digit' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: TOKYO });

/** `1200` → `1,200円`; a minus is written as 「−」, not as a hyphen. */
export function formatYen(amountYen: number): string {
  return `${amountYen < 0 ? '−' : ''}${yenDigits.format(Math.abs(amountYen))}円`;
}

/** How many, or how many were taken back: `1,200`, `−3`. */
export const formatCount = (count: number): string => formatYen(count).slice(0, -1);

/** A difference with its sign: `+100円`, `−100円`, `0円`. */
export function formatDifference(amountYen: number): string {
  return `${amountYen > 0 ? '+' : ''}${formatYen(amountYen)}`;
}

/** An instant → `9:42`, in Tokyo. */
export function formatTime(at: string | Date): string {
  return timeDigits.format(new Date(at));
}

/** Of another year than this one: which, before the day. */
function dayIn(at: Date, now: Date): string {
  const year = yearDigits.format(at);
  return `${year === yearDigits.format(now) ? '' : year}${dayWords.format(at)}`;
}

/** An instant → `11月24日(火) 9:42`, in Tokyo; of another year `2025年11月24日(月) 9:42`. */
export function formatDayAndTime(at: string | Date, now: Date = new Date()): string {
  return `${dayIn(new Date(at), now)} ${formatTime(at)}`;
}

/** An instant → `2026/11/24`, in Tokyo: for what may lie years back. */
export function formatDay(at: string): string {
  return isoDay.format(new Date(at)).replaceAll('-', '/');
}

/** An instant of today → `9:42`, in Tokyo; of another day `2025/03/31`. */
export function formatTimeOrDay(at: string, now: Date = new Date()): string {
  return tokyoDate(new Date(at)) === tokyoDate(now) ? formatTime(at) : formatDay(at);
}

/** A business date `2026-11-24` → `11月24日(火)`; of another year `2025年11月24日(月)`. */
export function formatDate(date: string, now: Date = new Date()): string {
  return dayIn(new Date(`${date}T00:00:00+09:00`), now);
}

/** A business date `2026-11-24` → `令和8年11月24日(火)`. */
export function formatEraDate(date: string): string {
  return eraWords.format(new Date(`${date}T00:00:00+09:00`));
}

/** The date in Tokyo at an instant, `YYYY-MM-DD`. */
export function tokyoDate(at: Date): string {
  return isoDay.format(at);
}

/** The time in Tokyo at an instant, `HH:MM`. */
export function tokyoTime(at: Date): string {
  return clockDigits.format(at);
}

/** The slip's number as it is printed: at least six digits. */
export function formatNumber(number: number): string {
  return String(number).padStart(6, '0');
}

/** Whole seconds → `12秒`, `3分`, `2時間5分`. */
export function formatElapsed(seconds: number): string {
  if (seconds < 60) return `${String(Math.max(0, seconds))}秒`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)}分`;
  return `${String(Math.floor(minutes / 60))}時間${String(minutes % 60)}分`;
}
