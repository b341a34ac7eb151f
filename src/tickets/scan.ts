/** What a scanner has read, told apart. Pure; the screens use it for a scanner that types as a keyboard. */

/** How every ticket begins. */
export const PREFIX = 'MDG1';
/** Longer than any ticket of 20 items; what is longer is not looked at. */
export const LONGEST_TEXT = 3_000;

/** As it was signed: a scanner or a person may have broken lines, or left Caps Lock on. */
export const plainText = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/** What the screens may be told of a scanned line. */
export interface Scan {
  kind: 'ticket' | 'sticker';
  text: string;
}

/**
 * A ticket, or what may be a sticker's number; undefined for anything else. A resident's own payment code (16 digits and
 * more) is none of our business and goes no further.
 */
export function scanOf(line: string): Scan | undefined {
  const text = line.trim();
  if (plainText(text).startsWith(`${PREFIX}.`)) return { kind: 'ticket', text };
  return /^[A-Za-z0-9-]{2,15}$/.test(text) ? { kind: 'sticker', text } : undefined;
}
