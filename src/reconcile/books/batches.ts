/** What acquirers pay together, and what of it they have to keep. Pure. */
import { dueOf, type Acquirer } from './acquirer.ts';
import { before } from './pay-days.ts';

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
    .toSorted((a, b) => before(a.acquirer, b.acquirer) || before(a.due, b.due) || before(a.batch, b.batch));
}

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
