/**
 * The cases in PostgreSQL: following what the books say, and reading them.
 *
 * Following and acting hold one lock per municipality, so that nobody acts on facts that are changing.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import { canonicalJson } from '../../journal/chain.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import {
  foldCase,
  followFacts,
  type Actor,
  type CaseEvent,
  type CaseEventBody,
  type CaseFacts,
  type CaseState,
  type FoundException,
  type SettledBy,
} from './case.ts';
import { explainClosings } from './days.ts';
import { explainSettlements } from './deposits.ts';
import { findExceptions } from './exceptions.ts';
import { lineSubject, operationSubject } from './rows.ts';

export const ENGINE: Actor = { number: 'engine', name: '突合' };

export interface CaseKey {
  municipality: string;
  counter: string;
  caseId: number;
}

/** A case as it is kept: its place and what it is about. */
interface CaseRow {
  counter: string;
  subject: string;
  caseId: number;
  openedOn: string;
}

export interface KnownCase extends CaseRow {
  state: CaseState;
  events: CaseEvent[];
}

const caseLock = (municipality: string): string => `cases ${municipality}`;

/** Until the transaction ends, nobody else follows or acts. */
export async function lockCases(trx: Transaction<Database>, municipality: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${caseLock(municipality)}, 0))`.execute(trx);
}

export interface Followed {
  opened: number;
  changed: number;
  settled: number;
  reopened: number;
}

/** What the books say now, written into the cases: what is new opens, what has come into order is settled and says so. */
export async function followCases(db: Kysely<Database>, municipality: string, now: Date): Promise<Followed> {
  const today = businessDateOf(now);
  return oneAtATime(db, caseLock(municipality), async (trx) => {
    const found = await findExceptions(trx, municipality, today);
    const foundBy = new Map(found.map((each) => [keyOf(each), each]));
    const rows = await trx
      .selectFrom('case_turns')
      .select(['counter', 'subject', 'case_id as caseId', 'opened_on as openedOn', 'turn'])
      .where('municipality', '=', municipality)
      .execute();
    const concerned = rows.filter(
      (row) => row.turn === 'opened' || row.turn === 'reopened' || foundBy.has(keyOf(row)),
    );
    const known = await readKnown(trx, municipality, concerned);
    const knownBy = new Map(known.map((each) => [keyOf(each), each]));
    const gone = known.filter((each) => each.state.state !== 'resolved' && !foundBy.has(keyOf(each)));
    const settledBy = await explainGone(trx, municipality, gone);
    const count: Followed = { opened: 0, changed: 0, settled: 0, reopened: 0 };
    for (const key of new Set([...foundBy.keys(), ...knownBy.keys()])) {
      const [case_, exception] = [knownBy.get(key), foundBy.get(key)];
      const event = followFacts(case_?.state, exception?.facts, {
        today,
        same: sameFacts,
        settledBy: () => settledBy.get(key) ?? 'changed',
      });
      if (event === undefined) continue;
      const kept = case_ ?? (await openCase(trx, municipality, exception, today));
      const number = (case_?.state.number ?? 0) + 1;
      await appendEvent(trx, { municipality, counter: kept.counter, caseId: kept.caseId }, number, event, {
        by: ENGINE,
        now,
      });
      count[event.kind as keyof Followed] += 1;
    }
    return count;
  });
}

const keyOf = ({ counter, subject }: Pick<CaseRow, 'counter' | 'subject'>): string => `${counter} ${subject}`;

const sameFacts = (a: CaseFacts, b: CaseFacts): boolean => canonicalJson(a) === canonicalJson(b);

async function openCase(
  trx: Transaction<Database>,
  municipality: string,
  exception: FoundException | undefined,
  today: string,
): Promise<{ counter: string; caseId: number }> {
  if (exception === undefined) throw new Error('nothing to open a case for');
  const { counter, subject } = exception;
  const { case_id: caseId } = await trx
    .insertInto('cases')
    .values({ municipality, counter, subject, opened_on: today })
    .returning('case_id')
    .executeTakeFirstOrThrow();
  return { counter, caseId };
}

/** @throws if somebody else has written that number: the caller holds the lock, so nobody can */
export async function appendEvent(
  trx: Transaction<Database>,
  { municipality, counter, caseId }: CaseKey,
  number: number,
  { kind, payload }: CaseEventBody,
  { by, confirmedBy = null, now }: { by: Actor; confirmedBy?: Actor | null; now: Date },
): Promise<void> {
  await trx
    .insertInto('case_events')
    .values({
      ...{ municipality, counter, case_id: caseId, number, kind, at: now, on_date: businessDateOf(now) },
      ...{ by_number: by.number, by_name: by.name, payload: JSON.stringify(payload) },
      ...{ confirmed_by: confirmedBy?.number ?? null, confirmed_by_name: confirmedBy?.name ?? null },
    })
    .execute();
}

/** These cases with their whole lives. */
export async function readKnown(
  db: Kysely<Database>,
  municipality: string,
  rows: readonly CaseRow[],
): Promise<KnownCase[]> {
  if (rows.length === 0) return [];
  const { rows: events } = await sql<{
    case_id: number;
    number: number;
    kind: CaseEvent['kind'];
    at: string;
    on_date: string;
    by_number: string;
    by_name: string;
    confirmed_by: string | null;
    confirmed_by_name: string | null;
    payload: unknown;
  }>`
    SELECT case_id, number, kind, at, on_date, by_number, by_name, confirmed_by, confirmed_by_name, payload
    FROM case_events WHERE municipality = ${municipality} AND case_id = ANY(${rows.map(({ caseId }) => caseId)}::bigint[])
    ORDER BY case_id, number`.execute(db);
  const eventsOf = Map.groupBy(events, (event) => event.case_id);
  return rows.map(({ counter, subject, caseId, openedOn }) => {
    const life = (eventsOf.get(caseId) ?? []).map(
      ({ kind, payload, ...event }) =>
        ({
          ...{ kind, payload, number: event.number, at: event.at, onDate: event.on_date },
          by: { number: event.by_number, name: event.by_name },
          confirmedBy:
            event.confirmed_by === null
              ? null
              : { number: event.confirmed_by, name: event.confirmed_by_name ?? '' },
        }) as CaseEvent,
    );
    return { counter, subject, caseId, openedOn, events: life, state: foldCase(life) };
  });
}

/** What became of the rows whose cases are gone. */
async function explainGone(
  db: Kysely<Database>,
  municipality: string,
  gone: readonly KnownCase[],
): Promise<Map<string, SettledBy>> {
  const ids = gone.flatMap(({ state }) => state.facts.operationId ?? []);
  const lines = gone.flatMap(({ state }) => state.facts.lineId ?? []);
  const { rows } = await sql<{
    counter: string;
    operationId: string | null;
    lineId: number | null;
    status: string;
    matchedBy: number | null;
  }>`
    SELECT counter, operation_id AS "operationId", line_id AS "lineId", status, matched_by AS "matchedBy"
    FROM current_matches
    WHERE municipality = ${municipality} AND (operation_id = ANY(${ids}) OR line_id = ANY(${lines}::bigint[]))`.execute(
    db,
  );
  const ofOperation = new Map(
    rows.map((row) => [`${row.counter} ${operationSubject(row.operationId ?? '')}`, row]),
  );
  const ofLine = new Map(rows.map((row) => [lineSubject(row.lineId ?? 0), row]));
  const ofSettlement = await explainSettlements(db, municipality);
  const isClosing = ({ facts }: KnownCase['state']): boolean => facts.status === 'closing_missing';
  const days = gone.flatMap(({ state }) => (isClosing(state) ? (state.facts.onDate ?? []) : []));
  const ofClosing = await explainClosings(db, municipality, days);
  return new Map(
    gone.map((each) => {
      const { facts } = each.state;
      const row = ofOperation.get(keyOf(each)) ?? ofLine.get(each.subject);
      if (row !== undefined) return [keyOf(each), byMatch(facts, row)];
      if (isClosing(each.state))
        return [keyOf(each), ofClosing({ counter: each.counter, onDate: facts.onDate })];
      const isSettlement = each.subject.startsWith('settlement ');
      return [keyOf(each), isSettlement ? ofSettlement({ subject: each.subject, facts }) : byKind(facts)];
    }),
  );
}

function byMatch(
  facts: CaseFacts,
  {
    status,
    operationId,
    matchedBy,
  }: { status: string; operationId: string | null; matchedBy: number | null },
): SettledBy {
  if (matchedBy === 0) return 'pair';
  if (status === 'not_taken') return 'not_taken';
  if (status === 'awaited' || status === 'timing') return 'waits';
  if (facts.status === 'unknown_resolved' && status === 'matched') return 'known';
  if (facts.ours === null && operationId !== null) return status === 'matched' ? 'record' : 'joined';
  return facts.statement === null && status === 'matched' ? 'statement' : 'changed';
}

/** Of what is no row of the books: by which of them was missing. */
function byKind({ status }: CaseFacts): SettledBy {
  if (status.startsWith('file_')) return 'file';
  return status.startsWith('terminal_') ? 'record' : 'changed';
}
