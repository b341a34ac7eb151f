/** What codes are called now, in Japanese; a code that nobody knows any more stands for itself. Pure. */
import type { Catalogue } from '../fees/catalogue.ts';
import { GROUND_KINDS, TAX_NAMES } from '../fees/describe.ts';
import { METHOD_NAMES } from '../terminal/offer.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Entry } from './view.ts';

export const ENTRY_NAMES: Record<Entry, string> = {
  sale: '売上',
  void: '取消',
  refund: '返金',
  correction: '訂正',
  cash: '現金',
  nothing: '0円',
  unknown_sale: '売上（結果不明）',
  unknown_return: '取消・返金（結果不明）',
};

export interface Names {
  window: (code: string) => string;
  brand: (code: string | null) => string;
  method: (method: Method | null) => string;
  ground: (code: string) => string;
  groundKind: (kind: keyof typeof GROUND_KINDS | null) => string;
  tax: (category: string) => string;
  acquirer: (code: string) => string;
  /** クレジット Visa, or 現金. */
  way: (entry: Entry, method: Method | null, brand: string | null) => string;
}

/** The names as the catalogue has them today; a code that it does not know stands for itself. */
export function namesOf(
  catalogue: Pick<Catalogue, 'windows' | 'brands' | 'grounds'>,
  acquirers: readonly { code: string; nameJa: string }[],
): Names {
  const windows = nameIn(catalogue.windows);
  const brands = nameIn(catalogue.brands);
  const method: Names['method'] = (code) => (code === null ? '—' : METHOD_NAMES[code]);
  const brand: Names['brand'] = (code) => (code === null ? '（ブランド不明）' : brands(code));
  return {
    window: windows,
    brand,
    method,
    ground: nameIn(catalogue.grounds),
    groundKind: (kind) => (kind === null ? '' : GROUND_KINDS[kind]),
    tax: (category) => (category in TAX_NAMES ? TAX_NAMES[category as keyof typeof TAX_NAMES] : category),
    acquirer: nameIn(acquirers),
    way: (entry, code, of) => (code === null ? ENTRY_NAMES[entry] : `${method(code)} ${brand(of)}`),
  };
}

function nameIn(list: readonly { code: string; nameJa: string }[]): (code: string) => string {
  const names = new Map(list.map(({ code, nameJa }) => [code, nameJa]));
  return (code) => names.get(code) ?? code;
}
