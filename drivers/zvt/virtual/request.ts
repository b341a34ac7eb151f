/** What a register's command says, read. */
import { decodeApdu } from '../apdu.ts';
import { bcdDigits, findField, parseFields, type Fields } from '../bitmaps.ts';
import { findTlv } from '../tlv.ts';

/** A command with its password taken off. */
export interface Request {
  control: string;
  /** After the password. */
  data: Buffer;
  fields: Fields;
}

const LARGE_FONT = 0x14;
/** How many bytes stand before the bitmaps: config byte and currency; a font byte before a display text (§2.26). */
function bytesBeforeBitmaps(control: string, data: Buffer): number {
  if (control === '0600') return 3;
  return control === '06e0' && data[0] === LARGE_FONT ? 1 : 0;
}

const PASSWORD_BYTES = 3;
/** Commands that begin with a password. */
const WITH_PASSWORD = new Set([
  '0600',
  '0610',
  '0612',
  '0620',
  '0630',
  '0631',
  '0650',
  '0651',
  '0691',
  '0693',
]);
/** Some registers send a password with them, some do not. */
const WITH_PASSWORD_IF_ANY = new Set(['0501', '0618', '061a']);

/** `password`: six digits, or what stood there; undefined: the command has none. */
export function readRequest(command: Buffer): { request: Request; password: string | undefined } | undefined {
  const apdu = decodeApdu(command);
  if (apdu === undefined) return undefined;
  const { control } = apdu;
  const hasPassword =
    WITH_PASSWORD.has(control) || (WITH_PASSWORD_IF_ANY.has(control) && apdu.data.length > 0);
  const data = hasPassword ? apdu.data.subarray(PASSWORD_BYTES) : apdu.data;
  const fields = parseFields(data.subarray(bytesBeforeBitmaps(control, data)));
  const password = hasPassword ? apdu.data.toString('hex', 0, PASSWORD_BYTES) : undefined;
  return { request: { control, data, fields }, password };
}

/** TLV 1F73 (§5); undefined if the command carries none. */
export function readMessageId(command: Buffer): number | undefined {
  const tlv = readRequest(command)?.request.fields.tlv ?? [];
  const digits = bcdDigits(findTlv(tlv, '1f73'));
  return digits === undefined || digits === '' ? undefined : Number(digits);
}

/** BMP 03, zero if it is absent. */
export function serviceByteOf({ fields }: Request): number {
  return findField(fields, '03')?.[0] ?? 0;
}

/** BMP 49 as ISO 4217; undefined if it is absent or no number. */
export function currencyOf(value: Buffer | undefined): string | undefined {
  return bcdDigits(value)?.slice(1);
}
