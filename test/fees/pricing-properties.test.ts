import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import { NOBODY, priceLine, priceLines, type PricedLine } from '../../src/fees/pricing.ts';
import { inputsOf } from '../../src/fees/questions.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { ruleOf } from '../../src/fees/unit-rules.ts';
import { catalogueOf, itemAt, TODAY } from './items.ts';

const SAMPLE = readSampleFees();
const ITEMS = [...SAMPLE.items, itemAt(1, { unitRule: 'per_5_persons', code: 'P5', window: 'tax' })];
const DAY = { ...TODAY, on: '2026-12-15', grounds: SAMPLE.grounds };
/** Inputs that the item's own specification allows. */
const inputsFor = (item: FeeItem): fc.Arbitrary<Record<string, string>> =>
  fc.record(
    Object.fromEntries(
      inputsOf(item, DAY).map((input) => [
        input.code,
        {
          count: fc.integer({ min: input.min, max: Math.max(input.min, input.max) }).map(String),
          choice: fc.constantFrom(...input.choices.map(({ code }) => code), ''),
          month: fc.constantFrom(...input.choices.map(({ code }) => code), ''),
          time: fc
            .integer({ min: input.code === 'from' ? 0 : 721, max: input.code === 'from' ? 720 : 1439 })
            .map(
              (at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`,
            ),
          date: fc.constant('2026-12-10'),
          text: fc.constant('A-1'),
        }[input.kind].filter((value) => value !== '' || input.kind === 'text'),
      ]),
    ),
  );
const asked = fc.constantFrom(...ITEMS).chain((item) =>
  fc.record({
    code: fc.constant(item.code),
    window: fc.constant(item.window),
    quantity: ruleOf(item).isSingle ? fc.constant(1) : fc.integer({ min: 1, max: 999 }),
    inputs: inputsFor(item),
    exemption: fc.option(fc.constant({ ground: 'welfare' }), { nil: undefined, freq: 5 }),
  }),
);
const CATALOGUE = catalogueOf(ITEMS, { grounds: SAMPLE.grounds });
const price = (lines: readonly { code: string; window: string; quantity: number }[], window: string) =>
  priceLines(CATALOGUE, window, DAY.on, lines, NOBODY);

test('a total is the sum of its lines, each a unit price times whole units, in integer yen', () => {
  fc.assert(
    fc.property(fc.array(asked, { minLength: 1, maxLength: 8 }), (all) => {
      const lines = all.filter(({ window }) => window === all[0]?.window);
      const basket = price(lines, lines[0]?.window ?? '');
      assert.ok(!('fault' in basket), JSON.stringify(basket));
      assert.equal(basket.lines.length, lines.length);
      let sum = 0;
      for (const { quantity, unitPriceYen, amountYen } of basket.lines) {
        for (const value of [quantity, unitPriceYen, amountYen]) assert.ok(Number.isSafeInteger(value));
        assert.ok(quantity >= 1 && unitPriceYen >= 0);
        assert.equal(amountYen, unitPriceYen * quantity);
        sum += amountYen;
      }
      assert.equal(basket.totalYen, sum);
    }),
  );
});

test('the order of the lines changes no line and no total', () => {
  fc.assert(
    fc.property(fc.array(asked, { minLength: 2, maxLength: 6 }), fc.nat(), (all, turn) => {
      const lines = all.filter(({ window }) => window === all[0]?.window);
      const at = turn % lines.length;
      const turned = [...lines.slice(at), ...lines.slice(0, at)];
      const [first, second] = [price(lines, lines[0]?.window ?? ''), price(turned, lines[0]?.window ?? '')];
      assert.ok(!('fault' in first) && !('fault' in second));
      assert.equal(first.totalYen, second.totalYen);
      const key = (each: PricedLine[]): string[] => each.map((line) => JSON.stringify(line)).sort();
      assert.deepEqual(key(first.lines), key(second.lines));
    }),
  );
});

test('one more never costs less, and so many cost so many times one', () => {
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 500 }), ({ window, ...line }, quantity) => {
      const item = ITEMS.find(({ code, window: at }) => code === line.code && at === window);
      assert.ok(item !== undefined);
      const amount = (count: number): number => {
        const result = priceLine(item, { ...line, quantity: count }, DAY, NOBODY);
        return 'fault' in result ? NaN : result.amountYen;
      };
      if (Number.isNaN(amount(2))) return; // one sticker, one line
      assert.equal(amount(quantity), amount(1) * quantity);
      assert.ok(amount(quantity + 1) >= amount(quantity));
    }),
  );
});

test('what is not charged never changes what the others cost', () => {
  fc.assert(
    fc.property(asked, asked, (first, second) => {
      const exempt = { ...second, window: first.window, exemption: { ground: 'welfare' } };
      const pair = ITEMS.filter(({ window }) => window === first.window);
      if (pair.every(({ code }) => code !== exempt.code)) return;
      const [alone, both] = [price([first], first.window), price([first, exempt], first.window)];
      assert.ok(!('fault' in alone) && !('fault' in both));
      assert.equal(both.totalYen, alone.totalYen);
    }),
  );
});
