/** What a scanner has read, told apart. Pure; the screens use it for a scanner that types as a keyboard. */

/** How every ticket begins. */
export const PREFIX = 'MDG1';
/** Longer than any ticket of 20 items; what is longer is not looked at. */
export const LONGEST_TEXT = 3_000;

/** As it was signed: a scanner or a person may have broken lines, or left Caps Lock on. */
export const plainText = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/** A My Number has 12 digits, a card number 13 and more: neither is any business of a counter's. */
export const withoutLongNumber = (text: string): boolean => !/\d{12}/.test(text.replaceAll('-', ''));

/** What the screens may be told of a scanned line. */
export interface Scan {
  kind: 'ticket' | 'sticker';
  text: string;
}

/**
 * A ticket, or what may be a sticker's number; undefined for anything else. A resident's own card or payment code goes no
 * further.
 */
export function scanOf(line: string): Scan | undefined {
  const text = line.trim();
  if (plainText(text).startsWith(`${PREFIX}.`)) return { kind: 'ticket', text };
  const isSticker = /^[A-Za-z0-9-]{2,15}$/.test(text) && withoutLongNumber(text);
  return isSticker ? { kind: 'sticker', text } : undefined;
}
