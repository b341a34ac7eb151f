import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import type { Inputs } from '../../src/fees/inputs.ts';
import {
  NOBODY,
  priceItem,
  priceLine,
  type PricedLine,
  type PricingDay,
  type PricingFault,
} from '../../src/fees/pricing.ts';
import { inputsOf, needsEntry } from '../../src/fees/questions.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { itemAt, priceAt, priced, TODAY } from './items.ts';

const SAMPLE = readSampleFees();

function sampleItem(code: string): FeeItem {
  const item = SAMPLE.items.find((each) => each.code === code);
  assert.ok(item !== undefined, code);
  return item;
}

function faultOf(item: FeeItem, inputs: Inputs = {}, quantity = 1, day: PricingDay = TODAY): PricingFault {
  const line = priceLine(item, { code: item.code, quantity, inputs }, day, NOBODY);
  assert.ok('fault' in line, JSON.stringify(line));
  return line;
}

const on = (day: string, change: Partial<PricingDay> = {}): PricingDay => ({ ...TODAY, on: day, ...change });
const shape = ({ quantity, unitPriceYen, amountYen }: PricedLine): number[] => [
  quantity,
  unitPriceYen,
  amountYen,
];

describe('the day whose price counts', () => {
  const certificate = sampleItem('CIT-JUM');

  test('the city’s revision from 300 to 400 yen takes effect on 1 April by itself', () => {
    assert.equal(priced(certificate, {}, 2, on('2025-03-31')).amountYen, 600);
    assert.equal(priced(certificate, {}, 2, on('2025-04-01')).amountYen, 800);
  });

  test('where the day of acceptance counts, an application of March pays March’s price in April', () => {
    const day = on('2025-04-02', { settings: { priceBasis: 'acceptance', registrationNumbers: {} } });
    assert.equal(needsEntry(inputsOf(certificate, day)), false);
    assert.deepEqual([priced(certificate, {}, 1, day).unitPriceYen], [400]);
    const line = priced(certificate, { acceptedOn: '2025-03-28' }, 1, day);
    assert.deepEqual([line.unitPriceYen, line.pricedOn], [300, '2025-03-28']);
    assert.equal(faultOf(certificate, { acceptedOn: '2025-04-03' }, 1, day).fault, 'bad_input');
  });

  test('where the day of issue counts, nobody is asked when the application arrived', () => {
    const fault = faultOf(certificate, { acceptedOn: '2025-03-28' }, 1, on('2025-04-02'));
    assert.deepEqual(fault.fault, 'bad_input');
    assert.equal(priced(certificate, {}, 1, on('2025-04-02')).pricedOn, '2025-04-02');
  });

  test('care costs what it costs on the day of care', () => {
    const item = { ...sampleItem('NUR-KYD'), prices: [priceAt(300), priceAt(350, { from: '2026-12-01' })] };
    assert.equal(priced(item, { usedOn: '2026-11-30' }).unitPriceYen, 300);
    assert.equal(priced(item, { usedOn: '2026-12-01' }).unitPriceYen, 350);
  });

  test('an item is not sold before its first day, nor from the day on which it was withdrawn', () => {
    const item = itemAt(null, {
      prices: [priceAt(300, { from: '2026-04-01' }), priceAt(null, { from: '2027-04-01' })],
    });
    assert.equal(faultOf(item, {}, 1, on('2026-03-31')).fault, 'no_price');
    assert.equal(priced(item, {}, 1, on('2027-03-31')).unitPriceYen, 300);
    assert.equal(faultOf(item, {}, 1, on('2027-04-01')).fault, 'no_price');
  });
});

