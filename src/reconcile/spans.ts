/**
 * What a day's comparison lies between: for each terminal the reading before the day's first closing and that of its last
 * one. A device that is lost or replaced takes what it counted since its last reading with it: that lies between no two
 * readings, and is named, so that no yen is silently left out.
 */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { TerminalTotals } from '../terminal/terminal.ts';
import type { ComparedPayment, Span } from './compare.ts';
import type { DayKey } from './day.ts';

/** A place in a journal, with its instant. */
interface Place {
  sequence: number;
  at: string;
}

/** The counter's record of a terminal's totals (`totals`), as closing writes it. */
interface TotalsRecord {
  terminal: string;
  model: string;
  businessDate: string;
  purpose: 'opening' | 'closing';
  totals: TerminalTotals;
}

export type Reading = TotalsRecord & Place;

/** The last closing of a day in one journal. */
interface JournalClosing extends Place {
  journalId: string;
  /** How often the day was closed there. */
  count: number;
  /** The terminals that it was closed without, because they were lost. */
  lost: string[];
  /** The closing of an earlier day before it; undefined: there is none. */
  previous: Place | undefined;
}

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
    const { lost = [] } = last.payload as { lost?: string[] };
    const previous = own.findLast((row) => dateOf(row) < key.businessDate);
    return [{ journalId, sequence: last.sequence, at: last.at, count: ofDay.length, lost, previous }];
  });
}

export type RecordedSpan = Omit<Span, 'grain'> & { model: string };

/** What one terminal took that is compared with no totals, and why. */
export interface Uncompared {
  terminal: string;
  because: 'lost' | 'replaced';
  payments: readonly ComparedPayment[];
}

export async function readSpans(
  trx: Transaction<Database>,
  key: DayKey,
  closing: JournalClosing,
): Promise<{ spans: RecordedSpan[]; uncompared: Uncompared[] }> {
  const { journalId } = closing;
  const spans: RecordedSpan[] = [];
  const uncompared: Uncompared[] = [];
  const readings = await readReadings(trx, key, closing);
  for (const [terminal, own] of Map.groupBy(readings, (reading) => reading.terminal)) {
    const { compared, gaps } = findParts(own, key.businessDate, closing, closing.lost.includes(terminal));
    for (const { base, end, isFormer } of compared) {
      spans.push({
        terminal: isFormer ? `${terminal}（替わる前）` : terminal,
        model: end.model,
        base: base?.totals ?? null,
        end: end.totals,
        payments: await readPayments(trx, key, { journalId, terminal, after: base, until: end }),
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

interface Parts {
  /** `isFormer`: of a device that was replaced on this very day. */
  compared: { base: Reading | undefined; end: Reading; isFormer: boolean }[];
  gaps: { after: Place; until: Place; because: Uncompared['because'] }[];
}

/**
 * A device's totals begin with an `opening` reading and end with its last reading. Pure.
 * @param own one terminal's readings before the closing, in order
 * @param day only what lies between these closings is this day's to name
 */
export function findParts(
  own: readonly Reading[],
  businessDate: string,
  day: Place & { previous: Place | undefined },
  isLost: boolean,
): Parts {
  const isOfDay = (reading: Reading): boolean =>
    reading.purpose === 'closing' && reading.businessDate === businessDate;
  const devices: Reading[][] = [];
  for (const reading of own) {
    const device = devices.at(-1);
    if (device === undefined || reading.purpose === 'opening') devices.push([reading]);
    else device.push(reading);
  }
  const compared: Parts['compared'] = [];
  const gaps: Parts['gaps'] = [];
  devices.forEach((device, index) => {
    const end = device.findLast(isOfDay);
    const successor = devices[index + 1]?.[0];
    if (end !== undefined) {
      const base = device.findLast((reading) => reading.sequence < end.sequence && !isOfDay(reading));
      compared.push({ base, end, isFormer: successor !== undefined });
    }
    const last = device.at(-1);
    const until = successor ?? (isLost ? day : undefined);
    if (last === undefined || until === undefined) return;
    const after = day.previous !== undefined && day.previous.sequence > last.sequence ? day.previous : last;
    if (after.sequence < until.sequence)
      gaps.push({ after, until, because: successor === undefined ? 'lost' : 'replaced' });
  });
  return { compared, gaps };
}

async function readReadings(
  trx: Transaction<Database>,
  key: DayKey,
  { journalId, sequence }: JournalClosing,
): Promise<Reading[]> {
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
  return rows.map((row) => ({ sequence: row.sequence, at: row.at, ...(row.payload as TotalsRecord) }));
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
): Promise<ComparedPayment[]> {
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
