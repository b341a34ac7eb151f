/**
 * How long a day's worth of events takes up to PostgreSQL: `npm run bench:drain -- --events 10000 --json`.
 *
 * seconds: the real drain from a real journal file, with chain, head, projection and commits, into a PostgreSQL of
 * our own with its ordinary settings. bareCopySeconds: one COPY of the same rows into a table of the same make, in
 * the same server, committed. Each is done five times in turn; the middle ones count, and of the ratios, which are taken of
 * neighbours, the middle one: on a busy machine that holds still longest.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { copyInto, copyLine } from '../src/db/copy.ts';
import { openDb } from '../src/db/db.ts';
import { openEmbeddedPostgres } from '../src/db/embedded.ts';
import { applicationUrl, prepareDatabase } from '../src/db/roles.ts';
import type { Database } from '../src/db/schema.ts';
import { createArchive } from '../src/journal/archive.ts';
import { createDrain } from '../src/journal/drain.ts';
import type { StoredEvent } from '../src/journal/audit.ts';
import { openJournal, type Journal } from '../src/journal/journal.ts';
import type { OperationEvent } from '../src/payments/operation-events.ts';
import { projectPayments } from '../src/payments/projection.ts';
import { answerOf, armedSale } from '../test/support/sale.ts';

const MUNICIPALITY = '122327';
const ROUNDS = 5;

const LINES = ['VISA', 'ご利用明細', '400円', '承認 839201'].map((text) => ({
  text,
  align: 'left' as const,
  doubleWidth: false,
  doubleHeight: false,
}));

/** The events of one approved sale, as the reference driver leaves them. */
const SALE: OperationEvent[] = [
  { type: 'armed', payload: armedSale({ requestHash: 'f'.repeat(64) }) },
  {
    type: 'answer',
    payload: {
      answer: answerOf('approved', { raw: '040f'.padEnd(180, '0') }),
      refused: null,
    },
  },
  { type: 'receipt_text', payload: { receipt: 'merchant', lines: LINES, isLast: true } },
  { type: 'ended', payload: { kind: 'completed' } },
];

/** A journal of that many events, in a file as a counter has it. */
function writeJournal(path: string, events: number): Journal {
  const identity = { municipality: MUNICIPALITY, counter: 'bench', book: 'trial' } as const;
  const journal = openJournal(path, identity, () => new Date());
  journal.append('journal_opened', null, { book: 'trial' });
  let id = randomUUID();
  while (journal.head.sequence < events) {
    const event = SALE[(journal.head.sequence - 1) % SALE.length];
    if (event === undefined) throw new Error('no event');
    if (event.type === 'armed') id = randomUUID();
    journal.append(event.type, id, event.payload);
  }
  return journal;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** From the first look at PostgreSQL's head until it has everything. */
async function drainAll(db: Kysely<Database>, journal: Journal): Promise<void> {
  const done = Promise.withResolvers<void>();
  const drain = createDrain({
    journal,
    archive: createArchive(db, projectPayments),
    now: () => new Date(),
    onStatus({ state, detail }) {
      if (state === 'synced') done.resolve();
      if (state === 'stopped') done.reject(new Error(detail ?? state));
    },
    onError: done.reject,
  });
  drain.wake();
  await done.promise;
  await drain.stop();
}

/** As `events` has them, in COPY's text format. */
function copyText(journal: Journal, events: readonly StoredEvent[]): string {
  const { municipality, counter, journalId } = journal;
  return events
    .map((event) => {
      const { sequence, at, type, operationId, payloadText, previousHash, hash } = event;
      const row = [municipality, counter, journalId, sequence, at, type, operationId, payloadText];
      return copyLine([...row, previousHash, hash]);
    })
    .join('');
}

async function measure(
  folder: string,
  events: number,
  undo: (() => unknown)[],
): Promise<Record<string, number>> {
  const journal = writeJournal(join(folder, 'journal.sqlite'), events);
  undo.push(() => journal.close());
  const postgres = await openEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    binDir: process.env['PG_BIN'],
  });
  undo.push(() => postgres.stop());
  const appUrl = applicationUrl(postgres.url);
  await prepareDatabase(postgres.url, appUrl);
  const db = openDb(appUrl, (error) => console.error(error), MUNICIPALITY);
  undo.push(() => db.destroy());
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  undo.push(() => client.end());
  const rounds: { drain: number; copy: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await client.query('ALTER TABLE events DISABLE TRIGGER events_are_kept');
    await client.query('TRUNCATE journals, events, payments, payment_lines');
    await client.query('ALTER TABLE events ENABLE TRIGGER events_are_kept');
    await client.query('DROP TABLE IF EXISTS bare_events');
    await client.query('CREATE TABLE bare_events (LIKE events INCLUDING ALL)');
    await client.query('CHECKPOINT');
    const drain = await timed(() => drainAll(db, journal));
    const rows = journal.eventsAfter(0, events);
    const text = copyText(journal, rows);
    const copy = await timed(() => copyInto(client, 'bare_events', [text]));
    rounds.push({ drain, copy });
  }
  const middle = (measured: (round: { drain: number; copy: number }) => number): number =>
    rounds.map(measured).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
  return {
    events,
    seconds: middle(({ drain }) => drain),
    bareCopySeconds: middle(({ copy }) => copy),
    ratio: middle(({ drain, copy }) => drain / copy),
  };
}

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, json: { type: 'boolean', default: false } },
});
const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
const undo: (() => unknown)[] = [];
try {
  const measured = await measure(folder, Number(flags.events), undo);
  const figures = Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [name, Number(value.toFixed(3))]),
  );
  console.log(flags.json ? JSON.stringify(figures) : figures);
} finally {
  for (const each of undo.reverse()) await each();
  rmSync(folder, { recursive: true, force: true });
}
