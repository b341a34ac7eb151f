import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconcileDay, reconcileDue } from '../../src/reconcile/reconcile.ts';
import { openTestCounter, type TestCounter } from '../support/drained.ts';
import { MUNICIPALITY } from '../support/postgres.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';
import { due, FRIDAY, grainOf, list, MONDAY, openCounter, TODAY } from './counter.ts';

test('a closed day is compared with what the terminal counted since the reading before', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.sell({ amountYen: 300, businessDate: FRIDAY, method: 'emoney', brand: 'nanaco' });
  counter.sell({ amountYen: 450, businessDate: FRIDAY, outcome: 'declined' });
  counter.close(FRIDAY, [
    { bucket: 'card', count: 11, amountYen: 5400 },
    { bucket: 'other', count: 1, amountYen: 300 },
  ]);
  await counter.drain();
  assert.deepEqual(await due(db), { reconciled: 1, waiting: [] });
  const [view] = await list(db);
  assert.equal(view?.sentence, '2026年11月20日(金) 2件 700円、端末と1円まで一致。要対応 0件。');
  assert.deepEqual([view.counter, view.businessDate, view.version], ['01', FRIDAY, 1]);
  assert.deepEqual(await due(db), { reconciled: 0, waiting: [] });
});

test('a void takes its sale out again, also one of an earlier day; a refund is told apart', async (t) => {
  const { db, counter } = await openCounter(t);
  const friday = counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  giveBack(counter, friday, 'void');
  const monday = counter.sell({ amountYen: 750, businessDate: MONDAY });
  giveBack(counter, monday, 'refund', 750);
  counter.close(MONDAY, [{ bucket: 'card', count: 11, amountYen: 5750 }]);
  await counter.drain();
  await due(db);
  const [view] = await list(db);
  assert.ok(view !== undefined);
  assert.deepEqual([view.status, view.ours], ['matched', { count: 0, amountYen: 350 }], view.sentence);
  assert.ok(view.notes.some((note) => note.includes('返金 1件 750円は端末の合計に入らない')));
  assert.ok(
    view.notes.every((note) => !note.includes('日計をしています')),
    'less than before is no 日計',
  );
});

/** Later than everything on record: a quick machine does more than one thing in a millisecond. */
function nextInstant(): string {
  const before = Date.now();
  while (Date.now() === before);
  return new Date().toISOString();
}

test('a slip that was entered by hand later is matched with the totals of its own time', async (t) => {
  const { db, counter } = await openCounter(t);
  const takenAt = nextInstant();
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  assert.equal((await list(db))[0]?.status, 'different', 'the terminal was used alone');
  const byHand = { slipNumber: '0087', takenAt, postedOn: MONDAY };
  counter.record('entered', {
    type: 'armed',
    payload: armedSale({ brand: 'visa', businessDate: FRIDAY, byHand }),
  });
  counter.close(MONDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  assert.deepEqual(
    (await list(db)).map(({ businessDate, status, ours }) => [businessDate, status, ours.count]),
    [
      [MONDAY, 'matched', 0],
      [FRIDAY, 'matched', 1],
    ],
  );
});

test('a slip of the minute of a closing may lie behind it: it explains the next one’s difference, and the doubt is said', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.close(FRIDAY, [{ bucket: 'card', count: 10, amountYen: 5000 }]);
  const closedAt = counter.journal.eventsOfType('totals').at(-1)?.at ?? assert.fail();
  const byHand = { slipNumber: '0087', takenAt: `${closedAt.slice(0, 16)}:00.000Z`, postedOn: MONDAY };
  counter.record('entered', {
    type: 'armed',
    payload: armedSale({ brand: 'visa', businessDate: FRIDAY, byHand }),
  });
  counter.close(MONDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  const [monday] = await list(db);
  assert.deepEqual([monday?.businessDate, monday?.differenceYen, monday?.unexplainedYen], [MONDAY, 400, 0]);
  assert.match(monday?.notes.join() ?? '', /前の合計と同じ分の、後からの記録の支払い/);
});

test('a later day begins where the day before was closed, and takes what came after it', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  counter.sell({ amountYen: 750, businessDate: MONDAY });
  counter.close(MONDAY, [{ bucket: 'card', count: 13, amountYen: 6450 }]);
  await counter.drain();
  assert.equal((await due(db)).reconciled, 2);
  assert.deepEqual(
    (await list(db)).map(({ businessDate, ours, carried, status }) => [businessDate, ours, carried, status]),
    [
      [MONDAY, { count: 2, amountYen: 1050 }, { count: 1, amountYen: 300 }, 'matched'],
      [FRIDAY, { count: 1, amountYen: 400 }, { count: 0, amountYen: 0 }, 'matched'],
    ],
  );
});

