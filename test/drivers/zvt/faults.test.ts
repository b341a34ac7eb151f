/** Every fault of the plan: whatever goes wrong, what the driver finds out is what the terminal's book says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultInput } from '../../../drivers/zvt/virtual/faults.ts';
import { TerminalError, type Settlement, type TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { LINES, type openCounter } from './counter.ts';
import { IMPATIENT, openTill, SILENCE_MS, type Known } from './till.ts';

for (const listen of LINES) {
  const isSerial = listen === 'pty';
  describe(`a fault within a sale over ${isSerial ? 'a serial line' : 'TCP'}`, () => {
    const repaired = isSerial ? 'approved' : 'not_charged';
    const faults: [what: string, planned: FaultInput[], known: Known][] = [
      ['a step that is lost', [{ fault: 'drop', message: '04ff' }], repaired],
      ['a result that is lost', [{ fault: 'drop', message: '040f' }], repaired],
      [
        'a result that is lost again and again',
        [{ fault: 'drop', message: '040f', times: 3 }],
        'not_charged',
      ],
      ['a result that is said twice', [{ fault: 'double', message: '040f' }], 'approved'],
      ['every message said twice', [{ fault: 'double', times: 100 }], 'approved'],
      ['a result that comes late', [{ fault: 'delay', message: '040f', ms: 150 }], 'approved'],
      ['an answer to the command that is lost', [{ fault: 'drop', message: '8000' }], repaired],
      [
        'a silence instead of the result',
        [{ fault: 'silence', message: '040f', ms: SILENCE_MS }],
        'not_charged',
      ],
      ['a silence instead of the end', [{ fault: 'silence', message: '060f', ms: SILENCE_MS }], 'approved'],
      ['an end that is lost', [{ fault: 'drop', message: '060f', times: isSerial ? 3 : 1 }], 'approved'],
      ['a receipt that is lost', [{ fault: 'drop', message: '06d3', times: 3 }], 'not_charged'],
      ['a power loss before it was stored', [{ fault: 'power_loss', at: 'approved' }], 'not_charged'],
      [
        'a power loss between result and receipts',
        [{ fault: 'power_loss', at: 'acknowledged' }],
        'not_charged',
      ],
      ['a power loss after it was stored', [{ fault: 'power_loss', at: 'stored' }], 'approved'],
      [
        'a cable that is pulled and comes back',
        [{ fault: 'pull_cable', at: 'stored', backAfterMs: 10 }],
        'approved',
      ],
      ['a host that is down', [{ fault: 'host_down', command: '0601' }], 'not_charged'],
    ];
    for (const [what, planned, known] of faults) {
      test(`${what}: ${known}, and the book says the same`, async (t) => {
        const till = await openTill(t, listen);
        assert.equal(await till.sell(planned), known);
        assert.equal(await till.sell([]), 'approved', 'the next one works');
        await till.agree();
      });
    }

    test('a register that is not heard: its answer to the result is lost', async (t) => {
      const till = await openTill(t, listen, { acknowledgeMs: isSerial ? 10_000 : 100 });
      // The fourth: three steps were answered before.
      const lost = { fault: 'drop', from: 'register', message: '8000', nth: 4 } as const;
      assert.equal(await till.sell([lost]), repaired);
      await till.agree();
    });

    test('a line that is cut within a message of the terminal: the book says what is found', async (t) => {
      const till = await openTill(t, listen);
      for (const message of ['8000', '04ff', '040f', '06d3', '060f']) {
        for (const afterBytes of [0, 1, 2, 3, 4, 7, 30]) {
          await till.sell([{ fault: 'cut', message, afterBytes }]);
        }
      }
      await till.agree();
    });

    test('a printer without paper: refused with CC, locked until it has some', async (t) => {
      const till = await openTill(t, listen);
      assert.equal(await till.sell([{ fault: 'no_paper' }]), 'not_charged');
      const { ready, status } = await till.counter.terminal.checkHealth();
      assert.ok(!ready);
      assert.match(status, /\(CC\)/);
      assert.equal(await till.sell([]), 'not_charged');
      till.counter.virtual.change({ lock: null });
      assert.equal(await till.sell([]), 'approved');
      await till.agree();
    });

    for (const [at, isSettled] of [
      ['approved', false],
      ['acknowledged', false],
      ['stored', true],
    ] as const) {
      test(`power that is lost in an end of day (${at}): the totals tell that it is ${isSettled ? '' : 'not '}settled`, async (t) => {
        const { counter } = await openTill(t, listen);
        counter.virtual.planFaults([{ fault: 'power_loss', command: '0650', at }]);
        await assert.rejects(settle(counter), TerminalError);
        await counter.virtual.plugCable();
        await counter.reconnect(IMPATIENT);
        assert.equal((await counter.terminal.reportTotals()).totalYen, isSettled ? 0 : 300);
      });
    }
  });
}

const NOTHING = (): void => undefined;
const settle = ({ terminal }: Awaited<ReturnType<typeof openCounter>>): Promise<Settlement> =>
  terminal.settle({}, NOTHING, NOTHING);

describe('a serial line that changes bytes', { skip: !LINES.includes('pty') && 'no pty here' }, () => {
  test('says so (NAK) and repeats, whatever byte it was', async (t) => {
    const till = await openTill(t, 'pty');
    for (const byte of [0, 1, 2, 3, 4, 20, 40]) {
      assert.equal(await till.sell([{ fault: 'corrupt', message: '040f', byte }]), 'approved', String(byte));
    }
    await till.agree();
  });

  test('and never gets it through: reversed, and found to be', async (t) => {
    const till = await openTill(t, 'pty');
    assert.equal(await till.sell([{ fault: 'corrupt', message: '040f', times: 3 }]), 'not_charged');
    await till.agree();
  });

  test('an acknowledgement that is lost makes the register repeat its command, and one payment is taken', async (t) => {
    const till = await openTill(t, 'pty');
    assert.equal(await till.sell([{ fault: 'drop', message: 'ack', command: '0601' }]), 'approved');
    await till.agree();
  });
});

describe('an approval whose acknowledgement is lost, in each reading of auto-reversal', () => {
  for (const [autoReversal, known, state] of [
    ['immediate', 'not_charged', 'reversed'],
    ['deferred', 'approved', 'stored'],
    // Such a terminal may have forgotten one that the card was charged for: its memory alone settles nothing.
    ['none', 'inconclusive', 'reversed'],
  ] as const) {
    test(`${autoReversal}: the book says ${state}, the register finds ${known}`, async (t) => {
      const { counter } = await openTill(t, 'tcp:0');
      counter.virtual.change({ autoReversal });
      await counter.reconnect({ ...IMPATIENT, autoReversal });
      const [previous] = (await counter.sell(700)).answers;
      counter.virtual.planFaults([{ fault: 'pull_cable', at: 'acknowledged' }]);
      let answer: TerminalAnswer | null = null;
      const lost = counter.sell(800, (told) => {
        answer = told;
        return 'acknowledge';
      });
      await assert.rejects(lost, TerminalError);
      await counter.virtual.plugCable();
      await counter.reconnect({ ...IMPATIENT, autoReversal });
      const found = await counter.ask({ amountYen: 800, previous: previous ?? null, answer });
      assert.deepEqual([counter.virtual.book().at(-1)?.state, found.kind], [state, known]);
    });
  }

  test('deferred, and the next sale mirrors the one before: the terminal reverses it then', async (t) => {
    const { counter } = await openTill(t, 'tcp:0');
    counter.virtual.change({ autoReversal: 'deferred' });
    await counter.reconnect({ ...IMPATIENT, autoReversal: 'deferred' });
    const [known] = (await counter.sell(700)).answers;
    counter.virtual.planFaults([{ fault: 'pull_cable', at: 'acknowledged' }]);
    await assert.rejects(counter.sell(800), TerminalError);
    await counter.virtual.plugCable();
    const terminal = await counter.reconnect({ ...IMPATIENT, autoReversal: 'deferred' });
    const mirror = { receiptNumber: known?.receiptNumber ?? null };
    await terminal.authorizeSale(
      { operationId: 'next', amountYen: 900, method: 'credit', brand: null, mirror },
      () => 'acknowledge',
      NOTHING,
    );
    assert.deepEqual(
      counter.virtual.book().map(({ amount, state }) => [amount, state]),
      [
        [300, 'stored'],
        [700, 'stored'],
        [800, 'reversed'],
        [900, 'stored'],
      ],
    );
  });
});

describe('a software update after the end of the day', () => {
  test('is announced, and the silence that follows is no fault', async (t) => {
    const { counter } = await openTill(t, 'tcp:0', { t3Ms: 300 });
    await counter.reconnect({ t3Ms: 100, t4Ms: 600 });
    counter.virtual.planFaults([{ fault: 'software_update', ms: SILENCE_MS }]);
    const settled = await settle(counter);
    assert.ok(settled.kind === 'settled' && settled.isBusyAfterwards);
    const seen: boolean[] = [];
    while (seen.at(-1) !== true) seen.push((await counter.terminal.checkHealth()).ready);
    assert.equal(seen[0], false);
    assert.equal((await counter.terminal.reportTotals()).totalYen, 0);
  });
});

describe('the plan of faults', () => {
  test('is told over HTTP, counts down, and refuses what makes no sense', async (t) => {
    const till = await openTill(t, 'tcp:0');
    const { counter } = till;
    const post = (body: unknown): Promise<Response> =>
      fetch(`${counter.virtual.http}/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    assert.equal((await post({ faults: [{ fault: 'explode' }] })).status, 400);
    assert.equal((await post({ faults: [{ fault: 'cut', message: '040f' }] })).status, 400);
    const planned = await post({ faults: [{ fault: 'host_down', times: 2 }] });
    assert.equal(((await planned.json()) as { plannedFaults: number }).plannedFaults, 2);
    await counter.sell(999);
    assert.equal(counter.virtual.state().plannedFaults, 1);
    assert.equal(await till.sell([]), 'approved', 'a new plan replaces the old one');
  });

  test('strikes only the command that it names', async (t) => {
    const { counter } = await openTill(t, 'tcp:0');
    counter.virtual.planFaults([{ fault: 'host_down', command: '0650' }]);
    assert.equal((await counter.sell(999)).ending.kind, 'completed');
    assert.deepEqual(await settle(counter), { kind: 'open', resultCode: '77' });
  });
});
