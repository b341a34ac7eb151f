/** The moment that decides: the record comes before the acknowledgement, and a refusal makes the terminal reverse. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decision } from '../../../src/terminal/terminal.ts';
import { isTaken, type Bench } from './bench.ts';

/** A number that passes Luhn and is nobody's; terminals send such in clear, masked, as text and as chip data. */
const CARD_NUMBER = '4111111111111111';

export function testAnswers({ subject, anyBrand, codesSeen, connect, connectAnew }: Bench): void {
  const { driver } = subject;
  const states = async (counter: Awaited<ReturnType<typeof connect>>) =>
    (await counter.book()).map(({ state }) => state);

  describe('an answer', () => {
    test('says all that a slip and a reconciliation need', async (t) => {
      const counter = await connect(t);
      const answer = await counter.sellWell(100);
      assert.equal(answer.terminalId, counter.terminal.terminalId);
      assert.ok(answer.receiptNumber !== null || answer.traceNumber !== null);
      assert.notEqual(answer.resultCode, '');
      assert.notEqual(answer.brandName, null);
      assert.match(answer.raw, /^([0-9a-f]{2})+$/);
    });

    test('has the number that stands in the terminal’s book', async (t) => {
      const counter = await connect(t);
      const answer = await counter.sellWell(100);
      assert.equal((await counter.book())[0]?.receiptNumber, answer.receiptNumber);
    });

    if (driver.awaitsAcknowledgement) {
      test('is recorded before the terminal takes the payment for good', async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand });
        let whenCommitted: string[] = [];
        await counter.sell(100, {
          commit: async (): Promise<Decision> => {
            whenCommitted = await states(counter);
            return 'acknowledge';
          },
        });
        assert.ok(!whenCommitted.includes('stored'));
        assert.deepEqual(await states(counter), ['stored']);
      });

      test('that is refused makes the terminal reverse, and the next sale works', async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand });
        const { ending } = await counter.sell(100, { commit: () => 'refuse' });
        assert.notEqual(ending.kind, 'not_sent');
        await counter.farEnd.isIdle();
        assert.deepEqual(await states(counter), ['reversed']);
        await counter.sellWell(200);
        assert.deepEqual(await states(counter), ['reversed', 'stored']);
      });

      test('that can not be recorded makes the terminal reverse, and the fault comes out as it was', async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand });
        const fault = new Error('disk full');
        const commit = (): never => {
          throw fault;
        };
        await assert.rejects(counter.sell(100, { commit }), fault);
        await counter.farEnd.isIdle();
        assert.deepEqual(await states(counter), ['reversed']);
        await counter.reconnect();
        await counter.sellWell(200);
      });
    } else {
      test('that is refused stands at the far end or is cancelled there, and a query says which', async (t) => {
        const counter = await connect(t);
        const previous = await counter.sellWell(200);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand });
        const { answers } = await counter.sell(100, { commit: () => 'refuse' });
        const stands = isTaken((await counter.book()).slice(1));
        const found = await counter.find({ amountYen: 100, previous, answer: answers.at(-1) ?? null });
        assert.equal(found.kind, stands ? 'approved' : 'not_charged');
        // What was cancelled has an answer of its own, and no approval is the last word.
        if (!stands) assert.notEqual(answers.at(-1)?.verdict, 'approved');
      });

      test('that can not be recorded lets the fault out as it was, and a query finds the payment', async (t) => {
        const counter = await connect(t);
        await counter.farEnd.plan({ act: 'present', brand: anyBrand });
        const fault = new Error('disk full');
        const commit = (): Promise<never> => Promise.reject(fault);
        await assert.rejects(counter.sell(100, { commit }), fault);
        assert.deepEqual(await states(counter), ['stored']);
        await counter.reconnect();
        assert.equal((await counter.find({ amountYen: 100 })).kind, 'approved');
      });
    }

    test('of a decline is recorded too, and refusing it changes nothing', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.plan({ act: 'refuse' });
      const { answers } = await counter.sell(100, { commit: () => 'refuse' });
      assert.deepEqual(
        answers.map(({ verdict }) => verdict),
        ['declined'],
      );
      assert.deepEqual(await counter.book(), []);
    });

    test('never holds a card number, nor does anything else that the terminal says', async (t) => {
      const counter = await connectAnew(t, { cardNumber: CARD_NUMBER });
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const sold = await counter.sell(100);
      assert.deepEqual(sold.ending, { kind: 'completed' });
      const found = await counter.find({ amountYen: 100 });
      assert.equal(found.kind, 'approved');
      const said = JSON.stringify([
        sold,
        found,
        await counter.terminal.reportTotals(),
        await counter.terminal.checkHealth(),
      ]);
      assert.ok(!said.includes(CARD_NUMBER));
      assert.ok(!said.includes(Buffer.from(CARD_NUMBER).toString('hex')));
    });

    test('has a sentence for every code that came, which says what it means for the money', () => {
      assert.ok(codesSeen.size > 2, 'the tests before this one saw codes');
      for (const code of codesSeen) {
        assert.match(driver.explainResult(code), /(支払|代金|お金).*。$/, code);
      }
    });
  });
}
