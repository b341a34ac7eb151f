/**
 * What a day's comparison lies between: for each terminal and settlement period the reading before the day's first closing
 * and that of its last one, or the 日計. What a device took that is lost or replaced, or settled by itself, before anybody
 * has read it lies between no two readings, and is named, so that no yen is silently left out.
 */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { TerminalNames } from '../terminal/offer.ts';
import type { ComparedPayment } from './compare.ts';
import type { DayKey } from './day.ts';
import { minuteOf, type DoubtfulPayment, type DoubtfulSpan } from './explain.ts';
import { findParts, nameOf, type LeftOutBecause, type PeriodRecord, type Place } from './parts.ts';

/** The last closing of a day in one journal. */
interface JournalClosing extends Place {
  journalId: string;
  /** How often the day was closed there. */
  count: number;
  /** The terminals that it was closed without, because they were lost. */
  lost: string[];
  /** What the terminals were called then; older closings do not say. */
  names: TerminalNames | undefined;
  /** The closing of an earlier day before it; undefined: there is none. */
  previous: Place | undefined;
}

/** The day's last closing in each journal; one that has not closed it is left out. */
export async function readClosings(trx: Transaction<Database>, key: DayKey): Promise<JournalClosing[]> {
  const rows = await trx
    .selectFrom('events')
    .select(['journal_id', 'sequence', 'at', 'payload'])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('type', '=', 'closed')
    .where('operation_id', 'is', null)
    .where(sql`payload ->> 'businessDate'`, '<=', key.businessDate)
    .orderBy('journal_id')
    .orderBy('sequence')
    .execute();
  const dateOf = ({ payload }: (typeof rows)[number]): string =>
    (payload as { businessDate: string }).businessDate;
  return [...Map.groupBy(rows, ({ journal_id }) => journal_id)].flatMap(([journalId, own]) => {
    const ofDay = own.filter((row) => dateOf(row) === key.businessDate);
    const last = ofDay.at(-1);
    if (last === undefined) return [];
    const { lost = [], names } = last.payload as { lost?: string[]; names?: TerminalNames };
    const previous = own.findLast((row) => dateOf(row) < key.businessDate);
    return [{ journalId, sequence: last.sequence, at: last.at, count: ofDay.length, lost, names, previous }];
  });
}

type RecordedSpan = Omit<DoubtfulSpan, 'grain' | 'earlier'> & { model: string };

/** Where a terminal's span begins in its journal; `after` undefined: with the journal. */
interface Beginning {
  journalId: string;
  terminalId: string;
  after: Place | undefined;
}

/** What one terminal took that is compared with no totals, and why. */
export interface Uncompared {
  terminal: string;
  because: LeftOutBecause;
  payments: readonly ComparedPayment[];
}

/** What each terminal took up to a closing, split where its totals began anew; apart, what no totals stand beside. */
export async function readSpans(
  trx: Transaction<Database>,
  key: DayKey,
  closing: JournalClosing,
): Promise<{ spans: { recorded: RecordedSpan; began: Beginning }[]; uncompared: Uncompared[] }> {
  const { journalId } = closing;
  const spans: { recorded: RecordedSpan; began: Beginning }[] = [];
  const uncompared: Uncompared[] = [];
  const records = await readRecords(trx, key, closing);
  for (const [terminal, own] of Map.groupBy(records, (record) => record.terminal)) {
    const { compared, gaps } = findParts(own, key.businessDate, closing, closing.lost.includes(terminal));
    for (const part of compared) {
      const { base, after, until } = part;
      spans.push({
        recorded: {
          terminal: nameOf(terminal, part),
          model: until.model,
          base,
          end: until.totals,
          payments: await readPayments(trx, key, { journalId, terminal, after, until }),
        },
        began: { journalId, terminalId: terminal, after },
      });
    }
    for (const { because, ...gap } of gaps) {
      const payments = await readPayments(trx, key, { journalId, terminal, ...gap });
      const open = payments.filter(({ state }) => ['approved', 'unknown', 'armed'].includes(state));
      if (open.length > 0) uncompared.push({ terminal, because, payments: open });
    }
  }
  return { spans, uncompared };
}

async function readRecords(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, sequence }: JournalClosing,
): Promise<PeriodRecord[]> {
  const rows = await trx
    .selectFrom('events')
    .select(['sequence', 'at', 'type', 'payload'])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('journal_id', '=', journalId)
    .where('type', 'in', ['totals', 'period_began'])
    .where('operation_id', 'is', null)
    .where('sequence', '<', sequence)
    .orderBy('sequence')
    .execute();
  return rows.map(({ payload, ...place }) => ({ ...(payload as object), ...place }) as PeriodRecord);
}

interface Stretch {
  journalId: string;
  terminal: string;
  after: Place | undefined;
  until: Place;
}

/** Between two places: by the place in the journal; what was entered by hand later, by the time on its slip. */
async function readPayments(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, terminal, after, until }: Stretch,
): Promise<DoubtfulPayment[]> {
  return paymentsOn(trx, key, journalId, terminal)
    .where((eb) =>
      eb.or([
        eb.and([
          eb('by_hand', '=', false),
          eb('sequence', '>', after?.sequence ?? 0),
          eb('sequence', '<', until.sequence),
        ]),
        eb.and([
          eb('by_hand', '=', true),
          eb('armed_at', '>', after?.at ?? '-infinity'),
          eb('armed_at', '<=', until.at),
        ]),
      ]),
    )
    .orderBy('sequence')
    .execute();
}

/**
 * Armed before a span, and unknown, or found paid on this day, and slips of the minute in which it began: the terminal may
 * have counted them in it. Asked only where its totals differ.
 */
export async function readEarlier(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, terminalId, after }: Beginning,
): Promise<DoubtfulPayment[]> {
  if (after === undefined) return [];
  return paymentsOn(trx, key, journalId, terminalId)
    .where((eb) => {
      const isFound = eb.and([
        eb('state', '=', 'approved'),
        eb('late', '=', true),
        eb('posted_on', '=', key.businessDate),
        eb('state_at', '>', after.at),
      ]);
      return eb.or([
        eb.and([
          eb('by_hand', '=', false),
          eb('sequence', '<', after.sequence),
          eb.or([eb('state', '=', 'unknown'), isFound]),
        ]),
        eb.and([
          eb('by_hand', '=', true),
          eb('state', '=', 'approved'),
          eb('armed_at', '>=', minuteOf(after.at)),
          eb('armed_at', '<=', after.at),
        ]),
      ]);
    })
    .orderBy('sequence')
    .execute();
}

const paymentsOn = (trx: Transaction<Database>, key: DayKey, journalId: string, terminal: string) =>
  trx
    .selectFrom('payments')
    .select([
      'operation_id as id',
      'sequence as number',
      'kind',
      'state',
      'signed_yen as signedYen',
      'method',
      'brand',
      'business_date as businessDate',
      'contradicted',
      'by_hand as byHand',
      'late',
    ])
    .where('municipality', '=', key.municipality)
    .where('counter', '=', key.counter)
    .where('journal_id', '=', journalId)
    .where('terminal', '=', terminal);
