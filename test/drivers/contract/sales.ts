/** Sales on a line that holds. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import type { Bench } from './bench.ts';

/** Values whose bytes look like something else on one line or another (DLE, ETX, ACK, NAK, lengths), and the ends. */
const AMOUNTS_YEN = [
  1, 2, 3, 6, 10, 15, 16, 100, 103, 109, 300, 999, 1_000, 1_003, 1_010, 10_002, 10_110, 101_010,
];
const LARGE_YEN = [999_999, 1_000_000, 9_999_999];

const withCommas = (yen: number): string => yen.toLocaleString('en');

export function testSales(bench: Bench): void {
  const { brands, anyBrand, hasLink, connect } = bench;
  const { minimumYen = 1 } = bench.subject.driver;

  describe('sells', () => {
    for (const { method, brand } of brands) {
      test(`by ${method}, ${brand}: approved for what it was, and in the terminal's book`, async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act: 'present', brand });
        const { ending, answers } = await counter.sell(450, { method, brand });
        assert.deepEqual(ending, { kind: 'completed' });
        assert.deepEqual(
          answers.map((answer) => [answer.verdict, answer.amountYen, answer.method, answer.brand]),
          [['approved', 450, method, brand]],
        );
        assert.deepEqual(
          (await counter.book()).map((line) => [line.state, line.amountYen, line.method, line.brand]),
          [['stored', 450, method, brand]],
        );
      });
    }

    for (const amountYen of [...AMOUNTS_YEN, ...LARGE_YEN].filter((yen) => yen >= minimumYen)) {
      test(`for ${withCommas(amountYen)} yen, which arrive as ${withCommas(amountYen)} yen and come back so`, async (t) => {
        const counter = await connect(t);
        const answer = await counter.sellWell(amountYen);
        assert.deepEqual([answer.amountYen, answer.currency], [amountYen, '392']);
        assert.deepEqual(
          (await counter.book()).map((line) => [line.state, line.amountYen]),
          [['stored', amountYen]],
        );
      });
    }

    test('and reports what was really presented, whatever the clerk had touched', async (t) => {
      const counter = await connect(t);
      const [wished, presented] = [brands[0], brands.at(-1)];
      if (wished === undefined || presented === undefined) assert.fail('no brands');
      await counter.farEnd.plan({ act: 'present', brand: presented.brand });
      const { answers } = await counter.sell(100, wished);
      assert.deepEqual([answers[0]?.method, answers[0]?.brand], [presented.method, presented.brand]);
    });

    test('the same amount twice as two payments with numbers of their own', async (t) => {
      const counter = await connect(t);
      const [first, second] = [await counter.sellWell(300), await counter.sellWell(300)];
      const numbers = (answer: typeof first) => [answer.receiptNumber, answer.traceNumber];
      assert.notDeepEqual(numbers(first), numbers(second));
      assert.equal((await counter.book()).length, 2);
    });

    test('and shows the steps: sent first, then a card is awaited', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const steps = (await counter.sell(100)).progress.map(({ step }) => step);
      assert.equal(steps[0], 'sent');
      assert.ok(steps.includes('present_card'));
    });

    test('to a resident who takes their time', async (t) => {
      const counter = await connect(t);
      const sold = counter.sell(100);
      await counter.farEnd.cardIsAwaited();
      await counter.farEnd.act({ act: 'present', brand: anyBrand });
      assert.deepEqual((await sold).ending, { kind: 'completed' });
    });

    test('one at a time: a second call fails by itself and the first goes on', async (t) => {
      const counter = await connect(t);
      const sold = counter.sell(100);
      await counter.farEnd.cardIsAwaited();
      const second = [
        () => counter.sell(200),
        () => counter.terminal.checkHealth(),
        () => counter.terminal.reportTotals(),
        () => counter.find({ amountYen: 100 }),
      ];
      for (const call of second) await assert.rejects(call, (error) => !(error instanceof TerminalError));
      await counter.farEnd.act({ act: 'present', brand: anyBrand });
      assert.deepEqual((await sold).ending, { kind: 'completed' });
      assert.equal((await counter.book()).length, 1);
    });
  });

  describe('ends without money', () => {
    for (const [what, act, verdict] of [
      ['a balance that is too small', 'insufficient', 'declined'],
      ['an issuer that refuses', 'refuse', 'declined'],
      ['a resident who presses stop', 'stop', 'cancelled'],
      ['a resident who walks away', 'walk_away', 'cancelled'],
    ] as const) {
      test(`at ${what}: ${verdict}, nothing in the book, and the next sale works`, async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act });
        const { ending, answers } = await counter.sell(700);
        assert.equal(ending.kind === 'aborted' ? ending.verdict : ending.kind, verdict);
        assert.ok(answers.every((answer) => answer.verdict === verdict));
        assert.deepEqual(await counter.book(), []);
        await counter.sellWell(700);
      });
    }

    test('when the clerk wishes so while a card is awaited', async (t) => {
      const counter = await connect(t);
      const sold = counter.sell(100);
      await counter.farEnd.cardIsAwaited();
      counter.terminal.abort();
      const { ending } = await sold;
      assert.equal(ending.kind === 'aborted' ? ending.verdict : ending.kind, 'cancelled');
      assert.deepEqual(await counter.book(), []);
    });

    test('once, however often the clerk wishes so', async (t) => {
      const counter = await connect(t);
      const sold = counter.sell(100);
      await counter.farEnd.cardIsAwaited();
      for (let times = 0; times < 5; times++) counter.terminal.abort();
      assert.equal((await sold).ending.kind, 'aborted');
      await counter.sellWell(100);
    });
  });

  describe('takes a wish to stop as a wish', () => {
    test('that comes too late: an approval after it is an approval', async (t) => {
      const counter = await bench.connectAnew(t, { issuerMs: 300 });
      const steps: string[] = [];
      // Without a link the last step to be seen is that the clerk has the amount.
      const late = hasLink ? 'waiting_for_host' : 'present_card';
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const ending = await counter.terminal.authorizeSale(
        { operationId: randomUUID(), amountYen: 100, method: 'credit', brand: null },
        () => 'acknowledge',
        ({ step }) => {
          steps.push(step);
          if (step === late) counter.terminal.abort();
        },
      );
      assert.ok(steps.includes(late));
      assert.deepEqual(ending, { kind: 'completed' });
      assert.deepEqual(
        (await counter.book()).map(({ state }) => state),
        ['stored'],
      );
    });

    test('that comes while nothing runs: the next sale knows nothing of it', async (t) => {
      const counter = await connect(t);
      counter.terminal.abort();
      await counter.sellWell(100);
    });
  });
}
