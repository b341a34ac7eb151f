/** What an office sees of statements: files, their lines and faults, formats. */
import type { Acquirer } from '../books/acquirer.ts';
import type { LineStatus } from '../books/view.ts';
import type {
  Control,
  FileFault,
  Merchant,
  Records,
  Shape,
  StatementFormat,
  StatementLine,
} from './format.ts';

/** A year of a city has a tenth of it. */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;

/** `late`: here after the day on which it was due. `foreign`: another city's. The last three left nothing but their faults. */
export type FileStatus = 'received' | 'late' | 'unreadable' | 'control_differs' | 'foreign';

export interface StatementFileView {
  fileId: number;
  name: string;
  bytes: number;
  format: string;
  formatVersion: number;
  origin: 'upload' | 'folder' | 'service';
  status: FileStatus;
  /** Its format says where a file names whose it is; false: anybody's that can be read was taken. */
  isMerchantChecked: boolean;
  lines: number;
  newLines: number;
  totalYen: number;
  coversFrom: string | null;
  coversUntil: string | null;
  faults: FileFault[];
  receivedAt: string;
  receivedByName: string;
}

export interface FileLineView extends StatementLine {
  lineId: number;
  acquirer: string;
  /** What the newest comparison says; null: it has not been compared. */
  status: LineStatus | null;
}

/** How far an import is. */
export interface ImportProgress {
  step: 'reading' | 'writing' | 'done' | 'failed';
  done: number;
  of: number;
}

/** What came of asking a provider's service for its statements. */
export interface FetchOutcome {
  /** It answered to the end; false: what is missing is asked for again the next night. */
  isComplete: boolean;
  taken: number;
  refused: number;
  /** Payouts that did not arrive, told for the first time. */
  failed: number;
  /** What is not there yet or can't be had, one sentence each. */
  notes: string[];
}

export interface FetchView {
  nameJa: string;
  last: (FetchOutcome & { at: string }) | null;
}

/** All that the page begins with. */
export interface StatementsView {
  /** Null: no service is set up. */
  fetched: FetchView | null;
  files: StatementFileView[];
  formats: FormatView[];
  acquirers: AcquirerView[];
}

export interface FormatView {
  version: number;
  at: string;
  reason: string;
  changedByName: string;
  /** The second person; null: a sample, or from before there was one. */
  confirmedByName: string | null;
  definition: StatementFormat;
}

export interface AcquirerView {
  version: number;
  at: string;
  reason: string;
  changedByName: string;
  /** The second person; null: a sample. */
  confirmedByName: string | null;
  definition: Acquirer;
}

/** A file read by a format that is not stored yet: nothing is changed by it. */
export interface FormatPreview {
  status: 'readable' | 'unreadable' | 'control_differs' | 'foreign';
  count: number;
  totalYen: number;
  lines: StatementLine[];
  faults: FileFault[];
  /** Totals of which the file's own last line holds just what the lines add up to. */
  controls: Control[];
}

/** A line of a file as it stands. */
export interface LookRow {
  line: number;
  part: 'preamble' | 'header' | 'record';
  /** Of fixed records and JSON, the line as one. */
  cells: string[];
}

/** A column, or a place of fixed records. */
export interface LookColumn {
  /** As a format names it. */
  from: string;
  nameJa: string;
  /** What stands there, each once, in the order of the file. */
  values: string[];
  /** There are others. */
  isMore: boolean;
  /** What the last record has there: its totals, if it is one of totals. */
  last: string;
}

/** What the columns of a file may mean, as far as their names and values tell. */
export type Meaning = Pick<StatementFormat, 'book' | 'common' | 'sign'> & {
  records?: Records | undefined;
  fields: Partial<StatementFormat['fields']>;
  kind: StatementFormat['kind'] | null;
  /** Where the brand is named; null: nowhere. */
  brandFrom: string | null;
  /** Where it says whose it is; null: nowhere. Which numbers are the city's, a person says. */
  merchantFrom: Omit<Merchant, 'numbers'> | null;
  controls: Control[];
};

/** A file that nobody has said anything about yet. */
export interface FileLook {
  shape: Shape;
  faults: FileFault[];
  rows: LookRow[];
  columns: LookColumn[];
  common: { from: string; nameJa: string; value: string }[];
  /** Null where the shape was given. */
  guess: Meaning | null;
}

interface FileRow {
  file_id: number;
  name: string;
  bytes: number;
  format: string;
  format_version: number;
  origin: 'upload' | 'folder' | 'service';
  status: FileStatus;
  is_merchant_checked: boolean;
  lines: number;
  new_lines: number;
  total_yen: number;
  covers_from: string | null;
  covers_until: string | null;
  faults: unknown;
  received_at: string;
  received_by_name: string;
}

/** The file as the office page shows it. */
export function fileView(row: FileRow): StatementFileView {
  return {
    ...{
      fileId: row.file_id,
      name: row.name,
      bytes: row.bytes,
      format: row.format,
      formatVersion: row.format_version,
    },
    ...{
      origin: row.origin,
      status: row.status,
      isMerchantChecked: row.is_merchant_checked,
      lines: row.lines,
      newLines: row.new_lines,
      totalYen: row.total_yen,
    },
    ...{ coversFrom: row.covers_from, coversUntil: row.covers_until, faults: row.faults as FileFault[] },
    ...{ receivedAt: row.received_at, receivedByName: row.received_by_name },
  };
}
