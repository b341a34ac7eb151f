/**
 * An entry of the catalogue in words, and what differs between two versions of it: what is looked at before something is
 * published, and what a history shows. Pure, and the same in the service and in the browser.
 */
import {
  classCodesOf,
  findPrice,
  isOffered,
  isPricedOtherwise,
  type Brand,
  type EntryKind,
  type EntryOf,
  type ExemptionGround,
  type FeeItem,
  type CertificateIssuer,
  type FeeSettings,
  type FeeWindow,
  type Period,
  type PriceStatus,
  type TaxCategory,
} from './catalogue.ts';
import { METHOD_NAMES } from '../terminal/offer.ts';
import { ruleOf } from './unit-rules.ts';

/** One thing that differs; an empty text: there was none, or is none any more. */
export interface Change {
  labelJa: string;
  before: string;
  after: string;
}

/** What a new version would change. */
export interface Difference {
  code: string;
  nameJa: string;
  isNew: boolean;
  /** Something that counts today changes with it, not only what is to come. */
  isImmediate: boolean;
  changes: Change[];
}

export const STATUS_NAMES: Record<PriceStatus, string> = {
  shiroi: '市の料金',
  shiroi_proposed: '市の改定案',
  national: '全国の標準',
  stand_in: '他市の額',
  sample: '仮の額',
  confirmed: '確認済み',
};
export const TAX_NAMES: Record<TaxCategory, string> = {
  exempt_admin: '非課税（行政手数料）',
  exempt_welfare: '非課税（社会福祉）',
  standard_10: '10%対象（税込）',
};
/** How a sale is given back at the terminal, by `Brand.cancelRule`. */
export const CANCEL_RULES: Readonly<Record<string, string>> = {
  void_or_refund: '取り消し・返金できる（項目ごとも）',
  refund: '返金できる（項目ごとも）',
  refund_full_only: '返金は全額だけ',
  void_only: '取り消しだけ',
  void_last_only: '直前の支払いの取り消しだけ',
  same_day: '当日の取り消しだけ',
  never: '端末では返せない',
};
/** What a lost result means, by `Brand.unknownRule`. */
export const UNKNOWN_RULES: Readonly<Record<string, string>> = {
  query_acquirer: 'カード会社に確かめる',
  query_provider: '決済会社に確かめる（アプリの履歴が手がかり）',
  not_a_sale_until_next_touch: '次にかざすまで不成立',
  not_a_sale_until_next_touch_55_days: '次にかざすまで不成立（申し出は55日以内）',
  a_sale_until_disproved: '取り消されるまで成立',
  not_a_sale_pay_again: '不成立（払い直す）',
};
export const GROUND_KINDS: Record<ExemptionGround['kind'], string> = {
  reduction: '減免',
  exemption: '免除',
  official: '公用',
};
export const APPROVAL_NAMES: Record<ExemptionGround['approval'], string> = {
  clerk: '窓口の人',
  second_person: '別の人（出納員・会計課）',
};
export const BASIS_NAMES: Record<FeeSettings['priceBasis'], string> = {
  issue: '交付の日',
  acceptance: '受付の日',
};

type Facts = readonly (readonly [labelJa: string, text: string])[];

const yen = (amount: number): string => `${amount.toLocaleString('ja-JP')}円`;
const yesNo = (value: boolean | null): string => (value === null ? '決まりなし' : value ? 'はい' : 'いいえ');

/** `2027-04-01から2028-03-31まで`; open on both sides: `いつでも`. */
export function periodWords({
  from,
  until,
}: {
  from?: string | null | undefined;
  until?: string | null | undefined;
}): string {
  if (from == null && until == null) return 'いつでも';
  return `${from == null ? '' : `${from}から`}${until == null ? '' : `${until}まで`}`;
}

/** Where and when a brand is offered, one text a rule. */
export function offerWords({ offers }: Pick<Brand, 'offers'>, windowName: WindowName): string[] {
  if (offers.length === 0) return ['どの窓口でも、いつでも'];
  return offers.map((offer) => {
    const place = offer.window === null ? 'どの窓口でも' : windowName(offer.window);
    return `${place}　${periodWords(offer)}`;
  });
}

const named = ({ nameJa, nameEn }: { nameJa: string; nameEn: string }): Facts => [
  ['名前', nameJa],
  ['英語の名前', nameEn],
];
const inUse = (period: Period): Facts => [['使う期間', periodWords(period)]];

/** What a window is called, by its code. */
export type WindowName = (code: string) => string;
const BY_CODE: WindowName = (code) => code;

