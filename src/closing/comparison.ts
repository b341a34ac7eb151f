/** A day's terminals against our record, at the counter: the office's own comparison, of what the journal has so far. */
import type { Journal, JournalEvent } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import type { PaymentView } from '../payments/view.ts';
import { compareTotals, sumOf } from '../reconcile/compare.ts';
import {
  explainSpan,
  mayLieBehind,
  notesOnOtherDays,
  notesOnReturns,
  type DoubtfulPayment,
  type Explanation,
} from '../reconcile/explain.ts';
import {
  findParts,
  nameOf,
  type LeftOutBecause,
  type PeriodBegan,
  type PeriodRecord,
  type Place,
  type ReadTotals,
} from '../reconcile/parts.ts';
import type { ReconciliationRow } from '../reconcile/view.ts';
import { addUp, type Sum } from '../sum.ts';
import type { TotalsGrain } from '../terminal/driver.ts';
import { namesOf, type TerminalNames } from '../terminal/offer.ts';

/** One terminal's period of a day: what it counted, what we have on record, and what explains the difference. */
export interface ComparedPeriod extends Explanation {
  terminal: string;
  /** Its name, with its part of the day where there are several. */
  name: string;
  /** The settlement period's number; null: it was read before periods were numbered. */
  period: number | null;
  /** By the totals of the 日計; false: by those of the 中間計. */
  isSettled: boolean;
  /** ISO 8601, UTC. */
  readAt: string;
  ours: Sum;
  theirs: Sum;
  differenceYen: number;
  rows: ReconciliationRow[];
}

/** What a terminal took that no totals say anything about. */
export interface LeftOut extends Sum {
  terminal: string;
  because: LeftOutBecause;
}

export interface ComparedDay {
  periods: ComparedPeriod[];
  leftOut: LeftOut[];
  /** Why the record beside the terminals is not what was sold on the day. Older closings do not say. */
  remarks?: string[];
  /** What clerks call the terminals, so that every screen and slip says the same. */
  names: TerminalNames;
}

/** What of the payments is compared. */
type Compared = Pick<Payments, 'board' | 'onTerminalAfter' | 'postedOn' | 'terminals' | 'terminalStatus'>;

/** @param fresh readings that are compared and not on record under the day's closing, as those of a 点検 */
export function compareDay(
  { journal, payments }: { journal: Journal; payments: Compared },
  businessDate: string,
  fresh: readonly ReadTotals[] = [],
): ComparedDay {
  const day = { ...placeOf(journal), previous: closingBefore(journal, businessDate) };
  const records = recordsOf(journal).concat(fresh);
  const periods: ComparedPeriod[] = [];
  const leftOut: LeftOut[] = [];
  const spans: Parameters<typeof notesOnReturns>[0][number][] = [];
  for (const { id, driver } of payments.terminals.list()) {
    const own = records.filter(({ terminal }) => terminal === id);
    const isLost = payments.terminals.connection(id).state === 'lost';
    const { compared, gaps } = findParts(own, businessDate, day, isLost);
    for (const part of compared) {
      const between = paymentsBetween(payments, id, part.after, part.until);
      const earlier = part.after === undefined ? [] : foundSince(payments, id, part.after, businessDate);
      periods.push(comparePart(part, { between, earlier }, nameOf(id, part), driver.totals));
      spans.push({ grain: driver.totals, payments: between });
    }
    for (const { after, until, because } of gaps) {
      const taken = paymentsBetween(payments, id, after, until).filter(({ state }) => state === 'approved');
      if (taken.length > 0) leftOut.push({ terminal: id, because, ...sumOf(taken) });
    }
  }
  return {
    periods,
    leftOut,
    remarks: [...notesOnOtherDays(spans, businessDate), ...notesOnReturns(spans)],
    names: namesOf(payments.terminalStatus()),
  };
}

type Part = ReturnType<typeof findParts>['compared'][number];

function comparePart(
  { base, until }: Part,
  { between, earlier }: { between: readonly DoubtfulPayment[]; earlier: readonly DoubtfulPayment[] },
  name: string,
  grain: TotalsGrain,
): ComparedPeriod {
  const { terminal, period = null, purpose, at } = until;
  const span = { terminal: name, grain, base, end: until.totals, payments: between, earlier };
  const { rows } = compareTotals(span);
  const explained = explainSpan(span, rows);
  return {
    terminal,
    name,
    period,
    isSettled: purpose === 'settlement',
    readAt: at,
    ours: addUp(rows.map(({ ours }) => ours)),
    theirs: addUp(rows.map(({ theirs }) => theirs)),
    differenceYen: rows.reduce((sum, { differenceYen }) => sum + differenceYen, 0),
    rows,
    ...explained,
    sentences:
      base === null && explained.sentences.length > 0
        ? [...explained.sentences, FROM_NOTHING]
        : explained.sentences,
  };
}

const FROM_NOTHING = 'この端末の前の合計が記録にないため、0円から比べています。';

/** By the place in the journal; what was entered by hand later, by the time on its slip. */
function paymentsBetween(
  payments: Compared,
  terminal: string,
  after: Place | undefined,
  until: Place,
): DoubtfulPayment[] {
  return payments
    .onTerminalAfter(terminal, after?.sequence ?? 0)
    .filter(({ byHand, number, armedAt }) =>
      byHand ? armedAt > (after?.at ?? '') && armedAt <= until.at : number < until.sequence,
    )
    .map(comparedOf);
}

/** Armed before a place, and unknown or found late since; slips of its very minute. */
function foundSince(
  payments: Compared,
  terminal: string,
  { sequence, at }: Place,
  businessDate: string,
): DoubtfulPayment[] {
  const some = new Map(
    [...payments.board(), ...payments.postedOn(businessDate)].map((payment) => [payment.id, payment]),
  );
  const slips = payments
    .onTerminalAfter(terminal, sequence)
    .filter(({ byHand, state, armedAt }) => byHand && state === 'approved' && mayLieBehind(armedAt, at));
  return [...some.values()]
    .filter(
      (each) =>
        each.terminal.id === terminal &&
        each.number < sequence &&
        (each.state === 'unknown' || (each.state === 'approved' && each.late && each.stateAt > at)),
    )
    .concat(slips)
    .map(comparedOf);
}

const comparedOf = ({ kind, amountYen, ...payment }: PaymentView): DoubtfulPayment => ({
  ...payment,
  kind,
  signedYen: kind === 'sale' ? amountYen : -amountYen,
});

function recordsOf(journal: Journal): PeriodRecord[] {
  const read = (type: 'totals' | 'period_began'): PeriodRecord[] =>
    journal.eventsOfType(type).map(({ sequence, at, payload }) => {
      const record = { ...(payload as object), type, sequence, at };
      return record as ReadTotals | PeriodBegan;
    });
  return [...read('totals'), ...read('period_began')].sort((a, b) => a.sequence - b.sequence);
}

/** Behind everything that is on record. */
const placeOf = ({ head }: Journal): Place => ({ sequence: head.sequence + 1, at: head.at ?? '' });

function closingBefore(journal: Journal, businessDate: string): JournalEvent | undefined {
  return journal
    .eventsOfType('closed')
    .findLast(({ payload }) => (payload as { businessDate: string }).businessDate < businessDate);
}
