/**
 * The tables as Kysely sees them; `migrations/` is the truth, and says what each column means.
 *
 * `date` is `YYYY-MM-DD`, an instant is ISO 8601 in UTC, amounts are integer yen (see db.ts).
 */
import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type { Method } from '../terminal/terminal.ts';

// The features' own unions, as the tables check them: where one of them grows, the compiler asks for both.
type PriceStatus = 'shiroi' | 'shiroi_proposed' | 'national' | 'stand_in' | 'sample' | 'confirmed';
type Book = 'trial' | 'training' | 'live';
type Decision = 'keep' | 'void' | 'refund_outside';
type Role = 'cashier' | 'daycare' | 'bicycle' | 'accounting' | 'treasurer' | 'administrator';
type PaymentState = 'armed' | 'approved' | 'declined' | 'cancelled' | 'unknown' | 'not_charged' | 'not_sent';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;
/** Written as JSON text, read as what it says. */
type Json = ColumnType<unknown, string, never>;

export interface Database {
  windows: WindowsTable;
  fee_items: FeeItemsTable;
  fee_prices: FeePricesTable;
  fee_start_month_prices: FeeStartMonthPricesTable;
  brands: BrandsTable;
  journals: JournalsTable;
  events: EventsTable;
  payments: PaymentsTable;
  payment_lines: PaymentLinesTable;
  reconciliations: ReconciliationsTable;
  survey_answers: SurveyAnswersTable;
  staff: StaffTable;
  staff_tries: StaffTriesTable;
  staff_sign_outs: StaffSignOutsTable;
}

interface WindowsTable {
  municipality: string;
  code: string;
  name_ja: string;
  name_en: string;
  position: number;
}

interface FeeItemsTable {
  id: Generated<number>;
  municipality: string;
  code: string;
  window_code: string;
  name_ja: string;
  name_en: string;
  unit: string;
  unit_rule: string;
  item_class: string | null;
  tax_category: string;
  revenue_account: string;
  cashless: boolean;
  position: number;
}

interface FeePricesTable {
  id: Generated<number>;
  fee_item_id: number;
  valid_from: string | null;
  valid_until: string | null;
  price_yen: number;
  status: PriceStatus;
  source: string;
}

interface FeeStartMonthPricesTable {
  fee_item_id: number;
  start_month: number;
  price_yen: number;
  status: PriceStatus;
  source: string;
}

interface BrandsTable {
  municipality: string;
  code: string;
  method: Method;
  name_ja: string;
  name_en: string;
  ceiling_yen: number | null;
  cancel_rule: string;
  cancel_days: number | null;
  same_terminal: boolean | null;
  last_only: boolean | null;
  unknown_rule: string;
  position: number;
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
  state: PaymentState;
  amount_yen: number;
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

interface SurveyAnswersTable {
  nonce: Fixed<string>;
  store: Fixed<string>;
  number: Fixed<number>;
  score: Fixed<number>;
  comment: Fixed<string | null>;
  answered_at: Fixed<string>;
  pulled_at: ColumnType<string, never, never>;
}

interface StaffTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  version: Fixed<number>;
  at: ColumnType<string, never, never>;
  changed_by: Fixed<string>;
  name_ja: Fixed<string>;
  roles: Fixed<Role[]>;
  windows: Fixed<string[] | null>;
  pin_hash: Fixed<string>;
  pin_set_at: Fixed<string>;
  is_active: Fixed<boolean>;
  is_sample: Fixed<boolean>;
}

interface StaffTriesTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  at: ColumnType<string, never, never>;
  is_right: Fixed<boolean>;
  purpose: Fixed<string>;
  pin_set_at: Fixed<string | null>;
}

interface StaffSignOutsTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  at: ColumnType<string, never, never>;
}

export type PaymentRow = Selectable<PaymentsTable>;
export type NewPayment = Insertable<PaymentsTable>;
export type NewPaymentLine = Insertable<PaymentLinesTable>;
