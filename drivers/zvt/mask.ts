/**
 * Takes card data out of a message before anyone else sees it, in place and without changing its length, so that
 * the message can be kept as evidence. Card numbers keep their first six and last four digits.
 */
import { maskCardBytes, maskCardText } from '../../src/card-mask.ts';
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

/** Text lines, names, receipt texts, a maker's words about a fault or a device (§9.4). */
const TEXT_TAGS = new Set([
  ...['07', '42', '44', '46', '47', '4a', '64', '65', '66', '67', '68'],
  ...['1f17', '1f37', '1f40', '1f41', '1f42'],
]);

/** Masks the bytes that `parsed` is a view of. */
export function maskFields(parsed: Fields): void {
  for (const { bitmap, value } of parsed.fields) {
    if (SECRET_BITMAPS.has(bitmap)) value.fill(MASK);
    if (bitmap === CARD_NUMBER_BITMAP) maskCardNumber(value);
    if (TEXT_BITMAPS.has(bitmap)) maskCardText(value);
    if (bitmap === '06' && parsed.tlv.length === 0) maskCardBytes(value);
  }
  maskTlv(parsed.tlv);
  maskCardBytes(parsed.rest);
}

function maskTlv(nodes: readonly Tlv[]): void {
  for (const { tag, value, children } of nodes) {
    if (SECRET_TAGS.has(tag)) value.fill(MASK);
    else if (children.length > 0) maskTlv(children);
    else if (TEXT_TAGS.has(tag)) maskCardText(value);
    else maskCardBytes(value);
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
