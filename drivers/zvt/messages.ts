/** What a terminal says (PA00P015 §3), as values, pure. Card data is masked before anyone sees it. */
import { maskCardText } from '../../src/card-mask.ts';
import type { TerminalAnswer, TerminalTotals } from '../../src/terminal/terminal.ts';
import { decodeApdu, encodeApdu } from './apdu.ts';
import { bcdDigits, findField, parseFields, type Fields } from './bitmaps.ts';
import { findBrand, TOTALS_BUCKETS } from './brands.ts';
import { verdictOf } from './codes.ts';
import { maskFields } from './mask.ts';
import { findTlv } from './tlv.ts';

/** `80 00 00`: taken. */
export const TAKEN = encodeApdu('8000');

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
  const [hours, minutes, seconds] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)];
  return `${date.slice(0, 2)}-${date.slice(2)}T${hours}:${minutes}:${seconds}`;
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

/**
 * BMP 27. A host's own code that is no BCD (A0 to AF) comes in BMP A0 with a 27 of 00 (§10): that is not the 00 that
 * stands for an approval, and is read as a code that no table names.
 */
function resultCodeOf(parsed: Fields): string | null {
  const resultCode = hexOf(findField(parsed, '27'));
  const hostCode = hexOf(findField(parsed, 'a0'));
  return resultCode === '00' && hostCode?.startsWith('a') === true ? `00/${hostCode}` : resultCode;
}

/** Status information (04 0F, §3.1.1) as the journal keeps it. What can't be read is null, never a refusal. */
export function readAnswer(apdu: Buffer): TerminalAnswer {
  const { parsed, raw } = readMasked(apdu);
  const resultCode = resultCodeOf(parsed);
  return {
    verdict: resultCode === null ? 'unlisted' : verdictOf(resultCode),
    resultCode: resultCode ?? 'none',
    amountYen: amountOf(parsed),
    currency: currencyOf(findField(parsed, '49')),
    ...brandOf(parsed),
    terminalId: hexOf(findField(parsed, '29')),
    receiptNumber: hexOf(findField(parsed, '87')) ?? mirroredReceiptOf(parsed),
    traceNumber: traceOf(parsed),
    approvalCode: textOf(findField(parsed, '3b')),
    terminalTime: timeOf(parsed),
    raw,
    ...undoneTraceOf(parsed),
  };
}

/** Tag 1F1F (§4): a terminal that leaves its reversals to the register repeats its receipt number there. */
function mirroredReceiptOf(parsed: Fields): string | null {
  const digits = bcdDigits(findTlv(parsed.tlv, '1f1f'));
  return digits?.length === 4 ? digits : null;
}

/** BMP 37: the trace of what a reversal has cancelled; nothing if the status information is of no reversal. */
function undoneTraceOf(parsed: Fields): Pick<TerminalAnswer, 'undoneTrace'> {
  const digits = bcdDigits(findField(parsed, '37'));
  return digits === undefined || digits === '000000' ? {} : { undoneTrace: digits };
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

/** Completion of a registration (§2.1), as far as the terminal says anything. */
interface Registered {
  terminalId: string | null;
  currency: string | null;
  /** The character set it agreed to (tag 14, alone or in 27). */
  charset: number | undefined;
  /** It numbers its messages from here on (tag 1F73). */
  hasMessageIds: boolean;
}

/** The completion that answers a registration (06 0F after 06 00); what the terminal left out is null or undefined. */
export function readRegistered(apdu: Buffer): Registered {
  const { parsed } = readMasked(apdu);
  return {
    terminalId: hexOf(findField(parsed, '29')),
    currency: currencyOf(findField(parsed, '49')),
    charset: (findTlv(parsed.tlv, '14') ?? findTlv(parsed.tlv, '27', '14'))?.[0],
    hasMessageIds: findTlv(parsed.tlv, '1f73') !== undefined,
  };
}

/** Completion of all other commands but the status enquiry (§3.2): empty, or bitmaps; two hex digits of BMP 27. */
export function readCompletionCode(apdu: Buffer): string | null {
  return resultCodeOf(readMasked(apdu).parsed);
}

/**
 * Completion of a status enquiry (§2.56): no bitmaps. A first byte from F0 is the length of a software version
 * (LLLVAR); then one raw status byte.
 */
export function readTerminalStatus(data: Buffer): string | undefined {
  const digits = data.subarray(0, 3);
  const hasVersion = data.length > 3 && digits.every((digit) => digit >= 0xf0 && digit <= 0xf9);
  const versionBytes = hasVersion ? 3 + digits.reduce((sum, digit) => sum * 10 + (digit & 0x0f), 0) : 0;
  return data[versionBytes]?.toString(16).padStart(2, '0');
}

/** The raw first byte of 06 1E (§3.3), or of a refusal that has its code in the data. */
export function readResultCode(data: Buffer): string {
  return data[0]?.toString(16).padStart(2, '0') ?? 'none';
}

/** 06 1E (§3.3): no bitmap but a raw code first; with 6F (wrong currency) a raw currency next, then bitmaps. */
interface Aborted {
  resultCode: string;
  /** The currency that the terminal would take. */
  currency: string | null;
  /** The maker's own code and text (1F16, 1F17). */
  makerCode: string | null;
  makerText: string | null;
}

const WRONG_CURRENCY = '6f';

/** An abort (06 1E): its result code, with the currency behind it where that is what was wrong. */
export function readAborted(apdu: Buffer): Aborted {
  const data = Buffer.from(decodeApdu(apdu)?.data ?? Buffer.alloc(0));
  const resultCode = readResultCode(data);
  const currency = resultCode === WRONG_CURRENCY && data.length >= 3 ? currencyOf(data.subarray(1, 3)) : null;
  const parsed = parseFields(data.subarray(currency === null ? 1 : 3));
  maskFields(parsed);
  return {
    resultCode,
    currency,
    makerCode: hexOf(findTlv(parsed.tlv, '1f16')),
    makerText: textOf(findTlv(parsed.tlv, '1f17')),
  };
}

/** Intermediate status (§3.7): status byte, T4 in BCD minutes, display text in TLV 24/07. */
export function readIntermediate(data: Buffer): { status: number; t4Ms: number | null; hint: string | null } {
  const minutes = bcdDigits(data.subarray(1, 2));
  const { tlv } = parseFields(Buffer.from(data.subarray(2)));
  const hint = findTlv(tlv, '24', '07');
  if (hint !== undefined) maskCardText(hint);
  return {
    status: data[0] ?? 0,
    t4Ms: minutes === undefined || minutes === '' || minutes === '00' ? null : Number(minutes) * 60_000,
    hint: textOf(hint),
  };
}
