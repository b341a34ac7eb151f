/** A day that is over does not change: what is given back later says so on the report of either day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodOf } from '../../src/reports/periods.ts';
import { readReport } from '../../src/reports/reports.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf, armedVoid } from '../support/sale.ts';

const [DAY, NEXT] = ['2026-03-30', '2026-03-31'];

test('a void on the day after stands on the reports of both days, and in the month of both on neither', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const sale = counter.sell({ amountYen: 400, businessDate: DAY });
  counter.sell({ amountYen: 300, businessDate: DAY });
  counter.record('void', { type: 'armed', payload: { ...armedVoid(sale), businessDate: NEXT } });
  counter.record('void', { type: 'answer', payload: { answer: answerOf('approved'), refused: null } });
  counter.record('void', { type: 'ended', payload: { kind: 'completed' } });
  await counter.drain();
  const toldOn = async (kind: 'day' | 'month', on: string): Promise<string[]> => {
    const { origin } = await readReport(db, periodOf(kind, on), {
      ...{
        municipality: MUNICIPALITY,
        municipalityName: '白井市',
        book: 'live',
        madeBy: '会計 三郎（1003）',
      },
      ...{ now: new Date('2026-05-02T00:00:00Z'), today: '2026-05-02' },
    });
    return origin.warnings.filter((sentence) => sentence.includes('訂正'));
  };
  assert.deepEqual(await toldOn('day', DAY), [
    'ここの売上のうち 1件は、あとの日に取消・返金・訂正（−400円）をしました。その分は、行った日の帳票に入っています。',
  ]);
  assert.deepEqual(await toldOn('day', NEXT), [
    '前の日の売上の取消・返金・訂正 1件 −400円が、行った日としてここに入っています。',
  ]);
  assert.deepEqual(await toldOn('month', DAY), []);
});
