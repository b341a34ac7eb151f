/** From drained journals and imported files to versions of what they say of each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { notePair, notePairApart } from '../../../src/reconcile/desk/pairs.ts';
import { readBooks } from '../../../src/reconcile/books/books.ts';
import { declareAcquirer, readAcquirers } from '../../../src/reconcile/statements/declared.ts';
import { MUNICIPALITY } from '../../support/postgres.ts';
import { account } from './bank.ts';
import { byContent } from './judge.ts';
import {
  bring,
  bringLines,
  by,
  DAY,
  declareAgain,
  line,
  match,
  openBooks,
  sell,
  statuses,
} from './sample-books.ts';

/** How many rows PostgreSQL believes a table to have: -1 is nothing at all. */
async function countAsBelieved(db: Kysely<Database>, table: string): Promise<number | undefined> {
  const { rows } = await sql<{ many: number }>`
    SELECT reltuples::bigint AS many FROM pg_class WHERE oid = ${table}::regclass`.execute(db);
  return rows[0]?.many;
}

test('an acquirer that is declared for a counter and for all others has each payment once, by the counter’s terms', async (t) => {
  const { db, counter } = await openBooks(t);
  const [code] = (await readAcquirers(db, MUNICIPALITY))
    .map(({ definition }) => definition)
    .filter(({ brands }) => brands.includes('paypay'));
  if (code === undefined) throw new Error('no sample acquirer of paypay');
  const definition = { ...code, counter: '01', statementAfterBusinessDays: 5 };
  await declareAcquirer(db, MUNICIPALITY, { base: 0, definition, by });
  sell(counter, '0001', 400);
  await counter.drain();
  assert.deepEqual(await match(db, DAY), { changed: 1, ours: 1, theirs: 0 });
  const rows = await db.selectFrom('match_results').select(['status', 'due']).execute();
  // Of all others it is the next business day; the 3rd is 文化の日.
  assert.deepEqual(rows, [{ status: 'awaited', due: '2026-11-10' }]);
});

test('payments wait for their statement, then are matched, and only what is new is compared again', async (t) => {
  const { db, counter } = await openBooks(t);
  const [a, b, c] = [
    sell(counter, '0001', 400),
    sell(counter, '0002', 300),
    sell(counter, '0003', 750, 'unknown'),
  ];
  await counter.drain();
  assert.deepEqual(await match(db, DAY), { changed: 3, ours: 3, theirs: 0 });
  assert.deepEqual([...(await statuses(db)).values()].toSorted(), ['awaited', 'awaited', 'unknown_open']);
  assert.equal((await match(db, DAY)).changed, 0, 'nothing new, no version');
  assert.equal(await countAsBelieved(db, 'payments'), 3, 'paths through the books go by what is in them');

  await bringLines(db, line('1', a, 400), line('2', c, 750), line('3', '', 9_999));
  await match(db);
  const found = await statuses(db);
  assert.deepEqual(
    [found.get(a), found.get(b), found.get(c)],
    ['matched', 'missing_at_provider', 'unknown_resolved'],
  );
  const books = await readBooks(db, MUNICIPALITY);
  assert.equal(books.run?.runId, 2);
  const [edge] = books.run.summary.edges;
  assert.deepEqual(
    [edge?.oursYen, edge?.theirsYen, edge?.differenceYen, edge?.remainderYen, edge?.exceptions],
    [700, 11_149, 10_449, 0, 3],
  );
  assert.equal(books.exceptions.length, 3);

  await bringLines(db, line('4', b, 300));
  const last = await match(db);
  // b and its line, and the two that are open; the matched pair is not looked at.
  assert.deepEqual([last.changed > 0, (await statuses(db)).get(b)], [true, 'matched']);
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  const quiet = await match(db);
  assert.deepEqual(
    quiet,
    { changed: 0, ours: 0, theirs: 1 },
    'what is alone, and nothing that has a partner',
  );
});

