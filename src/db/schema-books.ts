/** The tables of the four books, as Kysely sees them (migrations/0014-books.ts). Amounts are integer yen. */
import type { ColumnType } from 'kysely';

type LineKind =
  'sale' | 'refund' | 'chargeback' | 'refund_failed' | 'fee' | 'carried' | 'deposit' | 'withdrawal';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;
/** Written as JSON text, read as what it says. */
type Json = ColumnType<unknown, string, never>;

export interface BooksDatabase {
  reconciliations: ReconciliationsTable;
  acquirers: AcquirersTable;
  statement_formats: StatementFormatsTable;
  statement_files: StatementFilesTable;
  statement_lines: StatementLinesTable;
  statement_fetches: StatementFetchesTable;
  failed_payouts: FailedPayoutsTable;
  match_runs: MatchRunsTable;
  match_results: MatchResultsTable;
  batch_results: BatchResultsTable;
  current_matches: MatchResultsTable;
}

/** What is declared as data: the newest version holds. */
interface DeclaredTable {
  municipality: Fixed<string>;
  code: Fixed<string>;
  version: Fixed<number>;
  definition: Json;
  at: ColumnType<string, never, never>;
  changed_by: Fixed<string>;
  changed_by_name: Fixed<string>;
  reason: ColumnType<string, string | undefined, never>;
  confirmed_by: ColumnType<string | null, string | undefined, never>;
  confirmed_by_name: ColumnType<string | null, string | undefined, never>;
}

interface AcquirersTable extends DeclaredTable {
  counter: Fixed<string>;
}

type StatementFormatsTable = DeclaredTable;

interface StatementFetchesTable {
  municipality: Fixed<string>;
  fetch_id: ColumnType<number, never, never>;
  source: Fixed<string>;
  at: ColumnType<string, never, never>;
  cause: Fixed<'night' | 'person'>;
  is_complete: Fixed<boolean>;
  outcome: Json;
}

interface FailedPayoutsTable {
  municipality: Fixed<string>;
  source: Fixed<string>;
  payout_id: Fixed<string>;
  yen: Fixed<number>;
  due: Fixed<string>;
  is_canceled: Fixed<boolean>;
  reason: Fixed<string>;
  at: ColumnType<string, never, never>;
}

interface StatementFilesTable {
  municipality: Fixed<string>;
  file_id: ColumnType<number, never, never>;
  sha256: Fixed<string>;
  name: Fixed<string>;
  bytes: Fixed<number>;
  format: Fixed<string>;
  format_version: Fixed<number>;
  account: ColumnType<string, string | undefined, never>;
  origin: Fixed<'upload' | 'folder' | 'service'>;
  status: Fixed<'received' | 'late' | 'unreadable' | 'control_differs' | 'foreign'>;
  lines: Fixed<number>;
  new_lines: Fixed<number>;
  total_yen: Fixed<number>;
  covers_from: Fixed<string | null>;
  covers_until: Fixed<string | null>;
  faults: Json;
  received_at: ColumnType<string, never, never>;
  received_by: Fixed<string>;
  received_by_name: Fixed<string>;
}

interface StatementLinesTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  line_id: ColumnType<number, never, never>;
  file_id: Fixed<number>;
  line_number: Fixed<number>;
  book: Fixed<'provider' | 'bank'>;
  acquirer: Fixed<string>;
  fingerprint: Fixed<string>;
  occurrence: Fixed<number>;
  kind: Fixed<LineKind>;
  yen: Fixed<number>;
  fee_yen: Fixed<number | null>;
  on_date: Fixed<string>;
  at: Fixed<string | null>;
  brand: Fixed<string | null>;
  terminal_id: Fixed<string | null>;
  slip: Fixed<string | null>;
  approval: Fixed<string | null>;
  provider_id: Fixed<string | null>;
  reference: Fixed<string | null>;
  batch: Fixed<string | null>;
  pays_on: Fixed<string | null>;
  payer: Fixed<string | null>;
  account: ColumnType<string, string | undefined, never>;
}

interface MatchRunsTable {
  municipality: Fixed<string>;
  run_id: Fixed<number>;
  at: ColumnType<string, never, never>;
  as_of: Fixed<string>;
  cause: Fixed<string>;
  seen_line: Fixed<number>;
  ours: Fixed<number>;
  theirs: Fixed<number>;
  changed: Fixed<number>;
  summary: Json;
}

interface MatchResultsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  run_id: Fixed<number>;
  acquirer: Fixed<string>;
  operation_id: Fixed<string | null>;
  line_id: Fixed<number | null>;
  status: Fixed<string>;
  matched_by: Fixed<number | null>;
  ours_yen: Fixed<number>;
  theirs_yen: Fixed<number>;
  due: Fixed<string | null>;
  on_date: ColumnType<string | null, string | null | undefined, never>;
}

interface BatchResultsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  run_id: Fixed<number>;
  acquirer: Fixed<string>;
  settlement: Fixed<string>;
  status: Fixed<string>;
  batches: Fixed<string[]>;
  deposits: Fixed<number[]>;
  gross_yen: Fixed<number>;
  fee_yen: Fixed<number>;
  expected_fee_yen: Fixed<number | null>;
  chargeback_yen: Fixed<number>;
  carried_yen: Fixed<number>;
  net_yen: Fixed<number>;
  deposited_yen: Fixed<number>;
  due: Fixed<string | null>;
  paid_on: Fixed<string | null>;
  faults: Fixed<string[]>;
}

interface ReconciliationsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  business_date: Fixed<string>;
  version: Fixed<number>;
  at: ColumnType<string, never, never>;
  closings: Fixed<number>;
  inputs_digest: Fixed<string>;
  result: Json;
}
