/**
 * What a message says, field by field, for people and for other programs: the tools, the line trace. Pure.
 *
 * Everything is read from a masked copy: no card number, track or password comes out. The driver does not use this; it
 * reads what it needs in messages.ts.
 */
import { isUtf8 } from 'node:buffer';
import { maskCardText } from '../../src/card-mask.ts';
import { decodeApdu } from './apdu.ts';
import { bcdDigits, BITMAPS, parseFields, type Fields } from './bitmaps.ts';
import { TOTALS_BUCKETS } from './brands.ts';
import { CONTROLS, nameOf, PASSWORD_IF_NO_BITMAP, type HeadPart } from './controls.ts';
import { maskFields } from './mask.ts';
import { parseTlv, type Tlv } from './tlv.ts';

type FieldValue = string | number | { [name: string]: FieldValue } | FieldValue[];

interface DescribedTlv {
  tag: string;
  /** Hex, masked. */
  value: string;
  /** Where the value is printable in ASCII or UTF-8. */
  text?: string;
  children?: DescribedTlv[];
}

export interface Description {
  /** Four hex digits; null if there is no message. */
  control: string | null;
  name: string | null;
  /** By the name of the bitmap; of one that comes twice the first. */
  fields: Record<string, FieldValue>;
  /** The bitmaps that could be read, in hex and in the order in which they came. */
  bitmaps: string[];
  /** The nodes of the TLV container. */
  tlv: DescribedTlv[];
  /** From the first bitmap that no table names, in hex, masked. An unknown bitmap is no error (§13). */
  rest: string | null;
  /** What is wrong with the message, as a sentence; null if nothing is. */
  error: string | null;
}

/** A message taken apart; every value is a view of a copy that is masked. */
interface Anatomy {
  control: string;
  head: { part: HeadPart; value: Buffer }[];
  body: Fields;
  masked: Buffer;
}

/** Describes a message that is written in hex, blanks allowed. Never throws. */
export function describeHex(text: string): Description {
  const digits = text.replace(/\s+/g, '');
  if (digits === '') return broken('the line is empty');
  if (!/^[0-9a-f]*$/i.test(digits)) return broken('this is not hex: a message is written in 0-9 and a-f');
  if (digits.length % 2 === 1)
    return broken(`an odd number of hex digits (${digits.length}): one is missing`);
  return describeApdu(Buffer.from(digits, 'hex'));
}

/** Describes a message as it came off the line. Never throws. */
export function describeApdu(apdu: Buffer): Description {
  const anatomy = dissect(apdu);
  if (anatomy === undefined) return broken(lengthFault(apdu), apdu);
  const { control, head, body } = anatomy;
  const fields: Description['fields'] = {};
  if (control.startsWith('84')) fields['resultCode'] = control.slice(2);
  for (const { part, value } of head) fields[part.name] = headValue(part, value);
  for (const { bitmap, value } of body.fields) {
    if (bitmap !== '06') fields[fieldName(bitmap)] ??= fieldValue(bitmap, value);
  }
  return {
    control,
    name: nameOf(control),
    fields,
    bitmaps: body.fields.map(({ bitmap }) => bitmap),
    tlv: body.tlv.map(describeTlv),
    rest: body.rest.length === 0 ? null : body.rest.toString('hex'),
    error: faultOf(anatomy),
  };
}

/** The message with its length unchanged and no card data or password in it; undefined if it is none. */
export function maskedApdu(apdu: Buffer): Buffer | undefined {
  return dissect(apdu)?.masked;
}

function broken(error: string, apdu: Buffer = Buffer.alloc(0)): Description {
  const control = apdu.length < 2 ? null : apdu.toString('hex', 0, 2);
  const name = control === null ? null : nameOf(control);
  return { control, name, fields: {}, bitmaps: [], tlv: [], rest: null, error };
}

function lengthFault(apdu: Buffer): string {
  if (apdu.length < 3) return `cut short: ${apdu.length} of at least 3 bytes (class, instruction, length)`;
  const isLong = apdu[2] === 0xff;
  if (isLong && apdu.length < 5) return 'cut short: the length field FF wants two more bytes';
  const announced = isLong ? apdu.readUInt16LE(3) : apdu.readUInt8(2);
  return `the length field says ${announced} bytes of data, ${apdu.length - (isLong ? 5 : 3)} are there`;
}

function dissect(apdu: Buffer): Anatomy | undefined {
  const masked = Buffer.from(apdu);
  const decoded = decodeApdu(masked);
  if (decoded === undefined) return undefined;
  const { control, data } = decoded;
  const head: Anatomy['head'] = [];
  let rest = data;
  for (const part of headOf(control, data)) {
    if (rest.length < (part.bytes ?? 0)) break;
    const value = rest.subarray(0, part.bytes);
    head.push({ part, value });
    rest = rest.subarray(value.length);
    if (part.as === 'secret') value.fill(0xee);
    else if (part.as === 'text') maskCardText(value);
  }
  const body = CONTROLS[control]?.isOpaque === true ? { fields: [], tlv: [], rest } : parseFields(rest);
  maskFields(body);
  return { control, head, body, masked };
}

const RESULT_CODE: HeadPart = { name: 'resultCode', bytes: 1, as: 'hex' };
const CURRENCY: HeadPart = { name: 'currency', bytes: 2, as: 'currency' };
const INTERMEDIATE_STATUS: HeadPart = { name: 'intermediateStatus', bytes: 1, as: 'hex' };
const TIMEOUT_MINUTES: HeadPart = { name: 'timeoutMinutes', bytes: 1, as: 'digits' };
const TERMINAL_STATUS: HeadPart = { name: 'terminalStatus', bytes: 1, as: 'hex' };

