/** Closing the day: the terminals' totals and a checkpoint of the journal, recorded before anything is compared. */
import { businessDateOf } from '../business-date.ts';
import type { CountedTally } from '../counted/counted.ts';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { Payments } from '../payments/payments.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import { TerminalError, type TerminalTotals } from '../terminal/terminal.ts';
import type { Claim } from '../terminal/terminals.ts';

interface Sum {
  count: number;
  amountYen: number;
}

/** What the closing slip says, and what the journal keeps as the day's checkpoint. */
export interface Closing {
  businessDate: string;
  at: string;
  /** Approved sales that count on this day; late ones on the day on which they were found. */
  count: number;
  totalYen: number;
  /** Voids and refunds on a terminal, likewise; closings of before there were any do not say. */
  returned?: Sum;
  /** Payments whose result is still unknown, of this day and of earlier ones. */
  unknown: number;
  /** Sales that were found late and are not decided, or whose void or refund is not done. Older closings do not say. */
  undecided?: number;
  totals: { terminal: string; model: string; totals: TerminalTotals }[];
  /** Terminals that are lost: their totals could not be read. Closings of before there were any do not say. */
  lost?: readonly string[];
  /** What was counted without a terminal, in no total of this closing. Older closings do not say. */
  counted?: CountedTally;
  /** Stays of the daycare window that nobody has paid; the amount is of those whose end is known. */
  unpaidCare?: { count: number; amountYen: number };
  /** Of the answer alone: false, where the labels on that list are still there. */
  labelsErased?: boolean;
  /** The journal as it stood: a missing tail is found against this. */
  headSequence: number;
  headHash: string;
}

/**
 * Fetches the totals of every terminal (中間計: clears nothing), then records them and the checkpoint. Nothing is
 * recorded unless every terminal answered that is not lost. May be done again: the last closing of a day counts.
 * @param beside what stands beside the totals and in none of them
 * @throws AppError when a payment is running or a terminal can't be asked.
 */
export async function closeDay(
  journal: Journal,
  payments: Payments,
  clerk: Person,
  now: () => Date,
  beside: (businessDate: string) => Pick<Closing, 'counted' | 'unpaidCare'>,
): Promise<Closing> {
  const businessDate = businessDateOf(now());
  // A payment that its terminal has not been asked about may still be in its totals, or leave them.
  if (payments.terminalStatus().some(({ state }) => state === 'locked'))
    throw new AppError('terminal_locked');
  const claims = claimAll(payments);
  let totals: Closing['totals'];
  try {
    totals = [];
    for (const held of claims) totals.push(await fetchTotals(held));
    // Recorded while no sale can begin: what is armed before this event is in the totals, what comes after is not.
    for (const each of totals) {
      journal.append('totals', null, { ...each, businessDate, purpose: 'closing' });
    }
  } finally {
    for (const { claim } of claims) claim.release();
  }
  const { sold, returned } = countedOn(payments, businessDate);
  const board = payments.board();
  const checkpoint = {
    businessDate,
    count: sold.count,
    totalYen: sold.amountYen,
    returned,
    lost: payments.terminals.list().flatMap(({ id }) => (isLost(payments, id) ? [id] : [])),
    ...beside(businessDate),
    unknown: board.filter(({ state }) => state === 'unknown').length,
    undecided: board.filter(({ toDecide }) => toDecide).length,
    headSequence: journal.head.sequence,
    headHash: journal.head.hash,
  };
  const { at } = journal.append('closed', null, { ...checkpoint, ...signatureOf(clerk) });
  return { ...checkpoint, at, totals };
}

/** Approved sales, and voids and refunds on a terminal, that count on a day. */
function countedOn(payments: Pick<Payments, 'postedOn'>, businessDate: string): { sold: Sum; returned: Sum } {
  const posted = payments.postedOn(businessDate);
  const sum = (some: typeof posted): Sum => ({
    count: some.length,
    amountYen: some.reduce((yen, { amountYen }) => yen + amountYen, 0),
  });
  return {
    sold: sum(posted.filter(({ kind }) => kind === 'sale')),
    returned: sum(posted.filter(({ kind }) => kind !== 'sale')),
  };
}

const isLost = ({ terminals }: Payments, id: string): boolean => terminals.connection(id).state === 'lost';

interface Held {
  id: string;
  model: string;
  claim: Claim;
}

/** All terminals, or none. @throws AppError */
function claimAll(payments: Payments): Held[] {
  const held: Held[] = [];
  for (const { id, driver } of payments.terminals.list()) {
    if (isLost(payments, id)) continue;
    const claim = payments.terminals.claim(id);
    if (typeof claim === 'string') {
      for (const each of held) each.claim.release();
      throw new AppError(claim === 'busy' ? 'terminal_busy' : 'terminal_disconnected');
    }
    held.push({ id, model: driver.model, claim });
  }
  return held;
}

async function fetchTotals({ id, model, claim }: Held): Promise<Closing['totals'][number]> {
  try {
    return { terminal: id, model, totals: await claim.terminal.reportTotals() };
  } catch (cause) {
    if (cause instanceof TerminalError) throw new AppError('totals_missing', { terminal: id }, { cause });
    throw cause;
  }
}

/** The newest closing, with what has come to its day since: a sale after it, a result that was found late. */
export interface LastClosing extends Omit<Closing, 'totals'> {
  since: { sold: Sum; returned: Sum };
}

/** Undefined before the first closing. */
export function findLastClosing(
  journal: Journal,
  payments: Pick<Payments, 'postedOn'>,
): LastClosing | undefined {
  const event = journal.eventsOfType('closed').at(-1);
  if (event === undefined) return undefined;
  const closing = event.payload as Omit<Closing, 'totals' | 'at'>;
  const now = countedOn(payments, closing.businessDate);
  const less = (sum: Sum, before: Sum): Sum => ({
    count: sum.count - before.count,
    amountYen: sum.amountYen - before.amountYen,
  });
  const since = {
    sold: less(now.sold, { count: closing.count, amountYen: closing.totalYen }),
    returned: less(now.returned, closing.returned ?? { count: 0, amountYen: 0 }),
  };
  return { ...closing, at: event.at, since };
}
