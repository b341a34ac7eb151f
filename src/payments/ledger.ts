/** The journal, read and written as payments: events in, the state they make out. */
import type { Journal, JournalEvent } from '../journal/journal.ts';
import { applyEvent, foldPayment, isToBeDecided, type Payment, type Recorded } from './lifecycle.ts';
import type { Armed, OperationEvent } from './operation-events.ts';
import { decisionFacts, isDecisionOpen } from './net.ts';

export interface Ledger {
  /** Durable when it returns. @throws if the disk refuses; the event then does not exist. */
  record(id: string, event: OperationEvent): Payment;
  find(id: string): Payment | undefined;
  /** All that is on record about a payment, oldest first. */
  history(id: string): Recorded<OperationEvent>[];
  /** Newest first. */
  onDate(businessDate: string): Payment[];
  /** Of earlier days, and counted on this one: found late, or entered by hand after the day was closed. Oldest first. */
  foundOn(businessDate: string): Payment[];
  /** Payments that are not final: in a dialogue, or unknown. Oldest first. */
  unsettled(): Payment[];
  /** Approved after the resident may have gone: what was decided is not carried out, or nothing is. Oldest first. */
  undecided(): Payment[];
  /** The voids and refunds of a sale, whatever became of them, oldest first. */
  returnsOf(saleId: string): Payment[];
  /** Payments armed on a terminal after a place in the journal, oldest first. */
  onTerminalAfter(terminal: string, sequence: number): Payment[];
  /** Nothing has been armed on its terminal since. Reads nothing: an old unknown is asked about again and again. */
  isNewestOnTerminal(payment: { sequence: number; armed: Pick<Armed, 'terminal'> }): boolean;
  /** The newest payment that the same terminal has stored before this one, as far back as a busy day reaches. */
  lastStoredBefore(payment: { sequence: number; armed: Pick<Armed, 'terminal'> }): Payment | undefined;
}

const LOOK_BACK = 200;
/** Final payments that are kept folded, so that a busy day is not read again and again. */
const REMEMBERED = 500;

/** What is kept folded: all that is open, and the newest of the rest. */
interface Kept {
  keep: (payment: Payment) => Payment;
  find(id: string): Payment | undefined;
  open(): Payment[];
  late(): Payment[];
  /** Those that do not count on their business date. */
  elsewhere(): Payment[];
  /** The ids of a sale's voids and refunds. */
  returnsOf(saleId: string): Iterable<string>;
  /** Notes the place of one that was armed: each once, in their order. */
  place: (payment: Payment) => void;
  /** All that were ever armed on a terminal, oldest first. */
  onTerminal(terminal: string): readonly Place[];
  /** The ids of all that were armed on a business date, oldest first. */
  onDate(businessDate: string): readonly string[];
}

interface Place {
  id: string;
  sequence: number;
}

