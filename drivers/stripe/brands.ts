/**
 * What a reader of Stripe Terminal takes in Japan (docs.stripe.com/terminal/payments/regional?integration-country=JP,
 * private preview): the international brands. Not J-Debit, no e-money (iD, QUICPay, transit IC), no QR code (WeChat Pay
 * is not for Japan, PayPay not for Terminal).
 */
import type { Driver, TotalsGrain } from '../../src/terminal/driver.ts';
import type { Method } from '../../src/terminal/terminal.ts';

interface Brand {
  brand: string;
  nameJa: string;
  method: Method;
  /** `network` and `funding` of a charge's `card_present`. */
  network: string;
}

const BRANDS: readonly Brand[] = [
  { brand: 'visa', nameJa: 'Visa', method: 'credit', network: 'visa' },
  { brand: 'mastercard', nameJa: 'Mastercard', method: 'credit', network: 'mastercard' },
  { brand: 'jcb', nameJa: 'JCB', method: 'credit', network: 'jcb' },
  { brand: 'amex', nameJa: 'American Express', method: 'credit', network: 'amex' },
  { brand: 'discover', nameJa: 'Discover', method: 'credit', network: 'discover' },
  { brand: 'visa_debit', nameJa: 'Visaデビット', method: 'debit', network: 'visa' },
  { brand: 'jcb_debit', nameJa: 'JCBデビット', method: 'debit', network: 'jcb' },
];

/** Prepaid cards of the brands are authorised like credit cards. `unknown`, or a word of tomorrow: nobody knows. */
const METHODS: Readonly<Partial<Record<string, Method>>> = {
  credit: 'credit',
  prepaid: 'credit',
  debit: 'debit',
};

/** What was presented, as far as the card's network and funding tell; a debit card of a brand without a code has a name. */
export function findBrand(
  network: string | null,
  funding: string | null,
): { method: Method | null; brand: string | null; brandName: string | null } {
  const method = METHODS[funding ?? ''] ?? null;
  const known = BRANDS.find((each) => each.network === network && each.method === method);
  if (known !== undefined) return { method, brand: known.brand, brandName: known.nameJa };
  const named = BRANDS.find((each) => each.network === network)?.nameJa ?? network;
  const brandName = named !== null && method === 'debit' ? `${named}デビット` : named;
  return { method, brand: null, brandName };
}

const brandsOf = (method: Method): string[] =>
  BRANDS.filter((each) => each.method === method).map(({ brand }) => brand);

export const BRANDS_BY_METHOD: Driver['brands'] = {
  credit: brandsOf('credit'),
  debit: brandsOf('debit'),
  emoney: [],
  qr: [],
};

const OTHER = 'other';

/** The API names each payment, so the totals are as fine as the brand. */
export const TOTALS_GRAIN: TotalsGrain = {
  grain: 'brand',
  buckets: [
    ...BRANDS.map(({ brand, nameJa }) => ({ code: brand, nameJa })),
    { code: OTHER, nameJa: 'そのほかのカード' },
  ],
  bucketOf: ({ brand }) => BRANDS.find((each) => each.brand === brand)?.brand ?? OTHER,
  countModulus: null,
};
