/** The messages of a register's dialogues (PA00P015 §2, §3), pure: commands as bytes, answers as values. */
import type { TerminalAnswer, TerminalTotals } from '../../src/terminal/terminal.ts';
import { encodeApdu } from './apdu.ts';
import { bcd, bcdDigits, encodeField, findField, parseFields, type Fields } from './bitmaps.ts';
import { findBrand, TOTALS_BUCKETS } from './brands.ts';
import { verdictOf } from './codes.ts';
import { maskFields, maskNumbersIn } from './mask.ts';
import { encodeTlv, findTlv } from './tlv.ts';

/** ISO 4217 of the yen. It has no minor unit: 1,000 yen are 00 00 00 00 10 00 (§13). */
export const JPY = '392';

/** §2.1: 02 and 04 the register prints, 08 send intermediate status, 80 send receipts as print commands. */
const CONFIG_BYTE = 0x8e;

/** `80 00 00`: taken. */
export const TAKEN = encodeApdu('8000');
/** `84 A0 00`, receiver not ready: to a status information it means "not recorded, reverse the payment" (§3.1). */
export const NOT_TAKEN = encodeApdu('84a0');
/** `84 83 00`: this command is not for us. */
export const NOT_SUPPORTED = encodeApdu('8483');

/** Registration (§2.1): currency always, and a TLV container that asks for receipts as text blocks (06 D3). */
export function registration(password: string): Buffer {
  const permitted = encodeTlv('26', encodeTlv('0a', Buffer.from('06d3', 'hex')));
  return encodeApdu(
    '0600',
    Buffer.concat([bcd(password, 3), Buffer.of(CONFIG_BYTE), bcd(JPY, 2), encodeField('06', permitted)]),
  );
}

/** Authorisation (§2.2). Without the currency a terminal would take euros. */
export function authorisation(amountYen: number): Buffer {
  return encodeApdu(
    '0601',
    Buffer.concat([encodeField('04', bcd(amountYen, 6)), encodeField('49', bcd(JPY, 2))]),
  );
}

/** Repeat receipt (§2.20); service byte 03: send the status information of the last payment, print nothing. */
export function repeatReceipt(password: string): Buffer {
  return encodeApdu('0620', Buffer.concat([bcd(password, 3), encodeField('03', Buffer.of(0x03))]));
}

/** Send turnover totals (§2.43); clears nothing. */
export function turnoverTotals(password: string): Buffer {
  return encodeApdu('0610', bcd(password, 3));
}

export const STATUS_ENQUIRY = encodeApdu('0501');
export const ABORT = encodeApdu('06b0');

/** A masked copy of the bytes with its fields as views of it: nothing unmasked leaves this module. */
function readMasked(apdu: Buffer): { parsed: Fields; raw: string } {
  const copy = Buffer.from(apdu);
  const parsed = parseFields(copy.subarray(copy[2] === 0xff ? 5 : 3));
  maskFields(parsed);
  return { parsed, raw: copy.toString('hex') };
}

const hexOf = (value: Buffer | undefined): string | null => value?.toString('hex') ?? null;

/** ASCII up to the first zero byte; null if nothing is left. */
function textOf(value: Buffer | undefined): string | null {
  const text = value?.toString('latin1').split('\0')[0]?.trim();
  return text === undefined || text === '' ? null : text;
}

/** BMP 04; null if it is absent or no BCD. Twelve digits fit a safe integer. */
function amountOf(parsed: Fields): number | null {
  const digits = bcdDigits(findField(parsed, '04'));
  return digits === undefined ? null : Number(digits);
}

function currencyOf(value: Buffer | undefined): string | null {
  return bcdDigits(value)?.slice(1) ?? null;
}

/** BMP 0B; all zeros mean that the long one stands in TLV 1F2B. */
function traceOf(parsed: Fields): string | null {
  const short = hexOf(findField(parsed, '0b'));
  return short === '000000' ? (hexOf(findTlv(parsed.tlv, '1f2b')) ?? short) : short;
}

/** BMP 0D has no year: `MM-DDThh:mm:ss`. */
function timeOf(parsed: Fields): string | null {
  const date = bcdDigits(findField(parsed, '0d'));
  const time = bcdDigits(findField(parsed, '0c'));
  if (date === undefined || time === undefined) return null;
  return `${date.slice(0, 2)}-${date.slice(2)}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}`;
}

