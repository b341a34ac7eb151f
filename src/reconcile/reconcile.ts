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
import type { TerminalTotals, TotalsGrain } from '../terminal/terminal.ts';
import type { Span } from './compare.ts';
import { dateJa, reconcileSpans, type DayKey, type DayResult } from './day.ts';
import type { ReconciliationView, Waiting } from './view.ts';
import { findDueDays, findUncovered } from './due.ts';

/** How a terminal model counts; undefined: no driver of that name is known here. */
export type GrainOf = (model: string) => TotalsGrain | undefined;

/** The counter's record of a terminal's totals (`totals`), as closing writes it. */
interface TotalsRecord {
  terminal: string;
  model: string;
  businessDate: string;
  purpose: 'opening' | 'closing';
  totals: TerminalTotals;
}

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
      unknownModels.push({ counter, businessDate, sentence, payments: { count: 0, amountYen: 0 } });
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
    const recorded = (await Promise.all(closings.map((closing) => readSpans(trx, key, closing)))).flat();
    const spans: Span[] = [];
    for (const { model, ...span } of recorded) {
      const grain = grainOf(model);
      if (grain === undefined) return { kind: 'unknown_model', model };
      spans.push({ ...span, grain });
    }
    const lost = await readLost(trx, key, closings);
    return writeVersion(trx, key, {
      closings: closings.reduce((sum, { count }) => sum + count, 0),
      digest: sha256(canonicalJson(lost.length === 0 ? recorded : { recorded, lost })),
      result: reconcileSpans(key, spans, lost),
    });
  });
}

interface JournalClosing {
  journalId: string;
  /** The last closing of the day in this journal. */
  sequence: number;
  count: number;
}

async function readClosings(trx: Transaction<Database>, key: DayKey): Promise<JournalClosing[]> {
  return trx
    .selectFrom('events')
    .select(({ fn }) => [
      'journal_id as journalId',
      fn.max('sequence').as('sequence'),
      fn.countAll<number>().as('count'),
    ])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('type', '=', 'closed')
    .where('operation_id', 'is', null)
    .where(sql`payload ->> 'businessDate'`, '=', key.businessDate)
    .groupBy('journal_id')
    .orderBy('journal_id')
    .execute();
}

/** The terminals whose totals the day was closed without, because they were lost. */
async function readLost(
  trx: Transaction<Database>,
  key: DayKey,
  closings: readonly JournalClosing[],
): Promise<string[]> {
  const rows = await trx
    .selectFrom('events')
    .select('payload')
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('type', '=', 'closed')
    .where((where) =>
      where.or(
        closings.map(({ journalId, sequence }) =>
          where.and([where('journal_id', '=', journalId), where('sequence', '=', sequence)]),
        ),
      ),
    )
    .execute();
  return rows.flatMap(({ payload }) => (payload as { lost?: string[] }).lost ?? []);
}

type RecordedSpan = Omit<Span, 'grain'> & { model: string };

/** Per terminal: from the reading before the day's first closing to the day's last one. */
async function readSpans(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, sequence }: JournalClosing,
): Promise<RecordedSpan[]> {
  const rows = await trx
    .selectFrom('events')
    .select(['sequence', 'at', 'payload'])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('journal_id', '=', journalId)
    .where('type', '=', 'totals')
    .where('operation_id', 'is', null)
    .where('sequence', '<', sequence)
    .orderBy('sequence')
    .execute();
  const readings = rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    ...(row.payload as TotalsRecord),
  }));
  const spans: RecordedSpan[] = [];
  for (const [terminal, own] of Map.groupBy(readings, (reading) => reading.terminal)) {
    const isOfDay = ({ purpose, businessDate }: TotalsRecord): boolean =>
      purpose === 'closing' && businessDate === key.businessDate;
    const end = own.findLast(isOfDay);
    if (end === undefined) continue;
    const base = own.findLast((reading) => reading.sequence < end.sequence && !isOfDay(reading));
    spans.push({
      terminal,
      model: end.model,
      base: base?.totals ?? null,
      end: end.totals,
      payments: await readPayments(trx, key, { journalId, terminal, base, end }),
    });
  }
  return spans;
}

interface ReadingsOf {
  journalId: string;
  terminal: string;
  base: { sequence: number; at: string } | undefined;
  end: { sequence: number; at: string };
}

/** Between two readings: by the place in the journal; what was entered by hand later, by the time on its slip. */
async function readPayments(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, terminal, base, end }: ReadingsOf,
): Promise<Span['payments']> {
  return trx
    .selectFrom('payments')
    .select([
      'operation_id as id',
      'kind',
      'state',
      'signed_yen as signedYen',
      'method',
      'brand',
      'business_date as businessDate',
      'contradicted',
    ])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('journal_id', '=', journalId)
    .where('terminal', '=', terminal)
    .where((eb) =>
      eb.or([
        eb.and([
          eb('by_hand', '=', false),
          eb('sequence', '>', base?.sequence ?? 0),
          eb('sequence', '<', end.sequence),
        ]),
        eb.and([
          eb('by_hand', '=', true),
          eb('armed_at', '>', base?.at ?? '-infinity'),
          eb('armed_at', '<=', end.at),
        ]),
      ]),
    )
    .orderBy('sequence')
    .execute();
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
    .returning(['version', 'at'])
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
    .select(['version', 'at', 'result'])
    .where('municipality', '=', municipality)
    .orderBy('business_date', 'desc')
    .orderBy('counter')
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ version, at, result }) => ({ ...(result as DayResult), version, at }));
}
