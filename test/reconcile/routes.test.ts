import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { createCounterClosingRoutes } from '../../src/closing/routes.ts';
import type { CounterClosing } from '../../src/closing/office.ts';
import { createApp } from '../../src/http/app.ts';
import { openReconciling } from '../../src/reconcile/office.ts';
import { createReconcileRoutes } from '../../src/reconcile/routes.ts';
import type { MorningView } from '../../src/reconcile/morning.ts';
import type { ReconciliationView } from '../../src/reconcile/view.ts';
import { openTestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { silentLog } from '../support/log.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf, armedVoid } from '../support/sale.ts';

test('the office reconciles on demand, lists the newest days first and sees what waits', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const clock = { at: new Date('2026-11-24T01:00:00Z') };
  const [municipality, now] = [MUNICIPALITY, (): Date => clock.at];
  const reconciling = openReconciling({
    ...{ db, municipality, now, log: silentLog() },
    ...{ grainOf: () => testGrain, isReady: () => false },
    fetching: { fetch: () => Promise.resolve(null), read: () => Promise.resolve(null) },
  });
  t.after(() => reconciling.nightly.stop());
  const routes = createReconcileRoutes({ db, municipality, reconciling, now });
  const app = createApp({
    log: silentLog(),
    hosts: () => [],
    frameSources: [],
    readiness: () => ({ ready: true }),
    routes: (each) => each.use('/api/office', routes, createCounterClosingRoutes(db, municipality)),
  });
  counter.readTotals('opening', '2026-11-19', []);
  counter.close('2026-11-19', []);
  counter.sell({ amountYen: 400, businessDate: '2026-11-20' });
  counter.close('2026-11-20', [{ bucket: 'card', count: 1, amountYen: 400 }]);
  const said = { name: '1', sentences: ['差 −900円 は、次の支払いと同じです。'] };
  counter.journal.append('closed', null, {
    ...{ businessDate: '2026-11-20', clerk: '出納 太郎', confirmedBy: { clerk: '会計 三郎' } },
    ...{ note: '控えを確かめた', periods: [said] },
  });
  counter.journal.append('closed', null, {
    ...{ businessDate: '2026-11-20', clerk: '出納 太郎', names: { 1: 'ZVT 端末' } },
  });
  counter.sell({ amountYen: 300, businessDate: '2026-11-21' });
  await counter.drain();

  assert.deepEqual((await request(app).get('/api/office/reconciliations').expect(200)).body, []);
  const { body } = (await request(app).post('/api/office/reconcile').expect(200)) as {
    body: { reconciled: number; waiting: unknown[] };
  };
  assert.deepEqual([body.reconciled, body.waiting.length], [2, 1]);
  assert.deepEqual((await request(app).get('/api/office/waiting').expect(200)).body, body.waiting);

  const views = (await request(app).get('/api/office/reconciliations?limit=1').expect(200))
    .body as ReconciliationView[];
  assert.deepEqual(
    views.map(({ businessDate, status }) => [businessDate, status]),
    [['2026-11-20', 'matched']],
  );
  await request(app).get('/api/office/reconciliations?limit=0').expect(400);
  const { body: morning } = (await request(app).get('/api/office/morning').expect(200)) as {
    body: MorningView;
  };
  // Monday the 23rd is a holiday; on Saturday somebody was at work, and nobody has closed.
  assert.equal(morning.sentence, '2026年11月21日(土) 1件 300円、窓口 01 の締めを待っています。要対応 1件。');
  const friday = await request(app).get('/api/office/morning?day=2026-11-20').expect(200);
  assert.match((friday.body as MorningView).sentence, /^2026年11月20日\(金\) 1件 400円、端末と一致。/);
  counter.sell({ amountYen: 200, businessDate: '2026-11-20' });
  await counter.drain();
  const later = await request(app).get('/api/office/morning?day=2026-11-20').expect(200);
  assert.match(
    (later.body as MorningView).sentence,
    /^2026年11月20日\(金\) 2件 600円、端末と一致（締めのあとの 1件 200円は、次の締めで比べます）。/,
  );

  // What the counter itself said at its last closing of the day stands beside it.
  const closed = await request(app).get('/api/office/closings/2026-11-20').expect(200);
  const [{ at, notes: [note] } = assert.fail()] = closed.body as CounterClosing[];
  assert.deepEqual(closed.body, [
    {
      ...{ at },
      ...{ counter: '01', times: 3, clerk: '出納 太郎', confirmedBy: null },
      ...{ periods: [], leftOut: [], lost: [], names: { 1: 'ZVT 端末' } },
      // Of the closing before it: none that came later takes it out of sight.
      notes: [{ at: note?.at, clerk: '出納 太郎', note: '控えを確かめた' }],
    },
  ]);
  assert.deepEqual((await request(app).get('/api/office/closings/2026-11-22').expect(200)).body, []);
  await request(app).get('/api/office/closings/yesterday').expect(400);

  // Thursday: Wednesday sold nothing, today has sold already, and one of Tuesday's two was taken back.
  clock.at = new Date('2026-11-26T01:00:00Z');
  counter.sell({ amountYen: 500, businessDate: '2026-11-24' });
  const wrong = counter.sell({ amountYen: 400, businessDate: '2026-11-24' });
  counter.record('void', { type: 'armed', payload: armedVoid(wrong) });
  counter.record('void', { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
  counter.record('void', { type: 'ended', payload: { kind: 'completed' } });
  counter.sell({ amountYen: 700, businessDate: '2026-11-26' });
  await counter.drain();
  const thursday = (await request(app).get('/api/office/morning').expect(200)).body as MorningView;
  assert.deepEqual([thursday.day, thursday.quietDay], ['2026-11-24', '2026-11-25']);
  assert.deepEqual(thursday.ours, { count: 1, amountYen: 500 });
  assert.deepEqual(
    thursday.rows.map(({ count, unmatched }) => [count, unmatched]),
    [[1, 3]],
    'no comparison has met them yet',
  );
  assert.match(thursday.sentence, /^昨日 会計はありませんでした。最後の会計は .*11月24日\(火\) 1件 500円、/);

  // A result that nobody knows is something to do, and no money: the rows are what the day's sum is made of.
  counter.sell({ amountYen: 900, businessDate: '2026-11-24', outcome: 'unknown' });
  await counter.drain();
  await request(app).post('/api/office/reconcile').expect(200);
  const { ours, rows } = (await request(app).get('/api/office/morning').expect(200)).body as MorningView;
  assert.deepEqual(ours, { count: 1, amountYen: 500 });
  assert.deepEqual(
    rows.map(({ count, amountYen, cases }) => [count, amountYen, cases]),
    [[1, 500, 1]],
  );
});
