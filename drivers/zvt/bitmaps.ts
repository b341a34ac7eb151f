/**
 * Bitmaps, the fields of an APDU (PA00P015 §13), pure. A field carries no length unless its format has one, so
 * the table must be complete: one missing length and the rest of the message can't be read.
 */
import { encodeTlvLength, parseTlv, readTlvLength, type Tlv } from './tlv.ts';

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
  const parsed: Fields = { fields: [], tlv: [], rest: bytes };
  while (parsed.rest.length > 0) {
    const bitmap = parsed.rest.toString('hex', 0, 1);
    const format = BITMAPS[bitmap]?.format;
    const extent = format === undefined ? undefined : extentOf(format, parsed.rest.subarray(1));
    if (extent === undefined) break;
    const from = 1 + extent.prefix;
    const value = parsed.rest.subarray(from, from + extent.bytes);
    if (value.length < extent.bytes) break;
    parsed.fields.push({ bitmap, value });
    if (format === 'tlv') parsed.tlv.push(...parseTlv(value).nodes);
    parsed.rest = parsed.rest.subarray(from + extent.bytes);
  }
  return parsed;
}

function extentOf(format: Format, bytes: Buffer): { prefix: number; bytes: number } | undefined {
  if (typeof format === 'number') return { prefix: 0, bytes: format };
  if (format === 'tlv') {
    const length = readTlvLength(bytes);
    return length && { prefix: length.size, bytes: length.bytes };
  }
  const digits = bytes.subarray(0, format === 'llvar' ? 2 : 3);
  const isLength = digits.every((digit) => digit >>> 4 === 0xf && (digit & 0xf) <= 9);
  if (!isLength || digits.length < (format === 'llvar' ? 2 : 3)) return undefined;
  return { prefix: digits.length, bytes: digits.reduce((sum, digit) => sum * 10 + (digit & 0xf), 0) };
}

/** The first value of a bitmap. */
export function findField(parsed: Fields, bitmap: string): Buffer | undefined {
  return parsed.fields.find((field) => field.bitmap === bitmap)?.value;
}

/** One field as bytes. @throws if the value does not fit the bitmap's format: a bug, never input. */
export function encodeField(bitmap: string, value: Uint8Array): Buffer {
  const format = BITMAPS[bitmap]?.format;
  if (format === undefined) throw new Error(`bitmap ${bitmap} is not listed`);
  return Buffer.concat([Buffer.from(bitmap, 'hex'), prefixOf(bitmap, format, value.length), value]);
}

function prefixOf(bitmap: string, format: Format, bytes: number): Buffer {
  if (format === 'tlv') return encodeTlvLength(bytes);
  if (typeof format === 'number') {
    if (bytes !== format) throw new Error(`bitmap ${bitmap} has ${format} bytes, not ${bytes}`);
    return Buffer.alloc(0);
  }
  const digits = String(bytes).padStart(format === 'llvar' ? 2 : 3, '0');
  if (digits.length > (format === 'llvar' ? 2 : 3)) throw new Error(`bitmap ${bitmap}: ${bytes} bytes`);
  return Buffer.from(Array.from(digits, (digit) => 0xf0 + Number(digit)));
}

/** Digits as BCD, left-padded with zeros to `bytes` bytes. @throws if they are no digits or too many. */
export function bcd(digits: number | string, bytes: number): Buffer {
  const text = String(digits).padStart(bytes * 2, '0');
  if (!/^\d+$/.test(text) || text.length !== bytes * 2)
    throw new Error(`${digits} is not BCD of ${bytes} bytes`);
  return Buffer.from(text, 'hex');
}

/** The digits of a BCD value; undefined if a nibble is no digit. */
export function bcdDigits(value: Buffer | undefined): string | undefined {
  const text = value?.toString('hex');
  return text !== undefined && /^\d+$/.test(text) ? text : undefined;
}
