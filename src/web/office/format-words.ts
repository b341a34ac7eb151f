/** Japanese words for how a statement is read, as the form, a second person and the history see them. */
import type { Change } from '../../fees/describe.ts';
import type { Control, DateForm, LineKind, StatementFormat } from '../../reconcile/statements/format.ts';
import type { FileLook } from '../../reconcile/statements/view.ts';
import { KIND_WORDS } from './statement-words.ts';

export const ENCODING_WORDS = { cp932: 'Shift_JIS（CP932）', 'utf-8': 'UTF-8' } as const;
export const LAYOUT_WORDS = { delimited: 'CSV・TSV', fixed: '固定長', json: 'JSON' } as const;
export const DELIMITER_WORDS = { ',': 'コンマ', '\t': 'タブ', ';': 'セミコロン' } as const;
export const BOOK_WORDS = { provider: '決済会社の明細', bank: '銀行の入出金' } as const;
export const SIGN_WORDS = {
  signed: '金額に符号がある（△・−）',
  by_kind: '符号はなく、種別で決まる',
} as const;

export const DATE_WORDS: Record<DateForm, string> = {
  iso: '西暦 2026/11/30（日時は日本時間）',
  yyyymmdd: '西暦 20261130',
  yymmdd: '西暦 261130',
  era: '和暦 R8.11.30',
  era_yymmdd: '和暦 081130',
  epoch: '秒数（1970年から）',
};

export const CONTROL_WORDS: Record<Control['what'], string> = {
  count: '件数',
  yen: '金額',
  fee: '手数料',
  net: '差引額',
};

export const kindJa = (kind: LineKind | 'ignore'): string =>
  kind === 'ignore' ? '読まない' : KIND_WORDS[kind];

type Fields = StatementFormat['fields'];

/** What is wanted of each line, in the order of the form. */
export const FIELD_WORDS: readonly {
  name: Exclude<keyof Fields, 'time' | 'at'>;
  nameJa: string;
  hint: string;
  /** In which of the two books it means anything. */
  in: readonly StatementFormat['book'][];
}[] = [
  { name: 'onDate', nameJa: '取引日', hint: '必須', in: ['provider', 'bank'] },
  { name: 'yen', nameJa: '金額', hint: '必須', in: ['provider', 'bank'] },
  { name: 'fee', nameJa: '手数料（税込み）', hint: '', in: ['provider'] },
  { name: 'terminalId', nameJa: '端末番号', hint: '', in: ['provider'] },
  { name: 'slip', nameJa: '伝票番号', hint: '', in: ['provider'] },
  { name: 'approval', nameJa: '承認番号', hint: '', in: ['provider'] },
  { name: 'providerId', nameJa: '決済会社の取引番号', hint: '', in: ['provider'] },
  { name: 'reference', nameJa: '市の取引番号・照会番号', hint: '', in: ['provider', 'bank'] },
  { name: 'batch', nameJa: '精算番号', hint: 'まとめて入金される単位', in: ['provider', 'bank'] },
  { name: 'paysOn', nameJa: '入金予定日', hint: '', in: ['provider'] },
  { name: 'payer', nameJa: '振込依頼人', hint: '', in: ['bank'] },
];

const FIELD_NAMES = new Map<string, string>([
  ...FIELD_WORDS.map(({ name, nameJa }): [string, string] => [name, nameJa]),
  ['time', '時刻'],
  ['at', '日時'],
]);

/** A column as the file calls it; a place of fixed records by what is read there. */
export function columnJa(
  { layout, fields, kind, brand, records }: StatementFormat,
  look: FileLook | null,
  column: string,
): string {
  if (layout.kind !== 'fixed') return look?.columns.find(({ from }) => from === column)?.nameJa ?? column;
  const field = Object.entries(fields).find(([, place]) =>
    typeof place === 'string'
      ? place === column
      : place !== undefined && 'from' in place && place.from === column,
  )?.[0];
  const named = {
    ...(records === undefined ? {} : { [records.from]: '行の種類' }),
    ...('from' in kind ? { [kind.from]: '種別' } : {}),
    ...('from' in brand ? { [brand.from]: 'ブランド' } : {}),
    ...(field === undefined ? {} : { [column]: FIELD_NAMES.get(field) ?? field }),
  };
  return named[column] === undefined ? column : `${named[column]}（${column}）`;
}

