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

/** What the file says of whose it is, and in which line. */
interface Named {
  line: number;
  text: string;
}

/** Each number that is none of the city's, with the first line that has it; or that the file names none at all. */
export function* findForeign(read: FileRecords, format: StatementFormat): InSlices<Doubt | undefined> {
  const { merchant } = format;
  if (merchant === undefined) return undefined;
  const { from, above, numbers } = merchant;
  const own = new Set(numbers.map(plain));
  const named = above ? namedAbove(read, format, from) : yield* namedInLines(read, format, from);
  const said = named.filter(({ text }) => text !== '');
  const registered = `市に登録した番号（${numbers.join('、')}）`;
  // A fee or what is carried over may belong to no shop; a header stands for all lines below it.
  const unsaid = above ? named.find(({ text }) => text === '') : said.length === 0 ? named[0] : undefined;
  if (unsaid !== undefined) {
    const message = `だれの明細かを示す番号がありません。${registered}のファイルか、送り主に確かめてください。`;
    return { status: 'unreadable', faults: [{ line: above ? unsaid.line : 0, column: from, message }] };
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

function* namedInLines({ records }: FileRecords, format: StatementFormat, from: string): InSlices<Named[]> {
  const named = yield* inSlices(records, (record) =>
    typeOf(record, format) === 'detail' ? [{ line: record.line, text: record.value(from) ?? '' }] : [],
  );
  return named.flat();
}

/** Of fixed records, several accounts may stand in one file, each below a header like the first. */
function namedAbove({ records, common }: FileRecords, format: StatementFormat, from: string): Named[] {
  const [line = '', place = ''] = from.split(':');
  const first = { line: format.layout.kind === 'json' ? 0 : Number(line), text: common(from) ?? '' };
  const header = records.find((record) => record.line === first.line);
  const mark = format.records?.from;
  if (header === undefined || mark === undefined) return [first];
  return records
    .filter(
      (record) =>
        record === header ||
        (typeOf(record, format) === 'ignore' && record.value(mark) === header.value(mark)),
    )
    .map((record) => ({ line: record.line, text: record.value(place) ?? '' }));
}
