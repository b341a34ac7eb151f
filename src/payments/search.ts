/** Finding a payment by what somebody has in hand: a slip, an amount, a time, a sticker. Pure. */
import type { PricedLine } from '../fees/pricing.ts';
import type { PaymentView } from './view.ts';

export interface Searched {
  /** Our slip number. */
  number: number;
  amountYen: number;
  receiptNumber: string | null;
  approvalCode: string | null;
  /** `H:MM` in Tokyo. */
  time: string;
  lines: readonly Pick<PricedLine, 'nameJa' | 'inputs'>[];
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
const withoutZeros = (digits: string): string => digits.replace(/^0+(?=.)/, '');

/**
 * Every word, separated by spaces, has to be found: digits as a slip number of ours or the terminal's, as an amount or an
 * approval code; `9:42` as a time; anything else within the items and what was asked for them (sticker, reference).
 */
export function matchesSearch(payment: Searched, search: string): boolean {
  return plain(search)
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => matchesWord(payment, word));
}

function matchesWord(payment: Searched, word: string): boolean {
  const digits = /^\d[\d,]*円?$/.test(word) ? withoutZeros(word.replace(/[,円]/g, '')) : undefined;
  if (digits !== undefined) {
    const { number, amountYen, receiptNumber, approvalCode } = payment;
    const numbers = [number, amountYen, receiptNumber, approvalCode].map((each) =>
      withoutZeros(String(each ?? '')),
    );
    if (numbers.includes(digits)) return true;
  }
  if (/^\d{1,2}:\d{0,2}$/.test(word) && withoutZeros(payment.time).startsWith(withoutZeros(word)))
    return true;
  return payment.lines.some(
    ({ nameJa, inputs = [] }) =>
      plain(nameJa).includes(word) ||
      inputs.some(({ textJa, value }) => plain(`${textJa} ${value}`).includes(word)),
  );
}

/** What a search looks at. */
export const searchedOf = ({ number, amountYen, lines, armedAt, terminal }: PaymentView): Searched => ({
  number,
  amountYen,
  lines,
  time: TIME.format(new Date(armedAt)),
  receiptNumber: terminal.receiptNumber,
  approvalCode: terminal.approvalCode,
});

const TIME = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: '2-digit' });
