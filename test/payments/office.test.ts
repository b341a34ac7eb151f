/** The payments of a day as the office reads and finds them in PostgreSQL. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { PricedLine } from '../../src/fees/pricing.ts';
import { readPaymentsOn, searchPayments } from '../../src/payments/office.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { armedSale } from '../support/sale.ts';

const DAY = '2026-11-24';
const [SOLD] = armedSale().lines;

const pass = (sticker: string): PricedLine => ({
  ...(SOLD ?? assert.fail('the sample sale has no line')),
  ...{ code: 'BIK-1B', nameJa: '駐輪場 1回', unit: '台' },
  inputs: [{ code: 'sticker', labelJa: 'シール番号', value: sticker, textJa: sticker }],
});

test('a sale is listed with the items that it was corrected to last, and found by any that it ever had', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const sale = counter.sell({ amountYen: 400, businessDate: DAY });
  const other = counter.sell({ amountYen: 300, businessDate: DAY });
  const correct = (from: PricedLine, to: PricedLine): void =>
    counter.record(sale, {
      type: 'corrected',
      payload: {
        ...{ id: randomUUID(), replaced: [from], lines: [to], note: '番号の読み違い', businessDate: DAY },
        ...{ clerk: '市民 花子', confirmedBy: { clerk: '会計 さくら' }, requestHash: '' },
      },
    });
  const found = async (search: string): Promise<string[]> =>
    (await searchPayments(db, MUNICIPALITY, search)).map(({ id }) => id);
  await counter.drain();
  assert.deepEqual(await found('駐輪場'), []);

  correct(SOLD ?? assert.fail(), pass('B-12'));
  correct(pass('B-12'), pass('B-21'));
  await counter.drain();
  const listed = await readPaymentsOn(db, MUNICIPALITY, DAY);
  const linesOf = (id: string) => listed.find((payment) => payment.id === id)?.lines;
  assert.deepEqual(linesOf(sale), [{ nameJa: '駐輪場 1回', quantity: 1, unit: '台' }]);
  assert.deepEqual(linesOf(other), [{ nameJa: SOLD?.nameJa, quantity: 1, unit: SOLD?.unit }]);
  for (const word of ['駐輪場', 'B-21', 'ｂ－２１', 'B-12', '400'])
    assert.deepEqual(await found(word), [sale], word);
  assert.equal((await found(SOLD?.nameJa ?? '')).length, 2);
});
