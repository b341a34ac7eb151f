/** How results are written down: each row once, whoever writes it, and many of them at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
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
  /** But the one of the few pairs that no key made. */
  const indexes = async (): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`
      SELECT indexrelid::integer AS id FROM pg_index WHERE indrelid = 'match_results'::regclass AND indisvalid
        AND indexrelid <> 'match_results_without_key'::regclass
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
