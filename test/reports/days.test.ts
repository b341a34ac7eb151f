/** A report says of its days what they are: to come, a holiday, not closed, not compared, compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconcileDue } from '../../src/reconcile/reconcile.ts';
import { periodOf, type PeriodKind } from '../../src/reports/periods.ts';
import { readReport } from '../../src/reports/reports.ts';
import { openTestCounter } from '../support/drained.ts';
import { testGrain } from '../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const [THURSDAY, FRIDAY, TODAY] = ['2026-11-26', '2026-11-27', '2026-11-30'];

test('what a day is, is said: no figure is taken for more than it is, and no missing difference for a match', async (t) => {
  const { db } = await openTestDatabase(t);
  const read = (kind: PeriodKind, on: string) =>
    readReport(db, periodOf(kind, on), {
      ...{ municipality: MUNICIPALITY, municipalityName: '白井市', book: 'live' },
      ...{ madeBy: '会計 三郎（1003）', now: new Date(`${TODAY}T00:00:00Z`), today: TODAY },
    });
  const toldOf = async (kind: PeriodKind, on: string): Promise<string[]> => {
    const { sentence, origin } = await read(kind, on);
    return [sentence, ...origin.warnings, origin.compared];
  };
  const none = 'この期間に、端末の合計と突合した締めはありません。';
  assert.deepEqual(await toldOf('day', THURSDAY), [
    'この日のキャッシュレスの収納は、市の記録にまだありません。',
    none,
  ]);
  assert.deepEqual(await toldOf('day', '2027-01-01'), [
    'この日のキャッシュレスの収納は、市の記録にありません。市の休日（土日・祝日・年末年始）です。',
    '令和9年1月1日(金)は、まだ来ていません。',
    none,
  ]);
  assert.deepEqual(await toldOf('month', '2027-01-01'), [
    'この期間のキャッシュレスの収納は、市の記録にまだありません。',
    '令和9年1月は、まだ来ていません。',
    none,
  ]);

  const counter = openTestCounter(t, db);
  counter.readTotals('opening', THURSDAY, []);
  counter.sell({ amountYen: 400, businessDate: THURSDAY });
  await counter.drain();
  assert.deepEqual((await toldOf('day', THURSDAY)).slice(1), [
    'カウンター 01 の 令和8年11月26日(木)の支払い 1件は、まだ締めていません。',
    none,
  ]);
  counter.close(THURSDAY, [{ bucket: 'card', count: 1, amountYen: 400 }]);
  await counter.drain();
  assert.deepEqual((await toldOf('day', THURSDAY)).slice(1), [
    'カウンター 01 の 令和8年11月26日(木)の締めは、まだ端末の合計と突合していません。',
    none,
  ]);
  await reconcileDue(db, MUNICIPALITY, () => testGrain, TODAY);
  const match = '1日・窓口分のうち 1日・窓口分が、端末の合計と1円まで一致しています。';
  assert.deepEqual((await toldOf('day', THURSDAY)).slice(1), [match]);

  // A second closing of the day that nobody has compared.
  counter.close(THURSDAY, []);
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  counter.close(FRIDAY, []);
  await counter.drain();
  assert.deepEqual((await toldOf('month', FRIDAY)).slice(1), [
    '令和8年11月30日(月)は、まだ終わっていません。作成のときまでに市の記録に届いた分です。',
    'カウンター 01 の 令和8年11月26日(木)の締めは、まだ端末の合計と突合していません。',
    'カウンター 01 の 令和8年11月27日(金)の締めは、まだ端末の合計と突合していません。',
    match,
  ]);
  await reconcileDue(db, MUNICIPALITY, () => testGrain, TODAY);
  const { sections, origin } = await read('day', FRIDAY);
  assert.equal(origin.compared, '1日・窓口分のうち 0日・窓口分が、端末の合計と1円まで一致しています。');
  const terminals = sections.find(({ id }) => id === 'terminals');
  assert.deepEqual(
    terminals?.rows.map(({ cells }) => cells.slice(0, 7)),
    [[FRIDAY, '01', 300, 0, -300, -300, '差あり']],
  );
  assert.match(String(terminals.rows[0]?.cells[7]), /^端末が 300円 少なく、記録からは説明できません。/);
});

test('a day that only a later day’s closing has come after is not closed, and neither is what came after its own', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const unclosedIn = async (kind: PeriodKind, on: string): Promise<string[]> => {
    const asked = { municipality: MUNICIPALITY, municipalityName: '白井市', book: 'live' as const };
    const made = { madeBy: '会計 三郎（1003）', now: new Date(`${TODAY}T00:00:00Z`), today: TODAY };
    const { origin } = await readReport(db, periodOf(kind, on), { ...asked, ...made });
    return origin.warnings.filter((sentence) => sentence.includes('まだ締めていません'));
  };
  counter.sell({ amountYen: 400, businessDate: THURSDAY });
  counter.sell({ amountYen: 300, businessDate: FRIDAY });
  counter.close(FRIDAY, []);
  await counter.drain();
  const thursday = 'カウンター 01 の 令和8年11月26日(木)の支払い 1件は、まだ締めていません。';
  assert.deepEqual(await unclosedIn('day', THURSDAY), [thursday], 'forgotten');
  assert.deepEqual(await unclosedIn('day', FRIDAY), []);
  counter.close(THURSDAY, []);
  await counter.drain();
  assert.deepEqual(await unclosedIn('month', THURSDAY), []);
  counter.sell({ amountYen: 500, businessDate: THURSDAY });
  counter.sell({ amountYen: 100, businessDate: TODAY });
  counter.close(TODAY, []);
  await counter.drain();
  assert.deepEqual(await unclosedIn('month', THURSDAY), [thursday], 'after its closing');
});