test('the last closing of a day counts, and a second one makes a new version', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 12, amountYen: 5700 }]);
  await counter.drain();
  assert.equal((await due(db)).reconciled, 1);
  const [view, ...rest] = await list(db);
  assert.deepEqual([view?.version, view?.ours, rest], [2, { count: 2, amountYen: 700 }, []]);
  const versions = await db.selectFrom('reconciliations').select('version').orderBy('version').execute();
  assert.deepEqual(versions, [{ version: 1 }, { version: 2 }]);
});

test('a result found again after the reconciliation makes a new version of that day, days later too', async (t) => {
  const { db, counter } = await openCounter(t);
  const lost = counter.sell({ amountYen: 400, businessDate: FRIDAY, outcome: 'unknown' });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  counter.close(MONDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  await counter.drain();
  await due(db);
  assert.deepEqual(
    (await list(db)).map(({ businessDate, status, unknown }) => [businessDate, status, unknown.count]),
    [
      [MONDAY, 'matched', 0],
      [FRIDAY, 'different', 1],
    ],
  );

  counter.record(lost, {
    type: 'evidence',
    payload: { source: 'terminal_query', finding: 'approved', reason: 'found', answer: answerOf('approved') },
  });
  await counter.drain();
  assert.equal((await due(db)).reconciled, 1);
  assert.deepEqual(
    (await list(db)).map(({ businessDate, version, status }) => [businessDate, version, status]),
    [
      [MONDAY, 1, 'matched'],
      [FRIDAY, 2, 'matched'],
    ],
  );
});

test('a day is not ready before its closing has arrived, and a past one says what it waits for', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.sell({ amountYen: 400, businessDate: TODAY });
  await counter.drain();
  const { reconciled, waiting } = await due(db);
  assert.equal(reconciled, 0);
  assert.deepEqual(
    waiting.map(({ sentence }) => sentence),
    ['窓口 01 の締めを待っています（2026年11月20日(金)、1件 400円）。'],
  );
  const key = { municipality: MUNICIPALITY, counter: '01', businessDate: FRIDAY };
  assert.deepEqual(await reconcileDay(db, key, grainOf), { kind: 'not_closed' });
});

test('payments behind the last closing of a past day wait for the next one by name', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.close(FRIDAY, [{ bucket: 'card', count: 10, amountYen: 5000 }]);
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  await counter.drain();
  assert.deepEqual(
    (await due(db)).waiting.map(({ sentence }) => sentence),
    ['窓口 01 で 2026年11月20日(金) の締めのあとに受けた 1件 400円は、次の締めで突合します。'],
  );
});

test('two counters of one city are compared each with its own terminal', async (t) => {
  const { db, counter } = await openCounter(t);
  const other = openTestCounter(t, db, '02');
  counter.sell({ amountYen: 400, businessDate: FRIDAY });
  counter.close(FRIDAY, [{ bucket: 'card', count: 11, amountYen: 5400 }]);
  other.readTotals('opening', FRIDAY, []);
  other.sell({ amountYen: 300, businessDate: FRIDAY });
  other.close(FRIDAY, [{ bucket: 'card', count: 2, amountYen: 700 }]);
  await counter.drain();
  await other.drain();
  await due(db);
  assert.deepEqual(
    (await list(db)).map((view) => [view.counter, view.status, view.differenceYen]),
    [
      ['01', 'matched', 0],
      ['02', 'different', 400],
    ],
  );
});

test('however many offices start at the same time, a day gets one result', async (t) => {
  const { db, openAnother, counter } = await openCounter(t);
  for (const day of [FRIDAY, MONDAY]) {
    counter.sell({ amountYen: 400, businessDate: day });
    counter.close(day, [{ bucket: 'card', count: 11, amountYen: day === FRIDAY ? 5400 : 5800 }]);
  }
  await counter.drain();
  const offices = [db, openAnother(), openAnother()];
  const done = await Promise.all(offices.map(due));
  assert.equal(
    done.reduce((sum, { reconciled }) => sum + reconciled, 0),
    2,
  );
  assert.deepEqual(
    (await list(db)).map(({ version }) => version),
    [1, 1],
  );
});

test('a terminal of a model that the office does not know is told, and nothing is made up', async (t) => {
  const { db, counter } = await openCounter(t);
  counter.close(FRIDAY, []);
  await counter.drain();
  const { reconciled, waiting } = await reconcileDue(db, MUNICIPALITY, () => undefined, TODAY);
  assert.equal(reconciled, 0);
  assert.match(waiting[0]?.sentence ?? '', /端末の機種「test」を知らないため突合できません/);
  assert.deepEqual(await list(db), []);
});

function giveBack(counter: TestCounter, of: string, kind: 'void' | 'refund', amountYen = 400): void {
  const id = `${kind} of ${of}`;
  const payload = armedVoid(of, { kind, amountYen, businessDate: MONDAY, brand: 'visa' });
  counter.record(id, { type: 'armed', payload });
  const answer = answerOf('approved', { amountYen, receiptNumber: '0009' });
  counter.record(id, { type: 'answer', payload: { answer, refused: null } });
  counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
}
