/** What the morning page says of a day, out of all four books. */
import { sql, type Kysely } from 'kysely';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import type { Sum } from '../sum.ts';
import { dueOf, type Acquirer } from './books/acquirer.ts';
import { addBusinessDays } from './books/calendar.ts';
import { readSettlements } from './books/deposits.ts';
import { countOpen } from './desk/read.ts';
import { findUncovered } from './due.ts';
import {
  isCleanMorning,
  morningSentence,
  whyNoTotals,
  type MorningFacts,
  type MorningRow,
  type MorningView,
} from './morning.ts';
import { readLastNight } from './night.ts';
import { readAcquirers } from './statements/declared.ts';
import type { ReconciliationView, Waiting } from './view.ts';

/** @param wanted another day than the last one before today */
export async function readMorning(
  db: Kysely<Database>,
  municipality: string,
  now: Date,
  wanted?: string,
): Promise<MorningView> {
  const today = businessDateOf(now);
  const { day, quietDay } =
    wanted === undefined ? await findDay(db, municipality, today) : { day: wanted, quietDay: null };
  const waiting = await findUncovered(db, municipality, today);
  const acquirers = (await readAcquirers(db, municipality)).map(({ definition }) => definition);
  const facts: MorningFacts = {
    ...{ today, day, quietDay },
    ours: await sumPayments(db, municipality, day),
    terminal: await readTerminals(db, municipality, day),
    statement: await readStatementSide(db, municipality, day),
    bank: await readBankSide(db, municipality, day, acquirers),
    waitingCounters: waiting
      .filter(({ kind, businessDate }) => kind === 'closing' && businessDate === day)
      .map(({ counter }) => counter),
    afterClosing: sumAfterClosing(waiting, day),
    openCases: await countOpen(db, municipality),
    doubles: await countDoubles(db, municipality),
    awaitedInAll: await sumAwaited(db, municipality),
    night: await readLastNight(db, municipality, now),
  };
  return {
    ...facts,
    sentence: morningSentence(facts),
    isClean: isCleanMorning(facts),
    noTotals: whyNoTotals(facts),
    rows: await readRows(db, municipality, day),
    waiting,
  };
}

function sumAfterClosing(waiting: readonly Waiting[], day: string): Sum {
  const some = waiting.filter(({ kind, businessDate }) => kind === 'next_closing' && businessDate === day);
  return {
    count: some.reduce((sum, { payments }) => sum + payments.count, 0),
    amountYen: some.reduce((sum, { payments }) => sum + payments.amountYen, 0),
  };
}

