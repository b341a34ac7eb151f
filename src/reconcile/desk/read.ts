/** The desk as it is read: what is open, what was closed lately, and one case in full. */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { findCase } from './acts.ts';
import { ageInBusinessDays, byUrgency, type Actor } from './case.ts';
import { ENGINE, readKnown, type KnownCase } from './cases.ts';
import { findOriginal } from './original.ts';
import { findCandidates, findPairOf, findPartner } from './pairs.ts';
import { proposeFor } from './reasons.ts';
import { findCases } from './search.ts';
import type { CaseDetail, CaseView, DeskView } from './view.ts';

interface DeskAsked {
  today: string;
  people: Actor[];
  most: { open: number; closed: number };
  /** Left out: all of them. */
  search?: string;
}

/** The open cases and the last closed ones that a search finds, at most so many of each. */
export async function readDesk(
  db: Kysely<Database>,
  municipality: string,
  { today, people, most, search = '' }: DeskAsked,
): Promise<DeskView> {
  const ids = await findCases(db, municipality, search);
  const isMeant = ids === undefined ? sql<SqlBool>`true` : sql<SqlBool>`case_id = ANY(${ids}::bigint[])`;
  const turns = db
    .selectFrom('case_turns')
    .select(['counter', 'subject', 'case_id as caseId', 'opened_on as openedOn'])
    .where('municipality', '=', municipality)
    .where(isMeant);
  const [open, closed] = await Promise.all([
    turns
      .where('turn', 'in', ['opened', 'reopened'])
      .orderBy('opened_on')
      .orderBy('case_id')
      .limit(most.open)
      .execute(),
    turns
      .where('turn', 'in', ['settled', 'resolved'])
      .orderBy('turned_at', 'desc')
      .orderBy('case_id', 'desc')
      .limit(most.closed)
      .execute(),
  ]);
  const [openCases, closedCases, many] = await Promise.all([
    readKnown(db, municipality, open),
    readKnown(db, municipality, closed),
    countTurns(db, municipality),
  ]);
  const found = ids === undefined ? many : await countTurns(db, municipality, isMeant);
  const ageOf = rememberAges();
  return {
    today,
    open: openCases.map((each) => viewOf(each, today, ageOf)).toSorted(byUrgency),
    closed: closedCases.map((each) => viewOf(each, today, ageOf)),
    ...{ people, many, search, found },
  };
}

/** Undefined: there is no such case. */
export async function readCase(
  db: Kysely<Database>,
  municipality: string,
  caseId: number,
  today: string,
): Promise<CaseDetail | undefined> {
  const known = await findCase(db, municipality, caseId);
  if (known === undefined) return undefined;
  const { facts, asked, proposal } = known.state;
  const [candidates, original, pair, partner] = await Promise.all([
    findCandidates(db, municipality, known.counter, facts),
    findOriginal(db, municipality, known.counter, facts),
    findPairOf(db, municipality, caseId),
    findPartner(db, municipality, known.counter, { facts, proposed: proposal?.pair }),
  ]);
  return {
    ...viewOf(known, today),
    events: known.events,
    isPaired: pair !== undefined,
    ...{ candidates, original, partner },
    next: proposeFor(facts, asked !== null, candidates),
  };
}

/** How many there are, whatever of them is shown. */
async function countTurns(
  db: Kysely<Database>,
  municipality: string,
  isMeant: RawBuilder<SqlBool> = sql`true`,
): Promise<{ open: number; closed: number }> {
  const { all, open } = await db
    .selectFrom('case_turns')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('all'),
      fn
        .countAll<number>()
        .filterWhere(eb('turn', 'in', ['opened', 'reopened']))
        .as('open'),
    ])
    .where('municipality', '=', municipality)
    .where(isMeant)
    .executeTakeFirstOrThrow();
  return { open, closed: all - open };
}

/** How many need a person. */
export const countOpen = async (db: Kysely<Database>, municipality: string): Promise<number> =>
  (await countTurns(db, municipality)).open;

type AgeOf = typeof ageInBusinessDays;

/** A thousand cases are of a few days. */
function rememberAges(): AgeOf {
  const ages = new Map<string, number>();
  return (openedOn, until) => {
    const days = `${openedOn} ${until}`;
    const age = ages.get(days) ?? ageInBusinessDays(openedOn, until);
    ages.set(days, age);
    return age;
  };
}

function viewOf(
  { caseId, counter, openedOn, state, events }: KnownCase,
  today: string,
  ageOf: AgeOf = ageInBusinessDays,
): CaseView {
  const last = events.at(-1);
  const ended = events.findLast(({ kind }) => kind === 'resolved' || kind === 'settled');
  const until = state.state === 'resolved' ? (ended?.onDate ?? today) : today;
  return {
    ...state,
    ...{ caseId, counter, openedOn, ageDays: ageOf(openedOn, until) },
    ...{ lastAt: last?.at ?? '', lastBy: last?.by ?? ENGINE },
  };
}
