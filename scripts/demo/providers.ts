/**
 * What acquirers and the bank know: read from the terminal's own book, never from ours. They send statements in their
 * cycle and pay what is on them; some of it is wrong on purpose, and noted as such.
 */
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import { businessDateOf } from '../../src/business-date.ts';
import { dueOf, type Acquirer } from '../../src/reconcile/books/acquirer.ts';
import { addBusinessDays, addDays, isBusinessDay } from '../../src/reconcile/books/calendar.ts';
import { errAtBatch, errAtDeposit, errAtFile, type Plant } from './plants.ts';
import {
  bankFile,
  cardFile,
  emoneyFile,
  qrFile,
  type BankLine,
  type Batch,
  type StatementRow,
} from './statement-files.ts';

export interface Mail {
  format: string;
  name: string;
  bytes: Buffer;
}

export interface Providers {
  /** What arrives in the night after a day. */
  sentAfter(date: string): Mail[];
  /** The day in whose night the last of it arrives. */
  lastNight(): string;
  readonly planted: readonly Plant[];
}

interface Deposit {
  acquirer: string;
  /** The pay day of the batches that it pays; one that comes late is still a deposit of its own. */
  dueOn: string;
  onDate: string;
  yen: number;
}

export interface ProviderOptions {
  acquirers: readonly Acquirer[];
  terminalId: string;
  entries: () => readonly BookEntry[];
  /** When a card that had left too soon was touched again, by trace number: only then anybody knew. */
  touchedOn: ReadonlyMap<number, string>;
  from: string;
  until: string;
}

/** So many business days after a period has closed its statement is here. */
const READY_AFTER: Readonly<Record<string, number>> = { card: 6, emoney: 4, qr: 0 };
const PAYERS: Readonly<Record<string, string>> = {
  card: 'ｶ-ﾄﾞｶｲｼﾔ(ｶ',
  emoney: 'ﾃﾞﾝｼﾏﾈ-(ｶ',
  qr: 'ｺ-ﾄﾞｹﾂｻｲ(ｶ',
};

export function createProviders(options: ProviderOptions): Providers {
  const { acquirers, from, until } = options;
  const planted: Plant[] = [];
  const deposits: Deposit[] = [];
  const periods = acquirers.flatMap((acquirer) => periodsOf(acquirer, from, until));
  let bankLines = 0;
  let bankSince = from;

  const batchesOf = ({ acquirer, begins, closesOn, paysOn }: Period, index: number): Batch[] => {
    const rows = rowsOf(options, acquirer, begins, closesOn);
    const batches =
      acquirer.code === 'emoney'
        ? acquirer.brands.map((brand, place) => ({
            name: `EM${closesOn.slice(0, 4)}${closesOn.slice(5, 7)}${closesOn.slice(8) <= '15' ? 'A' : 'B'}0${place + 1}`,
            rows: rows.filter((row) => row.brand === brand),
          }))
        : [{ name: nameOf(acquirer.code, closesOn), rows }];
    return batches
      .filter((batch) => batch.rows.length > 0)
      .map((batch) => {
        const wrong = errAtBatch(acquirer, index, batch.rows, planted);
        return { ...batch, closesOn, paysOn, rows: withFees(acquirer, wrong.rows, wrong.ratePpm) };
      });
  };
  const pay = (acquirer: string, index: number, paysOn: string, batches: readonly Batch[]): void => {
    const yen = batches.reduce(
      (all, { rows }) => all + rows.reduce((net, row) => net + row.yen - row.feeYen, 0),
      0,
    );
    if (yen <= 0) return;
    const known = deposits.find((each) => each.acquirer === acquirer && each.dueOn === paysOn);
    const deposit = { dueOn: paysOn, ...errAtDeposit({ acquirer, onDate: paysOn, yen }, index, planted) };
    if (known === undefined) deposits.push(deposit);
    else known.yen += deposit.yen;
  };
  const fromBank = (date: string): Mail[] => {
    const lines = [
      ...deposits
        .filter(({ onDate }) => onDate >= bankSince && onDate <= date)
        .map(({ acquirer, onDate, yen }) => ({ onDate, yen, payer: PAYERS[acquirer] ?? '', remark: 'ﾌﾘｺﾐ' })),
      ...othersAt(bankSince, date),
    ].sort((a, b) => (a.onDate < b.onDate ? -1 : a.onDate > b.onDate ? 1 : 0));
    const numbered = lines.map((line): BankLine => ({ number: (bankLines += 1), ...line }));
    const bytes = bankFile(bankSince, date, numbered);
    bankSince = addDays(date, 1);
    return lines.length === 0 ? [] : [{ format: 'zengin-account', name: `zengin-${date}.dat`, bytes }];
  };
  return {
    planted,
    lastNight: () => {
      const last = periods.map(({ paysOn }) => paysOn).reduce((a, b) => (a > b ? a : b), until);
      return endOfWeek(addBusinessDays(last, 2));
    },
    sentAfter(date) {
      const ready = periods.filter((period) => period.readyOn === date);
      const mail = ready.flatMap((period) => {
        const { acquirer, index, paysOn } = period;
        const batches = batchesOf(period, index);
        pay(acquirer.code, index, paysOn, batches);
        const files = batches.map((batch) => fileOf(acquirer.code, batch));
        return errAtFile(acquirer.code, index, files, batches, planted);
      });
      return endOfWeek(date) === date ? [...mail, ...fromBank(date)] : mail;
    },
  };
}