/** The last day before today on which something was taken, and whether a business day without anything came after it. */
async function findDay(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<Pick<MorningFacts, 'day' | 'quietDay'>> {
  const { last } = await db
    .selectFrom('payments')
    .select(({ fn }) => fn.max<string | null>('business_date').as('last'))
    .where('municipality', '=', municipality)
    .where('business_date', '<', today)
    .where('state', 'in', ['approved', 'unknown', 'armed'])
    .executeTakeFirstOrThrow();
  const before = addBusinessDays(today, -1);
  if (last === null) return { day: before, quietDay: null };
  return { day: last, quietDay: last < before ? before : null };
}

/** A sale counts one, and what was given back takes its sale out again. */
const COUNTS = sql`CASE WHEN p.kind = 'sale' THEN 1 ELSE -1 END`;
const COUNTED = sql`coalesce(sum(${COUNTS}), 0)::bigint`;

async function sumPayments(db: Kysely<Database>, municipality: string, day: string): Promise<Sum> {
  const { rows } = await sql<Sum>`
    SELECT ${COUNTED} AS count, coalesce(sum(p.signed_yen), 0)::bigint AS "amountYen" FROM payments p
    WHERE p.municipality = ${municipality} AND p.business_date = ${day} AND p.state = 'approved'`.execute(db);
  return rows[0] ?? { count: 0, amountYen: 0 };
}

async function readTerminals(
  db: Kysely<Database>,
  municipality: string,
  day: string,
): Promise<MorningFacts['terminal']> {
  const rows = await db
    .selectFrom('reconciliations')
    .distinctOn('counter')
    .select('result')
    .where('municipality', '=', municipality)
    .where('business_date', '=', day)
    .orderBy('counter')
    .orderBy('version', 'desc')
    .execute();
  if (rows.length === 0) return null;
  const results = rows.map(({ result }) => result as ReconciliationView);
  return {
    count: results.reduce((sum, { theirs }) => sum + theirs.count, 0),
    amountYen: results.reduce((sum, { theirs }) => sum + theirs.amountYen, 0),
    differenceYen: results.reduce((sum, { differenceYen }) => sum + differenceYen, 0),
    isDifferent: results.some(({ status }) => status === 'different'),
    isExplained: results.some(({ rows: compared }) =>
      compared.some(({ isExplained }) => isExplained === true),
    ),
  };
}

async function readStatementSide(
  db: Kysely<Database>,
  municipality: string,
  day: string,
): Promise<MorningFacts['statement']> {
  const { rows } = await sql<Sum & { awaitedCount: number; awaitedYen: number; until: string | null }>`
    SELECT coalesce(sum(${COUNTS}) FILTER (WHERE c.line_id IS NOT NULL), 0)::bigint AS count, coalesce(sum(c.theirs_yen), 0)::bigint AS "amountYen",
      count(*) FILTER (WHERE c.status IN ('awaited', 'timing')) AS "awaitedCount",
      coalesce(sum(c.ours_yen) FILTER (WHERE c.status IN ('awaited', 'timing')), 0)::bigint AS "awaitedYen",
      max(c.due) FILTER (WHERE c.status = 'awaited') AS until
    FROM payments p JOIN current_matches c
      ON (c.municipality, c.counter, c.operation_id) = (p.municipality, p.counter, p.operation_id)
    WHERE p.municipality = ${municipality} AND p.business_date = ${day}`.execute(db);
  const [row] = rows;
  return {
    ...{ count: row?.count ?? 0, amountYen: row?.amountYen ?? 0, until: row?.until ?? null },
    awaited: { count: row?.awaitedCount ?? 0, amountYen: row?.awaitedYen ?? 0 },
  };
}

/** A deposit is no day's: what of the day lies in batches that are paid, and when the rest has to be here. */
async function readBankSide(
  db: Kysely<Database>,
  municipality: string,
  day: string,
  acquirers: readonly Acquirer[],
): Promise<MorningFacts['bank']> {
  const { rows } = await sql<{ acquirer: string; batch: string | null; onDate: string | null; yen: number }>`
    SELECT c.acquirer, l.batch, l.on_date AS "onDate", sum(c.theirs_yen)::bigint AS yen
    FROM payments p
    JOIN current_matches c
      ON (c.municipality, c.counter, c.operation_id) = (p.municipality, p.counter, p.operation_id)
    LEFT JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
    WHERE p.municipality = ${municipality} AND p.business_date = ${day} AND p.state = 'approved'
    GROUP BY 1, 2, 3`.execute(db);
  const settlements = await readSettlements(db, municipality);
  const parts = rows.map(({ acquirer, batch, onDate, yen }) => {
    const declared = acquirers.find(({ code }) => code === acquirer);
    const due = declared === undefined ? undefined : dueOf(declared, onDate ?? day);
    const named = batch ?? due?.closesOn ?? onDate;
    const isPaid = settlements.some(
      (each) =>
        each.acquirer === acquirer &&
        each.deposits.length > 0 &&
        onDate !== null &&
        named !== null &&
        each.batches.includes(named),
    );
    return { yen, isPaid, paysOn: due?.paysOn };
  });
  const days = parts.flatMap(({ isPaid, paysOn }) => (isPaid || paysOn === undefined ? [] : [paysOn]));
  const sorted = days.toSorted();
  return {
    settledYen: parts.reduce((sum, { isPaid, yen }) => sum + (isPaid ? yen : 0), 0),
    ...{ dueFrom: sorted[0] ?? null, dueUntil: sorted.at(-1) ?? null },
  };
}

async function countDoubles(db: Kysely<Database>, municipality: string): Promise<number> {
  const { count } = await db
    .selectFrom('once_doubles')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('municipality', '=', municipality)
    .executeTakeFirstOrThrow();
  return count;
}

async function sumAwaited(db: Kysely<Database>, municipality: string): Promise<Sum> {
  const { rows } = await sql<Sum>`
    SELECT count(*) AS count, coalesce(sum(ours_yen), 0)::bigint AS "amountYen" FROM current_matches
    WHERE municipality = ${municipality} AND status IN ('awaited', 'timing') AND operation_id IS NOT NULL`.execute(
    db,
  );
  return rows[0] ?? { count: 0, amountYen: 0 };
}

async function readRows(db: Kysely<Database>, municipality: string, day: string): Promise<MorningRow[]> {
  const { rows } = await sql<MorningRow>`
    SELECT p.window_name_ja AS "windowNameJa", p.method,
      coalesce(sum(${COUNTS}) FILTER (WHERE p.state = 'approved'), 0)::bigint AS count,
      coalesce(sum(p.signed_yen) FILTER (WHERE p.state = 'approved'), 0)::bigint AS "amountYen",
      count(*) FILTER (WHERE c.status IN ('awaited', 'timing')) AS awaited,
      count(*) FILTER (WHERE c.status IS NULL AND p.state = 'approved') AS unmatched, count(d.case_id) AS cases
    FROM payments p
    LEFT JOIN current_matches c
      ON (c.municipality, c.counter, c.operation_id) = (p.municipality, p.counter, p.operation_id)
    LEFT JOIN case_turns d ON d.municipality = p.municipality AND d.counter = p.counter
      AND d.subject = 'op ' || p.operation_id AND d.turn IN ('opened', 'reopened')
    WHERE p.municipality = ${municipality} AND p.business_date = ${day}
      AND (p.state = 'approved' OR d.case_id IS NOT NULL)
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows;
}
