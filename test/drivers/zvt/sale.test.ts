import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BRAND_PROFILE } from '../../../drivers/zvt/brands.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { bookStates, cardIsAwaited, LINES, openCounter, untilState } from './counter.ts';

for (const listen of LINES) {
  describe(`a sale over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('is approved with every brand of every method, each reported as what it was', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan(BRAND_PROFILE.map(({ brand }) => ({ do: { act: 'present', brand } })));
      for (const [at, { brand, method, nameJa }] of BRAND_PROFILE.entries()) {
        const { ending, answers } = await counter.sell(400 + at);
        assert.deepEqual(ending, { kind: 'completed' }, brand);
        const [answer, ...more] = answers;
        assert.deepEqual(more, []);
        assert.deepEqual(
          [
            answer?.verdict,
            answer?.amountYen,
            answer?.currency,
            answer?.brand,
            answer?.method,
            answer?.brandName,
          ],
          ['approved', 400 + at, '392', brand, method, nameJa],
        );
      }
      assert.deepEqual(
        counter.virtual.book().map(({ state, amount }) => [state, amount]),
        BRAND_PROFILE.map((_, at) => ['stored', 400 + at]),
      );
    });

    test('is stored by the terminal only after the register has recorded it', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      let whenCommitted: string[] = [];
      await counter.sell(1_000, () => {
        whenCommitted = bookStates(counter.virtual);
        return 'acknowledge';
      });
      assert.deepEqual(whenCommitted, ['authorised']);
      assert.deepEqual(bookStates(counter.virtual), ['stored']);
    });

    test('shows the clerk each step as it happens', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const { steps } = await counter.sell(1_000);
      assert.deepEqual(steps, ['sent', 'present_card', 'working', 'waiting_for_host']);
    });

    for (const [what, act, verdict, resultCode] of [
      ['a balance that is too small', { act: 'insufficient' }, 'declined', '33'],
      ['an issuer that refuses', { act: 'refuse' }, 'declined', '05'],
      ['a resident who presses stop', { act: 'stop' }, 'cancelled', '6c'],
      ['a resident who walks away', { act: 'walk_away' }, 'cancelled', '6c'],
    ] as const) {
      test(`${what} ends as ${verdict}, and nothing is in the terminal's book`, async (t) => {
        const counter = await openCounter(t, listen);
        counter.virtual.plan([{ do: act }]);
        const { ending, answers } = await counter.sell(1_000);
        assert.deepEqual(ending, { kind: 'aborted', verdict, resultCode });
        assert.deepEqual(
          answers.map((answer) => [answer.verdict, answer.resultCode]),
          [[verdict, resultCode]],
        );
        assert.deepEqual(counter.virtual.book(), []);
      });
    }

    test('waits for the resident, and ends by itself if nobody comes', async (t) => {
      const counter = await openCounter(t, listen, { residentMs: 30 });
      const { ending } = await counter.sell(1_000);
      assert.deepEqual(ending, { kind: 'aborted', verdict: 'cancelled', resultCode: '6c' });
    });

    test('stops when the clerk asks while the terminal waits for a card', async (t) => {
      const counter = await openCounter(t, listen);
      const sold = counter.sell(1_000);
      await cardIsAwaited(counter.virtual);
      counter.terminal.abort();
      assert.deepEqual((await sold).ending, { kind: 'aborted', verdict: 'cancelled', resultCode: '6c' });
    });

    test('goes on when the clerk asks too late: an approval after a cancel is an approval', async (t) => {
      const counter = await openCounter(t, listen, { issuerMs: 150 });
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const sold = counter.sell(1_000);
      await untilState(counter.virtual, ({ display }) => display.phase === 'processing');
      counter.terminal.abort();
      assert.deepEqual((await sold).ending, { kind: 'completed' });
      assert.deepEqual(bookStates(counter.virtual), ['stored']);
    });

    test('that the register refuses is reversed by the terminal', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const { ending, steps } = await counter.sell(1_000, () => 'refuse');
      assert.equal(ending.kind, 'aborted');
      assert.equal(steps.at(-1), 'reversing');
      assert.deepEqual(bookStates(counter.virtual), ['reversed']);
    });

    test('whose record can not be made is refused, and the fault comes out', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const fault = new Error('disk full');
      await assert.rejects(
        counter.sell(1_000, () => {
          throw fault;
        }),
        fault,
      );
      await untilState(counter.virtual, ({ display }) => display.phase === 'reversed');
      assert.deepEqual(bookStates(counter.virtual), ['reversed']);
    });

    test('that is never acknowledged is reversed by the terminal', async (t) => {
      const counter = await openCounter(t, listen, { acknowledgeMs: 30 });
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' }, pullCableAt: 'approved' }]);
      await assert.rejects(counter.sell(1_000), TerminalError);
      assert.deepEqual(bookStates(counter.virtual), ['reversed']);
    });

    test('with a terminal that has forgotten the register is declined, and the next one works', async (t) => {
      const counter = await openCounter(t, listen);
      counter.virtual.forgetRegister();
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const { ending } = await counter.sell(1_000);
      assert.deepEqual(ending, { kind: 'aborted', verdict: 'declined', resultCode: '6b' });
      assert.deepEqual((await counter.sell(1_000)).ending, { kind: 'completed' });
    });

    test('on a line that is gone provably moved nothing', async (t) => {
      const counter = await openCounter(t, listen);
      await counter.virtual.pullCable();
      await counter.terminal.closed;
      await assert.rejects(
        counter.sell(1_000),
        (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
      );
      assert.deepEqual(counter.virtual.book(), []);
    });
  });

  describe(`a terminal over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('totals add up to its book, and asking for them clears nothing', async (t) => {
      const counter = await openCounter(t, listen);
      const brands = ['visa', 'visa_debit', 'jcb', 'nanaco', 'paypay', 'mastercard'];
      counter.virtual.plan(brands.map((brand) => ({ do: { act: 'present', brand } })));
      for (const at of brands.keys()) await counter.sell(100 * (at + 1));
      counter.virtual.plan([{ do: { act: 'refuse' } }, { do: { act: 'present', brand: 'visa' } }]);
      await counter.sell(9_000);
      await counter.sell(9_000, () => 'refuse');

      const totals = await counter.terminal.reportTotals();
      const stored = counter.virtual.book().filter(({ state }) => state === 'stored');
      assert.equal(
        totals.totalYen,
        stored.reduce((sum, { amount }) => sum + amount, 0),
      );
      assert.deepEqual(
        totals.rows.filter(({ count }) => count > 0),
        [
          { bucket: 'jcb', count: 1, amountYen: 300 },
          { bucket: 'mastercard', count: 1, amountYen: 600 },
          { bucket: 'visa', count: 2, amountYen: 300 },
          { bucket: 'other', count: 2, amountYen: 900 },
        ],
      );
      assert.deepEqual((await counter.terminal.reportTotals()).rows, totals.rows);
    });

    test('says that it is ready, and a health check moves no money', async (t) => {
      const counter = await openCounter(t, listen);
      const health = await counter.terminal.checkHealth();
      assert.deepEqual([health.ready, health.terminalId], [true, '99000001']);
      assert.deepEqual(counter.virtual.book(), []);
    });

    test('that is not the one expected is not used', async (t) => {
      const counter = await openCounter(t, listen);
      await assert.rejects(
        counter.reconnect({ terminalId: '12345678' }),
        (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
      );
    });

    test('refuses a register with a wrong password', async (t) => {
      const counter = await openCounter(t, listen);
      await assert.rejects(counter.reconnect({ password: '111111' }), TerminalError);
    });

    test('is closed for good once its line breaks, and both sides know', async (t) => {
      const counter = await openCounter(t, listen);
      await counter.virtual.pullCable();
      await counter.terminal.closed;
      await counter.virtual.plugCable();
      await assert.rejects(counter.terminal.checkHealth(), TerminalError);
      assert.equal((await (await counter.reconnect()).checkHealth()).ready, true);
    });
  });
}
