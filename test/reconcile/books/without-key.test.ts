/** Pairs that only an amount made, and what was taken back before it was sent: what comes later doubts them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readBooks } from '../../../src/reconcile/books/books.ts';
import { notePair, notePairApart } from '../../../src/reconcile/desk/pairs.ts';
import { MUNICIPALITY } from '../../support/postgres.ts';
import { byContent } from './judge.ts';
import { bringLines, by, DAY, declareAgain, line, match, openBooks, sell, statuses } from './sample-books.ts';

test('a pair that only its amount made is doubted when a second candidate comes, as if both had come at once', async (t) => {
  const { db, counter } = await openBooks(t);
  const before = '2026-10-12';
  const [, , early] = [sell(counter, '0001', 400), sell(counter, '0002', 500), sell(counter, '0003', 400)];
  await counter.drain();
  // When the lines say that it was: nothing else than amount and time is left to pair them by.
  await sql`
    UPDATE payments SET trace_number = NULL, business_date = day, armed_at = day + time '00:10' AT TIME ZONE 'UTC'
    FROM (SELECT operation_id AS id, CASE operation_id WHEN ${early} THEN ${before} ELSE ${DAY} END::date AS day
      FROM payments) d WHERE operation_id = id`.execute(db);
  await bringLines(db, line('n1', '', 400), line('n2', '', 500), line('n4', '', 400).replace(DAY, before));
  await match(db);
  assert.deepEqual([...new Set((await statuses(db)).values())], ['matched']);
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  await bringLines(db, line('n3', '', 400));
  assert.equal((await match(db)).ours, 1, 'another amount is left alone, and another day');
  const inTurn = await byContent(db);
  const found = inTurn.map(([status]) => status);
  assert.deepEqual(found, ['ambiguous', 'ambiguous', 'ambiguous', 'matched', 'matched']);
  await declareAgain(db);
  assert.deepEqual(await byContent(db), inTurn, 'from nothing the same is said');
});

test('a sale that was taken back before it was sent is doubted while a statement knows of its amount going back', async (t) => {
  const { db, counter } = await openBooks(t);
  const [sale, back, other] = ['0001', '0002', '0003'].map((slip) => sell(counter, slip, 400));
  const another = sell(counter, '0004', 500);
  await counter.drain();
  await sql`
    UPDATE payments SET trace_number = NULL, armed_at = ${`${DAY}T09:10:00+09:00`}::timestamptz
      - CASE operation_id WHEN ${back} THEN interval '3 hours' ELSE '0' END`.execute(db);
  const voids = [back, other].map((id, index) => ({ id, of: [sale, another][index] }));
  for (const { id, of } of voids)
    await sql`UPDATE payments SET kind = 'void', of_operation_id = ${of} WHERE operation_id = ${id}`.execute(
      db,
    );
  await sql`UPDATE payments SET state = 'declined' WHERE operation_id = ${other}`.execute(db);
  await bringLines(db, line('n1', another, 500));
  await match(db);
  assert.deepEqual([...(await statuses(db)).values()], ['matched', 'matched', 'matched']);
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  await bringLines(db, line('n2', '', -400, '返金'));
  await match(db);
  assert.equal((await statuses(db)).get(sale ?? ''), 'missing_at_provider');
  // The line finds a payment of its own, and is about all the same: the next night says what this one does.
  await sql`UPDATE payments SET state = 'approved', projected_at = now() WHERE operation_id = ${other}`.execute(
    db,
  );
  await match(db);
  const found = await byContent(db);
  const told = found.map(([status]) => status);
  assert.deepEqual(told, ['matched', 'matched', 'missing_at_provider', 'missing_at_provider']);
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  assert.equal((await match(db)).changed, 0);
  await declareAgain(db);
  assert.deepEqual(await byContent(db), found, 'from nothing the same is said');
});

test('a line that two people took out of its pair again is a candidate again, also beside a pair of another night', async (t) => {
  const { db, counter } = await openBooks(t);
  const a = sell(counter, '0001', 400);
  await counter.drain();
  const atTheirTime = sql`
    UPDATE payments SET trace_number = NULL, armed_at = ${`${DAY}T09:10:00+09:00`}::timestamptz,
      projected_at = now() - interval '1 day'`;
  await bringLines(db, line('n1', '', 500));
  await match(db);
  await atTheirTime.execute(db);
  const [alone] = await db
    .selectFrom('current_matches')
    .select('line_id')
    .where('operation_id', 'is', null)
    .execute();
  const pair = {
    ...{ municipality: MUNICIPALITY, counter: '01', operationId: a },
    ...{ lineId: alone?.line_id ?? 0, caseId: 1 },
  };
  const people = { by, confirmedBy: { number: '1001', name: '出納' } };
  await db.transaction().execute((trx) => notePair(trx, pair, people));
  const b = sell(counter, '0002', 500, 'unknown');
  await counter.drain();
  await atTheirTime.execute(db);
  await sql`UPDATE payments SET projected_at = now() WHERE operation_id = ${b}`.execute(db);
  await bringLines(db, line('n2', '', 500));
  await match(db);
  assert.deepEqual(
    [(await statuses(db)).get(a), (await statuses(db)).get(b)],
    ['amount_over', 'unknown_resolved'],
  );
  await atTheirTime.execute(db);
  await db.transaction().execute((trx) => notePairApart(trx, pair, people));
  await match(db);
  const inTurn = await byContent(db);
  assert.deepEqual(
    inTurn.map(([status]) => status),
    ['ambiguous', 'ambiguous', 'ambiguous', 'missing_at_provider'],
  );
  await declareAgain(db);
  assert.deepEqual(await byContent(db), inTurn, 'from nothing the same is said');
});

test('a sale that was voided twice is not taken back by either: a yen is missing, and it is said', async (t) => {
  const { db, counter } = await openBooks(t);
  const [sale, ...voids] = ['0001', '0002', '0003'].map((slip) => sell(counter, slip, 400));
  await counter.drain();
  await sql`UPDATE payments SET kind = 'void', of_operation_id = ${sale} WHERE operation_id IN (${sql.join(voids)})`.execute(
    db,
  );
  await match(db);
  assert.deepEqual([...(await statuses(db)).values()], Array(3).fill('missing_at_provider'));
  const { run } = await readBooks(db, MUNICIPALITY);
  assert.deepEqual(
    run?.summary.edges.map(({ oursYen, remainderYen }) => [oursYen, remainderYen]),
    [[-400, 0]],
  );
});
