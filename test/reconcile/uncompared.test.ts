/** What no totals say anything about is named, and no yen of it is left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { due, FRIDAY, list, MONDAY, openCounter } from './counter.ts';

test('what a device took after its last reading is named when another stands in its place: no yen is left out', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  // Broken, and replaced on the same day: the new device begins at nothing.
  counter.readTotals('opening', FRIDAY, []);
  counter.sell({ amountYen: 750, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 1, amountYen: 750 }]);
  await counter.drain();
  assert.deepEqual((await due(db)).waiting, []);
  const [friday] = await list(db);
  assert.equal(
    friday?.sentence,
    '2026年11月20日(金) 2件 1,150円、端末と1円まで一致。比べていない支払い 1件 300円。要対応 1件。',
  );
  assert.equal(friday.status, 'open_unknown');
  assert.match(friday.notes.join(), /端末 1 で受けた 1件 300円は、合計を読む前に端末が替わったため/);
  // The next day has nothing to do with it.
  counter.close(MONDAY, [{ bucket: 'card', count: 1, amountYen: 750 }]);
  await counter.drain();
  await due(db);
  assert.deepEqual((await list(db))[0]?.uncompared, { count: 0, amountYen: 0 });
});

test('a day closed without a lost terminal names what it took; found again, the next closing compares it', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.journal.append('closed', null, { businessDate: FRIDAY, clerk: '市民 花子', lost: ['1'] });
  await counter.drain();
  assert.deepEqual((await due(db)).waiting, [], 'no closing to come is promised');
  const [friday] = await list(db);
  assert.equal(
    friday?.sentence,
    '2026年11月20日(金) 端末 1 は紛失・交換中で、比べていません。比べていない支払い 1件 400円。要対応 1件。',
  );
  assert.match(friday.notes.join(), /端末 1 で受けた 1件 400円は、紛失・交換中で合計を読めないため/);
  counter.close(MONDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  const [monday] = await list(db);
  assert.deepEqual(
    [monday?.status, monday?.ours, monday?.carried.count],
    ['matched', { count: 1, amountYen: 400 }, 1],
  );
});
