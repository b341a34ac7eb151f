/** A format while somebody declares it: an empty text is what nobody has said yet. Pure. */
import {
  accountOf,
  kindsOf,
  NEW_FORMAT,
  type AskedLook,
  type LineKind,
  type StatementFormat,
} from '../../reconcile/statements/format.ts';
import type { FileLook, FormatView } from '../../reconcile/statements/view.ts';
import { guessBrand } from './format-brands.ts';

export type Draft = StatementFormat;

export const EMPTY: Draft = {
  ...{ code: '', nameJa: '', book: 'provider', acquirer: null, encoding: 'cp932', preambleLines: 0 },
  layout: { kind: 'delimited', delimiter: ',', header: true },
  ...{ common: {}, fields: { onDate: { from: '', form: 'iso' }, yen: '' }, sign: 'signed' },
  ...{ kind: { always: 'sale' }, brand: { always: null }, controls: [] },
};

/** The same without one of its members. */
export const without = <T extends object, Name extends keyof T>(value: T, name: Name): Omit<T, Name> =>
  Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)) as Omit<T, Name>;

/** With what a look at the file has made likely; what somebody has said already of its names stays. */
export function draftOf(
  before: Draft,
  { shape, guess, columns }: FileLook,
  known: { formats: readonly FormatView[]; brandNames: ReadonlyMap<string, string> },
): Draft {
  if (guess === null) return { ...before, ...shape };
  const { records, brandFrom, merchantFrom, kind, fields, ...rest } = guess;
  const named = without(without(without(before, 'records'), 'merchant'), 'account');
  const values = columns.find(({ from }) => from === brandFrom)?.values ?? [];
  return {
    ...named,
    ...shape,
    ...rest,
    ...(records === undefined ? {} : { records }),
    ...(merchantFrom === null ? {} : { merchant: { ...merchantFrom, numbers: [] } }),
    ...(rest.book === 'bank' ? { acquirer: null } : {}),
    fields: { ...EMPTY.fields, ...fields },
    kind: kind ?? { always: rest.book === 'bank' ? 'deposit' : 'sale' },
    brand: brandFrom === null ? { always: null } : { from: brandFrom, values: brandsOf(values, known) },
  };
}

/** The brands that these names are likely to be; one that nothing speaks for is left to a person. */
export function brandsOf(
  values: readonly string[],
  { formats, brandNames }: { formats: readonly FormatView[]; brandNames: ReadonlyMap<string, string> },
): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const brand = guessBrand(value, formats, brandNames);
      return brand === undefined ? [] : [[value, brand]];
    }),
  );
}

/** Places of fixed records that the format names: of each, the screen shows what stands there. */
export function placesOf({ layout, fields, kind, brand, records, merchant }: Draft): string[] {
  if (layout.kind !== 'fixed') return [];
  const { providerId } = fields;
  const named = [
    ...Object.values(fields).flatMap((each) => {
      if (typeof each === 'string') return [each];
      return each !== undefined && 'form' in each ? [each.from] : [];
    }),
    ...(typeof providerId === 'object' ? Object.values(providerId) : []),
    ...('from' in kind ? [kind.from] : []),
    ...('from' in brand ? [brand.from] : []),
    ...(records === undefined ? [] : [records.from]),
    ...(merchant === undefined ? [] : [merchant.from]),
  ];
  return [...new Set(named)].filter((place) => isPlace(place) || isPlaceAbove(place));
}

/** `2-9`, or `1` for a single byte. */
export const isPlace = (text: string): boolean => {
  const found = /^([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?$/.exec(text);
  return found !== null && Number(found[2] ?? found[1]) >= Number(found[1]);
};

/** `1:64-73`: bytes of the first line. */
export const isPlaceAbove = (text: string): boolean => {
  const [line = '', place = ''] = text.split(':');
  return /^[1-9]\d?$/.test(line) && isPlace(place);
};

export const lookOf = (draft: Draft, isNew: boolean): AskedLook => ({
  shape: isNew
    ? null
    : { encoding: draft.encoding, layout: draft.layout, preambleLines: draft.preambleLines },
  places: placesOf(draft),
  ...(draft.records === undefined || draft.records.from === '' ? {} : { records: draft.records }),
});

/** Enough has been said for lines to be read. */
export const mayBeTried = ({ fields, kind, brand, records, layout }: Draft): boolean =>
  [
    ...[fields.onDate.from, fields.yen],
    ...('from' in kind ? [kind.from] : []),
    ...('from' in brand ? [brand.from] : []),
    ...(records === undefined ? [] : [records.from]),
  ].every((from) => from !== '' && (layout.kind !== 'fixed' || isPlace(from)));

/** To try it, its names may be missing yet. */
export const asTried = (draft: Draft): StatementFormat => ({
  ...(draft.merchant?.numbers.length === 0 ? without(draft, 'merchant') : draft),
  code: draft.code === '' ? 'new' : draft.code,
  nameJa: draft.nameJa.trim() === '' ? '新しい明細' : draft.nameJa,
  acquirer: draft.book === 'bank' ? null : (draft.acquirer ?? 'new'),
  controls: draft.controls.filter(({ from }) => from !== ''),
});

/** Why it can't be kept yet, in the order of the page; null: it can. */
export function faultOf(draft: Draft, isTaken: boolean): string | null {
  const { code, nameJa, book, acquirer, fields, controls, merchant, account } = draft;
  if (fields.onDate.from === '') return '取引日の列を選んでください。';
  if (fields.yen === '') return '金額の列を選んでください。';
  if (!mayBeTried(draft)) return '列（固定長ではバイトの場所）を確かめてください。';
  if (merchant?.numbers.length === 0)
    return '市の番号を登録してください。番号のないファイルなら、市の番号の列を「使わない」にしてください。';
  if (book === 'bank' && merchant === undefined && accountOf([account ?? '']) === '')
    return 'どの口座のファイルか、市の番号の列（口座番号）を選ぶか、口座番号（3桁以上の数字）を入れてください。';
  if (controls.some(({ from }) => from === '')) return '合計の照合の場所を選んでください。';
  if (nameJa.trim() === '') return '名前を入れてください。';
  if (!/^[a-z0-9_-]{1,40}$/.test(code)) return 'コードは半角の小文字・数字・-・_ です。';
  if (isTaken) return `コード ${code} はもうあります。別のコードにしてください。`;
  if (book === 'provider' && acquirer === null) return '決済会社を選んでください。';
  return NEW_FORMAT.safeParse(draft).success ? null : '入れた値を確かめてください。';
}

/** Another book has other kinds: what is none of its own is to be said again. */
export function withBook(draft: Draft, book: Draft['book']): Draft {
  const own = kindsOf(book);
  const { kind } = draft;
  const first: LineKind = book === 'bank' ? 'deposit' : 'sale';
  return {
    ...{ ...(book === 'bank' ? draft : without(draft, 'account')), book },
    acquirer: book === 'bank' ? null : draft.acquirer,
    kind:
      'always' in kind
        ? { always: own.includes(kind.always) ? kind.always : first }
        : {
            ...kind,
            values: Object.fromEntries(Object.entries(kind.values).filter(([, each]) => own.includes(each))),
          },
  };
}
