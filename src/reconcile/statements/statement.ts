/** A statement read by its format: every line, or every fault with its line, in slices. Nothing is skipped silently. Pure. */
import { checkControls } from './controls.ts';
import { findImpossibleDays } from './days.ts';
import type { FileFault, LineKind, StatementFormat, StatementLine } from './format.ts';
import { createAccounts, findForeign } from './merchant.ts';
import { readRecords, typeOf, type FileRecord, type FileRecords } from './records.ts';
import { signFee, signYen } from './signs.ts';
import { isSliceEnd, type InSlices } from './slices.ts';
import { readDate, readInstant, readTime, readYen } from './values.ts';

export interface ReadStatement {
  lines: StatementLine[];
  faults: FileFault[];
  /**
   * `foreign`: somebody else's, whatever its lines say; `control_differs`: every line could be read, but not what the
   * file says about itself holds.
   */
  status: 'readable' | 'unreadable' | 'control_differs' | 'foreign';
}

/** A person reads some, not thousands; the count is told. */
const MOST_FAULTS = 200;

/** The lines of a file by its declared format: all of them, or faults and none to be taken. */
export function* readStatement(bytes: Uint8Array, format: StatementFormat): InSlices<ReadStatement> {
  const read = yield* readRecords(bytes, format);
  if ('faults' in read) return failed(read.faults, 'unreadable');
  const foreign = yield* findForeign(read, format);
  if (foreign !== undefined) return failed(foreign.faults, foreign.status);
  const reading = yield* readLines(read, format);
  const { lines, faults, controlFaults } = reading;
  if (faults.length > 0) return { ...failed(faults, 'unreadable'), lines };
  if (controlFaults.length > 0) return { ...failed(controlFaults, 'control_differs'), lines };
  return { lines, faults: [], status: 'readable' };
}

/** As `readStatement`; and a day that can't have been yet, today in Tokyo, or not for ages, is a fault of its line. */
export function* readStatementAsOf(
  bytes: Uint8Array,
  format: StatementFormat,
  today: string,
): InSlices<ReadStatement> {
  const read = yield* readStatement(bytes, format);
  if (read.status !== 'readable') return read;
  const faults = yield* findImpossibleDays(read.lines, format, today);
  return faults.length === 0 ? read : { ...failed(faults, 'unreadable'), lines: read.lines };
}

function failed(
  faults: readonly FileFault[],
  status: Exclude<ReadStatement['status'], 'readable'>,
): ReadStatement {
  const told = faults.slice(0, MOST_FAULTS);
  if (faults.length > told.length) {
    told.push({ line: 0, column: '', message: `ほかに ${faults.length - told.length} 件の誤りがあります。` });
  }
  return { lines: [], faults: told, status };
}

function* readLines(
  read: FileRecords,
  format: StatementFormat,
): InSlices<{ lines: StatementLine[]; faults: FileFault[]; controlFaults: FileFault[] }> {
  const lines: StatementLine[] = [];
  const faults: FileFault[] = [];
  const controlFaults: FileFault[] = [];
  const common = readCommon(read, format, faults);
  let [since, trailers] = [0, 0];
  const accountOf = createAccounts(read, format);
  const misfitOf = createMisfits(read, format);
  for (const [index, record] of read.records.entries()) {
    if (isSliceEnd(index)) yield { done: index, of: read.records.length };
    const type = typeOf(record, format);
    const account = accountOf(record);
    const misfit = type === 'detail' ? misfitOf(record) : undefined;
    if (misfit !== undefined) {
      faults.push({ line: record.line, column: '', message: misfit });
    } else if (type === 'detail') {
      const line = readLine(record, format, { ...common, account }, faults);
      if (line !== undefined) lines.push(line);
    } else if (type === 'trailer') {
      controlFaults.push(...checkControls(format.controls, record.value, lines.slice(since), record.line));
      since = lines.length;
      trailers += 1;
    } else if (type === undefined) {
      faults.push({
        line: record.line,
        column: format.records?.from ?? '',
        message: '知らない種類の行です。',
      });
    }
  }
  const isTopControlled = format.layout.kind === 'json' && format.controls.length > 0;
  if (isTopControlled) controlFaults.push(...checkControls(format.controls, read.common, lines, 0));
  const wantsTrailer = (format.records?.trailer.length ?? 0) > 0 && !isTopControlled;
  if (wantsTrailer && (trailers === 0 || since < lines.length)) {
    const message = '合計の行で終わっていません。途中で切れたファイルかもしれません。';
    faults.push({ line: read.records.at(-1)?.line ?? 0, column: '', message });
  }
  if (lines.length === 0 && faults.length === 0 && trailers === 0 && !isTopControlled) {
    faults.push({ line: 0, column: '', message: '明細が1行もありません。' });
  }
  return { lines, faults, controlFaults };
}

