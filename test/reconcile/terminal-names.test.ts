/** Accounting reads of a terminal by the name that its counter uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCatalogue } from '../../src/fees/fees.ts';
import { findDays } from '../../src/reconcile/desk/days.ts';
import { readReconciliations, reconcileDue } from '../../src/reconcile/reconcile.ts';
import { terminalJa } from '../../src/reconcile/view.ts';
import { readEntries } from '../../src/reports/entries.ts';
import { namesOf } from '../../src/reports/names.ts';
import { openTestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const [FRIDAY, MONDAY] = ['2026-11-20', '2026-11-23'];

test('a day is told by the names that its counter gave the terminals; an older closing gave none', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  counter.readTotals('opening', FRIDAY, [{ bucket: 'card', count: 10, amountYen: 5000 }]);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5500 }]);
  counter.sell({ amountYen: 400, businessDate: MONDAY });
  counter.readTotals('closing', MONDAY, [{ bucket: 'card', count: 12, amountYen: 6000 }]);
  const names = { '1': '2番 カード端末' };
  counter.journal.append('closed', null, { businessDate: MONDAY, clerk: '市民 花子', names, lost: ['1'] });
  await counter.drain();
  await reconcileDue(db, MUNICIPALITY, () => testGrain, '2026-11-24');
  const [monday, friday] = await readReconciliations(db, MUNICIPALITY, 30);
  assert.deepEqual(friday?.rows.map(terminalJa), ['端末 1']);
  assert.deepEqual(monday?.rows.map(terminalJa), ['2番 カード端末']);
  assert.match(monday.sentence, /2番 カード端末 は紛失・交換中で、比べていません/);
  const days = await findDays(db, MUNICIPALITY);
  assert.deepEqual(
    days.map(({ facts }) => facts.notes?.[0]),
    [
      '端末 1 のカード：記録 1件 400円、端末 1件 500円。',
      '2番 カード端末 のカード：記録 1件 400円、端末 1件 500円。',
    ],
  );
  const looked = { told: { of: 'terminals', counter: '01' }, part: 'theirs' } as const;
  const span = { municipality: MUNICIPALITY, from: FRIDAY, until: MONDAY };
  const { told } = await readEntries(db, span, looked, {
    names: namesOf(await readCatalogue(db, MUNICIPALITY), []),
    skip: 0,
  });
  assert.deepEqual(
    told.map(({ placeJa }) => placeJa),
    ['端末 1', '2番 カード端末'],
  );
});
