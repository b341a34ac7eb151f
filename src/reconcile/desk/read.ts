/** The desk as it is read: what is open, what was closed lately, and one case in full. */
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { findCase } from './acts.ts';
import { ageInBusinessDays, byUrgency, type Actor } from './case.ts';
import { ENGINE, readKnown, type KnownCase } from './cases.ts';
import { findCandidates } from './pairs.ts';
import { proposeFor } from './reasons.ts';
import type { CaseDetail, CaseView, DeskView } from './view.ts';

const MOST_OPEN = 1000;
const MOST_CLOSED = 100;

export async function readDesk(
  db: Kysely<Database>,
  municipality: string,
  { today, people }: { today: string; people: Actor[] },
): Promise<DeskView> {
  const turns = db
    .selectFrom('case_turns')
    .select(['counter', 'subject', 'case_id as caseId', 'opened_on as openedOn'])
    .where('municipality', '=', municipality);
  const [open, closed] = await Promise.all([
    turns
      .where('turn', 'in', ['opened', 'reopened'])
      .orderBy('opened_on')
      .orderBy('case_id')
      .limit(MOST_OPEN)
      .execute(),
    turns
      .where('turn', 'in', ['settled', 'resolved'])
      .orderBy('turned_at', 'desc')
      .orderBy('case_id', 'desc')
      .limit(MOST_CLOSED)
      .execute(),
  ]);
  const [openCases, closedCases] = await Promise.all([
    readKnown(db, municipality, open),
    readKnown(db, municipality, closed),
  ]);
  return {
    today,
    open: openCases.map((each) => viewOf(each, today)).toSorted(byUrgency),
    closed: closedCases.map((each) => viewOf(each, today)),
    people,
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
  const { facts, asked } = known.state;
  const candidates = await findCandidates(db, municipality, known.counter, facts);
  return {
    ...viewOf(known, today),
    ...{ events: known.events, candidates, next: proposeFor(facts, asked !== null, candidates) },
  };
}

/** How many need a person. */
export async function countOpen(db: Kysely<Database>, municipality: string): Promise<number> {
  const { many } = await db
    .selectFrom('case_turns')
    .select(({ fn }) => fn.countAll<number>().as('many'))
    .where('municipality', '=', municipality)
    .where('turn', 'in', ['opened', 'reopened'])
    .executeTakeFirstOrThrow();
  return many;
}

function viewOf({ caseId, counter, openedOn, state, events }: KnownCase, today: string): CaseView {
  const last = events.at(-1);
  return {
    ...state,
    ...{ caseId, counter, openedOn, ageDays: ageInBusinessDays(openedOn, today) },
    ...{ lastAt: last?.at ?? '', lastBy: last?.by ?? ENGINE },
  };
}
