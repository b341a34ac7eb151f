/**
 * START. The life of a case (要対応): open → assigned → proposed → resolved, as a fold of its events. Pure.
 *
 * A case is one thing that does not agree, for ever: the same payment, line, settlement, file or day. What the books
 * say about it changes by itself; what people say about it never does. Nothing is edited and nothing disappears: what
 * new data brings into order is settled and says so, and what was closed opens again when its facts change.
 */
import { isBusinessDay, addDays } from '../books/calendar.ts';
import type { LineStatus, SettlementStatus } from '../books/view.ts';
import type { EvidenceSource } from '../../payments/evidence.ts';
import type { ReasonCode } from './reasons.ts';

/** What does not agree. The first rows of the table of words (words.ts) are in the same order. */
export type CaseStatus =
  | Exclude<LineStatus, 'matched' | 'not_taken' | 'awaited' | 'timing'>
  | Exclude<SettlementStatus, 'matched' | 'deposit_awaited' | 'statement_awaited'>
  | 'fee_differs'
  | 'fee_missing'
  /** The provider sent it, and no bank took it. */
  | 'payout_failed'
  | 'file_unreadable'
  | 'file_control_differs'
  | 'file_foreign'
  | 'file_late'
  | 'terminal_differs'
  | 'terminal_uncompared'
  | 'closing_missing'
  | 'contradicted'
  /** Payments of a brand that no acquirer has declared: nothing can be compared. */
  | 'undeclared'
  /** A difference that the exceptions do not add up to: a fault of the program, or a book that was changed. */
  | 'unexplained';

/** One book's word on the matter. Yen are integers; dates `YYYY-MM-DD`, instants UTC. */
export interface Side {
  yen: number | null;
  count?: number;
  kind?: string;
  onDate?: string | null;
  at?: string | null;
  brand?: string | null;
  terminalId?: string | null;
  slip?: string | null;
  approval?: string | null;
  reference?: string | null;
  /** Batches, a file's name, a terminal: what it is called there. */
  name?: string | null;
  feeYen?: number | null;
  state?: string | null;
}

/** What one source has said of a payment, and when. `terminal`: in the dialogue itself. */
export interface Testimony {
  source: 'terminal' | EvidenceSource;
  /** ISO 8601, UTC. */
  at: string;
  isPaid: boolean;
}

/** What the books say of a case, as it was when they were compared. */
export interface CaseFacts {
  status: CaseStatus;
  acquirer: string | null;
  onDate: string | null;
  /** The money that the matter is about: never negative. */
  atStakeYen: number;
  /** Theirs minus ours. */
  differenceYen: number;
  ours: Side | null;
  terminal: Side | null;
  statement: Side | null;
  bank: Side | null;
  operationId?: string;
  lineId?: number;
  fileId?: number;
  /** Where sources contradict each other: all that say anything, in their order. */
  testimony?: Testimony[];
  /** More that has to be read, one sentence each: faults of a file, notes on a day. */
  notes?: string[];
}

/** Where no book has said anything. */
export const UNSAID = { ours: null, terminal: null, statement: null, bank: null } as const;

/** Something that does not agree now; its subject is the same in every run. */
export interface FoundException {
  counter: string;
  subject: string;
  facts: CaseFacts;
}

export interface Actor {
  number: string;
  name: string;
}

/** Why a case ended without a person. */
export type SettledBy =
  /** The missing counterpart is here, and agrees. */
  | 'statement'
  | 'record'
  | 'deposit'
  | 'closing'
  | 'file'
  /** Nobody knew what became of it; the counter's record says it now, as the statement does. */
  | 'known'
  /** Its row belongs to a pair now, and what is left of it is told there. */
  | 'joined'
  /** Its batches or bank lines are settled with others now, and still not in order: that is another case. */
  | 'regrouped'
  /** Within its time again, or awaited. */
  | 'waits'
  | 'not_taken'
  /** Two people paired it with another. */
  | 'pair'
  | 'changed';

export interface Resolution {
  reason: ReasonCode;
  note: string;
  /** By when somebody else puts it right: if it stands as it is after that day, the case opens again. */
  until?: string;
  /** For a pair by hand. */
  pair?: { counter: string; operationId: string; lineId: number };
}

export type Reference =
  | { kind: 'payment'; counter: string; operationId: string }
  | { kind: 'line'; lineId: number }
  | { kind: 'file'; fileId: number };

export type CaseEventBody =
  | { kind: 'opened'; payload: { facts: CaseFacts } }
  | { kind: 'changed'; payload: { facts: CaseFacts } }
  | {
      kind: 'reopened';
      payload: { facts: CaseFacts; was: CaseStatus; why: 'facts' | 'overdue' | 'unpaired' };
    }
  | { kind: 'settled'; payload: { by: SettledBy } }
  | { kind: 'assigned'; payload: { to: Actor | null } }
  | { kind: 'commented'; payload: { text: string } }
  | { kind: 'asked'; payload: { whom: Whom; text: string } }
  | { kind: 'evidence'; payload: { text: string; references: Reference[] } }
  | { kind: 'proposed'; payload: Resolution }
  | { kind: 'withdrawn'; payload: { text: string } }
  | { kind: 'resolved'; payload: Resolution & { facts: CaseFacts } }
  /** Two people took a pair apart that two people had made. */
  | { kind: 'unpaired'; payload: { text: string } };

