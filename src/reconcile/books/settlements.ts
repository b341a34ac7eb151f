/**
 * What acquirers pay together against the bank's lines: 1:1, several batches in one deposit, one in several. Pure.
 *
 * Sums of the same acquirer are compared from its pay day on, exact ones first; what stays over is short, over, late or
 * awaited. Nothing is split to make it fit, and a deposit is used once.
 */
import type { Batch } from './batches.ts';
import { addDays } from './calendar.ts';
import {
  before,
  createWindows,
  equalOn,
  payDaysOf,
  rowsOn,
  takeOut,
  yenOn,
  type PayDays,
  type Windows,
} from './pay-days.ts';
import type { SettlementStatus, SettlementView } from './view.ts';

export interface Deposit {
  lineId: number;
  acquirer: string;
  onDate: string;
  yen: number;
}

/** A city brings the register of its account in once a month at the least. */
const REGISTER_WITHIN_DAYS = 40;

/** How far the other books have come. */
interface Reached {
  asOf: string;
  /** Per acquirer, the last day that its statements have reached. */
  coveredUntil: ReadonlyMap<string, string>;
  /** The last day of the bank's register, whoever paid then; empty: none has been brought in. */
  bankUntil: string;
}

export function settle(
  batches: readonly Batch[],
  deposits: readonly Deposit[],
  reached: Reached,
): SettlementView[] {
  const acquirers = [...new Set([...batches, ...deposits].map(({ acquirer }) => acquirer))].toSorted();
  const ofAcquirer = {
    batches: Map.groupBy(batches, ({ acquirer }) => acquirer),
    deposits: Map.groupBy(deposits, ({ acquirer }) => acquirer),
  };
  const windows = createWindows();
  return acquirers.flatMap((acquirer) => {
    const open: Open = {
      batches: payDaysOf(ofAcquirer.batches.get(acquirer) ?? [], {
        dayOf: ({ due }) => due,
        yenOf: ({ netYen }) => netYen,
      }),
      deposits: payDaysOf(
        (ofAcquirer.deposits.get(acquirer) ?? []).toSorted(
          (a, b) => before(a.onDate, b.onDate) || a.lineId - b.lineId,
        ),
        { dayOf: ({ onDate }) => onDate, yenOf: ({ yen }) => yen },
      ),
      windows,
    };
    const settled = [...takeExact(open), ...takeRest(open, reached)];
    const alone = [...open.deposits.rows].map((deposit): SettlementView => {
      const isCovered = (reached.coveredUntil.get(acquirer) ?? '') >= deposit.onDate;
      return viewOf([], [deposit], acquirer, isCovered ? 'deposit_over' : 'statement_awaited');
    });
    return [...settled, ...alone];
  });
}

/** What is not settled yet; taken out as it is. */
interface Open {
  batches: PayDays<Batch>;
  deposits: PayDays<Deposit>;
  windows: Windows;
}

const netOf = (batches: readonly Batch[]): number => batches.reduce((sum, { netYen }) => sum + netYen, 0);
const paidOf = (deposits: readonly Deposit[]): number => deposits.reduce((sum, { yen }) => sum + yen, 0);

/** Sums that agree to the yen, the narrowest first. */
function takeExact(open: Open): SettlementView[] {
  return [...takeSingles(open), ...takePayDays(open), ...takeSeveralPayDays(open)];
}

/** Undefined where there is nothing on one side, or the sums differ: then nothing is taken. */
function take(
  open: Open,
  batches: readonly Batch[],
  deposits: readonly Deposit[],
): SettlementView | undefined {
  if (batches.length === 0 || deposits.length === 0 || netOf(batches) !== paidOf(deposits)) return undefined;
  takeOut(open.batches, batches);
  takeOut(open.deposits, deposits);
  const [due, paidOn] = [
    lastOf(batches.map((batch) => batch.due)),
    lastOf(deposits.map(({ onDate }) => onDate)),
  ];
  return viewOf(batches, deposits, batches[0]?.acquirer ?? '', paidOn > due ? 'deposit_late' : 'matched');
}

