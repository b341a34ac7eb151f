/** What a payment's method and state are called, wherever one is shown. */
import type { PricedLine } from '../../fees/pricing.ts';
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { PaymentView } from '../../payments/view.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import type { Method } from '../../terminal/terminal.ts';

/** A state is told by a shape and a word; colour only repeats it. */
export type SignKind = 'ok' | 'no' | 'stop' | 'ask' | 'run' | 'none';

export const STATE_WORDS: Record<PaymentState, { word: string; sign: SignKind }> = {
  armed: { word: '支払い中', sign: 'run' },
  approved: { word: '支払済', sign: 'ok' },
  declined: { word: '使用不可', sign: 'no' },
  cancelled: { word: '取り消し', sign: 'stop' },
  unknown: { word: '結果不明', sign: 'ask' },
  not_charged: { word: '支払いなし', sign: 'none' },
  not_sent: { word: '送信なし', sign: 'none' },
};

/** The same states of a void (取消) and a refund (返金): what is told is whether money went back. */
const RETURN_WORDS: Record<PaymentState, (what: string) => { word: string; sign: SignKind }> = {
  armed: (what) => ({ word: `${what}中`, sign: 'run' }),
  approved: (what) => ({ word: `${what}済`, sign: 'stop' }),
  declined: (what) => ({ word: `${what}不可`, sign: 'no' }),
  cancelled: (what) => ({ word: `${what}中止`, sign: 'no' }),
  unknown: (what) => ({ word: `${what} 結果不明`, sign: 'ask' }),
  not_charged: (what) => ({ word: `${what}なし`, sign: 'none' }),
  not_sent: () => ({ word: '送信なし', sign: 'none' }),
};

/** What was found out about an operation: of a void or refund, whether money went back. */
export const FINDING_WORDS: Record<PaymentView['kind'], { approved: string; not_charged: string }> = {
  sale: { approved: '支払われていた', not_charged: '支払われていなかった' },
  void: { approved: '取り消されていた', not_charged: '取り消されていなかった' },
  refund: { approved: '返金されていた', not_charged: '返金されていなかった' },
};

/** Of an operation as a book names it: what is no void or refund there is a sale. */
export const findingWordsOf = (kind: string | undefined): { approved: string; not_charged: string } =>
  FINDING_WORDS[kind === 'void' || kind === 'refund' ? kind : 'sale'];

export const RETURN_NAMES = { void: '取消', refund: '返金' } as const;

/** A sale is told with what was given back of it; a void or refund by its own words. */
export function stateWordsOf(payment: Pick<PaymentView, 'kind' | 'state' | 'amountYen' | 'returned'>): {
  word: string;
  sign: SignKind;
} {
  const { kind, state, amountYen, returned } = payment;
  if (kind !== 'sale') return RETURN_WORDS[state](RETURN_NAMES[kind]);
  if (state !== 'approved' || returned.amountYen === 0) return STATE_WORDS[state];
  return { word: returned.amountYen < amountYen ? '一部返金済' : '取消済', sign: 'stop' };
}

/** What an amount adds to the day: a void or refund takes away. */
export const signedYen = ({ kind, amountYen }: Pick<PaymentView, 'kind' | 'amountYen'>): number =>
  kind === 'sale' ? amountYen : -amountYen;

/** `住民票の写し 2通 ほか1件`: the first line of a basket and how many more there are. */
export function summaryOf(lines: readonly Pick<PricedLine, 'nameJa' | 'quantity' | 'unit'>[]): string {
  const [first, ...rest] = lines;
  if (first === undefined) return '';
  const more = rest.length === 0 ? '' : ` ほか${String(rest.length)}件`;
  return `${first.nameJa} ${formatQuantity(first.quantity, first.unit)}${more}`;
}

/** `2通`; a unit that is a measure or a pair (`30分`, `年度・件`) is counted as `×2`. */
export function formatQuantity(quantity: number, unit: string): string {
  return /^[0-9]|・/.test(unit) ? `×${String(quantity)}` : `${String(quantity)}${unit}`;
}

/** `交通系IC`, or the method's name where no brand is known. */
export function wayOf(
  payment: { method: Method; brand: string | null },
  brandNames: ReadonlyMap<string, string>,
): string {
  if (payment.brand === null) return METHOD_NAMES[payment.method];
  return brandNames.get(payment.brand) ?? payment.brand;
}
