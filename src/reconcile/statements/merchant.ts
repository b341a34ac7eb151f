/** Whose statement a file is: another city's is no statement of ours, however well it can be read. Pure. */
import { accountOf, type FileFault, type StatementFormat } from './format.ts';
import { typeOf, type FileRecord, type FileRecords } from './records.ts';
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
function namedAbove(read: FileRecords, format: StatementFormat, from: string): Named[] {
  const isHeader = headerOf(read, format, from);
  const headers = read.records.filter(isHeader);
  const line = format.layout.kind === 'json' ? 0 : Number(from.split(':')[0]);
  if (headers.length === 0) return [{ line, text: read.common(from) ?? '' }];
  return headers.map((record) => ({ line: record.line, text: record.value(belowLine(from)) ?? '' }));
}

/** `1:64-73` of the first header is `64-73` of each. */
const belowLine = (from: string): string => from.slice(from.indexOf(':') + 1);

/** Which records are headers like the one that this place is in; none where it is in no record. */
function headerOf(
  { records }: FileRecords,
  format: StatementFormat,
  from: string,
): (record: FileRecord) => boolean {
  const first = records.find(({ line }) => String(line) === from.split(':')[0]);
  const mark = format.records?.from;
  if (format.layout.kind === 'json' || first === undefined || mark === undefined) return () => false;
  return (record) =>
    record === first || (typeOf(record, format) === 'ignore' && record.value(mark) === first.value(mark));
}

/** Asked of each record in the order of the file: the bank account that it is of. Empty: nobody knows, or no bank's. */
export function createAccounts(read: FileRecords, format: StatementFormat): (record: FileRecord) => string {
  const { book, merchant, account } = format;
  if (book !== 'bank' || merchant === undefined) {
    const known = accountOf([account ?? '']);
    return () => known;
  }
  const { from, above, within = [] } = merchant;
  const named = (value: (place: string) => string | undefined): string => {
    const number = value(from) ?? '';
    return accountOf([number]) === ''
      ? ''
      : accountOf([...within.map((place) => value(place) ?? ''), number]);
  };
  if (!above) return ({ value }) => named(value);
  const isHeader = headerOf(read, format, from);
  let known = named(read.common);
  return (record) => {
    if (isHeader(record)) known = named((place) => record.value(belowLine(place)));
    return known;
  };
}
