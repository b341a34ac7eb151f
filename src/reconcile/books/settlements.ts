/**
 * What acquirers pay together against the bank's lines: 1:1, several batches in one deposit, one in several. Pure.
 *
 * Sums of the same acquirer are compared from its pay day on, exact ones first; what stays over is short, over, late or
 * awaited. Nothing is split to make it fit, and a deposit is used once.
 */
import { dueOf, type Acquirer } from './acquirer.ts';
import { addBusinessDays, addDays } from './calendar.ts';
import type { SettlementStatus, SettlementView } from './view.ts';

/** Lines of one acquirer, batch, day and brand, added up. Integer yen. */
export interface BatchPart {
  acquirer: string;
  /** Null: the statement names none, and the closing day stands for it. */
  batch: string | null;
  onDate: string;
  paysOn: string | null;
  brand: string | null;
  /** Sales less refunds. */
  grossYen: number;
  /** Null: no line says. */
  feeYen: number | null;
  chargebackYen: number;
  /** Carried over, and refunds that came back. */
  carriedYen: number;
}

export interface Deposit {
  lineId: number;
  acquirer: string;
  onDate: string;
  yen: number;
}

export interface Batch {
  acquirer: string;
  batch: string;
  due: string;
  grossYen: number;
  feeYen: number;
  expectedFeeYen: number | null;
  chargebackYen: number;
  carriedYen: number;
  netYen: number;
  faults: ('fee_differs' | 'fee_missing')[];
}

/** A bank may be so many of its business days behind the pay day, and the money still be this settlement's. */
const GRACE_BUSINESS_DAYS = 5;
/** A city brings the register of its account in once a month at the least. */
const REGISTER_WITHIN_DAYS = 40;

/** The parts of a batch together, with what its fee has to be. */
export function batchesOf(parts: readonly BatchPart[], acquirers: readonly Acquirer[]): Batch[] {
  const known = new Map(acquirers.map((acquirer) => [acquirer.code, acquirer]));
  const named = parts.map((part) => {
    const acquirer = known.get(part.acquirer);
    const due = acquirer === undefined ? undefined : dueOf(acquirer, part.onDate);
    return {
      ...part,
      batch: part.batch ?? due?.closesOn ?? part.onDate,
      paysOn: part.paysOn ?? due?.paysOn ?? part.onDate,
    };
  });
  const groups = Map.groupBy(named, ({ acquirer, batch }) => `${acquirer} ${batch}`);
  return [...groups.values()]
    .flatMap((group) =>
      group[0] === undefined ? [] : [batchOf(group, group[0], known.get(group[0].acquirer))],
    )
    .toSorted((a, b) => order(a.acquirer, b.acquirer) || order(a.due, b.due) || order(a.batch, b.batch));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function batchOf(
  group: readonly (BatchPart & { batch: string; paysOn: string })[],
  { acquirer, batch }: { acquirer: string; batch: string },
  declared: Acquirer | undefined,
): Batch {
  const sum = (yen: (part: BatchPart) => number): number =>
    group.reduce((total, part) => total + yen(part), 0);
  const [grossYen, chargebackYen, carriedYen] = [
    sum((part) => part.grossYen),
    sum((part) => part.chargebackYen),
    sum((part) => part.carriedYen),
  ];
  const isStated = group.some(({ feeYen }) => feeYen !== null);
  const expectedFeeYen = expectedFee(group, declared);
  const stated = sum(({ feeYen }) => feeYen ?? 0);
  const feeYen = isStated ? stated : (expectedFeeYen ?? 0);
  const tolerance = declared?.fee?.toleranceYen ?? 0;
  const faults: Batch['faults'] = [];
  if (!isStated && expectedFeeYen !== null && grossYen !== 0) faults.push('fee_missing');
  if (isStated && expectedFeeYen !== null && Math.abs(stated - expectedFeeYen) > tolerance)
    faults.push('fee_differs');
  const due = group.map(({ paysOn }) => paysOn).reduce((a, b) => (a > b ? a : b));
  const netYen = grossYen - feeYen + chargebackYen + carriedYen;
  return {
    acquirer,
    batch,
    due,
    grossYen,
    feeYen,
    expectedFeeYen,
    chargebackYen,
    carriedYen,
    netYen,
    faults,
  };
}

/** By the declared rates, rounded per brand; null: none is declared. */
function expectedFee(group: readonly BatchPart[], acquirer: Acquirer | undefined): number | null {
  const fee = acquirer?.fee ?? null;
  if (fee === null) return null;
  const byBrand = Map.groupBy(group, ({ brand }) => brand ?? '');
  return [...byBrand].reduce((total, [brand, parts]) => {
    const gross = parts.reduce((sum, { grossYen }) => sum + grossYen, 0);
    return total + Math[fee.rounding]((gross * (fee.brandRatesPpm[brand] ?? fee.ratePpm)) / 1_000_000);
  }, 0);
}

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
  return acquirers.flatMap((acquirer) => {
    const open: Open = {
      batches: batches.filter((batch) => batch.acquirer === acquirer),
      deposits: deposits
        .filter((deposit) => deposit.acquirer === acquirer)
        .toSorted((a, b) => order(a.onDate, b.onDate) || a.lineId - b.lineId),
    };
    const settled = [...takeExact(open), ...takeRest(open, reached)];
    const alone = open.deposits.map((deposit): SettlementView => {
      const isCovered = (reached.coveredUntil.get(acquirer) ?? '') >= deposit.onDate;
      return viewOf([], [deposit], acquirer, isCovered ? 'deposit_over' : 'statement_awaited');
    });
    return [...settled, ...alone];
  });
}

