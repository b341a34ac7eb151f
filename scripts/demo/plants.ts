/** Differences that are put into the statements on purpose: the reconciliation has to find each of them, and no other. */
import type { Acquirer } from '../../src/reconcile/books/acquirer.ts';
import { addBusinessDays } from '../../src/reconcile/books/calendar.ts';
import type { LineStatus, SettlementStatus } from '../../src/reconcile/books/view.ts';
import type { Mail } from './providers.ts';
import { cardFile, type Batch, type StatementRow } from './statement-files.ts';

/** What has to be found: a row's status, a settlement's, a fault of a batch, or a file's. */
export type Plant =
  | { where: 'line'; status: LineStatus; acquirer: string }
  | { where: 'settlement'; status: SettlementStatus; acquirer: string }
  | { where: 'fee'; status: 'fee_differs'; acquirer: string }
  | { where: 'file'; status: 'control_differs'; acquirer: string };

/** By acquirer and the number of its settlement period in the half year. */
const at = (acquirer: Acquirer | string, index: number): string =>
  `${typeof acquirer === 'string' ? acquirer : acquirer.code} ${index}`;

interface Wrong {
  rows: readonly StatementRow[];
  /** The rate that is wrongly taken, in millionths. */
  ratePpm?: number;
}

export function errAtBatch(
  acquirer: Acquirer,
  index: number,
  rows: readonly StatementRow[],
  planted: Plant[],
): Wrong {
  const { code } = acquirer;
  const plain = rows.filter(({ kind }) => kind === 'sale');
  const of = (brand: string): StatementRow | undefined =>
    plain.filter((row) => row.brand === brand && row.yen > 300).at(-1);
  const plant = (status: LineStatus): void => void planted.push({ where: 'line', status, acquirer: code });
  const replace = (row: StatementRow, by: readonly StatementRow[]): Wrong => ({
    rows: rows.flatMap((each) => (each === row ? by : [each])),
  });
  const [jcb, visa, paypay, waon] = [of('jcb'), of('visa'), of('paypay'), of('waon')];
  switch (at(acquirer, index)) {
    case 'card 0':
      if (jcb === undefined) break;
      plant('missing_at_provider');
      return replace(jcb, []);
    case 'card 1':
      if (visa === undefined) break;
      plant('data_differs');
      return replace(visa, [{ ...visa, approval: `B${visa.approval.slice(1)}` }]);
    case 'card 2':
      planted.push({ where: 'fee', status: 'fee_differs', acquirer: code });
      return { rows, ratePpm: (acquirer.fee?.ratePpm ?? 0) + 3_000 };
    case 'card 3':
      if (visa === undefined) break;
      plant('chargeback');
      return { rows: [...rows, { ...visa, kind: 'chargeback', yen: -visa.yen }] };
    case 'card 4':
      if (visa === undefined) break;
      plant('missing_in_ledger');
      return {
        rows: [...rows, { ...visa, receiptNumber: 88_001, approval: 'A880001', yen: visa.yen + 70 }],
      };
    case 'emoney 4':
      if (waon === undefined) break;
      plant('amount_over');
      return replace(waon, [{ ...waon, yen: waon.yen + 100 }]);
    case 'qr 1':
      if (paypay === undefined) break;
      plant('duplicate_at_provider');
      return replace(paypay, [paypay, paypay]);
    default:
  }
  return { rows };
}

interface Deposit {
  acquirer: string;
  onDate: string;
  yen: number;
}

const SHORT_BY_YEN = 1_100;
const LATE_BY_BUSINESS_DAYS = 2;

export function errAtDeposit(deposit: Deposit, index: number, planted: Plant[]): Deposit {
  const { acquirer, onDate, yen } = deposit;
  switch (at(acquirer, index)) {
    case 'emoney 6':
      planted.push({ where: 'settlement', status: 'deposit_short', acquirer });
      return { ...deposit, yen: yen - SHORT_BY_YEN };
    case 'qr 2':
      planted.push({ where: 'settlement', status: 'deposit_late', acquirer });
      return { ...deposit, onDate: addBusinessDays(onDate, LATE_BY_BUSINESS_DAYS, 'bank') };
    default:
      return deposit;
  }
}

/** A file whose own total is wrong comes first, and the right one after it; another comes twice, under two names. */
export function errAtFile(
  acquirer: string,
  index: number,
  files: readonly Mail[],
  batches: readonly Batch[],
  planted: Plant[],
): Mail[] {
  const [file, batch] = [files[0], batches[0]];
  if (file === undefined || batch === undefined) return [...files];
  switch (at(acquirer, index)) {
    case 'card 4':
      planted.push({ where: 'file', status: 'control_differs', acquirer });
      return [{ ...file, name: `first-${file.name}`, bytes: cardFile(batch, 1_000) }, ...files];
    case 'qr 0':
      return [...files, { ...file, name: `again-${file.name}` }];
    default:
      return [...files];
  }
}
