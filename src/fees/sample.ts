/**
 * The sample fee table for trial and training: Shiroi's own figures where they are published, the nationwide standard
 * where there is one, elsewhere another city's or an invented figure. Each row says which (`status`, `source`), and
 * an unconfirmed price is shown as such wherever it appears. Live starts with an empty table of its own.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const optional = z.string().transform((text) => (text === '' ? null : text));
const optionalNumber = optional.transform((text) => (text === null ? null : Number(text)));
const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const optionalYesNo = z.enum(['yes', 'no', '']).transform((word) => (word === '' ? null : word === 'yes'));
const yen = z.coerce.number().int().nonnegative();
const status = z.enum(['shiroi', 'shiroi_proposed', 'national', 'stand_in', 'sample']);

const WindowRow = z.object({ code: z.string(), name_ja: z.string(), name_en: z.string() });

const FeeRow = z.object({
  window: z.string(),
  code: z.string(),
  name_ja: z.string(),
  name_en: z.string(),
  unit: z.string(),
  unit_rule: z.string(),
  class: optional,
  price_yen: yen,
  tax: z.string(),
  revenue_account: z.string(),
  cashless: yesNo,
  valid_from: optional,
  valid_to: optional,
  status,
  source: z.string(),
});

const StartMonthRow = z.object({
  code: z.string(),
  start_month: z.coerce.number().int().min(1).max(12),
  price_yen: yen,
  status,
  source: z.string(),
});

const BrandRow = z.object({
  code: z.string(),
  method: z.enum(['credit', 'debit', 'emoney', 'qr']),
  name_ja: z.string(),
  name_en: z.string(),
  ceiling_yen: optionalNumber,
  cancel_rule: z.string(),
  cancel_days: optionalNumber,
  same_terminal: optionalYesNo,
  last_only: optionalYesNo,
  unknown_rule: z.string(),
});

export interface SampleFees {
  windows: z.infer<typeof WindowRow>[];
  /** One row per item and period of validity. */
  fees: z.infer<typeof FeeRow>[];
  startMonths: z.infer<typeof StartMonthRow>[];
  brands: z.infer<typeof BrandRow>[];
}

/** @throws ZodError when a row is not what its header promises */
export function readSampleFees(): SampleFees {
  return {
    windows: readTable('windows', WindowRow),
    fees: readTable('fees', FeeRow),
    startMonths: readTable('start-months', StartMonthRow),
    brands: readTable('brands', BrandRow),
  };
}

/** A table without quotes: a cell with a comma would give a row of another length, and is refused. */
function readTable<Row>(name: string, row: z.ZodType<Row>): Row[] {
  const text = readFileSync(new URL(`sample/${name}.csv`, import.meta.url), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== columns.length) throw new Error(`${name}.csv: not ${columns.length} cells: ${line}`);
    return row.parse(Object.fromEntries(columns.map((column, index) => [column, cells[index]])));
  });
}
