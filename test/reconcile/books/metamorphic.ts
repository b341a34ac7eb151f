/** The engine against books of which every answer is known, and against itself: what must not change a result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { matchBooks } from '../../../src/reconcile/books/matching.ts';
import { openTestDatabase } from '../../support/postgres.ts';
import { createRandom } from '../../../scripts/virtual/random.ts';
import {
  AS_OF,
  generateBooks,
  STATUSES,
  TIMING_FROM,
  type Group,
  type OursRow,
  type TheirsRow,
} from './generator.ts';
import { addTruth, compareBooks, fillBooks, judge, type Found } from './judge.ts';

interface Books {
  groups: Group[];
  ours: OursRow[];
  theirs: TheirsRow[];
  planted: Map<string, string>;
}

function booksOf(groups: Group[]): Books {
  const planted = new Map<string, string>();
  for (const group of groups) addTruth(planted, group);
  const [ours, theirs] = [groups.flatMap((group) => group.ours), groups.flatMap((group) => group.theirs)];
  return { groups, ours, theirs, planted };
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = createRandom(seed).next;
  const placed = list.map((each) => ({ each, at: random() }));
  return placed.toSorted((a, b) => a.at - b.at).map(({ each }) => each);
}

const said = (found: readonly Found[]): string[] =>
  found.map(({ id, line, status }) => `${id ?? '-'} ${String(line ?? '-')} ${status}`).toSorted();

const MIRROR: Record<string, string> = {
  amount_over: 'amount_under',
  amount_under: 'amount_over',
  missing_at_provider: 'missing_in_ledger',
  missing_in_ledger: 'missing_at_provider',
  duplicate_at_provider: 'duplicate_in_ledger',
  duplicate_in_ledger: 'duplicate_at_provider',
};
/** What only one of the books knows: an open question, money that went back another way, a statement that is due. */
const ONE_SIDED = ['unknown_open', 'unknown_resolved', 'awaited', 'chargeback', 'refund_failed'];

/** Members that the other side does not have are not read. */
const asOurs = (row: TheirsRow): OursRow => ({
  ...row,
  ...{
    counter: '01',
    id: String(row.n).padStart(12, '0'),
    of_id: null,
    kind: row.kind === 'refund' ? 'refund' : 'sale',
  },
  ...{ unknown: false, due: '2099-01-01' },
});
const asTheirs = (row: OursRow): TheirsRow => ({ ...row, counter: '*', reference: null });

/** The tests, on books of so many rows; the seeds are this one and the five after it. */
export function testMatching(rows: number, seed: number): void {
  const size = `${rows} rows, seed ${seed}`;
  test(`every planted status is found in row and name, nothing else is told, and each yen is explained (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const { ours, theirs, planted } = booksOf([...generateBooks(rows, seed)]);
    assert.equal(new Set(planted.values()).size, STATUSES.length - 1, 'all are planted');
    const { found, edges } = await compareBooks(db, ours, theirs);
    const { right, wrong } = judge(found, planted);
    assert.deepEqual(wrong, []);
    assert.equal(right, planted.size);
    assert.ok(edges.length > 4 && edges.some(({ differenceYen }) => differenceYen !== 0));
    for (const { acquirer, remainderYen } of edges) assert.equal(remainderYen, 0, acquirer);
  });

  test(`the order of the rows changes nothing (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const { ours, theirs } = booksOf([...generateBooks(rows, seed + 1)]);
    const { found } = await compareBooks(db, ours, theirs);
    const other = await compareBooks(db, shuffled(ours, 7), shuffled(theirs, 8));
    assert.deepEqual(said(other.found), said(found));
  });

  test(`a pair more says one thing more, and leaves every other as it was (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const { groups, ours, theirs } = booksOf([...generateBooks(rows, seed + 2)]);
    const extra = groups.find(
      ({ status, ours: [first] }) => status === 'matched' && first?.acquirer === 'card',
    );
    const without = booksOf(groups.filter((group) => group !== extra));
    const all = said((await compareBooks(db, ours, theirs)).found);
    const fewer = new Set(said((await compareBooks(db, without.ours, without.theirs)).found));
    const more = all.filter((each) => !fewer.has(each));
    assert.deepEqual([all.length - fewer.size, more.length], [1, 1]);
    assert.match(more[0] ?? '', / matched$/);
  });

  test(`a row that was used already is not used again: the whole comparison is refused (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const { ours, theirs } = booksOf([...generateBooks(rows, seed + 5)]);
    const [payment] = ours;
    assert.ok(payment);
    await assert.rejects(
      db.transaction().execute(async (trx) => {
        await fillBooks(trx, ours, theirs);
        await sql`
        INSERT INTO match_found SELECT counter, acquirer, id, NULL, 'awaited', NULL, yen, 0, due
        FROM match_ours WHERE id = ${payment.id}`.execute(trx);
        await matchBooks(trx, { asOf: AS_OF, timingFrom: TIMING_FROM });
      }),
      /used twice, or not at all/,
    );
  });

  test(`with the sides exchanged the same is found, the other way round (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const groups = [...generateBooks(rows, seed + 3)].filter(
      // Our reference is our own key, and what was taken back before it was sent is in our book alone.
      ({ status, ours, theirs }) =>
        !ONE_SIDED.includes(status) &&
        ![...ours, ...theirs].some(({ acquirer }) => acquirer === 'gateway') &&
        (ours.length < 2 || theirs.length > 0),
    );
    const { ours, theirs } = booksOf(groups);
    const { found } = await compareBooks(db, ours, theirs);
    const swapped = await compareBooks(db, theirs.map(asOurs), ours.map(asTheirs));
    const byId = new Map(ours.map(({ id, n }) => [id, n]));
    const pairs = (list: readonly Found[], mirror: boolean): string[] =>
      list
        .map(({ id, line, status }) => {
          const sides = [id === null ? '-' : String(byId.get(id) ?? Number(id)), String(line ?? '-')];
          return `${(mirror ? sides.reverse() : sides).join(' ')} ${mirror ? (MIRROR[status] ?? status) : status}`;
        })
        .toSorted();
    assert.deepEqual(pairs(swapped.found, true), pairs(found, false));
  });

  test(`a key that is the same on every row is none: nothing is paired by it (${size})`, async (t) => {
    const { db } = await openTestDatabase(t);
    const { ours, theirs } = booksOf([...generateBooks(rows, seed + 4)]);
    const blank = theirs.map((row) => (row.acquirer === 'gateway' ? { ...row, reference: '0000' } : row));
    const { found } = await compareBooks(db, ours, blank);
    const gateway = new Set(ours.filter(({ acquirer }) => acquirer === 'gateway').map(({ id }) => id));
    const paired = found.filter(({ id, line }) => id !== null && gateway.has(id) && line !== null);
    const byAmount = paired.filter(({ status }) => status !== 'matched' && status !== 'unknown_resolved');
    assert.deepEqual(byAmount, []);
  });
}