const SEPARATOR = '、';
const listed = (values: Readonly<Record<string, string>>, nameOf: (value: string) => string): string =>
  Object.entries(values)
    .map(([value, meant]) => `${value} → ${nameOf(meant)}`)
    .join(SEPARATOR);

type Place = NonNullable<Fields[keyof Fields]>;

function placeJa(place: Place): string {
  if (typeof place === 'string') return place;
  if (!('form' in place)) return listed(place, (from) => from);
  const { from, form } = place;
  return `${from}（${DATE_WORDS[form]}）`;
}

const controlJa = ({ what, kind, from }: Control): string =>
  `${kind === undefined ? '' : `${KIND_WORDS[kind]}の`}${CONTROL_WORDS[what]}（${from}）`;

function layoutJa({ layout }: StatementFormat): string {
  switch (layout.kind) {
    case 'delimited':
      return `${LAYOUT_WORDS.delimited}、区切りは${DELIMITER_WORDS[layout.delimiter]}、見出しの行は${layout.header ? 'ある' : 'ない'}`;
    case 'fixed':
      return `${LAYOUT_WORDS.fixed}、1件 ${String(layout.recordBytes)}バイト`;
    case 'json':
      return `${LAYOUT_WORDS.json}、明細は ${layout.rows === '' ? 'いちばん外側' : layout.rows}`;
  }
}

/** How a statement is read, one line each, for a person to read. */
export function describeFormat(
  format: StatementFormat,
  brandNames: ReadonlyMap<string, string>,
): readonly (readonly [labelJa: string, textJa: string])[] {
  const { records, kind, brand, controls, common, acquirer, merchant, account } = format;
  const brandJa = (code: string): string => brandNames.get(code) ?? code;
  return [
    ['名前', format.nameJa],
    ['帳簿', BOOK_WORDS[format.book] + (acquirer === null ? '' : `（${acquirer}）`)],
    ['文字コード', ENCODING_WORDS[format.encoding]],
    ['形', layoutJa(format)],
    ['前文の行数', String(format.preambleLines)],
    ...(records === undefined
      ? []
      : ([
          [
            '行の種類',
            `${records.from}：明細 ${records.detail.join(SEPARATOR)}／合計 ${records.trailer.join(SEPARATOR)}／読まない ${records.ignore.join(SEPARATOR)}`,
          ],
        ] as const)),
    ...Object.entries(common).flatMap(([name, place]) =>
      place === undefined ? [] : [[`前文の${FIELD_NAMES.get(name) ?? name}`, placeJa(place)] as const],
    ),
    ...[...FIELD_NAMES].flatMap(([name, nameJa]) => {
      const place = format.fields[name as keyof Fields];
      return place === undefined ? [] : [[nameJa, placeJa(place)] as const];
    }),
    [
      '市の番号',
      merchant === undefined
        ? 'なし（だれのファイルかは確かめない）'
        : `${[...(merchant.within ?? []), merchant.from].join('・')}：${merchant.numbers.join(SEPARATOR)}`,
    ],
    ...(account === undefined ? [] : [['口座番号', account] as const]),
    ['符号', SIGN_WORDS[format.sign]],
    [
      '種別',
      'always' in kind
        ? `すべて${kindJa(kind.always)}`
        : `${kind.from}：${listed(kind.values, (each) => kindJa(each as LineKind))}`,
    ],
    [
      'ブランド',
      'always' in brand
        ? brand.always === null
          ? '記載なし'
          : `すべて ${brandJa(brand.always)}`
        : `${brand.from}：${listed(brand.values, brandJa)}`,
    ],
    ['合計の照合', controls.map(controlJa).join(SEPARATOR)],
  ];
}

/** What another version would read in another way; all of it where there was none before. */
export function formatChanges(
  before: StatementFormat | null,
  after: StatementFormat,
  brandNames: ReadonlyMap<string, string>,
): Change[] {
  const old = new Map(before === null ? [] : describeFormat(before, brandNames));
  const now = new Map(describeFormat(after, brandNames));
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((labelJa) => ({ labelJa, before: old.get(labelJa) ?? '', after: now.get(labelJa) ?? '' }))
    .filter((change) => change.before !== change.after);
}
