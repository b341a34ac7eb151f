/** Whose statement a file is: another city's is no statement of ours, however well it can be read. Pure. */
import type { FileFault, StatementFormat } from './format.ts';
import { typeOf, type FileRecords } from './records.ts';
import { inSlices, type InSlices } from './slices.ts';

/** Spreadsheets drop leading zeros, and people write hyphens. */
const plain = (number: string): string =>
  number
    .normalize('NFKC')
    .replaceAll(/[\s-]/g, '')
    .replace(/^0+(?=.)/, '');

interface Doubt {
  status: 'foreign' | 'unreadable';
  faults: FileFault[];
}

/** Each number that is none of the city's, with the first line that has it; or that the file names none at all. */
export function* findForeign(read: FileRecords, format: StatementFormat): InSlices<Doubt | undefined> {
  const { merchant } = format;
  if (merchant === undefined) return undefined;
  const { from, above, numbers } = merchant;
  const own = new Set(numbers.map(plain));
  const named = above
    ? [{ line: 0, text: read.common(from) ?? '' }]
    : yield* inSlices(read.records, (record) => ({
        line: record.line,
        // A fee or what is carried over may belong to no shop: an empty cell says nothing.
        text: typeOf(record, format) === 'detail' ? (record.value(from) ?? '') : '',
      }));
  const said = named.filter(({ text }) => text !== '');
  const registered = `市に登録した番号（${numbers.join('、')}）`;
  if (said.length === 0 && (above || read.records.some((record) => typeOf(record, format) === 'detail'))) {
    const message = `だれの明細かを示す番号がありません。${registered}のファイルか、送り主に確かめてください。`;
    return { status: 'unreadable', faults: [{ line: 0, column: from, message }] };
  }
  const foreign = Map.groupBy(
    said.filter(({ text }) => !own.has(plain(text))),
    ({ text }) => text,
  );
  const faults = [...foreign].map(([text, lines]) => ({
    ...{ line: lines[0]?.line ?? 0, column: from },
    message:
      `「${text}」${above ? '' : `（${lines.length.toLocaleString('ja-JP')}行）`}は、${registered}ではありません。` +
      `ほかの市や店舗のファイルではないか、送り主に確かめてください。市のものなら、フォーマットの「市の番号」に加えてください。`,
  }));
  return faults.length === 0 ? undefined : { status: 'foreign', faults };
}
