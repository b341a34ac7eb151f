/** What a person does at a case: each act an event, refused if the case has changed since it was looked at. */
import { z } from 'zod';
import { sql, type Kysely, type Transaction } from 'kysely';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import { AppError } from '../../errors.ts';
import { NUMBER_AND_PIN } from '../../staff/gate.ts';
import { addBusinessDays } from '../books/calendar.ts';
import type { Actor, CaseEventBody } from './case.ts';
import { appendEvent, lockCases, readKnown, type CaseKey, type KnownCase } from './cases.ts';
import { notePair, notePairApart } from './pairs.ts';
import { REASONS, REASONS_OF, type ReasonCode } from './reasons.ts';

/** What somebody writes; nothing but characters that nobody sees is nothing. */
const NOTE = z
  .string()
  .trim()
  .max(1000)
  // What PostgreSQL keeps, and a screen shows.
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u)
  .transform((text) => (/[^\p{C}\p{Z}]/u.test(text) ? text : ''));
const TEXT = NOTE.refine((text) => text !== '');
const BASE = { base: z.number().int().min(1) };
const REFERENCE = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('payment'),
    counter: z.string().max(20),
    operationId: z.string().max(64),
  }),
  z.strictObject({ kind: z.literal('line'), lineId: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('file'), fileId: z.number().int().min(1) }),
]);

/** The body of an act. `base`: the last event that the person saw. */
export const ACT = z.discriminatedUnion('act', [
  z.strictObject({ ...BASE, act: z.literal('assign'), to: z.string().max(10).nullable() }),
  z.strictObject({ ...BASE, act: z.literal('comment'), text: TEXT }),
  z.strictObject({
    ...{ ...BASE, act: z.literal('ask'), text: NOTE },
    whom: z.enum(['acquirer', 'counter', 'sender', 'administrator']),
  }),
  z.strictObject({
    ...{ ...BASE, act: z.literal('evidence'), text: TEXT },
    references: z.array(REFERENCE).max(20),
  }),
  z.strictObject({
    ...{ ...BASE, act: z.literal('propose'), note: NOTE },
    reason: z.enum(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]]),
    until: z.iso.date().optional(),
    pair: z
      .strictObject({
        counter: z.string().max(20),
        operationId: z.string().max(64),
        lineId: z.number().int(),
      })
      .optional(),
    /** The other person, who stands beside: it is resolved at once. */
    second: NUMBER_AND_PIN.optional(),
  }),
  z.strictObject({ ...BASE, act: z.literal('withdraw'), text: TEXT }),
  z.strictObject({ ...BASE, act: z.literal('confirm'), second: NUMBER_AND_PIN.optional() }),
  z.strictObject({ ...BASE, act: z.literal('unpair'), text: TEXT, second: NUMBER_AND_PIN }),
]);

export type Act = z.infer<typeof ACT>;

/** What may still be done where a case is closed. */
const OF_CLOSED: readonly Act['act'][] = ['comment', 'evidence', 'unpair'];

/** Half a year: nobody's promise is waited for longer. */
const LONGEST_BUSINESS_DAYS = 125;

interface Context {
  by: Actor;
  /** Who typed number and PIN beside; checked already. */
  second: Actor | undefined;
  /** A colleague's name by number; undefined: nobody who works at the desk. */
  findPerson: (number: string) => Promise<Actor | undefined>;
  now: Date;
}

/**
 * Whether a pair was made or taken apart, so that the books are to be compared again.
 * @throws AppError `case_changed`, `not_found`, `case_closed`, and what the act itself refuses; nothing is recorded then
 */
export async function actOn(
  db: Kysely<Database>,
  { municipality, caseId }: Omit<CaseKey, 'counter'>,
  act: Act,
  context: Context,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await lockCases(trx, municipality);
    const known = await findCase(trx, municipality, caseId);
    if (known === undefined) throw new AppError('not_found');
    if (known.state.state === 'resolved' && !OF_CLOSED.includes(act.act)) throw new AppError('case_closed');
    if (known.state.number !== act.base) throw new AppError('case_changed');
    const key = { municipality, counter: known.counter, caseId };
    const made = await eventOf(trx, municipality, known, act, context);
    const { event, by = context.by, confirmedBy = null } = made;
    const pair = event.kind === 'resolved' ? event.payload.pair : undefined;
    if (pair !== undefined && confirmedBy !== null)
      await notePair(trx, { municipality, caseId, ...pair }, { by, confirmedBy });
    if (event.kind === 'unpaired' && confirmedBy !== null)
      await notePairApart(trx, { municipality, caseId }, { by, confirmedBy });
    await appendEvent(trx, key, act.base + 1, event, { by, confirmedBy, now: context.now });
    return pair !== undefined || event.kind === 'unpaired';
  });
}