/** What stands before the bitmaps; where that depends on the dialogue, the content decides. */
function headOf(control: string, data: Buffer): readonly HeadPart[] {
  if (data.length === 0) return [];
  if (control === '060f') return completionHead(data);
  // §3.3: the raw code; after 6F two more raw bytes are the currency that would be taken.
  if (control === '061e' || control === '841e') {
    return data.length === 3 && data[0] === 0x6f ? [RESULT_CODE, CURRENCY] : [RESULT_CODE];
  }
  if (control === '04ff') {
    const withoutMinutes = data.length > 1 && isReadable(data.subarray(1));
    return withoutMinutes ? [INTERMEDIATE_STATUS] : [INTERMEDIATE_STATUS, TIMEOUT_MINUTES];
  }
  if (/^062[3-6]$/.test(control)) return isReadable(data) ? [] : PASSWORD_IF_NO_BITMAP;
  return CONTROLS[control]?.head ?? [];
}

/** §2.56: a status enquiry ends with `[version] status` and no bitmap in front, everything else with bitmaps. */
function completionHead(data: Buffer): readonly HeadPart[] {
  const digits = [...data.subarray(0, 3)].findIndex((byte) => byte < 0xf0 || byte > 0xf9);
  const prefix = digits === -1 ? 3 : digits;
  const length = data.subarray(0, prefix).reduce((sum, digit) => sum * 10 + (digit & 0x0f), 0);
  if (prefix >= 2 && data.length > prefix + length) {
    return [
      { name: 'versionLength', bytes: prefix, as: 'hex' },
      { name: 'softwareVersion', bytes: length, as: 'text' },
      TERMINAL_STATUS,
    ];
  }
  const withStatus = !isReadable(data) && (data.length === 1 || isReadable(data.subarray(1)));
  return withStatus ? [TERMINAL_STATUS] : [];
}

const isReadable = (data: Buffer): boolean => parseFields(data).rest.length === 0;

/** A bitmap that is known and can't be read is a fault of the message, an unknown one is not. */
function faultOf({ control, body }: Anatomy): string | null {
  const container = body.fields.find(({ bitmap }) => bitmap === '06');
  if (container !== undefined) {
    const { rest } = parseTlv(container.value);
    if (rest.length > 0)
      return `the TLV container can't be read from its byte ${container.value.length - rest.length}`;
  }
  const bitmap = body.rest.toString('hex', 0, 1);
  const known = BITMAPS[bitmap];
  if (known === undefined || !(control in CONTROLS) || CONTROLS[control]?.isOpaque === true) return null;
  return `bitmap ${bitmap} (${known.name}) is cut short, or its length can't be read`;
}

function headValue({ as }: HeadPart, value: Buffer): FieldValue {
  if (as === 'secret') return '******';
  if (as === 'number') return value.readUIntBE(0, value.length);
  if (as === 'text') return textIn(value);
  const digits = value.toString('hex');
  return as === 'currency' ? digits.slice(1) : digits;
}

function fieldName(bitmap: string): string {
  const name = BITMAPS[bitmap]?.name ?? bitmap;
  return name === 'amount' ? 'amountYen' : name;
}

const NUMBERS = new Set(['01', '02', '05', '8a', '8c', 'e0', 'e9', 'f0', 'f9']);
const TEXTS = /^(2a|3b|3c|8b|[ef][1-8])$/;
const SECRETS = new Set(['23', '24', '2d', '2e', '3a', '3d', '92', '9a', 'a7', 'af']);

function fieldValue(bitmap: string, value: Buffer): FieldValue {
  const digits = value.toString('hex');
  // Minor units: the yen has none. What is no BCD stays as it came.
  if (bitmap === '04') return bcdDigits(value) === undefined ? digits : Number(digits);
  if (bitmap === '49') return digits.slice(1);
  if (bitmap === '22') return digits.replace(/f+$/, '').replaceAll('e', '*');
  if (bitmap === '60') return totalsIn(value) ?? digits;
  if (SECRETS.has(bitmap)) return '*'.repeat(value.length);
  if (NUMBERS.has(bitmap)) return value.readUInt8(0);
  return TEXTS.test(bitmap) ? textIn(value) : digits;
}

/** Text ends at its first zero byte; what is no text at all is given in hex. */
function textIn(value: Buffer): string {
  const end = value.indexOf(0);
  const bytes = end === -1 ? value : value.subarray(0, end);
  const isText = bytes.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d);
  return isText ? bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').trim() : value.toString('hex');
}

/** BMP 60 (§3.1.3): receipt range, then count (one byte, binary) and sum of seven classes. */
function totalsIn(value: Buffer): FieldValue | undefined {
  if (value.length !== 4 + TOTALS_BUCKETS.length * 7) return undefined;
  const classes = TOTALS_BUCKETS.map(({ code }, at) => {
    const sum = value.toString('hex', 5 + at * 7, 11 + at * 7);
    return {
      class: code,
      count: value.readUInt8(4 + at * 7),
      amountYen: /^\d+$/.test(sum) ? Number(sum) : sum,
    };
  });
  return { receiptFrom: value.toString('hex', 0, 2), receiptTo: value.toString('hex', 2, 4), classes };
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte !== 0x7f;

function describeTlv({ tag, value, children }: Tlv): DescribedTlv {
  const isText = children.length === 0 && value.length > 1 && isUtf8(value) && value.every(isPrintable);
  return {
    tag,
    value: value.toString('hex'),
    ...(isText ? { text: value.toString('utf8') } : {}),
    ...(children.length === 0 ? {} : { children: children.map(describeTlv) }),
  };
}
