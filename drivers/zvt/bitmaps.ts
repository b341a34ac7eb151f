/**
 * Bitmaps, the fields of an APDU (PA00P015 §13), pure. A field carries no length unless its format has one, so
 * the table must be complete: one missing length and the rest of the message can't be read.
 */
import { byteOf, hexOf } from './hex.ts';
import { parseTlv, readTlvLength, tlvLength, type Tlv } from './tlv.ts';

/** A number is a fixed length in bytes; LLVAR and LLLVAR carry two or three bytes `Fx` as decimal digits. */
type Format = number | 'llvar' | 'lllvar' | 'tlv';

interface Bitmap {
  name: string;
  format: Format;
}

/** By bitmap number in hex; 70 to 75 came with rev 13.11. */
export const BITMAPS: Readonly<Record<string, Bitmap>> = {
  '01': { name: 'timeout', format: 1 },
  '02': { name: 'statusInformationsMax', format: 1 },
  '03': { name: 'serviceByte', format: 1 },
  '04': { name: 'amount', format: 6 },
  '05': { name: 'pump', format: 1 },
  '06': { name: 'tlv', format: 'tlv' },
  '0b': { name: 'traceNumber', format: 3 },
  '0c': { name: 'time', format: 3 },
  '0d': { name: 'date', format: 2 },
  '0e': { name: 'expiryDate', format: 2 },
  '17': { name: 'cardSequenceNumber', format: 2 },
  '19': { name: 'statusByte', format: 1 },
  '22': { name: 'cardNumber', format: 'llvar' },
  '23': { name: 'track2', format: 'llvar' },
  '24': { name: 'track3', format: 'lllvar' },
  '27': { name: 'resultCode', format: 1 },
  '29': { name: 'terminalId', format: 4 },
  '2a': { name: 'contractNumber', format: 15 },
  '2d': { name: 'track1', format: 'llvar' },
  '2e': { name: 'chipData', format: 'lllvar' },
  '37': { name: 'originalTraceNumber', format: 3 },
  '3a': { name: 'cardVerificationValue', format: 2 },
  '3b': { name: 'authorisationAttribute', format: 8 },
  '3c': { name: 'additionalText', format: 'lllvar' },
  '3d': { name: 'password', format: 3 },
  '49': { name: 'currency', format: 2 },
  '4c': { name: 'blockedGoodsGroups', format: 'llvar' },
  '60': { name: 'totals', format: 'lllvar' },
  '70': { name: 'imageRequestId', format: 4 },
  '71': { name: 'imageSize', format: 4 },
  '72': { name: 'imageType', format: 1 },
  '73': { name: 'imageEncoding', format: 1 },
  '74': { name: 'imageChunks', format: 1 },
  '75': { name: 'imageChunk', format: 1 },
  '87': { name: 'receiptNumber', format: 2 },
  '88': { name: 'turnoverRecordNumber', format: 3 },
  '8a': { name: 'cardType', format: 1 },
  '8b': { name: 'cardName', format: 'llvar' },
  '8c': { name: 'networkCardType', format: 1 },
  '92': { name: 'chipOfflineData', format: 'lllvar' },
  '9a': { name: 'geldkarteRecord', format: 'lllvar' },
  a0: { name: 'hostResultCode', format: 1 },
  a7: { name: 'efId', format: 'llvar' },
  aa: { name: 'fullDate', format: 3 },
  af: { name: 'efInfo', format: 'lllvar' },
  ba: { name: 'applicationId', format: 5 },
  d0: { name: 'keyAlgorithm', format: 1 },
  d1: { name: 'cardOffset', format: 'llvar' },
  d2: { name: 'cardDirection', format: 1 },
  d3: { name: 'dukptKey', format: 1 },
  e0: { name: 'inputMinimum', format: 1 },
  e1: { name: 'inputText1', format: 'llvar' },
  e2: { name: 'inputText2', format: 'llvar' },
  e3: { name: 'inputText3', format: 'llvar' },
  e4: { name: 'inputText4', format: 'llvar' },
  e5: { name: 'inputText5', format: 'llvar' },
  e6: { name: 'inputText6', format: 'llvar' },
  e7: { name: 'inputText7', format: 'llvar' },
  e8: { name: 'inputText8', format: 'llvar' },
  e9: { name: 'inputMaximum', format: 1 },
  ea: { name: 'inputEcho', format: 1 },
  eb: { name: 'mac', format: 8 },
  f0: { name: 'displayDuration', format: 1 },
  f1: { name: 'displayText1', format: 'llvar' },
  f2: { name: 'displayText2', format: 'llvar' },
  f3: { name: 'displayText3', format: 'llvar' },
  f4: { name: 'displayText4', format: 'llvar' },
  f5: { name: 'displayText5', format: 'llvar' },
  f6: { name: 'displayText6', format: 'llvar' },
  f7: { name: 'displayText7', format: 'llvar' },
  f8: { name: 'displayText8', format: 'llvar' },
  f9: { name: 'beeps', format: 1 },
  fa: { name: 'readerActivation', format: 1 },
  fb: { name: 'confirmKey', format: 1 },
  fc: { name: 'dialogControl', format: 1 },
  fd: { name: 'display', format: 1 },
};

