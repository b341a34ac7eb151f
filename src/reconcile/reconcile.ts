/**
 * START. Reconciliation (突合), first edge: what the terminals counted against what our journals say.
 *
 * A counter's business date is ready once its closing has been drained: the readings of the terminals and everything
 * armed before them lie in front of it in the same journal. The office asks no terminal. Results are versions: what
 * becomes known later (a lost answer found again, a second closing) makes a new one.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { TotalsGrain } from '../terminal/driver.ts';
import { nameOfTerminal, type TerminalNames } from '../terminal/offer.ts';
import { compareTotals, isDifferent } from './compare.ts';
import { dateJa, reconcileSpans, type DayKey, type DayResult } from './day.ts';
import type { ReconciliationView, Waiting } from './view.ts';
import { findDueDays, findUncovered } from './due.ts';
import type { DoubtfulSpan } from './explain.ts';
import { readClosings, readEarlier, readSpans } from './spans.ts';

/** How a terminal model counts; undefined: no driver of that name is known here. */
export type GrainOf = (model: string) => TotalsGrain | undefined;

/** What became of one day. */
export type DayOutcome =
  | { kind: 'written'; view: ReconciliationView }
  /** Nothing has changed since the last version. */
  | { kind: 'unchanged' }
  | { kind: 'not_closed' }
  | { kind: 'unknown_model'; model: string };

/** Every business date that is ready and not reconciled, or of which something new is known; and what waits. */
export async function reconcileDue(
  db: Kysely<Database>,
  municipality: string,
  grainOf: GrainOf,
  today: string,
): Promise<{ reconciled: number; waiting: Waiting[] }> {
  let reconciled = 0;
  const unknownModels: Waiting[] = [];
  for (const { counter, businessDate } of await findDueDays(db, municipality)) {
    const outcome = await reconcileDay(db, { municipality, counter, businessDate }, grainOf);
    if (outcome.kind === 'written') reconciled += 1;
    if (outcome.kind === 'unknown_model') {
      const sentence = `窓口 ${counter} の ${dateJa(businessDate)} は、端末の機種「${outcome.model}」を知らないため突合できません。管理者に連絡してください。`;
      unknownModels.push({
        ...{ kind: 'model', counter, businessDate, sentence, payments: { count: 0, amountYen: 0 } },
      } as const);
    }
  }
  return { reconciled, waiting: [...unknownModels, ...(await findUncovered(db, municipality, today))] };
}

/** Compares one day, and writes a new version if the result rests on anything that the last one did not know. */
export async function reconcileDay(db: Kysely<Database>, key: DayKey, grainOf: GrainOf): Promise<DayOutcome> {
  return db.transaction().execute(async (trx) => {
    // However many offices are up: one works on a day, the next one sees what it wrote.
    const lock = canonicalJson(['reconcile', key]);
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
    const closings = await readClosings(trx, key);
    if (closings.length === 0) return { kind: 'not_closed' };
    const read = await Promise.all(closings.map((closing) => readSpans(trx, key, closing)));
    const found = read.flatMap((each) => each.spans);
    const uncompared = read.flatMap((each) => each.uncompared);
    const lost = closings.flatMap((closing) => closing.lost);
    // As its counter called it at the closing.
    const names = Object.assign({}, ...closings.map((closing) => closing.names)) as TerminalNames;
    const spans: DoubtfulSpan[] = [];
    for (const { recorded, began } of found) {
      const { model, ...span } = recorded;
      const grain = grainOf(model);
      if (grain === undefined) return { kind: 'unknown_model', model };
      const differs = compareTotals({ ...span, grain }).rows.some(isDifferent);
      const terminal = nameOfTerminal(names, began.terminalId) + span.terminal.slice(began.terminalId.length);
      spans.push({ ...span, terminal, grain, earlier: differs ? await readEarlier(trx, key, began) : [] });
    }
    const recorded = found.map((each) => each.recorded);
    const earlier = spans.flatMap((span) => span.earlier ?? []);
    const isPlain = lost.length === 0 && uncompared.length === 0 && earlier.length === 0;
    const leftOut = {
      lost: lost.map((id) => nameOfTerminal(names, id)),
      uncompared: uncompared.map((each) => ({ ...each, terminal: nameOfTerminal(names, each.terminal) })),
    };
    return writeVersion(trx, key, {
      closings: closings.reduce((sum, { count }) => sum + count, 0),
      digest: sha256(canonicalJson(isPlain ? recorded : { recorded, lost, uncompared, earlier })),
      result: reconcileSpans(key, spans, leftOut),
    });
  });
}

async function writeVersion(
  trx: Transaction<Database>,
  key: DayKey,
  found: { closings: number; digest: string; result: DayResult },
): Promise<DayOutcome> {
  const last = await trx
    .selectFrom('reconciliations')
    .select(['version', 'inputs_digest', 'closings'])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('business_date', '=', key.businessDate)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.inputs_digest === found.digest && last.closings === found.closings) return { kind: 'unchanged' };
  const written = await trx
    .insertInto('reconciliations')
    .values({
      municipality: key.municipality,
      counter: key.counter,
      business_date: key.businessDate,
      version: (last?.version ?? 0) + 1,
      closings: found.closings,
      inputs_digest: found.digest,
      result: JSON.stringify(found.result),
    })
    .returning(['version', 'at', 'closings'])
    .executeTakeFirstOrThrow();
  return { kind: 'written', view: { ...found.result, ...written } };
}

/** The newest version of each day, newest day first. */
export async function readReconciliations(
  db: Kysely<Database>,
  municipality: string,
  limit: number,
): Promise<ReconciliationView[]> {
  const rows = await db
    .selectFrom('reconciliations')
    .distinctOn(['business_date', 'counter'])
    .select(['version', 'at', 'closings', sql<Omit<DayResult, 'compared'>>`result - 'compared'`.as('result')])
    .where('municipality', '=', municipality)
    .orderBy('business_date', 'desc')
    .orderBy('counter')
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ result, ...version }) => ({ ...result, ...version }));
}
