/** Windows, brands and grounds as files: CSV in, entries out, and back; and every kind of entry with its file. Pure. */
import { z } from 'zod';
import type {
  Brand,
  BrandOffer,
  EntryOf,
  ExemptionGround,
  FeeWindow,
  Period,
  TableKind,
} from './catalogue.ts';
import { writeCsv, type CsvFault } from './csv.ts';
import { readItems, writeItems } from './fee-table.ts';
import {
  BACKWARDS,
  code,
  date,
  name,
  optional,
  readTable,
  strayWindow,
  yenOrNone,
  yesNoOrNone,
  type KnownWindows,
  type Placed,
  type TableResult,
} from './tables.ts';

/** How each kind of entry is read from a file and written to one. */
const TABLES: {
  [Kind in TableKind]: {
    read: (text: string, known: KnownWindows) => TableResult<EntryOf[Kind]>;
    write: (entries: readonly EntryOf[Kind][]) => string;
  };
} = {
  item: { read: readItems, write: writeItems },
  brand: { read: readBrandTable, write: writeBrands },
  ground: { read: readGrounds, write: writeGrounds },
  window: { read: readWindows, write: writeWindows },
};

/** The entries of a file, or every fault in it. `known`: the windows to which it may refer. */
export const readEntryTable = <Kind extends TableKind>(
  kind: Kind,
  text: string,
  known: KnownWindows,
): TableResult<EntryOf[Kind]> => TABLES[kind].read(text, known);

/** The file that `readEntryTable` makes the same entries of. */
export const writeEntryTable = <Kind extends TableKind>(
  kind: Kind,
  entries: readonly EntryOf[Kind][],
): string => TABLES[kind].write(entries);

/** `window@from..until`, separated by spaces; `*` is every window. */
const offers = z
  .union([
    z.literal(''),
    z.string().regex(/^(?:[*\w-]+@(?:\d{4}-\d{2}-\d{2})?\.\.(?:\d{4}-\d{2}-\d{2})?(?: |$))+$/),
  ])
  .transform((text) =>
    text
      .split(' ')
      .filter((part) => part !== '')
      .map(offerOf),
  );

function offerOf(text: string): BrandOffer {
  const [, window = '*', from = '', until = ''] = /^(.+)@(.*)\.\.(.*)$/.exec(text) ?? [];
  return { window: window === '*' ? null : window, from: from || null, until: until || null };
}

const period = { valid_from: date, valid_to: date };
const WINDOW_ROW = z.strictObject({ code, name_ja: name, name_en: name, ...period });
const BRAND_ROW = z.strictObject({
  code,
  method: z.enum(['credit', 'debit', 'emoney', 'qr']),
  name_ja: name,
  name_en: name,
  ceiling_yen: yenOrNone,
  cancel_rule: code,
  cancel_days: yenOrNone,
  same_terminal: yesNoOrNone,
  last_only: yesNoOrNone,
  unknown_rule: code,
  offers,
});
const GROUND_ROW = z.strictObject({
  code,
  kind: z.enum(['reduction', 'exemption', 'official']),
  name_ja: name,
  name_en: name,
  basis: optional.transform((text) => text ?? ''),
  approval: z.enum(['clerk', 'second_person']),
  ...period,
});

function readWindows(text: string): TableResult<FeeWindow> {
  return entriesOf(readTable(text, WINDOW_ROW), (row) => ({
    code: row.code,
    nameJa: row.name_ja,
    nameEn: row.name_en,
    ...periodOf(row),
  }));
}

function readBrandTable(text: string, known: KnownWindows): TableResult<Brand> {
  const table = readTable(text, BRAND_ROW);
  if ('faults' in table) return table;
  const faults = table.rows.flatMap(({ line, offers: places }) =>
    places.flatMap(({ window }) =>
      window === null || known.has(window) ? [] : [strayWindow(line, 'offers', window, known)],
    ),
  );
  if (faults.length > 0) return { faults };
  return entriesOf(table, (row) => ({
    code: row.code,
    method: row.method,
    nameJa: row.name_ja,
    nameEn: row.name_en,
    ceilingYen: row.ceiling_yen,
    cancelRule: row.cancel_rule,
    cancelDays: row.cancel_days,
    sameTerminal: row.same_terminal,
    lastOnly: row.last_only,
    unknownRule: row.unknown_rule,
    offers: row.offers,
  }));
}

function readGrounds(text: string): TableResult<ExemptionGround> {
  return entriesOf(readTable(text, GROUND_ROW), (row) => ({
    code: row.code,
    kind: row.kind,
    nameJa: row.name_ja,
    nameEn: row.name_en,
    basis: row.basis,
    approval: row.approval,
    ...periodOf(row),
  }));
}

interface RowPeriod {
  valid_from: string | null;
  valid_to: string | null;
}

const periodOf = ({ valid_from, valid_to }: RowPeriod): Period => ({
  ...(valid_from !== null && { from: valid_from }),
  ...(valid_to !== null && { until: valid_to }),
});

/** One entry a row; a code may stand only once, and a period ends after it has begun. */
function entriesOf<Row extends { code: string } & Partial<RowPeriod>, Entry>(
  table: { rows: Placed<Row>[] } | { faults: CsvFault[] },
  make: (row: Row) => Entry,
): TableResult<Entry> {
  if ('faults' in table) return table;
  const lineOf = new Map<string, number>();
  const faults: CsvFault[] = [];
  for (const { code, line, valid_from, valid_to } of table.rows) {
    if (lineOf.has(code)) {
      const message = `${code} が2回あります。${String(lineOf.get(code))}行目か、この行を取り除いてください。`;
      faults.push({ line, column: 'code', message });
    }
    if (valid_to != null && valid_to < (valid_from ?? '')) {
      faults.push({ line, column: 'valid_to', message: BACKWARDS });
    }
    lineOf.set(code, line);
  }
  return faults.length > 0 ? { faults } : { entries: table.rows.map(make), lineOf };
}

function writeWindows(windows: readonly FeeWindow[]): string {
  return writeCsv(
    Object.keys(WINDOW_ROW.shape),
    windows.map(({ code, nameJa, nameEn, from = '', until = '' }) => ({
      code,
      name_ja: nameJa,
      name_en: nameEn,
      valid_from: from,
      valid_to: until,
    })),
  );
}

function writeGrounds(grounds: readonly ExemptionGround[]): string {
  return writeCsv(
    Object.keys(GROUND_ROW.shape),
    grounds.map(({ code, kind, nameJa, nameEn, basis, approval, from = '', until = '' }) => ({
      code,
      kind,
      name_ja: nameJa,
      name_en: nameEn,
      basis,
      approval,
      valid_from: from,
      valid_to: until,
    })),
  );
}

function writeBrands(brands: readonly Brand[]): string {
  return writeCsv(
    Object.keys(BRAND_ROW.shape),
    brands.map((brand) => ({
      code: brand.code,
      method: brand.method,
      name_ja: brand.nameJa,
      name_en: brand.nameEn,
      ceiling_yen: brand.ceilingYen === null ? '' : String(brand.ceilingYen),
      cancel_rule: brand.cancelRule,
      cancel_days: brand.cancelDays === null ? '' : String(brand.cancelDays),
      same_terminal: yesNoText(brand.sameTerminal),
      last_only: yesNoText(brand.lastOnly),
      unknown_rule: brand.unknownRule,
      offers: brand.offers
        .map(({ window, from, until }) => `${window ?? '*'}@${from ?? ''}..${until ?? ''}`)
        .join(' '),
    })),
  );
}

const yesNoText = (value: boolean | null): string => (value === null ? '' : value ? 'yes' : 'no');