/** What is not settled yet; taken out as it is. */
interface Open {
  batches: Batch[];
  deposits: Deposit[];
}

const netOf = (batches: readonly Batch[]): number => batches.reduce((sum, { netYen }) => sum + netYen, 0);
const paidOf = (deposits: readonly Deposit[]): number => deposits.reduce((sum, { yen }) => sum + yen, 0);
const windowEnd = (due: string): string => addBusinessDays(due, GRACE_BUSINESS_DAYS, 'bank');

function inWindow(due: string, deposits: readonly Deposit[]): Deposit[] {
  const end = windowEnd(due);
  return deposits.filter(({ onDate }) => onDate >= due && onDate <= end);
}

/** Sums that agree to the yen, the narrowest first. */
function takeExact(open: Open): SettlementView[] {
  const settled: SettlementView[] = [];
  const take = (batches: readonly Batch[], deposits: readonly Deposit[]): boolean => {
    if (batches.length === 0 || deposits.length === 0 || netOf(batches) !== paidOf(deposits)) return false;
    open.batches = open.batches.filter((batch) => !batches.includes(batch));
    open.deposits = open.deposits.filter((deposit) => !deposits.includes(deposit));
    const [due, paidOn] = [
      lastOf(batches.map((batch) => batch.due)),
      lastOf(deposits.map(({ onDate }) => onDate)),
    ];
    settled.push(
      viewOf(batches, deposits, batches[0]?.acquirer ?? '', paidOn > due ? 'deposit_late' : 'matched'),
    );
    return true;
  };
  // One batch, one deposit, each the other's only one.
  for (const batch of [...open.batches]) {
    const fitting = inWindow(batch.due, open.deposits).filter(({ yen }) => yen === batch.netYen);
    const rivals = open.batches.filter(
      (each) =>
        each.netYen === batch.netYen &&
        fitting.some(({ onDate }) => onDate >= each.due && onDate <= windowEnd(each.due)),
    );
    const [only] = fitting;
    if (fitting.length === 1 && rivals.length === 1 && only !== undefined) take([batch], [only]);
    // Equal amounts on their own pay days are told apart by the day.
    const onDay = fitting.filter(({ onDate }) => onDate === batch.due);
    const sameDay = rivals.filter(({ due }) => due === batch.due);
    if (fitting.length + rivals.length > 2 && onDay.length === 1 && sameDay.length === 1)
      take([batch], onDay);
  }
  for (const [due, batches] of Map.groupBy([...open.batches], (batch) => batch.due)) {
    const onDay = open.deposits.filter(({ onDate }) => onDate === due);
    if (take(batches, onDay)) continue;
    if (inWindow(due, open.deposits).some((deposit) => take(batches, [deposit]))) continue;
    take(batches, inWindow(due, open.deposits));
  }
  // Several pay days in one deposit, as after a holiday: everything that was due by then.
  for (const deposit of [...open.deposits]) {
    take(
      open.batches.filter(({ due }) => due <= deposit.onDate && deposit.onDate <= windowEnd(due)),
      [deposit],
    );
  }
  return settled;
}

const lastOf = (days: readonly string[]): string => days.reduce((a, b) => (a > b ? a : b), '');

/** What does not agree, by pay day. */
function takeRest(open: Open, reached: Reached): SettlementView[] {
  return [...Map.groupBy(open.batches, ({ due }) => due)].map(([due, batches]) => {
    const deposits = inWindow(due, open.deposits);
    open.deposits = open.deposits.filter((deposit) => !deposits.includes(deposit));
    return viewOf(
      batches,
      deposits,
      batches[0]?.acquirer ?? '',
      restStatus(netOf(batches), deposits, due, reached),
    );
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
