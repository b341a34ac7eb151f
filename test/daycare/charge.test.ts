/** What a stay costs, from the sample catalogue: nothing is forgotten, and nobody pays twice for one hour. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterHoursFee, chargeOf, classesOf, feesFor, type Charge } from '../../src/daycare/charge.ts';
import type { Stay } from '../../src/daycare/daycare.ts';
import { DEFAULT_SETTINGS } from '../../src/fees/catalogue.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { stayOf } from '../support/stays.ts';

const { items, grounds } = readSampleFees();
const day = { on: '2026-11-26', grounds, settings: DEFAULT_SETTINGS };

function charge(change: Partial<Stay>, until: string): Charge {
  const charged = chargeOf(stayOf(change), { until, child: 1 }, items, day);
  assert.ok(!('fault' in charged), JSON.stringify(charged));
  return charged;
}
const sums = ({ priced }: Charge): [string, number, number][] =>
  priced.map(({ code, quantity, amountYen }) => [code, quantity, amountYen]);

test('a day, a meal, and care after hours in begun half hours from the end of the paid care', () => {
  for (const [until, half] of [
    ['18:00', 0],
    ['18:01', 1],
    ['18:30', 1],
    ['18:31', 2],
    ['20:00', 4],
  ] as const) {
    const charged = charge({ meals: ['NUR-KYD'] }, until);
    assert.deepEqual(
      sums(charged),
      [['NUR-IT1', 1, 2200], ...(half === 0 ? [] : [['NUR-ENC3', half, 100 * half]]), ['NUR-KYD', 1, 300]],
      until,
    );
    assert.equal(charged.totalYen, 2500 + 100 * half);
  }
});

test('care by the hour is rounded up, at least one, and has no care after hours on top of the same time', () => {
  const byHour = { care: 'NUR-HR1', arrivedAt: '13:00' };
  assert.deepEqual(sums(charge(byHour, '13:20')), [['NUR-HR1', 1, 300]]);
  assert.deepEqual(sums(charge(byHour, '15:01')), [['NUR-HR1', 3, 900]]);
  assert.deepEqual(sums(charge(byHour, '19:00')), [['NUR-HR1', 6, 1800]]);
});

test('who comes for care after hours alone pays from the arrival, and nothing when picked up before it begins', () => {
  const late = { care: null, arrivedAt: '16:00' };
  assert.deepEqual(sums(charge(late, '17:59')), []);
  assert.deepEqual(sums(charge(late, '18:10')), [['NUR-ENC3', 1, 100]]);
  assert.deepEqual(sums(charge({ ...late, arrivedAt: '18:40' }, '19:30')), [['NUR-ENC3', 2, 200]]);
});

test('every line says which child and which times, and the day of care decides the price', () => {
  const charged = chargeOf(
    stayOf({ caredOn: '2026-11-24', meals: ['NUR-KYD'] }),
    { until: '18:20', child: 2 },
    items,
    day,
  );
  assert.ok(!('fault' in charged));
  assert.deepEqual(
    charged.priced.map(({ care }) => care),
    [1, 2, 3].map(() => ({ child: 2, from: '08:30', until: '18:20' })),
  );
  assert.deepEqual(
    charged.priced.map(({ pricedOn }) => pricedOn),
    ['2026-11-24', '2026-11-24', '2026-11-24'],
  );
});

test('times that can not be, and a fee that is gone, are a fault and no cheaper bill', () => {
  const backwards = chargeOf(
    stayOf({ care: 'NUR-HR1', arrivedAt: '13:00' }),
    { until: '12:00', child: 1 },
    items,
    day,
  );
  assert.deepEqual('fault' in backwards && backwards.fault, 'bad_input');
  const gone = chargeOf(stayOf({ care: 'NUR-OLD' }), { until: '12:00', child: 1 }, items, day);
  assert.deepEqual('fault' in gone && gone.fault, 'unknown_item');
});

test('the teacher is offered what is for the class: by age, or as the city divides it', () => {
  assert.deepEqual(
    classesOf(items).map(({ code }) => code),
    ['under_3', '3_and_over'],
  );
  assert.deepEqual(
    feesFor(items, 'temporary_care', '3_and_over').map(({ code }) => code),
    ['NUR-IT3', 'NUR-IT4'],
  );
  assert.equal(afterHoursFee(items, 'under_3', day)?.code, 'NUR-ENC3');
  const divided = items.map((item) =>
    item.code === 'NUR-IT1'
      ? { ...item, classes: ['resident', 'other'].map((code) => ({ code, nameJa: code, nameEn: code })) }
      : item,
  );
  assert.deepEqual(
    feesFor(divided, 'temporary_care', 'other').map(({ code }) => code),
    ['NUR-IT1'],
  );
});
