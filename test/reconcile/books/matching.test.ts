/** The engine on small books; on large ones: test/deep/matching.deep.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { matchBooks } from '../../../src/reconcile/books/matching.ts';
import { openTestDatabase } from '../../support/postgres.ts';
import { AS_OF, generateBooks, TIMING_FROM } from './generator.ts';
import { addTruth, compareBooks, fillBooks, judge } from './judge.ts';
import { testMatching } from './metamorphic.ts';

testMatching(900, 1);

test('where no statement carries a key, amounts alone say what they can', async (t) => {
  const { db } = await openTestDatabase(t);
  const groups = [...generateBooks(900, 8)].filter(({ ours, theirs }) =>
    [...ours, ...theirs].every(({ acquirer }) => acquirer === 'qr'),
  );
  const planted = new Map<string, string>();
  for (const group of groups) addTruth(planted, group);
  const [ours, theirs] = [groups.flatMap((each) => each.ours), groups.flatMap((each) => each.theirs)];
  assert.ok(theirs.length > 30);
  const { right, wrong } = judge((await compareBooks(db, ours, theirs)).found, planted);
  assert.deepEqual([wrong, right], [[], planted.size]);
});

test('where all rows of both books share a key, not every one is put beside every other', async (t) => {
  const { db } = await openTestDatabase(t);
  const groups = [...generateBooks(900, 7)];
  const shared = <Row extends { acquirer: string }>(row: Row): Row =>
    row.acquirer === 'psp' ? { ...row, provider_id: '000000' } : row;
  const [ours, theirs] = [groups.flatMap((each) => each.ours), groups.flatMap((each) => each.theirs)];
  await db.transaction().execute(async (trx) => {
    await fillBooks(trx, ours.map(shared), theirs.map(shared));
    await matchBooks(trx, { asOf: AS_OF, timingFrom: TIMING_FROM });
    // What was taken out again still takes its place in the table.
    const { rows } = await sql<{ bytes: number; ambiguous: number }>`
      SELECT pg_relation_size('match_found') AS bytes,
        (SELECT count(*) FROM match_found WHERE acquirer = 'psp' AND status = 'ambiguous') AS ambiguous`.execute(
      trx,
    );
    assert.ok((rows[0]?.ambiguous ?? 0) > 500, 'nobody can tell them apart');
    assert.ok((rows[0]?.bytes ?? Infinity) < 1000 * (ours.length + theirs.length));
  });
});
