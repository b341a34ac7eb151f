/** A day that is over does not change: what is given back later says so on the report of either day. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { periodOf, type PeriodKind } from '../../src/reports/periods.ts';
import { readReport } from '../../src/reports/reports.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf, armedVoid } from '../support/sale.ts';

const [DAY, NEXT] = ['2026-03-30', '2026-03-31'];

interface Days {
  sale: string;
  void: string;
}

/** A sale and its void, each on its day; what the report of a period says of the two. */
async function recordVoid(t: TestContext, days: Days) {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const sale = counter.sell({ amountYen: 400, businessDate: days.sale });
  counter.sell({ amountYen: 300, businessDate: days.sale });
  counter.record('void', { type: 'armed', payload: { ...armedVoid(sale), businessDate: days.void } });
  counter.record('void', { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
  counter.record('void', { type: 'ended', payload: { kind: 'completed' } });
  await counter.drain();
  return async (kind: PeriodKind, on: string): Promise<string[]> => {
    const { origin } = await readReport(db, periodOf(kind, on), {
      ...{
        municipality: MUNICIPALITY,
        municipalityName: '白井市',
        book: 'live',
        madeBy: '会計 三郎（1003）',
      },
      ...{ now: new Date('2026-05-02T00:00:00Z'), today: '2026-05-02' },
    });
    return origin.warnings.filter((sentence) => /訂正|年度/.test(sentence));
  };
}

test('a void on the day after stands on the reports of both days, and in the month of both on neither', async (t) => {
  const toldOn = await recordVoid(t, { sale: DAY, void: NEXT });
  assert.deepEqual(await toldOn('day', DAY), [
    'ここの売上のうち 1件は、あとの日に取消・返金・訂正（−400円）をしました。その分は、行った日の帳票に入っています。',
  ]);
  assert.deepEqual(await toldOn('day', NEXT), [
    '前の日の売上の取消・返金・訂正 1件 −400円が、行った日としてここに入っています。',
  ]);
  assert.deepEqual(await toldOn('month', DAY), []);
});

test('where the sale is of another fiscal year, the reports of either year say so, and whose income it lessens', async (t) => {
  const toldOn = await recordVoid(t, { sale: NEXT, void: '2026-04-01' });
  const from =
    '取消・返金は、5月31日（出納閉鎖）までは売上の年度の歳入から、6月からはその時の年度の歳出から戻します。年度の所属を会計課で確かめてください。';
  const later = `そのうち 1件 −400円は、次の年度になってからです。${from}`;
  const earlier = `そのうち 1件 −400円は、前の年度の売上です。${from}`;
  for (const kind of ['day', 'month', 'year'] as const) {
    assert.deepEqual((await toldOn(kind, NEXT)).slice(1), [later], kind);
    assert.deepEqual((await toldOn(kind, '2026-04-01')).slice(1), [earlier], kind);
  }
});
