/**
 * The tables as Kysely sees them; `migrations/` is the truth, and says what each column means.
 *
 * `date` is `YYYY-MM-DD`, an instant is ISO 8601 in UTC, amounts are integer yen (see db.ts).
 */
import type { ColumnType, Insertable, Selectable } from 'kysely';
import type { Book } from '../book.ts';
import type { Method } from '../terminal/terminal.ts';
import type { BooksDatabase } from './schema-books.ts';
import type { DeskDatabase } from './schema-desk.ts';
import type { OnceDatabase } from './schema-once.ts';
import type { StaffDatabase } from './schema-staff.ts';

// The features' own unions, as the tables check them: where one of them grows, the compiler asks for both.
type EntryKind = 'window' | 'item' | 'brand' | 'ground' | 'settings';
type Decision = 'keep' | 'void' | 'refund_outside';
type PaymentState = 'armed' | 'approved' | 'declined' | 'cancelled' | 'unknown' | 'not_charged' | 'not_sent';

type EntryName =
  'sale' | 'void' | 'refund' | 'correction' | 'cash' | 'nothing' | 'unknown_sale' | 'unknown_return';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;
/** Written as JSON text, read as what it says. */
type Json = ColumnType<unknown, string, never>;

export interface Database extends BooksDatabase, DeskDatabase, OnceDatabase, StaffDatabase {
  catalogue_entries: CatalogueEntriesTable;
  journals: JournalsTable;
  events: EventsTable;
  payments: PaymentsTable;
  payment_lines: PaymentLinesTable;
  outside_refunds: OutsideRefundsTable;
  outside_refund_outcomes: OutsideRefundOutcomesTable;
  corrections: CorrectionsTable;
  counted_sales: CountedSalesTable;
  counted_sale_lines: PaymentLinesTable;
  tenders: TendersView;
  entry_lines: EntryLinesView;
  survey_answers: SurveyAnswersTable;
  fee_drafts: FeeDraftsTable;
}

interface CatalogueEntriesTable {
  municipality: Fixed<string>;
  kind: Fixed<EntryKind>;
  code: Fixed<string>;
  version: Fixed<number>;
  position: Fixed<number>;
  definition: Json;
  reason: Fixed<string>;
  at: ColumnType<string, never, never>;
  changed_by: Fixed<string>;
  changed_by_name: Fixed<string>;
  confirmed_by: Fixed<string | null>;
  confirmed_by_name: Fixed<string | null>;
}

interface JournalsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  journal_id: Fixed<string>;
  book: Fixed<Book>;
  head_sequence: number;
  head_hash: string;
  status: 'active' | 'quarantined';
  drained_at: ColumnType<string | null, string | undefined, string>;
}

interface EventsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  journal_id: Fixed<string>;
  sequence: Fixed<number>;
  at: Fixed<string>;
  type: Fixed<string>;
  operation_id: Fixed<string | null>;
  payload: Json;
  previous_hash: Fixed<string>;
  hash: Fixed<string>;
}

interface PaymentsTable {
  municipality: string;
  counter: string;
  operation_id: string;
  journal_id: string;
  sequence: number;
  last_sequence: number;
  kind: 'sale' | 'void' | 'refund';
  by_hand: boolean;
  ticket: string | null;
  of_operation_id: string | null;
  return_reason: string | null;
  return_note: string | null;
  confirmed_by: string | null;
  state: PaymentState;
  amount_yen: number;
  signed_yen: ColumnType<number, never, never>;
  method: Method;
  brand: string | null;
  asked_method: Method;
  asked_brand: string | null;
  window_code: string;
  window_name_ja: string;
  business_date: string;
  catalogue_version: string;
  clerk: string;
  terminal: string;
  terminal_id: string | null;
  receipt_number: string | null;
  slip: ColumnType<string | null, never, never>;
  trace_number: string | null;
  approval_code: string | null;
  brand_name: string | null;
  result_code: string | null;
  late: boolean;
  posted_on: string;
  decision: Decision | null;
  lock_released: boolean;
  contradicted: boolean;
  cancel_requested: boolean;
  queries: number;
  reason: string | null;
  armed_at: string;
  state_at: string;
  projected_at: ColumnType<string, never, string>;
}

