/** What is added up as it comes in, against the rows themselves; and that a night writes only what is new. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { migrateTo, migrateToLatest } from '../../../src/db/migrate.ts';
import { actFor } from '../../../src/db/own-rows.ts';
import type { Database } from '../../../src/db/schema.ts';
import { readBooks } from '../../../src/reconcile/books/books.ts';
import { readSettlements, writeSettlements } from '../../../src/reconcile/books/deposits.ts';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import type { SettlementView } from '../../../src/reconcile/books/view.ts';
import {
  declareAcquirer,
  readAcquirers,
  seedSampleStatements,
} from '../../../src/reconcile/statements/declared.ts';
import { openTestCounter } from '../../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

const [DAY, NEXT, AS_OF] = ['2026-11-02', '2026-11-04', '2026-12-10'];

/** Lines of one statement, inserted at once. */
async function addLines(
  db: Kysely<Database>,
  ...lines: { n: number; kind: string; yen: number; fee?: number; batch: string }[]
): Promise<void> {
  const rows = lines.map(({ n, kind, yen, fee = null, batch }) => ({ n, kind, yen, fee, batch }));
  await sql`
    INSERT INTO statement_lines (municipality, counter, file_id, line_number, book, acquirer, fingerprint, occurrence,
      kind, yen, fee_yen, on_date, brand, batch, pays_on)
    SELECT ${MUNICIPALITY}, '*', 1, n, 'provider', 'qr', md5(n::text)::uuid, 1, kind, yen, fee, ${DAY}, 'paypay', batch, '2026-11-06'
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r (n integer, kind text, yen integer, fee integer, batch text)
    ON CONFLICT DO NOTHING`.execute(db);
}

async function recount(db: Kysely<Database>): Promise<{ ours: number; theirs: number }> {
  const { rows } = await sql<{ ours: number; theirs: number }>`
    SELECT (SELECT coalesce(sum(signed_yen), 0)::bigint FROM payments WHERE state = 'approved' AND brand = 'paypay') AS ours,
      (SELECT coalesce(sum(yen), 0)::bigint FROM statement_lines
       WHERE kind IN ('sale', 'refund', 'chargeback', 'refund_failed')) AS theirs`.execute(db);
  return rows[0] ?? { ours: NaN, theirs: NaN };
}

test('night after night the sums are those of all rows, and only days and batches that changed are written', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  const sell = (amountYen: number, businessDate: string, brand = 'paypay'): string =>
    counter.sell({ amountYen, businessDate, method: 'qr', brand });
  const night = async (): Promise<void> => {
    await counter.drain();
    await matchDue(db, MUNICIPALITY, AS_OF, 'test');
    const { run } = await readBooks(db, MUNICIPALITY);
    const edge = run?.summary.edges.find(({ acquirer }) => acquirer === 'qr');
    const { ours, theirs } = await recount(db);
    assert.deepEqual([edge?.oursYen, edge?.theirsYen, edge?.remainderYen], [ours, theirs, 0]);
  };
  sell(400, DAY);
  sell(300, DAY);
  sell(900, DAY, 'nobodys');
  await addLines(db, { n: 1, kind: 'sale', yen: 400, fee: 12, batch: 'A' });
  await night();
  assert.deepEqual((await readBooks(db, MUNICIPALITY)).run?.summary.undeclared, { count: 1, amountYen: 900 });

  // As if the day before: what has not changed since is not looked at again.
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  sell(500, NEXT);
  await addLines(
    db,
    { n: 1, kind: 'sale', yen: 400, fee: 12, batch: 'A' },
    { n: 2, kind: 'chargeback', yen: -400, batch: 'B' },
    { n: 3, kind: 'refund_failed', yen: 30, batch: 'B' },
    { n: 4, kind: 'carried', yen: 7, batch: 'B' },
    { n: 5, kind: 'fee', yen: -50, batch: 'B' },
  );
  await night();
  const { rows: days } = await sql`
    SELECT run_id, business_date, acquirer, approved, yen FROM ledger_sums ORDER BY run_id, acquirer`.execute(
    db,
  );
  assert.deepEqual(days, [
    { run_id: 1, business_date: DAY, acquirer: '?', approved: 1, yen: 900 },
    { run_id: 1, business_date: DAY, acquirer: 'qr', approved: 2, yen: 700 },
    { run_id: 2, business_date: NEXT, acquirer: 'qr', approved: 1, yen: 500 },
  ]);
  const { rows: batches } =
    await sql`SELECT run_id, batches, net_yen FROM batch_results ORDER BY run_id`.execute(db);
  assert.deepEqual(batches[0], { run_id: 1, batches: ['A'], net_yen: 388 });
  const [settlement] = await readSettlements(db, MUNICIPALITY);
  // 400 - 12, and -400 + 30 + 7 - 50.
  assert.equal(settlement?.netYen, 388 - 413);

  await assert.rejects(sql`DELETE FROM statement_sums`.execute(db), /permission denied/);
  await assert.rejects(sql`UPDATE ledger_sums SET yen = 0`.execute(db), /permission denied/);
});

