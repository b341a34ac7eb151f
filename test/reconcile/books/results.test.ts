/** How results are written down: each row once, whoever writes it, and many of them at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { migrateTo, migrateToLatest } from '../../../src/db/migrate.ts';
import { writeResults } from '../../../src/reconcile/books/results.ts';
import { createBooks } from '../../../src/reconcile/books/tables.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

test('no comparison uses a payment or a line twice, whoever writes it, and however many', async (t) => {
  const { db } = await openTestDatabase(t);
  const write = (...rows: [runId: number, id: string | null, line: number | null][]): Promise<unknown> =>
    db
      .insertInto('match_results')
      .values(
        rows.map(([run_id, operation_id, line_id]) => ({
          municipality: MUNICIPALITY,
          counter: '01',
          run_id,
          acquirer: 'qr',
          operation_id,
          line_id,
          status: 'matched',
          matched_by: 1,
          ours_yen: 400,
          theirs_yen: 400,
          due: null,
        })),
      )
      .execute();
  await write([1, 'a', 1], [1, 'b', 2], [1, 'c', null], [1, null, 3]);
  await assert.rejects(write([1, 'a', 4]), /match_results_operation_once/, 'by a second statement');
  await assert.rejects(write([2, 'a', 1], [2, 'b', 2], [2, 'a', 3]), /match_results_operation_once/);
  await assert.rejects(write([2, 'a', 1], [2, 'b', 1]), /match_results_line_once/);
  await write([2, 'a', 2], [2, 'b', 1]);
  const current = await db.selectFrom('current_matches').select('status').execute();
  assert.equal(current.length, 4, 'the newest word on each');
});

test('results of large books are written without indexes, which stand again with them, or nothing is written', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  /** So many payments and lines, all matched, and one more of the last payment. */
  const write = (runId: number, many: number, more = 0): Promise<number> =>
    db.transaction().execute(async (trx) => {
      await createBooks(trx);
      await sql`
        INSERT INTO match_found SELECT '01', 'qr', least(n, ${many}::integer)::text, n, 'matched', 1, 400, 400, NULL
        FROM generate_series(1, ${many + more}::integer) n`.execute(trx);
      return writeResults(trx, MUNICIPALITY, { runId, since: null });
    });
  /** But those of the few pairs that no key made. */
  const indexes = async (): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`
      SELECT indexrelid::integer AS id FROM pg_index WHERE indrelid = 'match_results'::regclass AND indisvalid
        AND indexrelid NOT IN ('match_results_by_amount'::regclass, 'match_results_taken_back'::regclass)
      ORDER BY 1`.execute(db);
    return rows.map(({ id }) => id);
  };
  const many = 100_000;
  const before = await indexes();
  await assert.rejects(write(1, many, 1), /match_results_operation_once/);
  assert.deepEqual(await indexes(), before, 'as if nothing had been');
  assert.deepEqual(await db.selectFrom('match_results').selectAll().execute(), []);
  const takeDown = async (): Promise<unknown> => {
    const { rows } = await sql<{
      down: boolean;
    }>`SELECT take_down_result_indexes(100 * ${many}) AS down`.execute(db);
    return rows[0]?.down;
  };
  await openAnother()
    .transaction()
    .execute(async (reading) => {
      await reading.selectFrom('match_results').select('line_id').execute();
      assert.equal(await takeDown(), false, 'nobody waits for who reads');
    });
  assert.equal(await write(1, 3 * many), 3 * many);
  const after = await indexes();
  assert.deepEqual([after.length, after.filter((id) => before.includes(id))], [before.length, []]);
});

test('a pair of before that only its amount made has the day of its payment', async (t) => {
  const { openOwner } = await openTestDatabase(t, 'empty');
  const owner = openOwner();
  await migrateTo(owner, '0043-pairs-without-a-key');
  await sql`
    INSERT INTO payments (municipality, counter, operation_id, journal_id, sequence, last_sequence, state, amount_yen,
      method, brand, asked_method, window_code, window_name_ja, business_date, posted_on, catalogue_version, clerk,
      terminal, late, contradicted, cancel_requested, queries, armed_at, state_at, kind)
    SELECT ${MUNICIPALITY}, '01', id, '00000000-0000-4000-8000-000000000000', 1, 1, 'approved', 400, 'qr', 'paypay', 'qr',
      'resident', '市民', '2026-11-02', '2026-11-02', 't', 't', '1', false, false, false, 0, now(), now(), 'sale'
    FROM unnest(ARRAY['a', 'b']) AS id`.execute(owner);
  await sql`
    INSERT INTO match_results (municipality, counter, run_id, acquirer, operation_id, line_id, status, matched_by,
      ours_yen, theirs_yen)
    VALUES (${MUNICIPALITY}, '01', 1, 'qr', 'a', 1, 'matched', 4, 400, 400),
      (${MUNICIPALITY}, '01', 1, 'qr', 'b', 2, 'matched', 2, 400, 400)`.execute(owner);
  await migrateToLatest(owner);
  const known = await owner.selectFrom('match_results').select('on_date').orderBy('operation_id').execute();
  assert.deepEqual(known, [{ on_date: '2026-11-02' }, { on_date: null }]);
  await assert.rejects(
    sql`UPDATE match_results SET on_date = NULL`.execute(owner),
    'results are versions again',
  );
});