test('what two people pair is compared again, also a line that nothing else would touch', async (t) => {
  const { db, counter } = await openBooks(t);
  const [a, b] = [sell(counter, '0001', 400), sell(counter, '0002', 300)];
  await counter.drain();
  await bringLines(db, line('1', a, 400), line('1', a, 400));
  await match(db);
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  const [again] = await db
    .selectFrom('current_matches')
    .select('line_id')
    .where('status', '=', 'duplicate_at_provider')
    .execute();
  const lineId = again?.line_id ?? 0;
  const paired = { municipality: MUNICIPALITY, counter: '01', operationId: b, lineId, caseId: 1 };
  const people = { by: by, confirmedBy: { number: '1001', name: '出納' } };
  await db.transaction().execute((trx) => notePair(trx, paired, people));
  await match(db);
  assert.equal((await statuses(db)).get(b), 'amount_over', 'the pair, with what still differs');
  await db.transaction().execute((trx) => notePairApart(trx, paired, people));
  await match(db);
  const found = await statuses(db);
  assert.deepEqual(
    [found.get(b), found.get(`line ${lineId}`)],
    ['missing_at_provider', 'duplicate_at_provider'],
  );
});

test('in two files or in one, at once or in turn: the same is said of every row', async (t) => {
  const { db, counter } = await openBooks(t);
  const ids = Array.from({ length: 24 }, (_, index) => sell(counter, String(index), 300 + (index % 3) * 100));
  await counter.drain();
  const lines = ids.flatMap((id, index) =>
    index % 6 === 5
      ? []
      : [line(`n${index}`, index % 2 === 0 ? id : '', 300 + (index % 3) * 100 + (index === 8 ? 1 : 0))],
  );
  lines.push(line('n0', ids[0] ?? '', 300), line('n99', '', 12_345));
  await bringLines(db, ...lines.slice(0, 9));
  await match(db);
  await bringLines(db, ...lines.slice(5));
  await match(db);
  const inTurn = await byContent(db);
  const whole = await declareAgain(db);
  assert.deepEqual([whole.ours, whole.changed], [24, 0], 'all were compared, and nothing is said otherwise');
  assert.deepEqual(await byContent(db), inTurn);
  assert.ok(new Set(inTurn.map(([status]) => status)).size > 3);
});

test('what was open and is known not to have been taken leaves the books', async (t) => {
  const { db, counter } = await openBooks(t);
  const id = sell(counter, '', 400, 'unknown');
  await counter.drain();
  await match(db);
  assert.equal((await statuses(db)).get(id), 'unknown_open');
  counter.record(id, {
    type: 'evidence',
    payload: { source: 'terminal_query', finding: 'not_charged', reason: 'asked', answer: null },
  });
  await counter.drain();
  await match(db);
  assert.equal((await statuses(db)).get(id), 'not_taken');
  assert.equal((await readBooks(db, MUNICIPALITY)).exceptions.length, 0);
});

test('the bank’s line closes the circle: batch, fee, deposit, and every yen explained', async (t) => {
  const { db, counter, openAnother } = await openBooks(t);
  const ids = [400, 300, 500].map((yen, index) => sell(counter, String(index), yen));
  await counter.drain();
  await bringLines(db, ...ids.map((id, index) => line(String(index), id, [400, 300, 500][index] ?? 0)));
  await bring(db, 'zengin-account', account('081106', 1161));
  // Two offices at once: one writes, the other finds nothing new.
  const runs = await Promise.all([match(db), match(openAnother())]);
  assert.deepEqual(runs.map(({ changed }) => changed).toSorted(), [0, 4]);
  const { run, settlements, statuses: sums } = await readBooks(db, MUNICIPALITY);
  assert.deepEqual(
    settlements.map(({ status, netYen, depositedYen, feeYen, faults }) => [
      status,
      netYen,
      depositedYen,
      feeYen,
      faults,
    ]),
    [['matched', 1161, 1161, 39, []]],
  );
  assert.deepEqual(
    sums.map(({ status, count, differenceYen }) => [status, count, differenceYen]),
    [['matched', 3, 0]],
  );
  assert.equal(run?.summary.bank.remainderYen, 0);
});
