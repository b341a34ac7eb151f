/** What an office sees of the exceptions desk. */
import type { Actor, CaseEvent, CaseState, Side } from './case.ts';
import type { Candidate, Proposal } from './reasons.ts';

export interface CaseView extends CaseState {
  caseId: number;
  counter: string;
  openedOn: string;
  /** Business days since then; of a closed one, until it was closed. */
  ageDays: number;
  /** Of its last event, ISO 8601 in UTC, and by whom. */
  lastAt: string;
  lastBy: Actor;
}

export interface DeskView {
  today: string;
  /** The oldest first, then the most yen. */
  open: CaseView[];
  /** Closed lately, the newest first. */
  closed: CaseView[];
  /** How many there are of each, shown or not. */
  many: { open: number; closed: number };
  /** What was searched for; empty: nothing. And how many of each were found by it, shown or not. */
  search: string;
  found: { open: number; closed: number };
  /** Who works at the desk. */
  people: Actor[];
}

export interface CaseDetail extends CaseView {
  events: CaseEvent[];
  /** A pair by hand that this case has made stands. */
  isPaired: boolean;
  candidates: Candidate[];
  /** The other row of a pair by hand that is proposed or that stands, as its own book has it; null: there is none. */
  partner: Side | null;
  /** What it repeats or takes back, as the other book has it; null: nothing. */
  original: Side | null;
  next: Proposal;
}