/** One batch, one deposit, each the other's only one; equal amounts on their own pay days are told apart by the day. */
function takeSingles(open: Open): SettlementView[] {
  const { batches, deposits, windows } = open;
  return [...batches.rows].flatMap((batch) => {
    const { due, netYen } = batch;
    const fitting = windows.from(due).filter((day) => equalOn(deposits, day, netYen).size > 0);
    const rivals = new Set(fitting.flatMap((day) => windows.reaching(day)));
    const many =
      fitting.reduce((sum, day) => sum + equalOn(deposits, day, netYen).size, 0) +
      [...rivals].reduce((sum, day) => sum + equalOn(batches, day, netYen).size, 0);
    const [day = due] = many === 2 ? fitting : [due];
    const onDay = equalOn(deposits, day, netYen);
    const isOnly = many === 2 || equalOn(batches, due, netYen).size === 1;
    return onDay.size === 1 && isOnly ? (take(open, [batch], [...onDay]) ?? []) : [];
  });
}

/** What is due on a day, by what came on it, by one of what came in its time, or by all of that. */
function takePayDays(open: Open): SettlementView[] {
  const { batches, deposits, windows } = open;
  const dues = new Set([...batches.rows].map(({ due }) => due));
  return [...dues].flatMap((due) => {
    const owed = rowsOn(batches, [due]);
    const inTime = rowsOn(deposits, windows.from(due));
    const net = netOf(owed);
    const single = inTime.find(({ yen }) => yen === net);
    return (
      take(open, owed, rowsOn(deposits, [due])) ??
      (single && take(open, owed, [single])) ??
      take(open, owed, inTime) ??
      []
    );
  });
}

/** Several pay days in one deposit, as after a holiday: everything that was due by then. */
function takeSeveralPayDays(open: Open): SettlementView[] {
  const { batches, deposits, windows } = open;
  return [...deposits.rows].flatMap((deposit) => {
    const dues = windows.reaching(deposit.onDate);
    return yenOn(batches, dues) === deposit.yen ? (take(open, rowsOn(batches, dues), [deposit]) ?? []) : [];
  });
}

const lastOf = (days: readonly string[]): string => days.reduce((a, b) => (a > b ? a : b), '');

/** What does not agree, by pay day. */
function takeRest({ batches, deposits, windows }: Open, reached: Reached): SettlementView[] {
  return [...Map.groupBy(batches.rows, ({ due }) => due)].map(([due, owed]) => {
    const paid = rowsOn(deposits, windows.from(due));
    takeOut(deposits, paid);
    return viewOf(owed, paid, owed[0]?.acquirer ?? '', restStatus(netOf(owed), paid, due, reached));
  });
}

function restStatus(
  net: number,
  deposits: readonly Deposit[],
  due: string,
  reached: Reached,
): SettlementStatus {
  const paid = paidOf(deposits);
  // What the city owes is taken from a later payment; nothing has to arrive.
  if (deposits.length === 0 && net <= 0) return net === 0 ? 'matched' : 'deposit_awaited';
  if (deposits.length === 0) return isMissed(due, reached) ? 'deposit_late' : 'deposit_awaited';
  if (paid > net) return 'deposit_over';
  return deposits.length > 1 ? 'split_incomplete' : 'deposit_short';
}

/**
 * A register that ends before the pay day says nothing of it: the money may be there. Only where no register comes for so
 * long is it a person's to ask why.
 */
function isMissed(due: string, { asOf, bankUntil }: Reached): boolean {
  const latest = asOf < bankUntil ? asOf : bankUntil;
  return asOf > due && (latest >= due || addDays(due, REGISTER_WITHIN_DAYS) < asOf);
}

function viewOf(
  batches: readonly Batch[],
  deposits: readonly Deposit[],
  acquirer: string,
  status: SettlementStatus,
): SettlementView {
  const sum = (yen: (batch: Batch) => number): number =>
    batches.reduce((total, batch) => total + yen(batch), 0);
  const expected = batches.map(({ expectedFeeYen }) => expectedFeeYen);
  return {
    ...{
      acquirer,
      status,
      batches: batches.map(({ batch }) => batch),
      deposits: deposits.map(({ lineId }) => lineId),
    },
    grossYen: sum(({ grossYen }) => grossYen),
    feeYen: sum(({ feeYen }) => feeYen),
    expectedFeeYen:
      expected.includes(null) || batches.length === 0
        ? null
        : sum(({ expectedFeeYen }) => expectedFeeYen ?? 0),
    chargebackYen: sum(({ chargebackYen }) => chargebackYen),
    carriedYen: sum(({ carriedYen }) => carriedYen),
    netYen: netOf(batches),
    depositedYen: paidOf(deposits),
    due: lastOf(batches.map(({ due }) => due)) || null,
    paidOn: lastOf(deposits.map(({ onDate }) => onDate)) || null,
    faults: [...new Set(batches.flatMap(({ faults }) => faults))],
  };
}
