/** What a terminal says (PA00P015 §3), as bytes. */
import { decodeApdu, encodeApdu } from '../apdu.ts';
import { bcd, encodeField } from '../bitmaps.ts';
import { brandProfile, TOTALS_BUCKETS } from '../brands.ts';
import { withIdIn } from '../message-ids.ts';
import { encodeTlv } from '../tlv.ts';
import type { BookEntry } from './book.ts';
import { registrationOf, type Machine } from './machine.ts';

/** Shown in a completed status enquiry (§2.56). */
const SOFTWARE_VERSION = 'MADOGUCHI 1';
const JAPAN_OFFSET_MS = 9 * 3_600_000;

/** `84 xx 00` */
export const refusal = (code: string): Buffer => encodeApdu(`84${code}`);
/** 06 0F (§3.2) */
export const completion = (data?: Buffer): Buffer => encodeApdu('060f', data);

/** 06 1E (§3.3): the raw code; with 6F also the currency that would be taken. */
export function abortion(code: string, currency?: string): Buffer {
  const more = currency === undefined ? [] : [bcd(currency, 2)];
  return encodeApdu('061e', Buffer.concat([Buffer.from(code, 'hex'), ...more]));
}

/** `84 1E xx 6F CC`: a registration with a currency that is not taken (§2.1). */
export function wrongCurrency(code: string, currency: string): Buffer {
  return encodeApdu('841e', Buffer.concat([Buffer.from(code, 'hex'), bcd(currency, 2)]));
}

/** 06 1E `B8 87 FFFF`: no pre-authorisation is open (§2.8). */
export const NO_RESERVATION = encodeApdu('061e', Buffer.from('b887ffff', 'hex'));

/** 04 FF (§3.7) */
export const step = (status: number): Buffer => encodeApdu('04ff', Buffer.of(status));

/** What a registration says is due (BMP 19, §2.1). */
const DUE: Readonly<Record<string, number>> = { '51': 0x01, c2: 0x02 };

/** 06 0F of a registration: status byte, terminal id, currency; the message id is added on the way out. */
export function registered({ terminalId, settings }: Machine, currency: string): Buffer {
  return completion(
    Buffer.concat([
      encodeField('19', Buffer.of(DUE[settings.lock ?? ''] ?? 0)),
      encodeField('29', Buffer.from(terminalId, 'hex')),
      encodeField('49', bcd(currency, 2)),
    ]),
  );
}

/** 04 01 (§3.4): the time that the host told. */
export function hostTime(at: Date): Buffer {
  const [date, time] = wallClock(at);
  return encodeApdu(
    '0401',
    Buffer.concat([encodeField('aa', bcd(date.slice(2), 3)), encodeField('0c', bcd(time, 3))]),
  );
}

/** 04 0F with nothing but a result code. */
export const bareStatus = (code: string): Buffer =>
  encodeApdu('040f', encodeField('27', Buffer.from(code, 'hex')));

/** How many bytes stand before the bitmaps; a message that is not here has none. */
const UNTAGGED: Readonly<Record<string, (data: Buffer) => number>> = {
  '04ff': () => 2,
  '061e': (data) => (data[0] === 0x6f ? 3 : 1),
};

/**
 * The same message with its id (§5, TLV 1F73) in its container, which is its last field. A print line has no room for
 * one: its text runs to the end.
 */
export function withMessageId(message: Buffer, id: number): Buffer {
  const apdu = decodeApdu(message);
  if (apdu === undefined || apdu.control === '06d1') return message;
  // The second byte of an intermediate status is T4 in minutes; 00 leaves it as it is.
  const data = apdu.control === '04ff' && apdu.data.length === 1 ? Buffer.of(...apdu.data, 0) : apdu.data;
  const isStatusEnquiry = apdu.control === '060f' && (data.length === 1 || (data[0] ?? 0) >= 0xf0);
  const untagged = isStatusEnquiry ? data.length : (UNTAGGED[apdu.control]?.(data) ?? 0);
  return encodeApdu(apdu.control, withIdIn(data, untagged, id));
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

/** `yyyymmdd` and `hhmmss` of a clock in Japan. */
function wallClock(at: Date): [date: string, time: string] {
  const digits = new Date(at.getTime() + JAPAN_OFFSET_MS).toISOString().replace(/\D/g, '');
  return [digits.slice(0, 8), digits.slice(8, 14)];
}

/** BMP 0C and 0D, of a terminal that tells them. */
function clock({ settings }: Pick<Machine, 'settings'>, at: Date): Buffer[] {
  if (!settings.tellsTime) return [];
  const [date, time] = wallClock(at);
  return [encodeField('0c', bcd(time, 3)), encodeField('0d', bcd(date.slice(4), 2))];
}

/** 04 0F of a payment that is not approved (§3.1.1). */
export function refusedStatus(
  machine: Machine,
  code: string,
  sale: { amount: number; asked: string | undefined; traceNumber: number },
): Buffer {
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.from(code, 'hex')),
      encodeField('04', bcd(sale.amount, 6)),
      encodeField('0b', bcd(sale.traceNumber, 3)),
      ...clock(machine, new Date()),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      ...(sale.asked === undefined ? [] : [encodeField('49', bcd(sale.asked, 2))]),
    ]),
  );
}