describe('unit rules', () => {
  for (const [name, item, inputs, quantity, expected] of [
    ['通', itemAt(400), {}, 3, [3, 400, 1200]],
    ['年度 × 件', sampleItem('TAX-KAZ'), { years: 3 }, 2, [6, 400, 2400]],
    ['年度 × 税目', sampleItem('TAX-NOU'), { taxes: 2, years: 3 }, 1, [6, 300, 1800]],
    ['5人まで', itemAt(300, { unitRule: 'per_5_persons' }), { persons: 5 }, 1, [1, 300, 300]],
    ['6人', itemAt(300, { unitRule: 'per_5_persons' }), { persons: 6 }, 2, [4, 300, 1200]],
    ['人日', sampleItem('NUR-IT1'), { persons: 2, days: 3 }, 1, [6, 2200, 13_200]],
    ['人回', sampleItem('NUR-IT4'), { visits: 2 }, 1, [2, 600, 1200]],
    ['1分の遅れも30分', sampleItem('NUR-ENC3'), { until: '18:01' }, 1, [1, 100, 100]],
    ['30分ちょうど', sampleItem('NUR-ENC3'), { until: '18:30' }, 1, [1, 100, 100]],
    ['31分、2人', sampleItem('NUR-ENC3'), { until: '18:31', persons: 2 }, 1, [4, 100, 400]],
    ['最低1時間', sampleItem('NUR-HR1'), { from: '09:00', until: '09:20' }, 1, [1, 300, 300]],
    ['1時間と1分', sampleItem('NUR-HR1'), { from: '09:00', until: '10:01' }, 1, [2, 300, 600]],
    [
      '最低1時間、あとは30分',
      itemAt(150, { unitRule: 'per_30_min_min_1h' }),
      { from: '09:00', until: '10:01' },
      1,
      [3, 150, 450],
    ],
    ['月 × 時間', sampleItem('NUR-ENC1'), { months: 2, hours: 2 }, 1, [4, 3000, 12_000]],
    ['月', sampleItem('NUR-KYU'), { persons: 2 }, 1, [2, 4500, 9000]],
    ['24時間', sampleItem('BIK-1B'), { days: 3 }, 1, [3, 100, 300]],
  ] as const) {
    test(`${name}: ${JSON.stringify(inputs)} × ${quantity}`, () => {
      assert.deepEqual(shape(priced(item, inputs, quantity)), expected);
    });
  }

  test('a time may be rounded otherwise, as the item’s terms say', () => {
    const late = (rounding: string): FeeItem => ({
      ...sampleItem('NUR-ENC3'),
      terms: { from: '18:00', rounding },
    });
    const steps = (rounding: string, until: string): number => priced(late(rounding), { until }).quantity;
    assert.deepEqual([steps('up', '18:44'), steps('down', '18:44'), steps('nearest', '18:44')], [2, 1, 1]);
    assert.deepEqual([steps('nearest', '18:45'), steps('down', '18:45')], [2, 1]);
    assert.equal(faultOf(late('down'), { until: '18:29' }).fault, 'bad_input');
  });

  test('what has to be known is asked for: a pick-up without a time costs nothing yet', () => {
    const item = sampleItem('NUR-ENC3');
    assert.equal(needsEntry(inputsOf(item, TODAY)), true);
    const fault = faultOf(item);
    assert.ok(fault.fault === 'bad_input');
    assert.deepEqual([fault.input, fault.labelJa], ['until', 'お迎えの時刻']);
  });

  for (const inputs of [
    { until: '17:59' },
    { until: '18:00' },
    { until: '24:00' },
    { until: '9:00' },
    { until: '18:30', persons: 0 },
    { until: '18:30', persons: 1.5 },
    { until: '18:30', persons: '１' },
    { until: '18:30', colour: 'blue' },
    { until: '18:30', usedOn: '2026-02-30' },
    { until: '18:30', usedOn: '2020-01-01' },
  ]) {
    test(`what can’t be meant is refused: ${JSON.stringify(inputs)}`, () => {
      assert.equal(faultOf(sampleItem('NUR-ENC3'), inputs).fault, 'bad_input');
    });
  }

  test('the line keeps what was asked, the unit, and the day', () => {
    const line = priced(sampleItem('TAX-NOU'), { taxes: 2, years: '3' });
    assert.deepEqual(line.inputs, [
      { code: 'taxes', labelJa: '税目の数', value: '2', textJa: '2税目' },
      { code: 'years', labelJa: '年度の数', value: '3', textJa: '3年度' },
    ]);
    assert.deepEqual([line.count, line.unit, line.pricedOn], [1, '税目・年度', '2026-11-24']);
  });
});