export interface Fields {
  /** In the order in which they came; every value is a view of the bytes that were parsed. */
  fields: { bitmap: string; value: Buffer }[];
  /** The nodes of the TLV container, empty if there is none. */
  tlv: Tlv[];
  /** From the first byte that could not be read; empty if all of it was. Kept, never a reason to refuse. */
  rest: Buffer;
}

/** Reads bitmaps up to the first that no table names; for the register that is no error (§13). */
export function parseFields(bytes: Buffer): Fields {
  const fields: Fields['fields'] = [];
  const tlv: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const bitmap = hexOf(bytes, at, at + 1);
    const format = BITMAPS[bitmap]?.format;
    const extent = format === undefined ? undefined : extentOf(format, bytes, at + 1);
    if (extent === undefined) break;
    const from = at + 1 + extent.prefix;
    if (from + extent.bytes > bytes.length) break;
    const value = bytes.subarray(from, from + extent.bytes);
    fields.push({ bitmap, value });
    if (format === 'tlv') tlv.push(...parseTlv(value).nodes);
    at = from + extent.bytes;
  }
  return { fields, tlv, rest: bytes.subarray(at) };
}

/** How many bytes say how long a value is, and how long it is. */
interface Extent {
  prefix: number;
  bytes: number;
}

function extentOf(format: Format, bytes: Buffer, at: number): Extent | undefined {
  if (typeof format === 'number') return { prefix: 0, bytes: format };
  if (format === 'tlv') {
    const length = readTlvLength(bytes, at);
    return length && { prefix: length.size, bytes: length.bytes };
  }
  const prefix = prefixDigits(format);
  let length = 0;
  for (let digit = at; digit < at + prefix; digit += 1) {
    const value = (bytes[digit] ?? 0) - 0xf0;
    if (value < 0 || value > 9) return undefined;
    length = length * 10 + value;
  }
  return { prefix, bytes: length };
}

const prefixDigits = (format: 'llvar' | 'lllvar'): number => (format === 'llvar' ? 2 : 3);

/** The first value of a bitmap. */
export function findField(parsed: Fields, bitmap: string): Buffer | undefined {
  return parsed.fields.find((field) => field.bitmap === bitmap)?.value;
}

/** One field as bytes. @throws if the value does not fit the bitmap's format: a bug, never input. */
export function encodeField(bitmap: string, value: Uint8Array): Buffer {
  const format = BITMAPS[bitmap]?.format;
  if (format === undefined) throw new Error(`bitmap ${bitmap} is not listed`);
  const prefix = prefixOf(bitmap, format, value.length);
  const field = Buffer.allocUnsafe(1 + prefix.length + value.length);
  field[0] = byteOf(bitmap);
  field.set(prefix, 1);
  field.set(value, 1 + prefix.length);
  return field;
}

function prefixOf(bitmap: string, format: Format, bytes: number): readonly number[] {
  if (format === 'tlv') return tlvLength(bytes);
  if (typeof format === 'number') {
    if (bytes !== format) throw new Error(`bitmap ${bitmap} has ${format} bytes, not ${bytes}`);
    return NO_PREFIX;
  }
  const digits = String(bytes).padStart(prefixDigits(format), '0');
  if (digits.length > prefixDigits(format)) throw new Error(`bitmap ${bitmap}: ${bytes} bytes`);
  return Array.from(digits, (digit) => 0xf0 + Number(digit));
}

const NO_PREFIX: readonly number[] = [];
const ZERO = '0'.charCodeAt(0);

/** Digits as BCD, left-padded with zeros to `bytes` bytes. @throws if they are no digits or too many. */
export function bcd(digits: number | string, bytes: number): Buffer {
  const text = String(digits);
  const value = Buffer.alloc(bytes);
  let from = text.length - bytes * 2;
  const isTooLong = from > 0;
  for (let at = 0; at < bytes; at += 1, from += 2) {
    const [high, low] = [digitAt(text, from), digitAt(text, from + 1)];
    if (isTooLong || high > 9 || low > 9) throw new Error(`${digits} is not BCD of ${bytes} bytes`);
    value[at] = high * 16 + low;
  }
  return value;
}

/** Zero before the first; more than nine if it is no digit. */
function digitAt(text: string, at: number): number {
  return at < 0 ? 0 : (text.charCodeAt(at) - ZERO) >>> 0;
}

/** The digits of a BCD value; undefined if a nibble is no digit, or there is none. */
export function bcdDigits(value: Buffer | undefined): string | undefined {
  if (value === undefined || value.length === 0) return undefined;
  for (const byte of value) if (byte > 0x99 || (byte & 0x0f) > 9) return undefined;
  return hexOf(value);
}
