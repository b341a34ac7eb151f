/** A report as a file that is handed out. The libraries that write it are loaded when one is made. */
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { encodeCp932 } from './cp932.ts';
import { writePaper } from './paper.ts';
import type { Period } from './periods.ts';
import { originSection } from './origin.ts';
import { readFigures, readReport, viewOf, type Asked } from './reports.ts';
import { writeTable } from './table-file.ts';
import { writeWorkbook } from './workbook.ts';

export const FORMATS = ['xlsx', 'csv', 'csv_cp932', 'pdf'] as const;
type FileFormat = (typeof FORMATS)[number];

interface ReportFile {
  bytes: Buffer;
  mediaType: string;
  name: string;
}

const MEDIA: Record<FileFormat, { type: string; ending: string }> = {
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ending: '.xlsx' },
  csv: { type: 'text/csv; charset=utf-8', ending: '.csv' },
  csv_cp932: { type: 'text/csv; charset=Shift_JIS', ending: '_sjis.csv' },
  pdf: { type: 'application/pdf', ending: '.pdf' },
};

/**
 * @param mayReplace in CP932, a 〓 for what it has not; otherwise such a file is refused
 * @throws AppError `not_in_cp932` with the characters
 */
export async function makeFile(
  db: Kysely<Database>,
  period: Period,
  asked: Asked,
  { format, mayReplace }: { format: FileFormat; mayReplace: boolean },
): Promise<ReportFile> {
  const { type, ending } = MEDIA[format];
  const days = period.kind === 'day' ? period.from : `${period.from}_${period.until}`;
  return {
    bytes: await write(db, period, asked, format, mayReplace),
    mediaType: type,
    name: `${period.titleJa}_${days}${ending}`,
  };
}

async function write(
  db: Kysely<Database>,
  period: Period,
  asked: Asked,
  format: FileFormat,
  mayReplace: boolean,
): Promise<Buffer> {
  if (format === 'xlsx') return writeWorkbook(await readReport(db, period, asked));
  if (format === 'pdf') return writePaper(await readReport(db, period, asked));
  const text = await readTable(db, period, asked);
  if (format === 'csv') return Buffer.from(text, 'utf8');
  // A byte order mark is of Unicode alone.
  const { bytes, missing } = await encodeCp932(text.replace(/^\uFEFF/, ''));
  if (missing.length > 0 && !mayReplace) throw new AppError('not_in_cp932', { missing });
  return bytes;
}

/** The table and what it was made from, both of one moment. */
async function readTable(db: Kysely<Database>, period: Period, asked: Asked): Promise<string> {
  const figures = await readFigures(db, period, asked.municipality, 'by_day');
  const { origin } = viewOf(figures, period, asked);
  return writeTable(figures.lines, figures.names, originSection(origin, period));
}