describe('passes', () => {
  const bicycle = (startMonth: string, day = '2026-11-24', feeClass = 'resident'): number =>
    priced(sampleItem('BIK-YB'), { class: feeClass, startMonth, sticker: 'A-0012' }, 1, on(day)).amountYen;

  test('by month of start, rounded down to 10 yen: 5,340 in April and 440 in March, as 四街道市 publishes', () => {
    assert.deepEqual(
      ['04', '05', '09', '10', '12'].map((month) => bicycle(`2026-${month}`, `2026-${month}-15`)),
      [5340, 4890, 3110, 2670, 1780],
    );
    assert.equal(bicycle('2027-03', '2027-03-31'), 440);
  });

  test('a pass of next year is sold from December on, and not before', () => {
    assert.equal(bicycle('2027-04', '2026-12-01'), 5340);
    const early = { class: 'resident', startMonth: '2027-04', sticker: 'A1' };
    assert.equal(faultOf(sampleItem('BIK-YB'), early, 1, on('2026-11-30')).fault, 'bad_input');
    const past = { class: 'resident', startMonth: '2026-10', sticker: 'A1' };
    assert.equal(faultOf(sampleItem('BIK-YB'), past).fault, 'bad_input');
  });

  test('next year’s pass has next year’s price', () => {
    const item = {
      ...sampleItem('BIK-YM'),
      classes: [],
      prices: [priceAt(3500), priceAt(3600, { from: '2027-04-01' })],
    };
    const pass = (startMonth: string): PricedLine =>
      priced(item, { startMonth, sticker: 'A1' }, 1, on('2026-12-10'));
    assert.deepEqual([pass('2027-04').amountYen, pass('2027-04').pricedOn], [3600, '2027-04-01']);
    assert.equal(pass('2026-12').amountYen, 1750);
  });

  test('by half-year: half from October', () => {
    const half = (day: string): number =>
      priced(sampleItem('BIK-YM'), { class: 'resident', sticker: 'A1' }, 1, on(day)).amountYen;
    assert.deepEqual([half('2026-04-01'), half('2026-09-30'), half('2026-10-01')], [3500, 3500, 1750]);
  });

  test('as published for each month; a month for which nothing is published is not sold', () => {
    const item = itemAt(5000, {
      unitRule: 'per_fiscal_year_prorated',
      prices: [priceAt(5000, { startMonths: { 4: 5000, 11: 2100 } })],
    });
    assert.equal(priced(item, { sticker: 'A1' }).amountYen, 2100);
    assert.equal(faultOf(item, { sticker: 'A1', startMonth: '2026-12' }).fault, 'no_price');
  });

  test('a pass has a price for residents and one for others, and bears one sticker', () => {
    assert.equal(bicycle('2026-11', '2026-11-24', 'nonresident'), 4450);
    const inputs = { class: 'resident', sticker: 'A-0012' };
    assert.equal(faultOf(sampleItem('BIK-YB'), inputs, 2).fault, 'bad_input');
    assert.equal(faultOf(sampleItem('BIK-YB'), { class: 'resident' }).fault, 'bad_input');
    assert.equal(faultOf(sampleItem('BIK-YB'), { sticker: 'A1' }).fault, 'bad_input');
    assert.equal(faultOf(sampleItem('BIK-YB'), { ...inputs, class: 'staff' }).fault, 'bad_input');
    const { priceYen, highestYen } = priceItem(sampleItem('BIK-YB'), TODAY);
    assert.deepEqual([priceYen, highestYen], [2220, 4450]);
  });

  test('an item for one class asks nobody which', () => {
    assert.equal(priced(sampleItem('NUR-IT1')).unitPriceYen, 2200);
    assert.equal(
      inputsOf(sampleItem('NUR-IT1'), TODAY).some(({ code }) => code === 'class'),
      false,
    );
  });
});

describe('what is not charged', () => {
  const day = { ...TODAY, grounds: SAMPLE.grounds };
  const asked = { code: 'A', quantity: 2, exemption: { ground: 'welfare' } };

  test('costs nothing, is still counted, and keeps its ground, who approved it and what it would have cost', () => {
    const line = priceLine(itemAt(400), asked, day, () => ({ number: '1001', name: '市民 花子' }));
    assert.ok(!('fault' in line));
    assert.deepEqual(shape(line), [2, 0, 0]);
    assert.deepEqual(line.exemption, {
      ground: 'welfare',
      groundJa: '生活保護を受けている人',
      kind: 'reduction',
      approval: null,
      approver: { number: '1001', name: '市民 花子' },
      waivedYen: 800,
    });
  });

  test('needs a ground that the city has', () => {
    const line = priceLine(itemAt(400), { ...asked, exemption: { ground: 'friend' } }, day, NOBODY);
    assert.ok('fault' in line);
    assert.equal(line.fault, 'unknown_ground');
  });

  test('the ordinance’s list is whole: six grounds of 手数料条例 第3条第1項, the last for a second person', () => {
    assert.deepEqual(
      SAMPLE.grounds.map(({ basis, approval }) => [basis.slice(-3), approval]),
      [1, 2, 3, 4, 5, 6].map((number) => [`第${number}号`, number === 6 ? 'second_person' : 'clerk']),
    );
  });
});

describe('what a line of the daycare window pays for', () => {
  test('it is frozen with the line, and so are the times; which child it was, is not', () => {
    const item = sampleItem('NUR-IT1');
    const care = { stay: '11111111-1111-4111-8111-111111111111', child: 2, from: '08:30', until: '17:00' };
    const line = priceLine(item, { code: item.code, quantity: 1, care }, TODAY, NOBODY);
    assert.ok(!('fault' in line));
    assert.equal(line.provides, 'temporary_care');
    assert.deepEqual(line.care, { child: 2, from: '08:30', until: '17:00' });
    assert.equal('provides' in priced(sampleItem('CIT-JUM')), false);
  });
});
