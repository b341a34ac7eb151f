/** Statements in JSON: parsed part by part, so that whoever asks meanwhile is answered; and its values by their paths. Pure. */
import type { FileFault, Layout } from './format.ts';
import type { FileRecords } from './records.ts';
import { inSlices, type InSlices } from './slices.ts';

/** Characters that are parsed, or passed over, between two rests: some milliseconds. */
const AT_ONCE = 256 * 1024;
const ROWS_LOOKED_AT = 12;
const MOST_PATHS = 120;

/** @throws SyntaxError as `JSON.parse` does */
export function* parseJson(text: string): InSlices<unknown> {
  const whole = text.trim();
  const isList = whole.startsWith('[') && whole.endsWith(']');
  const isObject = whole.startsWith('{') && whole.endsWith('}');
  yield { done: 0, of: 0 };
  if (whole.length <= AT_ONCE || !(isList || isObject)) return JSON.parse(whole) as unknown;
  const elements: unknown[] = [];
  const members: [string, unknown][] = [];
  for (const part of yield* partsOf(whole.slice(1, -1))) {
    if (part.trim() === '') throw new SyntaxError('nothing stands beside a comma');
    if (isList) {
      if (part.length > AT_ONCE) elements.push(yield* parseJson(part));
      else for (const each of JSON.parse(`[${part}]`) as unknown[]) elements.push(each);
    } else {
      const key = /^\s*("(?:[^"\\]|\\.)*")\s*:/.exec(part);
      if (part.length > AT_ONCE && key !== null)
        members.push([JSON.parse(key[1] ?? '') as string, yield* parseJson(part.slice(key[0].length))]);
      else members.push(...Object.entries(JSON.parse(`{${part}}`) as object));
    }
    yield { done: 0, of: 0 };
  }
  return isList ? elements : Object.fromEntries(members);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;

/** What stands between brackets, cut at commas of its own: several short members together, a long one alone. */
function* partsOf(text: string): InSlices<string[]> {
  const parts: string[] = [];
  let [depth, isInText, from, comma] = [0, false, 0, -1];
  const cut = (until: number): void => {
    parts.push(text.slice(from, until));
    from = until + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    if (at % AT_ONCE === 0) yield { done: 0, of: 0 };
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) isInText = true;
    else if (isOpening(code)) depth += 1;
    else if (isClosing(code)) depth -= 1;
    else if (code === COMMA && depth === 0) {
      // Together they would be too long: what came before this member ends at the comma before it.
      if (at - from > AT_ONCE && comma >= from) cut(comma);
      if (at - from > AT_ONCE) cut(at);
      comma = at;
    }
  }
  if (text.length - from > AT_ONCE && comma >= from) cut(comma);
  cut(text.length);
  return parts;
}

const CUT = 'JSON として読み取れません。途中で切れていないか確かめてください。';

export function* readJson(
  text: string,
  { rows }: Extract<Layout, { kind: 'json' }>,
): InSlices<FileRecords | { faults: FileFault[] }> {
  let whole: unknown;
  try {
    whole = yield* parseJson(text);
  } catch {
    return { faults: [{ line: brokenLineOf(text), column: '', message: CUT }] };
  }
  const list = rows === '' ? whole : pathIn(whole, rows);
  if (!Array.isArray(list)) {
    return { faults: [{ line: 0, column: rows, message: '明細の並び（配列）が見つかりません。' }] };
  }
  return {
    columns: leavesOf(list.slice(0, ROWS_LOOKED_AT)),
    // The place in the list stands for a line: an editor shows no better one.
    records: yield* inSlices(list, (row: unknown, index) => ({
      line: index + 1,
      value: (from) => textOf(pathIn(row, from)),
    })),
    common: (from) => textOf(pathIn(whole, from)),
    above: leavesOf([whole]).map((from) => ({ from, value: textOf(pathIn(whole, from)) ?? '' })),
  };
}

/** Where the runtime's own parser stops; 0: it does not say. */
function brokenLineOf(text: string): number {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec(String(error))?.[1];
    if (place !== undefined) return text.slice(0, Number(place)).split('\n').length;
  }
  return 0;
}

/** The paths to everything in these objects that is a text or a number; lists are not gone into. */
function leavesOf(values: readonly unknown[]): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    if (found.size >= MOST_PATHS) return;
    if (typeof value === 'string' || typeof value === 'number') found.add(path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, each] of Object.entries(value)) visit(each, path === '' ? name : `${path}.${name}`);
  };
  for (const value of values) visit(value, '');
  return [...found].filter((path) => path !== '' && path.length <= 80);
}

/** @param path names joined by dots (`data.items`); undefined: there is nothing there */
function pathIn(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
