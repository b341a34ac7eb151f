/** What a payment's method and state are called, wherever one is shown. */
import type { PricedLine } from '../../fees/pricing.ts';
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { Method } from '../../terminal/terminal.ts';

export const METHOD_NAMES: Record<Method, string> = {
  credit: 'クレジット',
  debit: 'デビット',
  emoney: '電子マネー',
  qr: 'QRコード',
};

/** In the order in which they are offered. */
export const METHODS = ['credit', 'debit', 'emoney', 'qr'] as const satisfies readonly Method[];

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
