/** What Japanese counter terminals take, as data; the settings narrow it to what this one takes. */
import type { TotalsGrain } from '../../src/terminal/driver.ts';
import type { Method } from '../../src/terminal/terminal.ts';

export interface Brand {
  brand: string;
  nameJa: string;
  method: Method;
}

const named = (method: Method, names: Readonly<Record<string, string>>): Brand[] =>
  Object.entries(names).map(([brand, nameJa]) => ({ brand, nameJa, method }));

export const BRANDS: readonly Brand[] = [
  ...named('credit', {
    visa: 'Visa',
    mastercard: 'Mastercard',
    jcb: 'JCB',
    amex: 'American Express',
    diners: 'Diners Club',
    discover: 'Discover',
    unionpay: '銀聯',
  }),
  ...named('debit', { visa_debit: 'Visaデビット', jcb_debit: 'JCBデビット', jdebit: 'J-Debit' }),
  ...named('emoney', {
    transit_ic: '交通系IC',
    rakuten_edy: '楽天Edy',
    waon: 'WAON',
    nanaco: 'nanaco',
    id: 'iD',
    quicpay: 'QUICPay',
  }),
  ...named('qr', {
    paypay: 'PayPay',
    d_barai: 'd払い',
    au_pay: 'au PAY',
    rakuten_pay: '楽天ペイ',
    merpay: 'メルペイ',
    alipay_plus: 'Alipay+',
    wechat_pay: 'WeChat Pay',
  }),
];

export const METHODS: readonly { method: Method; nameJa: string }[] = [
  { method: 'credit', nameJa: 'クレジット' },
  { method: 'debit', nameJa: 'デビット' },
  { method: 'emoney', nameJa: '電子マネー' },
  { method: 'qr', nameJa: 'QRコード' },
];

export const brandsByMethod = (brands: readonly Brand[]): Record<Method, string[]> => {
  const of = (method: Method): string[] =>
    brands.filter((each) => each.method === method).map(({ brand }) => brand);
  return { credit: of('credit'), debit: of('debit'), emoney: of('emoney'), qr: of('qr') };
};

/** A 中間計 prints one block per kind of payment; brands within a kind differ from terminal to terminal. */
export const TOTALS_GRAIN: TotalsGrain = {
  grain: 'class',
  buckets: METHODS.map(({ method, nameJa }) => ({ code: method, nameJa })),
  bucketOf: ({ method }) => method,
  // Paper has 返品 in a row of its own, without a kind.
  leavesOutRefunds: true,
  countModulus: null,
};
