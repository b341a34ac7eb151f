/**
 * START. Reports (帳票): 収納金日計表, 月計表 and the fiscal year, with what stands beside them.
 *
 * PostgreSQL adds up the lines and payments of the days (sums.ts) and what others say of them (beside.ts), all in one
 * snapshot; the rest is pure. Each section (income.ts, counted.ts, settled.ts) is one table, the same on the screen, in
 * a spreadsheet, on paper; each figure names the lines that it is made of, and entries.ts lists them.
 *
 * Only approved payments are income, on the day at the counter; a late approval counts on the day on which it was found,
 * because a day that is over does not change. What nobody knows stands by itself and in no total.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { readCatalogue } from '../fees/fees.ts';
import type { Acquirer } from '../reconcile/books/acquirer.ts';
import { isBusinessDay } from '../reconcile/books/calendar.ts';
import { readAcquirers } from '../reconcile/statements/declared.ts';
import type { Sum } from '../sum.ts';
import { readBeside, type Beside } from './beside.ts';
import { cashSection, correctionSection, exemptionSection, taxSection, unknownSection } from './counted.ts';
import { expectDeposits, namedCounters, type ExpectedDeposit } from './expected.ts';
import {
  accountSection,
  counterSection,
  detailSection,
  itemSection,
  methodSection,
  summarySection,
  timeSection,
  windowSection,
} from './income.ts';
import { namesOf, type Names } from './names.ts';
import { comparedJa, originSection, warningsOf } from './origin.ts';
import type { Period } from './periods.ts';
import { publishedSection } from './published.ts';
import { plotsOf } from './plots.ts';
import { ofEntries, sumOf, yenJa } from './rows.ts';
import {
  depositSection,
  expectedSection,
  providerSection,
  refundSection,
  terminalSection,
} from './settled.ts';
import { sumLatePayments, sumLines, sumPayments } from './sums.ts';
import { yearEndSection } from './year-end.ts';
import {
  INCOME,
  RETURNS,
  type CounterSum,
  type LineSum,
  type Origin,
  type PaymentSum,
  type ReportView,
  type Section,
} from './view.ts';

/** Whose report it is, and who asks for it when. */
export interface Asked {
  municipality: string;
  municipalityName: string;
  book: Origin['book'];
  /** 職員番号 and name, as they stand on the file. */
  madeBy: string;
  now: Date;
  /** The date in Tokyo then. */
  today: string;
}

interface Declared {
  acquirers: Acquirer[];
  names: Names;
  methodOf: (brand: string) => string | undefined;
}

export interface Figures {
  lines: LineSum[];
  payments: PaymentSum[];
  counters: CounterSum[];
  beside: Beside;
  expected: ExpectedDeposit[];
  names: Names;
}

/** The report of a period with everything in it. @throws whatever PostgreSQL says */
export async function readReport(db: Kysely<Database>, period: Period, asked: Asked): Promise<ReportView> {
  return viewOf(await readFigures(db, period, asked.municipality, 'whole'), period, asked);
}

/** The figures as sections, with what they were made from. Pure. */
export function viewOf(figures: Figures, period: Period, asked: Asked): ReportView {
  const { payments, names, beside } = figures;
  const origin: Origin = {
    municipality: asked.municipality,
    municipalityName: asked.municipalityName,
    book: asked.book,
    madeAt: asked.now.toISOString(),
    madeBy: asked.madeBy,
    warnings: warningsOf({ ...figures, period, today: asked.today }, asked.book),
    compared: comparedJa(beside),
    counters: beside.open.counters,
  };
  return {
    period,
    sentence: sentenceOf(payments, period),
    isEmpty: payments.length + figures.lines.length === 0,
    origin,
    plots: plotsOf(payments, period, names),
    sections: [...sectionsOf(figures, period), originSection(origin, period)],
  };
}

/** What things are called now, and who settles what. */
export async function readDeclared(db: Kysely<Database>, municipality: string): Promise<Declared> {
  const catalogue = await readCatalogue(db, municipality);
  const acquirers = (await readAcquirers(db, municipality)).map(({ definition }) => definition);
  const methods = new Map<string, string>(catalogue.brands.map(({ code, method }) => [code, method]));
  return { acquirers, names: namesOf(catalogue, acquirers), methodOf: (brand) => methods.get(brand) };
}

/**
 * Everything of one moment: a payment that arrives meanwhile is in all of the figures or in none. The few sums of a
 * year are added up in memory.
 */
function inSnapshot<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`SET LOCAL work_mem = '64MB'`.execute(trx);
      await sql`SET LOCAL jit = off`.execute(trx);
      return work(trx);
    });
}

/** @param lines added up over the whole period, or for each of its days */
export async function readFigures(
  db: Kysely<Database>,
  { from, until }: Period,
  municipality: string,
  lines: 'whole' | 'by_day',
): Promise<Figures> {
  const { acquirers, names, methodOf } = await readDeclared(db, municipality);
  const span = { municipality, from, until };
  return inSnapshot(db, async (trx) => {
    const named = namedCounters(acquirers);
    const { payments, counters } = await sumPayments(trx, span, named);
    const ofTheseDays = payments.filter(({ businessDate }) => from <= businessDate && businessDate <= until);
    const later = await sumLatePayments(trx, span, named);
    return {
      payments,
      lines: await sumLines(trx, span, lines === 'by_day'),
      counters,
      beside: await readBeside(trx, span),
      expected: expectDeposits([...ofTheseDays, ...later], acquirers, methodOf),
      names,
    };
  });
}

function sectionsOf(
  { lines, payments, counters, beside, expected, names }: Figures,
  period: Period,
): Section[] {
  const incomeYen = sumOf(payments.filter(ofEntries(...INCOME)), ({ amountYen }) => amountYen);
  return [
    summarySection(payments),
    accountSection(lines),
    windowSection(payments, names),
    methodSection(payments, names),
    timeSection(payments, period),
    itemSection(lines, names),
    taxSection(lines, names),
    correctionSection(lines, names),
    unknownSection(payments, names),
    cashSection(lines, names),
    exemptionSection(lines, names),
    refundSection(beside, names),
    period.kind === 'day' ? undefined : publishedSection(payments, beside.published, names),
    counterSection(counters),
    terminalSection(beside),
    providerSection(beside, names),
    expectedSection(expected, incomeYen, names),
    yearEndSection(expected, { period, incomeYen, names }),
    depositSection(beside, names, period),
    detailSection(lines, names),
  ].filter((section) => section !== undefined);
}

function sentenceOf(payments: readonly PaymentSum[], { kind, from }: Period): string {
  const [sales, returns] = [payments.filter(ofEntries('sale')), payments.filter(ofEntries(...RETURNS))];
  if (sales.length + returns.length === 0) {
    const when = kind === 'day' ? 'この日' : 'この期間';
    const isHoliday = kind === 'day' && !isBusinessDay(from);
    return `${when}のキャッシュレスの収納は、市の記録に${isHoliday ? 'ありません。市の休日（土日・祝日・年末年始）です。' : 'まだありません。'}`;
  }
  const [sold, returned] = [sales, returns].map((some) => ({
    count: sumOf(some, ({ count }) => count),
    amountYen: sumOf(some, ({ amountYen }) => amountYen),
  })) as [Sum, Sum];
  const net = yenJa(sold.amountYen + returned.amountYen);
  return `売上 ${sumJa(sold)}、取消・返金 ${sumJa(returned)}、差引 ${net}。`;
}

const sumJa = ({ count, amountYen }: Sum): string => `${count.toLocaleString('ja-JP')}件 ${yenJa(amountYen)}`;
