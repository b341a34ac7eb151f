/** What this terminal has printed, by the register: receipts of payments and its own reports. ASCII, as §3.5 wants. */
import { encodeApdu } from '../apdu.ts';
import { encodeField } from '../bitmaps.ts';
import { brandProfile } from '../brands.ts';
import { encodeTlv } from '../tlv.ts';
import type { BookEntry } from './book.ts';
import { registrationOf, type Machine } from './machine.ts';

/** Whose copy a print is (TLV 1F07). */
const COPIES = { merchant: 1, customer: 2, report: 3 } as const;
type Copy = keyof typeof COPIES;

const TITLES: Record<BookEntry['kind'], string> = { sale: 'PAYMENT', void: 'VOID', refund: 'REFUND' };

/** Both copies as print commands; none if the terminal prints itself, or the register makes them up. */
export function receiptsOf(machine: Machine, entry: BookEntry): Buffer[] {
  if (!registrationOf(machine).wantsReceipts) return [];
  return (['merchant', 'customer'] as const).flatMap((copy) =>
    print(machine, copy, [
      'TRIAL - NO REAL PAYMENT',
      TITLES[entry.kind],
      copy === 'merchant' ? 'MERCHANT COPY' : 'CUSTOMER COPY',
      brandProfile(entry.brand)?.cardName ?? '',
      `AMOUNT ${formatAmount(entry.amount, entry.currency)}`,
      ...balanceLines(entry),
      `RECEIPT ${String(entry.receiptNumber).padStart(4, '0')}  TRACE ${String(entry.traceNumber).padStart(6, '0')}`,
      `TERMINAL ${machine.terminalId}`,
    ]),
  );
}

/** A report of the terminal's own, as print commands; none if the terminal prints it itself. */
export function reportOf(machine: Machine, lines: string[]): Buffer[] {
  return registrationOf(machine).wantsReports ? print(machine, 'report', lines) : [];
}

/** As a slip has it. @param amount in the currency's smallest unit @param currency ISO 4217 numeric */
export function formatAmount(amount: number, currency: string): string {
  if (currency === '392') return `${amount} JPY`;
  return `${(amount / 100).toFixed(2)} ${currency === '978' ? 'EUR' : currency}`;
}

function balanceLines({ balance, currency }: BookEntry): string[] {
  return balance === null ? [] : [`BALANCE ${formatAmount(balance, currency)}`];
}

/** One text block (06 D3, §3.6), or line by line (06 D1, §3.5); bit 7 of the attribute marks the end. */
function print(machine: Machine, copy: Copy, lines: string[]): Buffer[] {
  if (!registrationOf(machine).wantsTextBlocks) {
    return lines.map((line, at) => {
      const attribute = at === lines.length - 1 ? 0x81 : 0x00;
      return encodeApdu('06d1', Buffer.concat([Buffer.of(attribute), Buffer.from(line, 'ascii')]));
    });
  }
  const text = [
    ...lines.map((line) => encodeTlv('07', Buffer.from(line, 'ascii'))),
    encodeTlv('09', Buffer.of(0x81)),
  ];
  const kind = encodeTlv('1f07', Buffer.of(COPIES[copy]));
  return [encodeApdu('06d3', encodeField('06', Buffer.concat([encodeTlv('25', text), kind])))];
}
