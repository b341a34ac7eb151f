/**
 * What reports say of providers and bank, counted anew from payments and statement lines alone, by SQL that shares nothing
 * with the comparison: neither its results nor its keys' order. Of books in which acquirers write batches and slips on
 * their statements, as the demonstration's do.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { readEntries } from '../../src/reports/entries.ts';
import { periodOf } from '../../src/reports/periods.ts';
import { readDeclared, readReport, type Asked } from '../../src/reports/reports.ts';
import type { LineFilter, ReportView, Row, Section } from '../../src/reports/view.ts';

export interface Recount {
  /** How many figures were held against what SQL says. */
  figures: number;
  wrong: string[];
}

/** @param years a day of each fiscal year that has anything */
export async function recount(
  db: Kysely<Database>,
  asked: Asked,
  years: readonly string[],
): Promise<Recount> {
  const count: Recount = { figures: 0, wrong: [] };
  const same = (what: string, said: unknown, found: unknown): void => {
    count.figures += 1;
    if (said !== found) count.wrong.push(`${what}: ${String(said)}, by SQL ${String(found)}`);
  };
  const reports = await Promise.all(years.map((day) => readReport(db, periodOf('year', day), asked)));
  const { names, acquirers } = await readDeclared(db, asked.municipality);
  const codeOf = new Map(acquirers.map(({ code }) => [names.acquirer(code), code]));
  await recountDeposits(db, asked.municipality, { reports, codeOf, same });
  await recountDifferences(db, asked.municipality, { reports, codeOf, same });
  for (const report of reports) await lookIntoAll(db, asked.municipality, report, same);
  return count;
}

interface Given {
  reports: readonly ReportView[];
  codeOf: ReadonlyMap<string, string>;
  same: (what: string, said: unknown, found: unknown) => void;
}

const sectionOf = ({ sections }: ReportView, id: string): Section =>
  sections.find((section) => section.id === id) ?? {
    id,
    titleJa: id,
    note: '',
    columns: [],
    rows: [],
    total: null,
  };
const cellOf = ({ columns }: Section, { cells }: Row, nameJa: string): Row['cells'][number] =>
  cells[columns.findIndex((column) => column.nameJa === nameJa)] ?? null;

/** 精算と入金: each batch's sales and fees from its lines, each deposit from the bank's. */
async function recountDeposits(
  db: Kysely<Database>,
  municipality: string,
  { reports, codeOf, same }: Given,
): Promise<void> {
  const { rows: batches } = await sql<{ key: string; gross: number; fee: number; net: number }>`
    SELECT acquirer || ' ' || batch AS key,
      sum(CASE WHEN kind IN ('sale', 'refund') THEN yen ELSE 0 END)::bigint AS gross,
      sum(coalesce(fee_yen, 0))::bigint AS fee, (sum(yen) - sum(coalesce(fee_yen, 0)))::bigint AS net
    FROM statement_lines WHERE municipality = ${municipality} AND book = 'provider' GROUP BY 1`.execute(db);
  // The city's account has other payers too. A bank writes a hyphen for a long vowel.
  const { rows: deposits } = await sql<{ yen: number }>`
    SELECT yen FROM statement_lines l
    WHERE l.municipality = ${municipality} AND l.book = 'bank' AND l.kind = 'deposit' AND EXISTS (
      SELECT FROM acquirers a, jsonb_array_elements_text(a.definition -> 'payerNames') AS name
      WHERE a.municipality = l.municipality AND replace(l.payer, '-', 'ｰ') LIKE '%' || name || '%')`.execute(
    db,
  );
  // A settlement that is due in one year and paid in the next stands in both.
  const seen = new Map<string, number>();
  for (const report of reports) {
    const section = sectionOf(report, 'deposits');
    for (const row of section.rows) {
      const acquirer = codeOf.get(String(row.cells[0])) ?? '';
      const named = String(cellOf(section, row, '精算番号')).split('、');
      const own = batches.filter(({ key }) => named.some((batch) => key === `${acquirer} ${batch}`));
      const sum = (of: 'gross' | 'fee' | 'net'): number => own.reduce((all, each) => all + each[of], 0);
      const what = `${acquirer} ${named.join('+')}`;
      same(`${what} gross`, cellOf(section, row, '売上（差引）'), sum('gross'));
      same(`${what} fee`, cellOf(section, row, '手数料'), sum('fee'));
      same(`${what} net`, cellOf(section, row, '入る額'), sum('net'));
      seen.set(what, Number(cellOf(section, row, '入った額')));
    }
  }
  const all = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);
  const paid = deposits.map(({ yen }) => yen);
  same('deposits', all(seen.values()), all(paid));
}