/** BMP 8A, or TLV 41 where that says FF (§12). */
function brandOf(parsed: Fields): Pick<TerminalAnswer, 'method' | 'brand' | 'brandName'> {
  const type = findField(parsed, '8a')?.[0];
  const tlvType = findTlv(parsed.tlv, '41');
  const wide =
    tlvType === undefined || tlvType.length > 4 ? null : parseInt(tlvType.toString('hex') || '0', 16);
  const cardName = textOf(findField(parsed, '8b'));
  const known = findBrand({ cardType: type === 0xff ? wide : (type ?? null), privateId: wide, cardName });
  return {
    method: known?.method ?? null,
    brand: known?.brand ?? null,
    brandName: known?.nameJa ?? cardName,
  };
}

/** Status information (04 0F, §3.1.1) as the journal keeps it. What can't be read is null, never a refusal. */
export function readAnswer(apdu: Buffer): TerminalAnswer {
  const { parsed, raw } = readMasked(apdu);
  const resultCode = hexOf(findField(parsed, '27'));
  return {
    verdict: resultCode === null ? 'unlisted' : verdictOf(resultCode),
    resultCode: resultCode ?? 'none',
    amountYen: amountOf(parsed),
    currency: currencyOf(findField(parsed, '49')),
    ...brandOf(parsed),
    terminalId: hexOf(findField(parsed, '29')),
    receiptNumber: hexOf(findField(parsed, '87')),
    traceNumber: traceOf(parsed),
    approvalCode: textOf(findField(parsed, '3b')),
    terminalTime: timeOf(parsed),
    raw,
  };
}

const BUCKET_BYTES = 7;

/** Status information with totals (§3.1.3); undefined if it carries no BMP 60 of the length that the tables want. */
export function readTotals(apdu: Buffer): TerminalTotals | undefined {
  const { parsed, raw } = readMasked(apdu);
  const totals = findField(parsed, '60');
  if (totals?.length !== 4 + TOTALS_BUCKETS.length * BUCKET_BYTES) return undefined;
  const rows = TOTALS_BUCKETS.map(({ code }, at) => {
    const from = 4 + at * BUCKET_BYTES;
    const digits = bcdDigits(totals.subarray(from + 1, from + BUCKET_BYTES));
    return { bucket: code, count: totals.readUInt8(from), amountYen: Number(digits ?? NaN) };
  });
  if (rows.some(({ amountYen }) => Number.isNaN(amountYen))) return undefined;
  const sumYen = rows.reduce((sum, { amountYen }) => sum + amountYen, 0);
  return {
    terminalId: hexOf(findField(parsed, '29')),
    rows: rows.map((row) => ({ ...row })),
    totalYen: amountOf(parsed) ?? sumYen,
    raw,
  };
}

/** Completion of a registration (§2.1). */
interface Registered {
  terminalId: string | null;
  currency: string | null;
}

export function readRegistered(apdu: Buffer): Registered {
  const { parsed } = readMasked(apdu);
  return { terminalId: hexOf(findField(parsed, '29')), currency: currencyOf(findField(parsed, '49')) };
}

/**
 * Completion of a status enquiry (§2.56): no bitmaps. A first byte from F0 is the length of a software version
 * (LLLVAR); then one raw status byte.
 */
export function readTerminalStatus(data: Buffer): string | undefined {
  const versionBytes =
    (data[0] ?? 0) >= 0xf0 && data.length > 3
      ? 3 + data.subarray(0, 3).reduce((sum, digit) => sum * 10 + (digit & 0x0f), 0)
      : 0;
  return data[versionBytes]?.toString(16).padStart(2, '0');
}

/** The raw first byte of 06 1E (§3.3), or the second control byte of a negative answer. */
export function readResultCode(data: Buffer): string {
  return data[0]?.toString(16).padStart(2, '0') ?? 'none';
}

/** Intermediate status (§3.7): status byte, T4 in BCD minutes, display text in TLV 24/07. */
export function readIntermediate(data: Buffer): { status: number; t4Ms: number | null; hint: string | null } {
  const minutes = bcdDigits(data.subarray(1, 2));
  const { tlv } = parseFields(Buffer.from(data.subarray(2)));
  const hint = findTlv(tlv, '24', '07');
  if (hint !== undefined) maskNumbersIn(hint);
  return {
    status: data[0] ?? 0,
    t4Ms: minutes === undefined || minutes === '' || minutes === '00' ? null : Number(minutes) * 60_000,
    hint: textOf(hint),
  };
}
