/** What a terminal says (PA00P015 §3), as bytes. */
import { encodeApdu } from '../apdu.ts';
import { bcd, encodeField } from '../bitmaps.ts';
import { brandProfile, TOTALS_BUCKETS } from '../brands.ts';
import { encodeTlv } from '../tlv.ts';
import type { BookEntry } from './book.ts';
import type { Machine } from './machine.ts';

/** Shown in a completed status enquiry (§2.56). */
const SOFTWARE_VERSION = 'MADOGUCHI 1';
const JAPAN_OFFSET_MS = 9 * 3_600_000;

/** `84 xx 00` */
export const refusal = (code: string): Buffer => encodeApdu(`84${code}`);
export const completion = (data?: Buffer): Buffer => encodeApdu('060f', data);

/** 06 1E (§3.3): the raw code; with 6F also the currency that would be taken. */
export function abortion(code: string, currency?: string): Buffer {
  const more = currency === undefined ? [] : [bcd(currency, 2)];
  return encodeApdu('061e', Buffer.concat([Buffer.from(code, 'hex'), ...more]));
}

/** 04 FF (§3.7) */
export const step = (status: number): Buffer => encodeApdu('04ff', Buffer.of(status));

/** 06 0F of a registration: status byte 00 (nothing is due), terminal id, currency. */
export function registered({ terminalId }: Machine, currency: string): Buffer {
  return completion(
    Buffer.concat([
      encodeField('19', Buffer.of(0)),
      encodeField('29', Buffer.from(terminalId, 'hex')),
      encodeField('49', bcd(currency, 2)),
    ]),
  );
}

/** 06 0F of a status enquiry: no bitmaps; a version (LLLVAR) unless it is not wanted, then the raw status byte. */
export function statusCompletion(status: number, withVersion: boolean): Buffer {
  const version = Buffer.from(SOFTWARE_VERSION, 'ascii');
  const prefix = Buffer.from(
    Array.from(String(version.length).padStart(3, '0'), (digit) => 0xf0 + Number(digit)),
  );
  const parts = withVersion ? [prefix, version] : [];
  return completion(Buffer.concat([...parts, Buffer.of(status)]));
}

function clock(at: Date): Buffer[] {
  const [date = '', time = ''] = new Date(at.getTime() + JAPAN_OFFSET_MS).toISOString().split('T');
  const monthDay = date.slice(5).replace('-', '');
  return [
    encodeField('0c', bcd(time.slice(0, 8).replaceAll(':', ''), 3)),
    encodeField('0d', bcd(monthDay, 2)),
  ];
}

/** 04 0F of a payment that is not approved (§3.1.1). */
export function refusedStatus(
  { terminalId }: Machine,
  code: string,
  sale: { amount: number; currency: string | undefined; traceNumber: number },
): Buffer {
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.from(code, 'hex')),
      encodeField('04', bcd(sale.amount, 6)),
      encodeField('0b', bcd(sale.traceNumber, 3)),
      ...clock(new Date()),
      encodeField('29', Buffer.from(terminalId, 'hex')),
      ...(sale.currency === undefined ? [] : [encodeField('49', bcd(sale.currency, 2))]),
    ]),
  );
}

/** 04 0F of an approved payment (§3.1.1). The currency comes only if the register sent one. */
export function approvedStatus(machine: Machine, entry: BookEntry, withCurrency: boolean): Buffer {
  const profile = brandProfile(entry.brand);
  const cardType = profile?.cardType ?? 0xff;
  const privateId = profile?.privateId ?? null;
  const withTlv = privateId !== null && machine.registeredAs?.takesTlv === true;
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.of(0)),
      encodeField('04', bcd(entry.amount, 6)),
      encodeField('0b', bcd(entry.traceNumber, 3)),
      ...clock(new Date(entry.at)),
      // Online (60); the card's number as a terminal masks it is not invented here.
      encodeField('19', Buffer.of(0x60)),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      encodeField('3b', Buffer.from(`A${String(entry.traceNumber).padStart(6, '0')}\0`, 'ascii')),
      ...(withCurrency ? [encodeField('49', bcd(entry.currency, 2))] : []),
      encodeField('87', bcd(entry.receiptNumber, 2)),
      encodeField('8a', Buffer.of(cardType)),
      encodeField('8b', Buffer.from(`${profile?.cardName ?? ''}\0`, 'ascii')),
      ...(withTlv ? [encodeField('06', encodeTlv('41', bcdless(privateId)))] : []),
    ]),
  );
}

/** A card type in two bytes, binary. */
function bcdless(id: number): Buffer {
  return Buffer.of(id >>> 8, id & 0xff);
}

/** 04 0F with totals (§3.1.3), of the entries that are stored and not settled. */
export function totalsStatus(machine: Machine, entries: readonly BookEntry[]): Buffer {
  const receipts = entries.map(({ receiptNumber }) => receiptNumber);
  const sums = TOTALS_BUCKETS.map(({ code }) => {
    const counted = entries.filter(({ brand }) => (brandProfile(brand)?.bucket ?? 'other') === code);
    const total = counted.reduce((sum, { amount }) => sum + amount, 0);
    // The count is one byte (§3.1.3): it wraps.
    return Buffer.concat([Buffer.of(counted.length % 256), bcd(total, 6)]);
  });
  const grand = entries.reduce((sum, { amount }) => sum + amount, 0);
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.of(0)),
      encodeField('04', bcd(grand, 6)),
      encodeField('0b', bcd(entries.at(-1)?.traceNumber ?? 0, 3)),
      ...clock(new Date()),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      encodeField('60', Buffer.concat([bcd(receipts[0] ?? 0, 2), bcd(receipts.at(-1) ?? 0, 2), ...sums])),
    ]),
  );
}

/** Whose copy a receipt is (TLV 1F07). */
type Copy = 'merchant' | 'customer';

/** A receipt as one text block (06 D3, §3.6), or as lines (06 D1, §3.5). The character set is ASCII. */
export function receiptPrints(machine: Machine, entry: BookEntry, copy: Copy): Buffer[] {
  const lines = [
    'TRIAL - NO REAL PAYMENT',
    copy === 'merchant' ? 'MERCHANT COPY' : 'CUSTOMER COPY',
    brandProfile(entry.brand)?.cardName ?? '',
    `AMOUNT ${entry.currency === '392' ? `${entry.amount} JPY` : `${(entry.amount / 100).toFixed(2)} (${entry.currency})`}`,
    `RECEIPT ${String(entry.receiptNumber).padStart(4, '0')}  TRACE ${String(entry.traceNumber).padStart(6, '0')}`,
    `TERMINAL ${machine.terminalId}`,
  ];
  if (machine.registeredAs?.wantsTextBlocks !== true) {
    // Bit 7 of the attribute marks the last line.
    return lines.map((line, at) =>
      encodeApdu(
        '06d1',
        Buffer.concat([Buffer.of(at === lines.length - 1 ? 0x81 : 0x00), Buffer.from(line, 'ascii')]),
      ),
    );
  }
  const text = [
    ...lines.map((line) => encodeTlv('07', Buffer.from(line, 'ascii'))),
    encodeTlv('09', Buffer.of(0x81)),
  ];
  const kind = encodeTlv('1f07', Buffer.of(copy === 'merchant' ? 1 : 2));
  return [encodeApdu('06d3', encodeField('06', Buffer.concat([encodeTlv('25', text), kind])))];
}