/** The case as it stands now; undefined: there is none. */
export async function findCase(
  db: Kysely<Database>,
  municipality: string,
  caseId: number,
): Promise<KnownCase | undefined> {
  const row = await db
    .selectFrom('cases')
    .select(['counter', 'subject', 'case_id as caseId', 'opened_on as openedOn'])
    .where('municipality', '=', municipality)
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return (await readKnown(db, municipality, [row]))[0];
}

interface Made {
  event: CaseEventBody;
  by?: Actor;
  confirmedBy?: Actor;
}

async function eventOf(
  trx: Transaction<Database>,
  municipality: string,
  known: KnownCase,
  act: Act,
  context: Context,
): Promise<Made> {
  switch (act.act) {
    case 'assign': {
      const to = act.to === null ? null : await context.findPerson(act.to);
      if (to === undefined) throw new AppError('not_found');
      return { event: { kind: 'assigned', payload: { to } } };
    }
    case 'comment':
      return { event: { kind: 'commented', payload: { text: act.text } } };
    case 'ask':
      return { event: { kind: 'asked', payload: { whom: act.whom, text: act.text } } };
    case 'evidence':
      for (const reference of act.references) await refuseUnknown(trx, municipality, reference);
      return { event: { kind: 'evidence', payload: { text: act.text, references: act.references } } };
    case 'withdraw':
      if (known.state.proposal === null) throw new AppError('case_changed');
      return { event: { kind: 'withdrawn', payload: { text: act.text } } };
    case 'propose':
      return propose(known, act, context);
    case 'confirm':
      return confirm(known, context);
    case 'unpair':
      if (context.second === undefined) throw new AppError('same_person');
      return { event: { kind: 'unpaired', payload: { text: act.text } }, confirmedBy: context.second };
  }
}

function propose(known: KnownCase, act: Extract<Act, { act: 'propose' }>, context: Context): Made {
  const { reason, note, until, pair } = act;
  const { facts } = known.state;
  const rule = REASONS[reason];
  if (!REASONS_OF[facts.status].includes(reason)) throw new AppError('reason_not_open');
  if (rule.note && note === '') throw new AppError('reason_missing');
  if ((reason === 'paired_by_hand') !== (pair !== undefined))
    throw new AppError('bad_request', { field: 'pair' });
  // A case is closed by a pair of its own row, not of somebody else's.
  if (pair !== undefined && pair.operationId !== facts.operationId && pair.lineId !== facts.lineId)
    throw new AppError('bad_request', { field: 'pair' });
  if ((rule.until === true) !== (until !== undefined)) throw new AppError('bad_request', { field: 'until' });
  const today = businessDateOf(context.now);
  if (until !== undefined && (until < today || until > addBusinessDays(today, LONGEST_BUSINESS_DAYS)))
    throw new AppError('until_out_of_range');
  const resolution = resolutionOf({ reason, note, until, pair });
  const resolved: CaseEventBody = { kind: 'resolved', payload: { ...resolution, facts } };
  if (!rule.fourEyes) return { event: resolved };
  const { second } = context;
  if (second !== undefined) return { event: resolved, confirmedBy: second };
  return { event: { kind: 'proposed', payload: resolution } };
}

type Proposed = Pick<Extract<Act, { act: 'propose' }>, 'reason' | 'note' | 'until' | 'pair'>;

/** Without what does not belong to this reason. */
const resolutionOf = ({ reason, note, until, pair }: Proposed) => ({
  ...{ reason, note },
  ...(until === undefined ? {} : { until }),
  ...(pair === undefined ? {} : { pair }),
});

/** Another person than the one who proposed: signed in, or beside with number and PIN. */
function confirm({ state }: KnownCase, { by, second }: Context): Made {
  const { proposal, facts } = state;
  if (proposal === null) throw new AppError('case_changed');
  const confirmedBy = second ?? by;
  if (confirmedBy.number === proposal.by.number) throw new AppError('same_person');
  const { by: proposer, reason, note, until, pair } = proposal;
  const resolution = resolutionOf({ reason, note, until, pair });
  return { event: { kind: 'resolved', payload: { ...resolution, facts } }, by: proposer, confirmedBy };
}

async function refuseUnknown(
  trx: Transaction<Database>,
  municipality: string,
  reference: z.infer<typeof REFERENCE>,
): Promise<void> {
  const { rows } = await lookUp(municipality, reference).execute(trx);
  if (rows.length === 0) throw new AppError('not_found');
}

function lookUp(municipality: string, reference: z.infer<typeof REFERENCE>) {
  switch (reference.kind) {
    case 'payment':
      return sql`SELECT FROM payments WHERE municipality = ${municipality} AND counter = ${reference.counter}
        AND operation_id = ${reference.operationId}`;
    case 'line':
      return sql`SELECT FROM statement_lines WHERE municipality = ${municipality} AND line_id = ${reference.lineId}`;
    case 'file':
      return sql`SELECT FROM statement_files WHERE municipality = ${municipality} AND file_id = ${reference.fileId}`;
  }
}