/**
 * 04 0F of an approved payment, void or refund (§3.1.1). The currency comes only if the register sent one, a TLV
 * container only if it sent one (§9.2.2).
 * @param of the sale that it undoes
 */
export function approvedStatus(
  machine: Machine,
  entry: BookEntry,
  { withCurrency, of }: { withCurrency: boolean; of?: BookEntry | undefined },
): Buffer {
  const profile = brandProfile(entry.brand);
  const tlv = registrationOf(machine).takesTlv ? tlvOf(machine, entry) : [];
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.of(0)),
      encodeField('04', bcd(entry.amount, 6)),
      encodeField('0b', bcd(entry.traceNumber, 3)),
      ...(of === undefined ? [] : [encodeField('37', bcd(of.traceNumber, 3))]),
      ...clock(machine, new Date(entry.at)),
      // Online (60); the card's number as a terminal masks it is not invented here.
      encodeField('19', Buffer.of(0x60)),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      encodeField('3b', Buffer.from(`A${String(entry.traceNumber).padStart(6, '0')}\0`, 'ascii')),
      ...(entry.balance === null
        ? []
        : [encodeField('3c', Buffer.from(`BALANCE ${entry.balance}`, 'ascii'))]),
      ...(withCurrency ? [encodeField('49', bcd(entry.currency, 2))] : []),
      encodeField('87', bcd(entry.receiptNumber, 2)),
      encodeField('8a', Buffer.of(profile?.cardType ?? 0xff)),
      encodeField('8b', Buffer.from(`${profile?.cardName ?? ''}\0`, 'ascii')),
      ...(tlv.length > 0 ? [encodeField('06', Buffer.concat(tlv))] : []),
    ]),
  );
}

/** The private card type, and where the register decides about a reversal (§4) the number to mirror. */
function tlvOf({ settings }: Machine, entry: BookEntry): Buffer[] {
  const privateId = brandProfile(entry.brand)?.privateId ?? null;
  const isDeferred = settings.autoReversal === 'deferred';
  return [
    ...(privateId === null ? [] : [encodeTlv('41', bcdless(privateId))]),
    ...(isDeferred ? [encodeTlv('1f1f', bcd(entry.receiptNumber, 2))] : []),
  ];
}

/** 04 0F of a balance inquiry: what is in the purse (BMP 04) and whose it is. */
export function balanceStatus(
  machine: Machine,
  balance: { brand: string; amount: number; currency: string; traceNumber: number },
): Buffer {
  const profile = brandProfile(balance.brand);
  return encodeApdu(
    '040f',
    Buffer.concat([
      encodeField('27', Buffer.of(0)),
      encodeField('04', bcd(balance.amount, 6)),
      encodeField('0b', bcd(balance.traceNumber, 3)),
      ...clock(machine, new Date()),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      encodeField('49', bcd(balance.currency, 2)),
      encodeField('8a', Buffer.of(profile?.cardType ?? 0xff)),
      encodeField('8b', Buffer.from(`${profile?.cardName ?? ''}\0`, 'ascii')),
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
      ...clock(machine, new Date()),
      encodeField('29', Buffer.from(machine.terminalId, 'hex')),
      encodeField('60', Buffer.concat([bcd(receipts[0] ?? 0, 2), bcd(receipts.at(-1) ?? 0, 2), ...sums])),
    ]),
  );
}
