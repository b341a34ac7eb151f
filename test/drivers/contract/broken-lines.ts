/** The line breaks, wherever it can: what is thrown, what is found out afterwards, and that nothing is sent later. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TerminalError, type Decision, type TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { factsOf, isTaken, neverMoved, type Bench, type Counter } from './bench.ts';

/** Far more writes than a sale has; the walk ends at the first sale that is not cut any more. */
const WRITES_MAX = 200;

/** How the line broke; undefined if the sale ended before that. */
async function brokenOff(sold: Promise<unknown>): Promise<TerminalError | undefined> {
  try {
    await sold;
    return undefined;
  } catch (error) {
    if (error instanceof TerminalError) return error;
    throw error;
  }
}

export function testBrokenLines({ subject, anyBrand, hasLink, connect }: Bench): void {
  /**
   * What the counter would do: asks what became of it, twice, and compares with the far end's own book. What stands is
   * given back as the query found it.
   */
  async function checkAgainstBook(
    counter: Counter,
    amountYen: number,
    known: { previous: TerminalAnswer; answer: TerminalAnswer | null; bookBefore: number },
  ): Promise<TerminalAnswer | null> {
    const { previous, answer, bookBefore } = known;
    const found = await counter.find({ amountYen, previous, answer });
    const stands = isTaken((await counter.book()).slice(bookBefore));
    assert.equal(found.kind, stands ? 'approved' : 'not_charged');
    const again = await counter.find({ amountYen, previous, answer });
    assert.deepEqual(factsOf(again), factsOf(found), 'asked twice');
    return found.kind === 'approved' ? found.answer : null;
  }

  /** Whoever has still to be told of the record can't be any more; else the sale may end as if nothing had happened. */
  function assertTold(error: TerminalError | undefined): void {
    if (error === undefined) assert.ok(!subject.driver.awaitsAcknowledgement);
    else assert.ok(error.moneyMayHaveMoved);
  }

  describe('a line that breaks', () => {
    for (const { at, what, stands } of subject.cutPoints) {
      test(`${what}: the payment ${stands ? 'stands' : 'does not stand'}, and a query says so`, async (t) => {
        const counter = await connect(t);
        const previous = await counter.sellWell(400);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand, cutAt: at });
        const { error, answers } = await counter.sellInVain(400);
        assert.ok(error.moneyMayHaveMoved);
        await counter.terminal.closed;
        await counter.reconnect();
        const known = { previous, answer: answers.at(-1) ?? null, bookBefore: 1 };
        assert.equal((await checkAgainstBook(counter, 400, known)) !== null, stands);
      });
    }

    test('after a decline leaves nothing taken, and a query says so', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(400);
      await counter.farEnd.plan({ act: 'refuse' });
      const { answers } = await counter.sell(400);
      await counter.farEnd.pullCable();
      await counter.reconnect();
      await checkAgainstBook(counter, 400, { previous, answer: answers.at(-1) ?? null, bookBefore: 1 });
    });

    test('while the counter records the answer: a query finds what the terminal made of it', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(400);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      let answer: TerminalAnswer | null = null;
      const commit = async (heard: TerminalAnswer): Promise<Decision> => {
        answer = heard;
        await counter.farEnd.pullCable();
        return 'acknowledge';
      };
      const error = await brokenOff(counter.sell(400, { commit }));
      assertTold(error);
      await counter.reconnect();
      await checkAgainstBook(counter, 400, { previous, answer, bookBefore: 1 });
    });

    for (const when of ['before', 'after'] as const) {
      test(`${when} any write of a sale: what is thrown and found is true at each of them`, async (t) => {
        const counter = await connect(t);
        let previous = await counter.sellWell(100);
        let taken = 0;
        let nth = 1;
        for (; nth < WRITES_MAX; nth++) {
          const amountYen = 100 + nth;
          const bookBefore = (await counter.book()).length;
          const answers: TerminalAnswer[] = [];
          await counter.farEnd.plan({ act: 'present', brand: anyBrand });
          counter.cutAtWrite(nth, when);
          const commit = (answer: TerminalAnswer): 'acknowledge' => {
            answers.push(answer);
            return 'acknowledge';
          };
          const error = await brokenOff(counter.sell(amountYen, { commit }));
          if (!counter.wasCut()) break;
          await counter.terminal.closed;
          await counter.reconnect();
          const known = { previous, answer: answers.at(-1) ?? null, bookBefore };
          const found = await checkAgainstBook(counter, amountYen, known);
          if (error === undefined) assert.ok(found, 'a sale that completed stands');
          if (found === null) continue;
          if (error !== undefined) assert.ok(error.moneyMayHaveMoved);
          // Where the terminal awaits our word, it takes nothing for good that was not recorded before.
          if (subject.driver.awaitsAcknowledgement) assert.ok(answers.length > 0);
          taken += 1;
          previous = found;
        }
        // Without a link a sale is one question, and it is asked before anything is taken.
        assert.ok(nth > (hasLink ? 2 : 1) && nth < WRITES_MAX, `${nth} writes`);
        assert.ok(
          taken > 0 || (!hasLink && when === 'before'),
          'some cuts came after the payment was stored',
        );
      });
    }

    test('before a sale: the sale fails at once, and provably moved nothing', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.pullCable();
      if (subject.noticesLoss) await counter.terminal.closed;
      await assert.rejects(counter.sell(100), neverMoved);
      assert.deepEqual(await counter.book(), []);
    });

    test('while a card is awaited: the sale ends with it, and money may have moved', async (t) => {
      const counter = await connect(t);
      const lost = counter.sellInVain(100);
      await counter.farEnd.cardIsAwaited();
      await counter.farEnd.pullCable();
      assert.ok((await lost).error.moneyMayHaveMoved);
      await counter.terminal.closed;
    });

    test('within a question: it is not answered, and the line is closed for good', async (t) => {
      const counter = await connect(t);
      counter.cutAtWrite(1, 'after');
      await assert.rejects(counter.terminal.reportTotals(), TerminalError);
      await counter.terminal.closed;
      await counter.farEnd.plugCable();
      await assert.rejects(counter.terminal.checkHealth(), TerminalError);
    });

    test('and is mended is a new connection: what the old one had to say is never sent', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.pullCable();
      await assert.rejects(counter.sell(999), TerminalError);
      const { terminal: old } = counter;
      await counter.reconnect();
      await assert.rejects(old.checkHealth(), TerminalError);
      assert.ok((await counter.terminal.checkHealth()).ready);
      await counter.farEnd.isIdle();
      assert.deepEqual(await counter.book(), []);
      await counter.sellWell(100);
      assert.equal((await counter.book()).length, 1);
    });

    test('five times in a row leaves a terminal that sells', async (t) => {
      const counter = await connect(t);
      for (let round = 0; round < 5; round++) {
        await counter.farEnd.pullCable();
        if (subject.noticesLoss) await counter.terminal.closed;
        await counter.reconnect();
      }
      await counter.sellWell(100);
    });
  });

  describe('a counter that dies and comes back', () => {
    test('while a card is awaited: nothing is taken that nobody records', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(400);
      const lost = counter.sellInVain(500);
      await counter.farEnd.cardIsAwaited();
      // As a killed process leaves it: the port is let go without a word.
      await counter.terminal.close();
      await lost;
      await counter.reconnect();
      assert.equal(await checkAgainstBook(counter, 500, { previous, answer: null, bookBefore: 1 }), null);
      await counter.farEnd.isIdle();
      await counter.sellWell(600);
    });

    test('between the record and the acknowledgement: a query finds what the terminal made of it', async (t) => {
      const counter = await connect(t);
      const previous = await counter.sellWell(400);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      let closed: Promise<void> | undefined;
      let answer: TerminalAnswer | null = null;
      const commit = (heard: TerminalAnswer): Decision => {
        answer = heard;
        closed = counter.terminal.close();
        return 'acknowledge';
      };
      const error = await brokenOff(counter.sell(500, { commit }));
      assertTold(error);
      await closed;
      await counter.reconnect();
      await checkAgainstBook(counter, 500, { previous, answer, bookBefore: 1 });
    });
  });
}