/**
 * One with fewer cells is cut, and so may be its last figure: half of an amount is an amount. Only where a line end stands
 * behind it, and what is missing need not be there, a spreadsheet has left empty cells out. The last line of a file is
 * believed so less: where no other line is short, a key that is read has to be there, though it may be empty. One with
 * more has a delimiter in a figure (`1,600` without quotes is 1), or two lines in one. Empty cells behind a last
 * delimiter are none.
 */
function createMisfits(
  read: FileRecords,
  format: StatementFormat,
): (record: FileRecord) => string | undefined {
  const width = widthOf(read, format);
  const { needed, keyed } = leastWidthsOf(read, format);
  const last = read.records.at(-1);
  const isShort = (record: FileRecord): boolean =>
    record !== last && (record.width ?? width) < width && typeOf(record, format) === 'detail';
  const ofLast = read.records.some(isShort) ? needed : keyed;
  return (record) => {
    const { width: own, filled, isEnded } = record;
    const least = record === last ? ofLast : needed;
    if (own !== undefined && own < width && !(isEnded === true && own >= least))
      return `列が足りません（この行は${String(own)}列、ほかは${String(width)}列）。途中で切れたファイルかもしれません。`;
    if (filled !== undefined && filled > width)
      return `列が多すぎます（この行は${String(filled)}列、ほかは${String(width)}列）。金額などの中に区切りの文字がそのまま入っているか、2行がつながっているかもしれません。`;
    return undefined;
  };
}

/** How many cells a detail has: as the header, or else as the first detail. */
function widthOf({ columns, records }: FileRecords, format: StatementFormat): number {
  if (columns.length > 0) return columns.length;
  const first = records.find((record) => typeOf(record, format) === 'detail');
  return first?.width ?? 0;
}

/** How many cells a detail has at the least: up to its last amount or day, and up to the last key that is read. */
function leastWidthsOf(
  { columns }: FileRecords,
  { fields, kind, records }: StatementFormat,
): { needed: number; keyed: number } {
  const { onDate, time, at, yen, fee, terminalId, slip, approval, providerId, reference, batch, paysOn } =
    fields;
  const upTo = (places: readonly (string | undefined)[]): number =>
    Math.max(
      ...places.map((from) => (from === undefined ? 0 : columns.indexOf(from) + 1 || Number(from) || 0)),
    );
  const figures = [onDate.from, time, at?.from, yen, fee, paysOn?.from];
  const needed = upTo([...figures, 'from' in kind ? kind.from : undefined, records?.from]);
  const keys = [terminalId, slip, approval, reference, batch];
  const ids = typeof providerId === 'object' ? Object.values(providerId) : [providerId];
  return { needed, keyed: Math.max(needed, upTo([...keys, ...ids])) };
}

interface Common {
  batch: string | null;
  paysOn: string | null;
  account: string;
}

function readCommon(
  { common }: FileRecords,
  format: StatementFormat,
  faults: FileFault[],
): Omit<Common, 'account'> {
  const { batch, paysOn } = format.common;
  const found = batch === undefined ? null : (common(batch) ?? '');
  if (found === '') faults.push({ line: 0, column: batch ?? '', message: '精算番号が見つかりません。' });
  if (paysOn === undefined) return { batch: found, paysOn: null };
  const text = common(paysOn.from) ?? '';
  const day = readDate(text, paysOn.form);
  if (day === undefined)
    faults.push({ line: 0, column: paysOn.from, message: `「${text}」は日付として読めません。` });
  return { batch: found, paysOn: day ?? null };
}

