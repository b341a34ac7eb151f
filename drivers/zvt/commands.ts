/** What a register says (PA00P015 §2), as bytes, pure: commands, and the answers to the terminal's own messages. */
import { encodeApdu } from './apdu.ts';
import { bcd, encodeField } from './bitmaps.ts';
import { UTF_8 } from './receipts.ts';
import { encodeTlv } from './tlv.ts';

/** ISO 4217 of the yen. It has no minor unit: 1,000 yen are 00 00 00 00 10 00 (§13). */
export const JPY = '392';

/** `84 A0 00`, receiver not ready: to a status information it means "not recorded, reverse the payment" (§3.1). */
export const NOT_TAKEN = encodeApdu('84a0');
/** `84 9C 00`: not recorded yet, ask again in two seconds (§3.1). */
export const ASK_AGAIN = encodeApdu('849c');
/** `84 83 00`: this command is not for us. */
export const NOT_SUPPORTED = encodeApdu('8483');

/** What a register says about itself when it registers. */
export interface RegistrationWishes {
  /** §2.1: 02 and 04 the register prints, 08 send intermediate status, 80 send receipts as print commands. */
  configByte: number;
  /** Tag 12: characters in a printed line, in BCD as Wireshark's dissector reads it; at most 99. */
  printerColumns: number;
}

/** Tag 1A, high byte first: as much as an APDU's length field can say. */
const LONGEST_DATA = Buffer.of(0xff, 0xff);

export const REGISTRATION_WISHES: RegistrationWishes = { configByte: 0x8e, printerColumns: 48 };

/**
 * Registration (§2.1): currency always, and a TLV container with what we would like: receipts as text blocks (26, 0A),
 * in UTF-8 (27), long messages (1A) and message ids (1F73). What a terminal does not know it passes over (§9).
 */
export function registration(password: string, wishes: RegistrationWishes = REGISTRATION_WISHES): Buffer {
  const container = [
    encodeTlv('12', bcd(wishes.printerColumns, 1)),
    encodeTlv('1a', LONGEST_DATA),
    encodeTlv('26', encodeTlv('0a', Buffer.from('06d3', 'hex'))),
    encodeTlv('27', encodeTlv('14', Buffer.of(UTF_8))),
    encodeTlv('1f73', bcd(0, 3)),
  ];
  return command('0600', [bcd(password, 3), Buffer.of(wishes.configByte), bcd(JPY, 2)], container);
}

/**
 * The receipt that the register accepted last (tag 1F1F, §4): a terminal that is one ahead reverses. Of length 0 if
 * none is known, never 0 as a value; null: the tag is not sent and the terminal decides nothing.
 */
export type MirrorTag = { receiptNumber: string | null } | null;

const mirrorTags = (mirror: MirrorTag): Buffer[] =>
  mirror === null ? [] : [encodeTlv('1f1f', Buffer.from(mirror.receiptNumber ?? '', 'hex'))];

/** Amount and currency; without the currency a terminal would take euros. */
const money = (amountYen: number): Buffer[] => [
  encodeField('04', bcd(amountYen, 6)),
  encodeField('49', bcd(JPY, 2)),
];

/** Authorisation (§2.2). */
export function authorisation(amountYen: number, mirror: MirrorTag = null): Buffer {
  return command('0601', money(amountYen), mirrorTags(mirror));
}

/** Reversal (§2.9). The terminal refuses if the amount is not that of the receipt. */
export function reversal(
  password: string,
  receiptNumber: string,
  amountYen: number,
  mirror: MirrorTag = null,
): Buffer {
  const receipt = encodeField('87', bcd(receiptNumber, 2));
  return command('0630', [bcd(password, 3), receipt, ...money(amountYen)], mirrorTags(mirror));
}

/** Refund (§2.15). */
export function refund(password: string, amountYen: number, mirror: MirrorTag = null): Buffer {
  return command('0631', [bcd(password, 3), ...money(amountYen)], mirrorTags(mirror));
}

