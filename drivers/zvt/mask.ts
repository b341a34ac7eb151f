/**
 * Takes card data out of a message before anyone else sees it, in place and without changing its length, so that
 * the message can be kept as evidence. Card numbers keep their first six and last four digits.
 */
import { isUtf8 } from 'node:buffer';
import type { Fields } from './bitmaps.ts';
import type { Tlv } from './tlv.ts';

/** What a masked byte or nibble is: the specification itself masks digits of a card number with E. */
const MASK = 0xee;

/** Tracks, chip data, purse records, card verification value, password: nothing of them is anyone's business. */
const SECRET_BITMAPS = new Set(['23', '24', '2d', '2e', '3a', '3d', '92', '9a', 'a7', 'af']);
const CARD_NUMBER_BITMAP = '22';
const TEXT_BITMAPS = new Set([
  '3c',
  '8b',
  ...['1', '2', '3', '4', '5', '6', '7', '8'].map((line) => `f${line}`),
]);

/**
 * EMV: card number, tracks 1 and 2 and their contactless and discretionary forms, cardholder's name. ZVT's own (§9.4):
 * the card's UID, tracks 1 to 3, what identifies a card or its holder, PIN, IBAN, password.
 */
const SECRET_TAGS = new Set([
  ...['5a', '57', '56', '9f6b', '9f1f', '9f20', '5f20', '4c'],
  ...['1f08', '1f09', '1f0a', '1f14', '1f1a', '1f2a', '1f31', '1f3e', '1f5e', '1f74'],
]);

/** Thirteen digits in BCD. */
const SHORTEST_BYTES = 7;

/** Masks the bytes that `parsed` is a view of. */
export function maskFields(parsed: Fields): void {
  for (const { bitmap, value } of parsed.fields) {
    if (SECRET_BITMAPS.has(bitmap)) value.fill(MASK);
    if (bitmap === CARD_NUMBER_BITMAP) maskCardNumber(value);
    if (TEXT_BITMAPS.has(bitmap)) maskNumbersIn(value);
    if (bitmap === '06' && parsed.tlv.length === 0) maskNumbersIn(value);
  }
  maskTlv(parsed.tlv);
  maskNumbersIn(parsed.rest);
}

function maskTlv(nodes: readonly Tlv[]): void {
  for (const { tag, value, children } of nodes) {
    if (SECRET_TAGS.has(tag)) value.fill(MASK);
    else if (children.length > 0) maskTlv(children);
    else maskNumbersIn(value);
  }
}

/** BMP 22: BCD, F pads the end, E is masked already. */
function maskCardNumber(value: Buffer): void {
  const digits = value.toString('hex').replace(/f+$/, '');
  const shown = digits.length > 12 ? 6 : 0;
  const masked = digits.replace(/\d/g, (digit, at: number) =>
    at < shown || at >= digits.length - 4 ? digit : 'e',
  );
  value.write(masked.padEnd(value.length * 2, 'f'), 'hex');
}

/**
 * The tripwire for places where no card number should be: runs of 13 to 19 digits that pass Luhn, in text (also
 * written in groups) and in BCD at either nibble.
 */
export function maskNumbersIn(value: Buffer): void {
  if (value.length < SHORTEST_BYTES) return;
  for (const match of value.toString('latin1').matchAll(/\d(?:[ -]?\d){12,18}/g)) {
    if (passesLuhn(match[0].replace(/[ -]/g, '')))
      value.fill('*', match.index, match.index + match[0].length);
  }
  // Digits in ASCII are digits in BCD too (`31 32 …`): text is read as text only.
  if (isText(value)) return;
  const nibbles = value.toString('hex');
  const masked = nibbles.replace(/\d{13,}/g, (run) => maskRun(run));
  if (masked !== nibbles) value.write(masked, 'hex');
}

/**
 * UTF-8, where a byte from 80 to 99 never stands without one that is no BCD; or ASCII with some letters of another set
 * among it, and with characters that no BCD digits make.
 */
function isText(value: Buffer): boolean {
  const foreign = value.filter((byte) => byte >= 0x80).length;
  if (value.some((byte) => (byte < 0x20 && ![0x00, 0x0a, 0x0d].includes(byte)) || byte === 0x7f))
    return false;
  const isNoBcd = (byte: number): boolean => byte < 0x80 && ((byte & 0x0f) > 9 || byte >>> 4 > 9);
  return isUtf8(value) || (foreign * 5 <= value.length && value.filter(isNoBcd).length >= 2);
}

/** A card number may stand anywhere inside a longer run of digits. */
function maskRun(run: string): string {
  for (let from = 0; from + 13 <= run.length; from++) {
    for (let length = Math.min(19, run.length - from); length >= 13; length--) {
      if (!passesLuhn(run.slice(from, from + length)) || run[from] === '0') continue;
      return run.slice(0, from) + 'e'.repeat(length) + maskRun(run.slice(from + length));
    }
  }
  return run;
}

function passesLuhn(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  // A terminal waits meanwhile, and every stretch of every long number is tried: no array is made for any.
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