function createKept(): Kept {
  const open = new Map<string, Payment>();
  const late = new Map<string, Payment>();
  const elsewhere = new Map<string, Payment>();
  const remembered = new Map<string, Payment>();
  const returns = new Map<string, Set<string>>();
  const onTerminals = new Map<string, Place[]>();
  const onDates = new Map<string, string[]>();
  const bySequence = (payments: Map<string, Payment>): Payment[] =>
    [...payments.values()].sort((a, b) => a.sequence - b.sequence);
  return {
    keep(payment) {
      const { id, state, armed } = payment;
      for (const place of [open, late, elsewhere, remembered]) place.delete(id);
      if (state === 'armed' || state === 'unknown') open.set(id, payment);
      else remembered.set(id, payment);
      if (isToBeDecided(payment)) late.set(id, payment);
      if (payment.postedOn !== armed.businessDate) elsewhere.set(id, payment);
      if (armed.kind !== 'sale') returns.set(armed.of, (returns.get(armed.of) ?? new Set()).add(id));
      const [oldest] = remembered.keys();
      if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      return payment;
    },
    find: (id) => open.get(id) ?? remembered.get(id) ?? late.get(id),
    open: () => bySequence(open),
    late: () => bySequence(late),
    elsewhere: () => bySequence(elsewhere),
    returnsOf: (saleId) => returns.get(saleId) ?? [],
    place({ id, sequence, armed: { terminal, businessDate } }) {
      addTo(onTerminals, terminal, { id, sequence });
      addTo(onDates, businessDate, id);
    },
    onTerminal: (terminal) => onTerminals.get(terminal) ?? [],
    onDate: (businessDate) => onDates.get(businessDate) ?? [],
  };
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** Reads every operation of the journal once. @param onChange after each event that was recorded */
export function createLedger(journal: Journal, onChange: (payment: Payment) => void): Ledger {
  const kept = createKept();
  const { keep } = kept;
  const read = (id: string): Payment | undefined => {
    const events = journal.eventsOf(id);
    // Under this id may be something else: what was counted without a terminal, or a charge ticket.
    return events[0]?.type !== 'armed' ? undefined : keep(foldPayment(id, events.map(operationEvent)));
  };
  const find = (id: string): Payment | undefined => kept.find(id) ?? read(id);
  const present = (payment: Payment | undefined): Payment[] => (payment === undefined ? [] : [payment]);
  for (const id of journal.operations()) present(read(id)).forEach(kept.place);
  const returnsOf = (saleId: string): Payment[] =>
    [...kept.returnsOf(saleId)].flatMap((id) => present(find(id)));

  return {
    record(id, event) {
      const known = find(id);
      // An event that can't follow is a bug, found before it is on record for ever.
      let payment = known;
      journal.append(event.type, id, event.payload, (written) => {
        // As it is written: the tripwire may have masked something in it.
        const recorded = operationEvent(written);
        payment = known === undefined ? foldPayment(id, [recorded]) : applyEvent(known, recorded);
      });
      if (payment === undefined) throw new Error('the journal recorded what it had not shown');
      keep(payment);
      if (known === undefined) kept.place(payment);
      onChange(payment);
      return payment;
    },
    find,
    history: (id) => journal.eventsOf(id).map(operationEvent),
    onDate: (businessDate) =>
      kept
        .onDate(businessDate)
        .flatMap((id) => present(find(id)))
        .reverse(),
    foundOn: (businessDate) => kept.elsewhere().filter(({ postedOn }) => postedOn === businessDate),
    unsettled: () => kept.open(),
    undecided: () => kept.late().filter((sale) => isDecisionOpen(decisionFacts(sale, returnsOf(sale.id)))),
    returnsOf,
    onTerminalAfter(terminal, sequence) {
      const places = kept.onTerminal(terminal);
      const before = places.findLastIndex((place) => place.sequence <= sequence);
      return places.slice(before + 1).flatMap(({ id }) => present(find(id)));
    },
    isNewestOnTerminal: ({ armed, sequence }) =>
      (kept.onTerminal(armed.terminal).at(-1)?.sequence ?? 0) <= sequence,
    lastStoredBefore({ armed, sequence }) {
      const places = kept.onTerminal(armed.terminal);
      const newest = places.findLastIndex((place) => place.sequence < sequence);
      for (let index = newest; index >= 0 && index > newest - LOOK_BACK; index -= 1) {
        const payment = find(places[index]?.id ?? '');
        if (payment !== undefined && isStoredInOrder(payment)) return payment;
      }
      return undefined;
    },
  };
}

/** Of what was entered by hand nobody knows its place among the others: it is left out. */
const isStoredInOrder = ({ state, answer, armed }: Payment): boolean =>
  answer !== null && (state === 'approved' || answer.isStored === true) && armed.byHand === undefined;

/** The journal keeps any payload; an operation's are written by `record` alone, so their shape is known. */
function operationEvent(event: JournalEvent): Recorded<OperationEvent> {
  const { sequence, at, type, payload } = event;
  return { sequence, at, type, payload } as Recorded<OperationEvent>;
}