interface Period {
  acquirer: Acquirer;
  index: number;
  begins: string;
  closesOn: string;
  readyOn: string;
  paysOn: string;
}

/** The acquirer's settlement periods that the half year touches. */
function periodsOf(acquirer: Acquirer, from: string, until: string): Period[] {
  const periods: Period[] = [];
  for (let begins = from; begins <= until;) {
    const { closesOn, paysOn } = dueOf(acquirer, begins);
    const isQuiet = acquirer.cycle.kind === 'daily' && !isBusinessDay(begins);
    const readyOn =
      READY_AFTER[acquirer.code] === 0
        ? closesOn
        : addBusinessDays(closesOn, READY_AFTER[acquirer.code] ?? 0);
    if (!isQuiet) periods.push({ acquirer, index: periods.length, begins, closesOn, readyOn, paysOn });
    begins = addDays(closesOn, 1);
  }
  return periods;
}

const nameOf = (acquirer: string, closesOn: string): string =>
  acquirer === 'card' ? `KC${closesOn.slice(0, 7).replace('-', '')}` : `QR${closesOn.replaceAll('-', '')}`;

/** The last business day of a date's week, or the date itself beyond it. */
function endOfWeek(date: string): string {
  let [day, last] = [date, date];
  while (new Date(`${day}T00:00:00Z`).getUTCDay() !== 6) {
    if (isBusinessDay(day)) last = day;
    day = addDays(day, 1);
  }
  return last;
}

/** Stored there, or found out by the card's next touch anywhere; of its brands, and known to it within the period. */
function rowsOf(
  { entries, touchedOn, terminalId }: ProviderOptions,
  { code, brands }: Acquirer,
  begins: string,
  closesOn: string,
): StatementRow[] {
  const stored = entries().filter(
    ({ state, brand, traceNumber }) =>
      (state === 'stored' || touchedOn.has(traceNumber)) && brands.includes(brand),
  );
  const voided = new Set(stored.flatMap(({ of }) => of ?? []));
  return stored
    .filter((entry) => {
      const knownOn = touchedOn.get(entry.traceNumber) ?? businessDateOf(new Date(entry.at));
      // A purse that was filled again the same day is on no statement.
      const isUndone = code === 'emoney' && (entry.of !== null || voided.has(entry.traceNumber));
      return knownOn >= begins && knownOn <= closesOn && !isUndone;
    })
    .map((entry) => ({
      kind: entry.kind === 'sale' ? 'sale' : 'refund',
      yen: entry.kind === 'sale' ? entry.amount : -entry.amount,
      ...{ feeYen: 0, brand: entry.brand, terminalId, at: new Date(entry.at) },
      onDate: businessDateOf(new Date(entry.at)),
      receiptNumber: entry.receiptNumber,
      traceNumber: entry.traceNumber,
      approval: `A${String(entry.traceNumber).padStart(6, '0')}`,
    }));
}

/** The rate counts for a brand's sum; what each row bears of it adds up to that. */
function withFees({ fee }: Acquirer, rows: readonly StatementRow[], ratePpm?: number): StatementRow[] {
  const reached = new Map<string, { yen: number; feeYen: number }>();
  return rows.map((row) => {
    if (fee === null || row.kind === 'chargeback') return row;
    const before = reached.get(row.brand) ?? { yen: 0, feeYen: 0 };
    const yen = before.yen + row.yen;
    const feeYen = Math.round((yen * (ratePpm ?? fee.brandRatesPpm[row.brand] ?? fee.ratePpm)) / 1_000_000);
    reached.set(row.brand, { yen, feeYen });
    return { ...row, feeYen: feeYen - before.feeYen };
  });
}

function fileOf(acquirer: string, batch: Batch): Mail {
  if (acquirer === 'card')
    return { format: 'card-monthly', name: `${batch.name}.csv`, bytes: cardFile(batch) };
  if (acquirer === 'emoney')
    return { format: 'emoney-fixed', name: `${batch.name}.dat`, bytes: emoneyFile(batch) };
  return { format: 'qr-daily', name: `${batch.name}.tsv`, bytes: qrFile(batch) };
}

/** The city's account has other payers, and the bank takes its fee. */
function othersAt(from: string, until: string): Omit<BankLine, 'number'>[] {
  const lines: Omit<BankLine, 'number'>[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) {
    if (!isBusinessDay(day, 'bank')) continue;
    const date = Number(day.slice(8));
    if (date % 9 === 0)
      lines.push({ onDate: day, yen: 120_000 + date * 1_370, payer: 'ﾁﾊﾞｹﾝ', remark: 'ﾌﾘｺﾐ' });
    if (date === 25) lines.push({ onDate: day, yen: -3_300, payer: 'ﾃｽｳﾘﾖｳ', remark: 'ﾃｽｳﾘﾖｳ' });
  }
  return lines;
}
