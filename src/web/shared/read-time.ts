/** What a person types for a time of day → `HH:MM`: `1742`, `17:42`, `942`, full-width digits too. Empty: no time (yet). */
export function readTime(typed: string): string {
  const text = typed.normalize('NFKC').trim();
  const [, hours, minutes] = /^(\d{1,2}):?(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59) return '';
  return `${hours.padStart(2, '0')}:${minutes}`;
}

/** `HH:MM` so many minutes later, on the same day. */
export function minutesLater(time: string, minutes: number): string {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  const at = Math.min(24 * 60 - 1, Math.max(0, hours * 60 + rest + minutes));
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}
