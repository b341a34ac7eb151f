/**
 * What a file looks like before anybody has said anything about it: its encoding, its kind, what divides its cells, and
 * where its rows begin. A guess, for a person to look at; nothing is imported by it. Pure.
 */
import { decode } from './encoding.ts';
import type { Layout, Shape } from './format.ts';
import { parseJson } from './json.ts';
import { cutLines, isRecord, splitRows, type TextRow } from './records.ts';
import { atOnce, type InSlices } from './slices.ts';

/** A shape shows in the beginning; the rest of a large file says the same. */
const LOOKED_AT_BYTES = 200_000;
const DELIMITERS = [',', '\t', ';'] as const;
const LONGEST_RECORD = 4000;
const SHORTEST_RECORD = 20;

/** Encoding and layout, as far as bytes can tell; never fails. */
export function* guessShape(bytes: Uint8Array): InSlices<Shape> {
  // Japanese in CP932 is hardly ever valid UTF-8. What is neither is told by whoever reads it.
  const utf8 = yield* decode(bytes, 'utf-8');
  const encoding = utf8 === undefined ? 'cp932' : 'utf-8';
  const whole = utf8 ?? (yield* decode(bytes, 'cp932')) ?? '';
  const json = yield* guessJson(whole);
  if (json !== undefined) return { encoding, layout: json, preambleLines: 0 };
  const recordBytes = yield* guessRecordBytes(bytes);
  const delimited = guessDelimited(whole.slice(0, LOOKED_AT_BYTES));
  // Lines of one length may have commas as well: then what all lines have the same number of divides them.
  if (recordBytes !== undefined && !delimited.isCertain)
    return { encoding, layout: { kind: 'fixed', recordBytes }, preambleLines: 0 };
  const { layout, preambleLines } = delimited;
  return { encoding, layout, preambleLines };
}

function* guessJson(text: string): InSlices<Layout | undefined> {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let whole: unknown;
  try {
    whole = yield* parseJson(text);
  } catch {
    return undefined;
  }
  return { kind: 'json', rows: listIn(whole, '') ?? '' };
}

const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);

/** The path to the first list of objects, the outermost before the inner ones. */
function listIn(value: unknown, path: string): string | undefined {
  if (isList(value)) return path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value).map(
    ([name, each]) => [path === '' ? name : `${path}.${name}`, each] as const,
  );
  const own = members.find(([, each]) => isList(each));
  if (own !== undefined) return own[0];
  for (const [inner, each] of members) {
    const found = listIn(each, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How long the records are, where all are as long; undefined: they are not. */
function* guessRecordBytes(bytes: Uint8Array): InSlices<number | undefined> {
  if (bytes.includes(0x0a)) {
    const lines = yield* cutLines(bytes, LONGEST_RECORD);
    const lengths = new Set(lines.filter(isRecord).map(({ length }) => length));
    const [only = 0] = lengths;
    return lengths.size === 1 && only >= SHORTEST_RECORD ? only : undefined;
  }
  return guessZengin(bytes);
}

/** 全銀 files without line ends: header 1, data 2, trailer 8, end 9, each as long. */
function guessZengin(bytes: Uint8Array): number | undefined {
  const end = bytes.at(-1) === 0x1a ? bytes.length - 1 : bytes.length;
  for (const length of [120, 200, 250, 256]) {
    if (end % length !== 0) continue;
    const marks = Array.from({ length: end / length }, (_, index) =>
      String.fromCharCode(bytes[index * length] ?? 0),
    ).join('');
    if (/^(12*8)+9+$/.test(marks)) return length;
  }
  return undefined;
}

interface Delimited {
  layout: Extract<Layout, { kind: 'delimited' }>;
  preambleLines: number;
  /** Several lines are cut into several cells in the same way. */
  isCertain: boolean;
}

function guessDelimited(text: string): Delimited {
  const found = DELIMITERS.map((delimiter) => {
    const rows = atOnce(splitRows(text, delimiter));
    const lines =
      'faults' in rows ? [] : rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    return { delimiter, lines, ...widthOf(lines) };
  });
  const best = found.toSorted((a, b) => b.width * b.many - a.width * a.many)[0];
  if (best === undefined || best.width < 2)
    return {
      layout: { kind: 'delimited', delimiter: ',', header: false },
      preambleLines: 0,
      isCertain: false,
    };
  const { delimiter, lines, width, many } = best;
  const first = lines.find(({ cells }) => cells.length === width);
  return {
    layout: { kind: 'delimited', delimiter, header: first !== undefined && isHeader(first) },
    preambleLines: (first?.line ?? 1) - 1,
    isCertain: many > 1 && many * 2 > lines.length,
  };
}

/** How many cells most lines have; of two, the more. */
function widthOf(lines: readonly TextRow[]): { width: number; many: number } {
  const counts = Map.groupBy(lines, ({ cells }) => cells.length);
  return [...counts]
    .map(([width, { length: many }]) => ({ width, many }))
    .filter(({ width }) => width > 1)
    .reduce((best, each) => (each.width * each.many > best.width * best.many ? each : best), {
      width: 0,
      many: 0,
    });
}

/** Names of columns have no digits to speak of; amounts, days and numbers have. */
const isHeader = ({ cells }: TextRow): boolean =>
  cells.every((cell) => !/^[△▲−(-]?[\d,./:\s-]{2,}\)?$|\d{3,}/.test(cell.trim()));
