/** What is sold once, as Kysely sees its tables; `migrations/` is the truth, and says what each column means. */
import type { ColumnType, Generated } from 'kysely';

type TicketState = 'open' | 'held' | 'paid' | 'cash' | 'exempt' | 'cancelled';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;

export interface OnceDatabase {
  once_claims: OnceClaimsTable;
  once_uses: OnceUsesTable;
  once_decisions: OnceDecisionsTable;
  once_doubles: OnceDoublesView;
  tickets: TicketsTable;
}

interface OnceClaimsTable {
  municipality: Fixed<string>;
  key: Fixed<string>;
  counter: string;
  operation_id: string;
  released: ColumnType<boolean, boolean | undefined, boolean>;
  at: ColumnType<string, never, string>;
}

interface OnceUsesTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  operation_id: Fixed<string>;
  key: Fixed<string>;
  journal_id: Fixed<string>;
  sequence: Fixed<number>;
  dropped: ColumnType<boolean, boolean | undefined, boolean>;
  given_back: ColumnType<boolean, boolean | undefined, boolean>;
}

interface OnceDecisionsTable {
  municipality: Fixed<string>;
  decision_id: Generated<string>;
  key: Fixed<string>;
  kind: Fixed<'released' | 'settled'>;
  operation_ids: Fixed<string[]>;
  note: Fixed<string>;
  at: ColumnType<string, never, never>;
  decided_by: Fixed<string>;
  decided_by_name: Fixed<string>;
}

interface OnceDoublesView {
  municipality: ColumnType<string, never, never>;
  key: ColumnType<string, never, never>;
  counters: ColumnType<string[], never, never>;
  operation_ids: ColumnType<string[], never, never>;
}

interface TicketsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  reference: Fixed<string>;
  journal_id: Fixed<string>;
  key_id: Fixed<string>;
  window_code: Fixed<string>;
  until: Fixed<string>;
  business_date: Fixed<string>;
  first_at: Fixed<string>;
  state: TicketState;
  operation_id: string | null;
  cancel_reason: string | null;
  cancel_note: string | null;
  cancelled_by: string | null;
  unsure: boolean;
}
