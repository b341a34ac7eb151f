/** Questions: what became of a payment, totals, health. None of them may change anything. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BookLine } from '../contract.ts';
import { factsOf, isTaken, type Bench } from './bench.ts';

export function testQuestions({ subject, brands, anyBrand, connect, connectAnew }: Bench): void {
  const { driver } = subject;

  /** The far end's book, rolled up as the driver declares. */
  function rollUp(book: readonly BookLine[]): Map<string, { count: number; amountYen: number }> {
    const sums = new Map<string, { count: number; amountYen: number }>();
    for (const line of book.filter(({ state }) => state === 'stored')) {
      const bucket = driver.totals.bucketOf(line);
      const { count, amountYen } = sums.get(bucket) ?? { count: 0, amountYen: 0 };
      const sign = line.kind === 'sale' ? 1 : -1;
      sums.set(bucket, { count: count + sign, amountYen: amountYen + sign * line.amountYen });
    }
    return sums;
  }

  describe('finds out', () => {
    test('nothing of a terminal that has never sold: open, unless it knows each operation by its id', async (t) => {
      const counter = await connectAnew(t);
      const known = driver.remembers === 'each' ? 'not_charged' : 'inconclusive';
      assert.equal((await counter.find({ amountYen: 100 })).kind, known);
    });

    test('that a payment was taken, with the answer it had then', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(200);
      const answer = await counter.sellWell(300);
      const found = await counter.find({ amountYen: 300, previous, answer });
      if (found.kind !== 'approved') assert.fail(found.reason);
      const facts = ({ receiptNumber, amountYen, brand, terminalId }: typeof answer) => ({
        receiptNumber,
        amountYen,
        brand,
        terminalId,
      });
      assert.deepEqual(facts(found.answer), facts(answer));
    });

    test('that a payment was taken although its answer never came', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(200);
      const answer = await counter.sellWell(300);
      const found = await counter.find({ amountYen: 300, previous });
      assert.equal(found.kind === 'approved' ? found.answer.receiptNumber : found.kind, answer.receiptNumber);
    });

    for (const act of ['refuse', 'insufficient', 'stop', 'walk_away'] as const) {
      test(`that nothing was taken when the sale ended with "${act}"`, async (t) => {
        const counter = await connect(t);
        const previous = await counter.sellWell(200);
        await counter.farEnd.plan({ act });
        const { answers } = await counter.sell(300);
        const found = await counter.find({ amountYen: 300, previous, answer: answers.at(-1) ?? null });
        assert.equal(found.kind, 'not_charged');
      });
    }

    test('what became of a payment whose answer the counter refused', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(200);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const { answers } = await counter.sell(300, { commit: () => 'refuse' });
      const found = await counter.find({ amountYen: 300, previous, answer: answers.at(-1) ?? null });
      assert.equal(found.kind, isTaken((await counter.book()).slice(1)) ? 'approved' : 'not_charged');
    });

    test('never an approval of another amount', async (t) => {
      const counter = await connect(t);
      await counter.sellWell(300);
      assert.notEqual((await counter.find({ amountYen: 301 })).kind, 'approved');
    });

    test('the same however often it asks, on this connection or the next', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(200);
      await counter.sellWell(300);
      const found = factsOf(await counter.find({ amountYen: 300, previous }));
      assert.deepEqual(factsOf(await counter.find({ amountYen: 300, previous })), found);
      await counter.reconnect();
      assert.deepEqual(factsOf(await counter.find({ amountYen: 300, previous })), found);
    });

    test('without anything that could move money, and changes no book', async (t) => {
      const counter = await connect(t);
      await counter.find({ amountYen: 100 });
      assert.ok(!subject.couldMoveMoney(counter.sent()));
      assert.deepEqual(await counter.book(), []);
    });
  });

  describe('totals', () => {
    test('of a terminal that has not sold are nothing', async (t) => {
      const totals = await (await connectAnew(t)).terminal.reportTotals();
      assert.equal(totals.totalYen, 0);
      assert.ok(totals.rows.every(({ count, amountYen }) => count === 0 && amountYen === 0));
    });

    test('add up to the terminal’s book, in every bucket', async (t) => {
      const counter = await connectAnew(t);
      for (const [at, { brand }] of brands.entries()) await counter.sellWell(100 + at, brand);
      await counter.farEnd.plan({ act: 'refuse' });
      await counter.sell(5_000);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      await counter.sell(7_000, { commit: () => 'refuse' });
      const totals = await counter.terminal.reportTotals();
      const expected = rollUp(await counter.book());
      for (const { bucket, count, amountYen } of totals.rows) {
        const counted = expected.get(bucket) ?? { count: 0, amountYen: 0 };
        assert.deepEqual({ bucket, count, amountYen }, { bucket, ...counted });
        expected.delete(bucket);
      }
      assert.deepEqual([...expected.keys()], [], 'every bucket of the book is in the totals');
      const sumYen = totals.rows.reduce((sum, { amountYen }) => sum + amountYen, 0);
      assert.equal(totals.totalYen, sumYen);
    });

    test('are in the declared buckets only, each once', async (t) => {
      const { rows } = await (await connect(t)).terminal.reportTotals();
      const declared = driver.totals.buckets.map(({ code }) => code);
      assert.ok(rows.every(({ bucket }) => declared.includes(bucket)));
      assert.equal(new Set(rows.map(({ bucket }) => bucket)).size, rows.length);
    });

    test('grow by a sale and by nothing else', async (t) => {
      const counter = await connect(t);
      const before = (await counter.terminal.reportTotals()).totalYen;
      await counter.sellWell(123);
      const after = (await counter.terminal.reportTotals()).totalYen;
      assert.equal(after - before, 123);
    });

    test('are not cleared by being asked for, and asking moves no money', async (t) => {
      const counter = await connect(t);
      const before = counter.sent().length;
      const { rows, totalYen } = await counter.terminal.reportTotals();
      const again = await counter.terminal.reportTotals();
      assert.deepEqual([again.rows, again.totalYen], [rows, totalYen]);
      assert.ok(!subject.couldMoveMoney(counter.sent().subarray(before)));
    });

    test('say which terminal they are of', async (t) => {
      const { terminal } = await connect(t);
      assert.equal((await terminal.reportTotals()).terminalId, terminal.terminalId);
    });
  });

  describe('health', () => {
    test('is fine on a terminal that can sell, in words', async (t) => {
      const { ready, status } = await (await connect(t)).terminal.checkHealth();
      assert.ok(ready);
      assert.notEqual(status, '');
    });

    test('can be asked for again and again, and between sales', async (t) => {
      const counter = await connect(t);
      for (let round = 0; round < 5; round++) assert.ok((await counter.terminal.checkHealth()).ready);
      await counter.sellWell(100);
      assert.ok((await counter.terminal.checkHealth()).ready);
    });

    test('is asked with nothing that could move money: every byte that left was looked at', async (t) => {
      const counter = await connect(t);
      for (let round = 0; round < 3; round++) await counter.terminal.checkHealth();
      assert.ok(!subject.couldMoveMoney(counter.sent()));
      assert.deepEqual(await counter.book(), []);
      // The judge can tell: a sale's bytes are not harmless.
      await counter.sellWell(100);
      assert.ok(subject.couldMoveMoney(counter.sent()));
    });
  });
}
