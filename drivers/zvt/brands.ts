/**
 * The Japanese brand profile, as data. ZVT has no card types for Japan's electronic money and QR payments
 * (PA00P015 §12), so they are told apart by the card name (BMP 8B) or by a private card type (BMP 8A = FF, TLV 41).
 * The private numbers are ours, from 8001 hex: no acquirer has given out others.
 */
import type { Driver, TotalsGrain } from '../../src/terminal/driver.ts';
import type { Method } from '../../src/terminal/terminal.ts';

/** BMP 60 counts in seven fixed classes (§3.1.3), in this order; what is none of the six is "other". */
export const TOTALS_BUCKETS = [
  { code: 'girocard', nameJa: 'girocard' },
  { code: 'jcb', nameJa: 'JCB' },
  { code: 'mastercard', nameJa: 'Mastercard' },
  { code: 'amex', nameJa: 'American Express' },
  { code: 'visa', nameJa: 'Visa' },
  { code: 'diners', nameJa: 'Diners Club' },
  { code: 'other', nameJa: 'その他（電子マネー・QRなど）' },
] as const;

type TotalsBucket = (typeof TOTALS_BUCKETS)[number]['code'];

interface BrandProfile {
  brand: string;
  nameJa: string;
  method: Method;
  /** What a terminal writes into BMP 8B. */
  cardName: string;
  /** BMP 8A (§12); null where there is none and the private number stands in TLV 41. */
  cardType: number | null;
  /** TLV 41, two bytes. */
  privateId: number | null;
  bucket: TotalsBucket;
}

const card = (
  brand: string,
  nameJa: string,
  cardName: string,
  cardType: number,
  bucket: TotalsBucket = 'other',
  method: Method = 'credit',
): BrandProfile => ({ brand, nameJa, method, cardName, cardType, privateId: null, bucket });

const own = (
  method: Method,
  brand: string,
  nameJa: string,
  cardName: string,
  privateId: number,
): BrandProfile => ({ brand, nameJa, method, cardName, cardType: null, privateId, bucket: 'other' });

export const BRAND_PROFILE: readonly BrandProfile[] = [
  card('visa', 'Visa', 'VISA', 10, 'visa'),
  card('mastercard', 'Mastercard', 'MASTERCARD', 6, 'mastercard'),
  card('jcb', 'JCB', 'JCB', 14, 'jcb'),
  card('amex', 'American Express', 'AMERICAN EXPRESS', 8, 'amex'),
  card('diners', 'Diners Club', 'DINERS CLUB', 12, 'diners'),
  card('discover', 'Discover', 'DISCOVER', 232),
  card('unionpay', '銀聯', 'UNIONPAY', 198),
  card('visa_debit', 'Visaデビット', 'VISA DEBIT', 10, 'visa', 'debit'),
  card('jcb_debit', 'JCBデビット', 'JCB DEBIT', 14, 'jcb', 'debit'),
  own('debit', 'jdebit', 'J-Debit', 'J-DEBIT', 0x8001),
  own('emoney', 'transit_ic', '交通系IC', 'TRANSIT IC', 0x8011),
  own('emoney', 'rakuten_edy', '楽天Edy', 'RAKUTEN EDY', 0x8012),
  own('emoney', 'waon', 'WAON', 'WAON', 0x8013),
  own('emoney', 'nanaco', 'nanaco', 'NANACO', 0x8014),
  own('emoney', 'id', 'iD', 'ID', 0x8015),
  own('emoney', 'quicpay', 'QUICPay', 'QUICPAY', 0x8016),
  own('qr', 'paypay', 'PayPay', 'PAYPAY', 0x8021),
  own('qr', 'd_barai', 'd払い', 'D BARAI', 0x8022),
  own('qr', 'au_pay', 'au PAY', 'AU PAY', 0x8023),
  own('qr', 'rakuten_pay', '楽天ペイ', 'RAKUTEN PAY', 0x8024),
  own('qr', 'merpay', 'メルペイ', 'MERPAY', 0x8025),
  own('qr', 'alipay_plus', 'Alipay+', 'ALIPAY PLUS', 0x8026),
  own('qr', 'wechat_pay', 'WeChat Pay', 'WECHAT PAY', 0x8027),
];

/** Other ways in which terminals write a name that the profile knows. */
const OTHER_CARD_NAMES: Readonly<Record<string, string>> = {
  AMEX: 'amex',
  DINERS: 'diners',
  MASTERCARDCREDIT: 'mastercard',
  VISACREDIT: 'visa',
  VISADEBITCARD: 'visa_debit',
  JDEBIT: 'jdebit',
  SUICA: 'transit_ic',
  PASMO: 'transit_ic',
  ICOCA: 'transit_ic',
  EDY: 'rakuten_edy',
  DPAYMENT: 'd_barai',
  CUP: 'unionpay',
};

const letters = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '');

const BY_CARD_NAME = new Map(BRAND_PROFILE.map((profile) => [letters(profile.cardName), profile]));

/**
 * Which brand a terminal means: its private number first, then the name, then the card type. A card type alone can't
 * tell debit from credit and is read as credit; undefined if nothing is known.
 */
export function findBrand(said: {
  cardType: number | null;
  privateId: number | null;
  cardName: string | null;
}): BrandProfile | undefined {
  const named = letters(said.cardName ?? '');
  return (
    BRAND_PROFILE.find(({ privateId }) => privateId !== null && privateId === said.privateId) ??
    BY_CARD_NAME.get(named) ??
    BRAND_PROFILE.find(({ brand }) => brand === OTHER_CARD_NAMES[named]) ??
    BRAND_PROFILE.find(({ cardType }) => cardType !== null && cardType === said.cardType)
  );
}

/** @param brand our code (`transit_ic`); undefined: this profile does not have it */
export function brandProfile(brand: string): BrandProfile | undefined {
  return BRAND_PROFILE.find((profile) => profile.brand === brand);
}

const brandsOf = (method: Method): string[] =>
  BRAND_PROFILE.filter((profile) => profile.method === method).map(({ brand }) => brand);

export const BRANDS: Driver['brands'] = {
  credit: brandsOf('credit'),
  debit: brandsOf('debit'),
  emoney: brandsOf('emoney'),
  qr: brandsOf('qr'),
};

/** Totals per medium must come from our own ledger: electronic money and QR are all "other", a count is one byte. */
export const TOTALS_GRAIN: TotalsGrain = {
  grain: 'class',
  buckets: [...TOTALS_BUCKETS],
  bucketOf: ({ brand }) => (brand === null ? undefined : brandProfile(brand)?.bucket) ?? 'other',
  // §2.15: a refund is a booking of its own; the single amounts count what was sold and not cancelled.
  leavesOutRefunds: true,
  countModulus: 256,
};
