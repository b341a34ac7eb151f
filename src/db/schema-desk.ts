/** The tables of the exceptions desk and of the nights, as Kysely sees them (migrations/0017-exceptions-desk.ts). */
import type { ColumnType } from 'kysely';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;
/** Written as JSON text, read as what it says. */
type Json = ColumnType<unknown, string, never>;
type Instant = ColumnType<string, never, never>;

export interface DeskDatabase {
  cases: CasesTable;
  case_events: CaseEventsTable;
  case_turns: CaseTurnsView;
  manual_pairs: ManualPairsTable;
  current_pairs: ManualPairsTable;
  nights: NightsTable;
  night_steps: NightStepsTable;
}

interface CasesTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  subject: Fixed<string>;
  case_id: ColumnType<number, never, never>;
  opened_on: Fixed<string>;
}

interface CaseTurnsView extends CasesTable {
  turn: Fixed<'opened' | 'reopened' | 'settled' | 'resolved'>;
  turned_at: Instant;
}

interface CaseEventsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  case_id: Fixed<number>;
  number: Fixed<number>;
  kind: Fixed<
    | 'opened'
    | 'changed'
    | 'reopened'
    | 'settled'
    | 'assigned'
    | 'commented'
    | 'asked'
    | 'evidence'
    | 'proposed'
    | 'withdrawn'
    | 'resolved'
    | 'unpaired'
  >;
  /** By the same clock as the date: the office's. */
  at: ColumnType<string, Date, never>;
  on_date: Fixed<string>;
  by_number: Fixed<string>;
  by_name: Fixed<string>;
  confirmed_by: Fixed<string | null>;
  confirmed_by_name: Fixed<string | null>;
  payload: Json;
  /** What a search looks through; PostgreSQL makes both (migrations/0046-words-of-cases.ts). */
  words: ColumnType<string, never, never>;
  codes: ColumnType<string, never, never>;
}

interface ManualPairsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  operation_id: Fixed<string>;
  version: Fixed<number>;
  line_id: Fixed<number | null>;
  case_id: Fixed<number>;
  at: Instant;
  by_number: Fixed<string>;
  by_name: Fixed<string>;
  confirmed_by: Fixed<string>;
  confirmed_by_name: Fixed<string>;
}

interface NightsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  night: Fixed<string>;
  attempt: Fixed<number>;
  started_at: Instant;
  office: Fixed<string>;
  cause: Fixed<'night' | 'start' | 'late' | 'day'>;
}

interface NightStepsTable {
  municipality: Fixed<string>;
  counter: Fixed<string>;
  night: Fixed<string>;
  attempt: Fixed<number>;
  step: Fixed<'terminals' | 'books' | 'cases' | 'done' | 'failed'>;
  at: Instant;
  outcome: Json;
}