test('lines of before sums were kept are added up like those that come after', async (t) => {
  const { openOwner } = await openTestDatabase(t, 'empty');
  const owner = openOwner();
  await migrateTo(owner, '0033-stickers-given-back-before');
  const lines = (...numbers: number[]): Promise<void> =>
    addLines(owner, ...numbers.map((n) => ({ n, kind: 'sale', yen: n * 100, fee: n, batch: 'A' })));
  await lines(1, 2);
  await migrateToLatest(owner);
  await lines(1, 2, 3);
  const { rows } = await sql`
    SELECT batch, gross_yen, fee_yen, pays_on FROM statement_sums ORDER BY sum_id`.execute(owner);
  assert.deepEqual(rows, [
    { batch: 'A', gross_yen: 300, fee_yen: 3, pays_on: '2026-11-06' },
    { batch: 'A', gross_yen: 300, fee_yen: 3, pays_on: '2026-11-06' },
  ]);
});

test('a brand that gets an acquirer leaves nobody’s sums, on every day', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  for (const day of [DAY, NEXT])
    counter.sell({ amountYen: 900, businessDate: day, method: 'qr', brand: 'nobodys' });
  await counter.drain();
  counter.sell({ amountYen: 400, businessDate: NEXT, method: 'qr', brand: 'paypay' });
  await counter.drain();
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  const qr = (await readAcquirers(db, MUNICIPALITY)).find(({ definition }) => definition.code === 'qr');
  assert.ok(qr);
  await declareAcquirer(db, MUNICIPALITY, {
    base: qr.version,
    definition: { ...qr.definition, brands: [...qr.definition.brands, 'nobodys'] },
    by: { number: '1003', name: '会計 さくら' },
  });
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');
  const { run } = await readBooks(db, MUNICIPALITY);
  assert.deepEqual(run?.summary.undeclared, { count: 0, amountYen: 0 });
  assert.deepEqual(
    run.summary.edges.map(({ acquirer, oursYen, remainderYen }) => [acquirer, oursYen, remainderYen]),
    [['qr', 2200, 0]],
  );
});

test('a brand whose method was mended takes the payments along whose brand nobody knows', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const declareMethod = (version: number, method: string): Promise<unknown> =>
    sql`
      INSERT INTO catalogue_entries (municipality, kind, code, version, position, definition, reason, changed_by, changed_by_name)
      VALUES (${MUNICIPALITY}, 'brand', 'visa', ${version}, 1, ${JSON.stringify({ method })}, 'test', '1003', '会計 さくら')`.execute(
      db,
    );
  await declareMethod(1_000, 'qr');
  const counter = openTestCounter(t, db);
  const id = counter.sell({ amountYen: 900, businessDate: DAY, method: 'qr', outcome: 'unknown' });
  await counter.drain();
  await sql`UPDATE payments SET brand = NULL`.execute(db);
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');
  await sql`UPDATE payments SET projected_at = now() - interval '1 day'`.execute(db);
  const acquirers = db
    .selectFrom('current_matches')
    .select(['acquirer', 'status'])
    .where('operation_id', '=', id);
  assert.deepEqual(await acquirers.execute(), [], 'two settle what it may be');
  await declareMethod(1_001, 'credit');
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');
  assert.deepEqual(await acquirers.execute(), [{ acquirer: 'qr', status: 'unknown_open' }]);
});

test('a settlement is written when it is other than before; what is in none any more is gone', async (t) => {
  const { db } = await openTestDatabase(t);
  const of = (acquirer: string, batches: string[], deposits: number[], netYen: number): SettlementView => ({
    ...{ acquirer, batches, deposits, netYen, status: 'matched', grossYen: netYen, feeYen: 0 },
    ...{ expectedFeeYen: null, chargebackYen: 0, carriedYen: 0, depositedYen: netYen },
    ...{ due: '2026-11-06', paidOn: '2026-11-06', faults: [] },
  });
  const write = (run: number, ...settlements: SettlementView[]): Promise<number> =>
    db.transaction().execute(async (trx) => {
      await actFor(trx, MUNICIPALITY);
      return writeSettlements(trx, MUNICIPALITY, run, settlements);
    });
  const [a, b, c] = [of('qr', ['a'], [1], 10), of('qr', ['b'], [2], 20), of('card', ['b'], [3], 30)];
  assert.equal(await write(1, a, b, c), 3);
  assert.equal(await write(2, c, b, a), 0, 'in another order nothing is new');
  const both = of('qr', ['a', 'b'], [1], 30);
  assert.equal(await write(3, both, c), 2, 'the two together, and the bank line that belongs to nobody now');
  assert.deepEqual(await readSettlements(db, MUNICIPALITY), [c, both]);
  assert.equal(await write(4, a, b, c), 2, 'apart again');
  assert.deepEqual(await readSettlements(db, MUNICIPALITY), [c, a, b]);
});