function readLine(
  record: FileRecord,
  format: StatementFormat,
  common: Common,
  faults: FileFault[],
): StatementLine | undefined {
  const { fields } = format;
  const before = faults.length;
  const fault = (column: string, message: string): void => {
    faults.push({ line: record.line, column, message: shortened(message) });
  };
  const optional = (from: string | undefined): string | null => {
    const text = from === undefined ? '' : (record.value(from) ?? '');
    return text === '' ? null : text;
  };
  const kind = readKind(record, format, fault);
  if (kind === 'ignore') return undefined;
  const dateText = record.value(fields.onDate.from) ?? '';
  const onDate = readDate(dateText, fields.onDate.form);
  if (onDate === undefined) fault(fields.onDate.from, `「${dateText}」は日付として読めません。`);
  const at = readAt(record, format, onDate, fault);
  const amount = readAmount(record, format, kind, fault);
  const feeText = optional(fields.fee);
  const feeYen = feeText === null ? null : readYen(feeText);
  const fee = typeof feeYen === 'number' ? signFee(feeYen, format.sign, kind) : feeYen;
  if (fee === undefined) fault(fields.fee ?? '', `「${feeText ?? ''}」は金額として読めません。`);
  const brand = readBrand(record, format, fault);
  const paysText = optional(fields.paysOn?.from);
  const paysOn =
    fields.paysOn === undefined || paysText === null ? common.paysOn : readDate(paysText, fields.paysOn.form);
  if (paysOn === undefined) fault(fields.paysOn?.from ?? '', `「${paysText ?? ''}」は日付として読めません。`);
  if (faults.length > before || kind === undefined || amount === undefined || onDate === undefined)
    return undefined;
  return {
    ...{
      lineNumber: record.line,
      kind,
      yen: amount,
      feeYen: fee ?? null,
      onDate,
      at: at ?? null,
      brand: brand ?? null,
    },
    terminalId: optional(fields.terminalId),
    slip: withoutZeros(optional(fields.slip)),
    approval: optional(fields.approval),
    providerId: optional(typeof fields.providerId === 'object' ? fields.providerId[kind] : fields.providerId),
    reference: optional(fields.reference),
    batch: optional(fields.batch) ?? common.batch,
    paysOn: paysOn ?? null,
    payer: optional(fields.payer),
    account: common.account,
  };
}

/** What a broken file has in a cell may be all of the rest. */
const shortened = (message: string): string => message.replace(/「([^」]{40})[^」]+」/, '「$1…」');

type Fault = (column: string, message: string) => void;

function readKind(
  { value }: FileRecord,
  { kind }: StatementFormat,
  fault: Fault,
): LineKind | 'ignore' | undefined {
  if ('always' in kind) return kind.always;
  const text = value(kind.from) ?? '';
  if (!Object.hasOwn(kind.values, text))
    fault(kind.from, `「${text}」は知らない種別です。意味が分からないため、ファイル全体を取り込みません。`);
  return Object.hasOwn(kind.values, text) ? kind.values[text] : undefined;
}

function readBrand(
  { value }: FileRecord,
  { brand }: StatementFormat,
  fault: Fault,
): string | null | undefined {
  if ('always' in brand) return brand.always;
  const text = value(brand.from) ?? '';
  if (text === '') return null;
  if (!Object.hasOwn(brand.values, text))
    fault(brand.from, `「${text}」は知らないブランドです。フォーマットの対応表に加えてください。`);
  return Object.hasOwn(brand.values, text) ? brand.values[text] : undefined;
}

function readAt(
  { value }: FileRecord,
  { fields }: StatementFormat,
  onDate: string | undefined,
  fault: Fault,
): string | null | undefined {
  const from = fields.at?.from ?? fields.time;
  const text = from === undefined ? '' : (value(from) ?? '');
  if (from === undefined || text === '' || onDate === undefined) return null;
  const at = fields.at === undefined ? readTime(onDate, text) : readInstant(text, fields.at.form);
  if (at === undefined) fault(from, `「${text}」は時刻として読めません。`);
  return at;
}

function readAmount(
  { value }: FileRecord,
  { fields, sign }: StatementFormat,
  kind: LineKind | undefined,
  fault: Fault,
): number | undefined {
  const text = value(fields.yen) ?? '';
  const yen = readYen(text);
  if (yen === undefined) fault(fields.yen, `「${text}」は金額（整数の円）として読めません。`);
  if (yen === undefined || kind === undefined) return undefined;
  const signed = signYen(yen, sign, kind);
  if (signed === undefined) fault(fields.yen, `「${text}」は、この種別の金額の符号と合いません。`);
  return signed;
}

/** Terminals print `0042`, statements write `42`. */
const withoutZeros = (slip: string | null): string | null => slip?.replace(/^0+(?=.)/, '') ?? null;