const FACTS: { [Kind in EntryKind]: (definition: EntryOf[Kind], windowName: WindowName) => Facts } = {
  window: (window: FeeWindow) => [...named(window), ...inUse(window)],
  ground: (ground: ExemptionGround) => [
    ['種類', GROUND_KINDS[ground.kind]],
    ...named(ground),
    ['根拠', ground.basis],
    ['承認', APPROVAL_NAMES[ground.approval]],
    ...inUse(ground),
  ],
  brand: (brand: Brand, windowName) => [
    ['方法', METHOD_NAMES[brand.method]],
    ...named(brand),
    ['1回の上限', brand.ceilingYen === null ? 'なし' : yen(brand.ceilingYen)],
    ['使える窓口と期間', offerWords(brand, windowName).join('、')],
    ['取り消しの決まり', CANCEL_RULES[brand.cancelRule] ?? brand.cancelRule],
    ['取り消せる日数', brand.cancelDays === null ? '決まりなし' : `${brand.cancelDays}日`],
    ['同じ端末だけ', yesNo(brand.sameTerminal)],
    ['直前の支払いだけ', yesNo(brand.lastOnly)],
    ['結果不明のとき', UNKNOWN_RULES[brand.unknownRule] ?? brand.unknownRule],
  ],
  item: (item: FeeItem, windowName) => [
    ['窓口', windowName(item.window)],
    ...named(item),
    ['単位', item.unit],
    ['数え方', ruleOf(item).nameJa],
    ['数え方の条件', pairs(item.terms)],
    ['税', TAX_NAMES[item.taxCategory]],
    ['会計', item.account],
    ['歳入科目', item.revenueAccount],
    ['キャッシュレス', item.cashless ? 'できる' : 'できない（現金のみ）'],
    ...item.classes.map(({ code, nameJa, nameEn }): readonly [string, string] => [
      `区分 ${code}`,
      `${nameJa}（${nameEn}）`,
    ]),
  ],
  settings: ({ priceBasis, registrationNumbers, accountNames = {}, certificate }: FeeSettings) => [
    ['どの日の料金か', BASIS_NAMES[priceBasis]],
    ...Object.entries(accountNames).map(([code, nameJa]) => [`会計 ${code} の名前`, nameJa] as const),
    ...Object.entries(registrationNumbers).map(
      ([code, number]) => [`会計 ${code} の登録番号`, number] as const,
    ),
    ...(certificate === undefined ? [] : issuerWords(certificate)),
  ],
};

const issuerWords = ({
  issuerJa,
  addressJa,
  representativeJa,
  facilities,
}: CertificateIssuer): readonly (readonly [string, string])[] => [
  ['提供証明書の設置者', issuerJa],
  ['提供証明書の所在地', addressJa],
  ['提供証明書の代表者', representativeJa],
  ...Object.entries(facilities).map(
    ([counter, facility]) =>
      [`カウンター ${counter} の施設`, `${facility.nameJa}　${facility.addressJa}`] as const,
  ),
];

const pairs = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

/** The prices of both versions on every day on which one of them begins: what was to hold then, and what will. */
function addPrices(
  before: FeeItem | undefined,
  old: Map<string, string>,
  after: FeeItem,
  next: Map<string, string>,
): void {
  for (const { class: feeClass, from } of [...(before?.prices ?? []), ...after.prices]) {
    const classes = [...after.classes, ...(before?.classes ?? [])];
    const name = classes.find(({ code }) => code === feeClass)?.nameJa;
    const label = `${name === undefined ? '' : `${name} `}${from === null ? 'はじめから' : `${from}から`}`;
    if (before !== undefined) old.set(label, priceWords(before, feeClass, from ?? ''));
    next.set(label, priceWords(after, feeClass, from ?? ''));
  }
}

function priceWords(item: FeeItem, feeClass: string | null, on: string): string {
  const price = findPrice(item, feeClass, on);
  if (price?.priceYen == null) return '扱わない';
  const months = price.startMonths === null ? '' : `、始める月ごと ${pairs(price.startMonths)}`;
  return `${yen(price.priceYen)}${months}（${STATUS_NAMES[price.status]}、${price.source}）`;
}

/** What differs between two versions; `before` undefined: the entry is new. */
export function changesBetween<Kind extends EntryKind>(
  kind: Kind,
  before: EntryOf[Kind] | undefined,
  after: EntryOf[Kind],
  windowName = BY_CODE,
): Change[] {
  const old = new Map(before === undefined ? [] : FACTS[kind](before, windowName));
  const next = new Map(FACTS[kind](after, windowName));
  if (kind === 'item') addPrices(before as FeeItem | undefined, old, after as FeeItem, next);
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((labelJa) => ({ labelJa, before: old.get(labelJa) ?? '', after: next.get(labelJa) ?? '' }))
    .filter((change) => change.before !== change.after);
}

/** What an entry of a table would become. `today`: a business date. */
export function differenceOf<Kind extends Exclude<EntryKind, 'settings'>>(
  kind: Kind,
  before: EntryOf[Kind] | undefined,
  after: EntryOf[Kind],
  today: string,
  windowName = BY_CODE,
): Difference {
  const changes = changesBetween(kind, before, after, windowName);
  const { code, nameJa } = after as { code: string; nameJa: string };
  const isImmediate = before === undefined || changesToday(kind, before, after, today);
  return { code, nameJa, isNew: before === undefined, isImmediate, changes };
}

function changesToday<Kind extends EntryKind>(
  kind: Kind,
  before: EntryOf[Kind],
  after: EntryOf[Kind],
  today: string,
): boolean {
  if (kind === 'item') return holdsOtherwise(before as FeeItem, after as FeeItem, today);
  return kind !== 'brand' || isOfferedOtherwise(before as Brand, after as Brand, today);
}

/** Whether it is offered today where it was not, or the other way round; or anything that has no day of its own. */
function isOfferedOtherwise(before: Brand, after: Brand, today: string): boolean {
  const rest = (brand: Brand): string => JSON.stringify({ ...brand, offers: [] });
  if (rest(before) !== rest(after)) return true;
  const named = [...before.offers, ...after.offers].flatMap(({ window }) => window ?? []);
  return ['', ...named].some(
    (window) => isOffered(before, window, today) !== isOffered(after, window, today),
  );
}

/** Whether today's price differs, or anything that has no day of its own. */
function holdsOtherwise(before: FeeItem, after: FeeItem, today: string): boolean {
  const rest = (item: FeeItem): string => JSON.stringify({ ...item, prices: [] });
  if (rest(before) !== rest(after)) return true;
  return classCodesOf(before).some((feeClass) => isPricedOtherwise(before, after, feeClass, today));
}