/**
 * 決済会社の明細との差: every transaction with what was given back of it, net in our book and net on the statements. Ours
 * is found by terminal, slip and day; a code payment by the number that both books write; and what was found paid later,
 * of which the terminal told no slip, by brand, amount and day.
 */
async function recountDifferences(
  db: Kysely<Database>,
  municipality: string,
  { reports, codeOf, same }: Given,
): Promise<void> {
  const counted = sql<{ acquirer: string; differing: number; differenceYen: number }>`
    WITH declared AS (
      SELECT DISTINCT ON (counter, code) counter, code, definition FROM acquirers WHERE municipality = ${municipality}
      ORDER BY counter, code, version DESC
    ), ours AS (
      SELECT d.code AS acquirer, coalesce(p.of_operation_id, p.operation_id) AS root, p.signed_yen AS yen, p.state,
        CASE WHEN p.receipt_number IS NULL THEN p.brand || ' ' || p.signed_yen || ' ' || p.business_date
          WHEN d.definition ->> 'providerIdIn' = 'trace_number' THEN p.trace_number
          ELSE p.terminal_id || ' ' || ltrim(p.receipt_number, '0') || ' ' || p.business_date END AS key
      FROM payments p JOIN declared d ON d.definition -> 'brands' ? p.brand AND d.counter IN (p.counter, '*')
      WHERE p.municipality = ${municipality} AND p.state IN ('approved', 'unknown')
    ), keys AS (
      SELECT acquirer, key, min(root) AS root FROM ours GROUP BY 1, 2
    ), theirs AS (
      SELECT l.acquirer, l.yen, coalesce(n.root, b.root, 'line ' || l.line_id) AS root
      FROM statement_lines l
      LEFT JOIN keys n ON n.acquirer = l.acquirer
        AND n.key = coalesce(l.provider_id, l.terminal_id || ' ' || l.slip || ' ' || l.on_date)
      LEFT JOIN keys b ON b.acquirer = l.acquirer AND b.key = l.brand || ' ' || l.yen || ' ' || l.on_date
      WHERE l.municipality = ${municipality} AND l.book = 'provider'
    ), net AS (
      SELECT acquirer, root, sum(yen) FILTER (WHERE is_ours) AS ours, sum(yen) FILTER (WHERE NOT is_ours) AS theirs
      FROM (SELECT acquirer, root, yen, true AS is_ours FROM ours WHERE state = 'approved'
        UNION ALL SELECT acquirer, root, yen, false FROM theirs) each_ GROUP BY 1, 2
    )
    SELECT acquirer, count(*) FILTER (WHERE coalesce(ours, 0) <> coalesce(theirs, 0)) AS differing,
      sum(coalesce(theirs, 0) - coalesce(ours, 0))::bigint AS "differenceYen" FROM net GROUP BY 1 ORDER BY 1`;
  // Nobody has looked at the tables of a database that is minutes old: it would pair row by row.
  const { rows } = await db.transaction().execute(async (trx) => {
    await sql`SET LOCAL enable_nestloop = off`.execute(trx);
    return counted.execute(trx);
  });
  for (const { acquirer, differing, differenceYen } of rows) {
    const told = reports.flatMap((report) => {
      const section = sectionOf(report, 'providers');
      return section.rows
        .filter(({ cells }) => codeOf.get(String(cells[0])) === acquirer)
        .map((row) => ({
          count: Number(cellOf(section, row, '件数')),
          yen: Number(cellOf(section, row, '差')),
        }));
    });
    same(
      `${acquirer} difference`,
      told.reduce((sum, { yen }) => sum + yen, 0),
      differenceYen,
    );
    const many = told.reduce((sum, { count, yen }) => sum + (yen === 0 ? 0 : count), 0);
    same(`${acquirer} rows that differ in yen`, many, differing);
  }
}

/** Whatever can be looked into is the sum of the lines that are shown then. */
async function lookIntoAll(
  db: Kysely<Database>,
  municipality: string,
  report: ReportView,
  same: Given['same'],
): Promise<void> {
  const { names } = await readDeclared(db, municipality);
  const { from, until } = report.period;
  for (const section of report.sections) {
    for (const row of [...section.rows, ...(section.total === null ? [] : [section.total])]) {
      for (const [index, { drill, nameJa }] of section.columns.entries()) {
        const cell = row.cells[index] ?? null;
        if (drill === undefined || row.filter === null || cell === null || cell === 0) continue;
        const filter: LineFilter = { ...row.filter, ...drill.filter };
        const { total } = await readEntries(db, { municipality, from, until }, filter, { names, skip: 0 });
        same(`${section.titleJa} ${String(row.cells[0])} ${nameJa}`, cell, total[drill.measure]);
      }
    }
  }
}