export type Whom = 'acquirer' | 'counter' | 'sender' | 'administrator';

export type CaseEvent = CaseEventBody & {
  number: number;
  /** ISO 8601, UTC. */
  at: string;
  /** The business date. */
  onDate: string;
  /** `engine`: the comparison itself. */
  by: Actor;
  confirmedBy: Actor | null;
};

export interface CaseState {
  state: 'open' | 'assigned' | 'proposed' | 'resolved';
  facts: CaseFacts;
  assignee: Actor | null;
  proposal: (Resolution & { by: Actor; at: string }) | null;
  /** Somebody was asked, and the answer is awaited. */
  asked: { whom: Whom; onDate: string } | null;
  /** Resolved by people, with what was known then; null: open, or settled by new data. */
  resolvedWith: CaseFacts | null;
  /** The day until which a resolution rests on somebody else's word. */
  until: string | null;
  settledBy: SettledBy | null;
  /** Its pair was taken apart: what the books say of it alone opens it again. */
  isUnpaired: boolean;
  /** Of the last event: what an act has to name, so that nobody acts on what has changed since. */
  number: number;
}

/** @throws if the first event is not `opened` */
export function foldCase(events: readonly CaseEvent[]): CaseState {
  const [first, ...rest] = events;
  if (first?.kind !== 'opened') throw new Error('a case begins with being opened');
  const start: CaseState = {
    ...{ state: 'open', facts: first.payload.facts, assignee: null, proposal: null, asked: null },
    ...{ resolvedWith: null, until: null, settledBy: null, isUnpaired: false, number: first.number },
  };
  return rest.reduce((state, event) => ({ ...apply(state, event), number: event.number }), start);
}

const restOf = ({ assignee }: Pick<CaseState, 'assignee'>): 'open' | 'assigned' =>
  assignee === null ? 'open' : 'assigned';

function apply(state: CaseState, event: CaseEvent): CaseState {
  switch (event.kind) {
    case 'opened':
    case 'changed':
    case 'reopened':
      // Who looked at it keeps it; what was proposed or asked was about other facts.
      return {
        ...state,
        ...{ facts: event.payload.facts, state: restOf(state), proposal: null, asked: null },
        ...{ resolvedWith: null, until: null, settledBy: null, isUnpaired: false },
      };
    case 'settled':
      return {
        ...state,
        ...{ state: 'resolved', proposal: null, resolvedWith: null, until: null },
        settledBy: event.payload.by,
      };
    case 'assigned': {
      const { to } = event.payload;
      return {
        ...state,
        assignee: to,
        state: state.state === 'proposed' ? 'proposed' : restOf({ assignee: to }),
      };
    }
    case 'asked':
      return { ...state, asked: { whom: event.payload.whom, onDate: event.onDate } };
    case 'proposed':
      return {
        ...state,
        state: 'proposed',
        proposal: { ...event.payload, by: event.by, at: event.at },
      };
    case 'withdrawn':
      return { ...state, state: restOf(state), proposal: null };
    case 'resolved':
      return {
        ...state,
        ...{ state: 'resolved', proposal: null, resolvedWith: event.payload.facts, settledBy: null },
        until: event.payload.until ?? null,
      };
    case 'unpaired':
      return { ...state, isUnpaired: true, resolvedWith: null, until: null };
    case 'commented':
    case 'evidence':
      return state;
  }
}

/** What the books say now against what the case knows: the event that follows, or none. `same`: facts are equal. */
export function followFacts(
  known: CaseState | undefined,
  found: CaseFacts | undefined,
  {
    today,
    same,
    settledBy,
  }: { today: string; same: (a: CaseFacts, b: CaseFacts) => boolean; settledBy: () => SettledBy },
): CaseEventBody | undefined {
  if (known === undefined)
    return found === undefined ? undefined : { kind: 'opened', payload: { facts: found } };
  const { state, facts, resolvedWith, until } = known;
  if (state !== 'resolved') {
    if (found === undefined) return { kind: 'settled', payload: { by: settledBy() } };
    return same(facts, found) ? undefined : { kind: 'changed', payload: { facts: found } };
  }
  // People closed it knowing these very facts: it stays closed while they hold, and after they are gone.
  if (found === undefined) return undefined;
  const isAsClosed = resolvedWith !== null && same(resolvedWith, found);
  if (isAsClosed && (until === null || today <= until)) return undefined;
  const why = known.isUnpaired ? 'unpaired' : isAsClosed ? 'overdue' : 'facts';
  return { kind: 'reopened', payload: { facts: found, was: facts.status, why } };
}

/** How many business days have gone since a case was opened: 0 on the day itself. */
export function ageInBusinessDays(openedOn: string, today: string): number {
  let age = 0;
  for (let day = addDays(openedOn, 1); day <= today; day = addDays(day, 1)) if (isBusinessDay(day)) age += 1;
  return age;
}

/** The oldest first, then the most yen, then the number. */
export function byUrgency(
  a: { openedOn: string; caseId: number; facts: CaseFacts },
  b: { openedOn: string; caseId: number; facts: CaseFacts },
): number {
  if (a.openedOn !== b.openedOn) return a.openedOn < b.openedOn ? -1 : 1;
  return b.facts.atStakeYen - a.facts.atStakeYen || a.caseId - b.caseId;
}