interface OutsideRefundsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  journal_id: Fixed<string>;
  refund_id: Fixed<string>;
  of_operation_id: Fixed<string>;
  window_code: Fixed<string>;
  amount_yen: Fixed<number>;
  business_date: Fixed<string>;
  clerk: Fixed<string>;
  confirmed_by: Fixed<string | null>;
  reason: Fixed<string>;
  note: Fixed<string>;
  lines: Json;
}

interface OutsideRefundOutcomesTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  refund_id: Fixed<string>;
  on_date: Fixed<string>;
  way: Fixed<'cash' | 'transfer' | 'withdrawn'>;
  note: Fixed<string>;
  by_number: Fixed<string>;
  by_name: Fixed<string>;
  at: ColumnType<string, never, never>;
}

interface CorrectionsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  journal_id: Fixed<string>;
  correction_id: Fixed<string>;
  of_operation_id: Fixed<string>;
  window_code: Fixed<string>;
  business_date: Fixed<string>;
  clerk: Fixed<string>;
  confirmed_by: Fixed<string>;
  note: Fixed<string>;
  replaced: Json;
  lines: Json;
}

interface PaymentLinesTable {
  municipality: string;
  counter: string;
  operation_id: string;
  position: number;
  code: string;
  name_ja: string;
  name_en: string;
  unit: string;
  quantity: number;
  unit_price_yen: number;
  amount_yen: number;
  tax_category: string;
  revenue_account: string;
  price_confirmed: boolean;
  count: number | null;
  inputs: ColumnType<unknown, unknown, never>;
  priced_on: string | null;
  registration_number: string | null;
  exemption_ground: string | null;
  exemption_kind: 'reduction' | 'exemption' | 'official' | null;
  exemption_approver: string | null;
  waived_yen: number | null;
}

interface CountedSalesTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  operation_id: Fixed<string>;
  journal_id: Fixed<string>;
  sequence: Fixed<number>;
  ticket: Fixed<string | null>;
  tender: Fixed<'cash' | 'nothing'>;
  amount_yen: Fixed<number>;
  window_code: Fixed<string>;
  window_name_ja: Fixed<string>;
  business_date: Fixed<string>;
  catalogue_version: Fixed<string>;
  clerk: Fixed<string>;
  counted_at: Fixed<string>;
  withdrawn_at: string | null;
  withdrawn_by: string | null;
}

interface TendersView {
  municipality: string;
  counter: string;
  operation_id: string;
  window_code: string;
  business_date: string;
  tender: 'cashless' | 'cash' | 'nothing';
  amount_yen: number;
}

interface EntryLinesView {
  municipality: string;
  counter: string;
  operation_id: string;
  on_date: string;
  window_code: string;
  entry: EntryName;
  method: Method | null;
  brand: string | null;
  code: string;
  name_ja: string;
  unit: string;
  tax_category: string;
  revenue_account: string;
  quantity: number;
  amount_yen: number;
  exemption_ground: string | null;
  exemption_kind: 'reduction' | 'exemption' | 'official' | null;
  exemption_approver: string | null;
  waived_yen: number | null;
}

interface SurveyAnswersTable {
  municipality: ColumnType<string, never, never>;
  nonce: Fixed<string>;
  store: Fixed<string>;
  number: Fixed<number>;
  score: Fixed<number>;
  comment: Fixed<string | null>;
  answered_at: Fixed<string>;
  pulled_at: ColumnType<string, never, never>;
}

interface FeeDraftsTable {
  municipality: Fixed<string>;
  version: number;
  revisions: ColumnType<unknown, string, string>;
  at: ColumnType<string, never, string>;
  changed_by: string;
  changed_by_name: string;
}

export type PaymentRow = Selectable<PaymentsTable>;
export type NewPayment = Insertable<PaymentsTable>;
export type NewPaymentLine = Insertable<PaymentLinesTable>;