/** Repeat receipt (§2.20); service byte 03: send the status information of the last payment, print nothing. */
export function repeatReceipt(password: string): Buffer {
  return command('0620', [bcd(password, 3), encodeField('03', Buffer.of(0x03))]);
}

/** Repeat receipt (§2.20) to be printed, without its status information. */
export function reprintReceipt(password: string): Buffer {
  return command('0620', [bcd(password, 3)]);
}

/** Send turnover totals (§2.43); clears nothing. */
export function turnoverTotals(password: string): Buffer {
  return command('0610', [bcd(password, 3)]);
}

/** End of day (§2.16): totals, then the turnover store is cleared. */
export function endOfDay(password: string, mirror: MirrorTag = null): Buffer {
  return command('0650', [bcd(password, 3)], mirrorTags(mirror));
}

/** Initialisation (§2.18). */
export function initialisation(password: string): Buffer {
  return command('0693', [bcd(password, 3)]);
}

const JAPAN_MS = 9 * 3_600_000;

/** Set date and time in the terminal (§2.25), which shows Japan's. */
export function clockSetting(password: string, at: Date): Buffer {
  const digits = new Date(at.getTime() + JAPAN_MS).toISOString().replace(/\D/g, '');
  const date = encodeField('aa', bcd(digits.slice(2, 8), 3));
  return command('0691', [bcd(password, 3), date, encodeField('0c', bcd(digits.slice(8, 14), 3))]);
}

/** Rates that §2.57 has a code for. */
export const BAUD_RATES = [9_600, 19_200, 57_600, 115_200] as const;
export type BaudRate = (typeof BAUD_RATES)[number];

const BAUD_CODES: Record<BaudRate, number> = { 9600: 0x00, 19200: 0x01, 57600: 0x06, 115200: 0x07 };

/** Change baud rate (§2.57): answered at the old rate, the new one holds two seconds later. */
export function baudRateChange(baudRate: BaudRate): Buffer {
  return command('0840', [Buffer.of(BAUD_CODES[baudRate])]);
}

const DISPLAY_LINES_MAX = 8;
/** CP437 unless another set was agreed (§2.26); what both share is ASCII. */
const NOT_ASCII = /[^\x20-\x7e]/g;

/** Display text (§2.26): up to eight lines; `utf8` if the terminal agreed to that, else only ASCII can be shown. */
export function displayText(lines: readonly string[], seconds: number, utf8: boolean): Buffer {
  const shown = lines.slice(0, DISPLAY_LINES_MAX).map((line, at) => {
    const text = utf8 ? Buffer.from(line, 'utf8') : Buffer.from(line.replaceAll(NOT_ASCII, '?'), 'ascii');
    return encodeField(`f${at + 1}`, text.subarray(0, 99));
  });
  return command('06e0', [encodeField('f0', Buffer.of(Math.min(seconds, 0xff))), ...shown]);
}

export const STATUS_ENQUIRY = encodeApdu('0501');
/** Balance inquiry (§2.3). */
export const BALANCE_INQUIRY = encodeApdu('0603');
/** Diagnosis (§2.17). */
export const DIAGNOSIS = encodeApdu('0670');
/** Abort (§2.23). */
export const ABORT = encodeApdu('06b0');
/** Log-off (§2.24). */
export const LOG_OFF = encodeApdu('0602');

function command(control: string, parts: readonly Buffer[], container: readonly Buffer[] = []): Buffer {
  const tlv = container.length === 0 ? [] : [encodeField('06', Buffer.concat(container))];
  return encodeApdu(control, Buffer.concat([...parts, ...tlv]));
}

/**
 * Bytes before the bitmaps of our own commands: password, configuration and currency, or the baud rate. `05 01` has
 * a password if it has anything (§2.56).
 */
const HEAD_BYTES: Readonly<Record<string, number>> = {
  '0600': 6,
  '0610': 3,
  '0620': 3,
  '0630': 3,
  '0631': 3,
  '0650': 3,
  '0691': 3,
  '0693': 3,
  '0840': 1,
};

/** Where a command's bitmaps begin in its data. */
export function headBytesOf(control: string): number {
  return HEAD_BYTES[control] ?? 0;
}
