/** How a terminal is, and what makes it usable again (PA00P015 §2.56, §7, §11). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainStatus } from '../../../drivers/zvt/codes.ts';
import { registration } from '../../../drivers/zvt/commands.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { TerminalError, type Progress } from '../../../src/terminal/terminal.ts';
import { bookStates, LINES, openCounter, untilState } from './counter.ts';
import { hear, register, say, serve, tell } from './played.ts';
import { heldLine } from './support.ts';

const NOTHING = (): void => undefined;

describe('the status of a terminal', () => {
  for (const [remedy, codes] of [
    ['restore', ['51', '62', 'c1', 'c2', 'dc']],
    ['settle', ['b1', 'f0']],
    ['wait', ['9c', '9d']],
    ['none', ['00']],
    ['attend', ['b2', 'bf', 'c0', 'c4', 'cc', 'df', 'e0', 'e1', 'e2', 'e3', 'e4', 'f6', '33']],
  ] as const) {
    test(`${codes.join(', ')} is lifted by: ${remedy}`, () => {
      for (const code of codes) assert.equal(explainStatus(code).remedy, remedy, code);
    });
  }

  test('only an idle terminal and one with a card inside can take a sale', () => {
    const ready = Array.from({ length: 256 }, (_, code) => code.toString(16).padStart(2, '0')).filter(
      (code) => explainStatus(code).ready,
    );
    assert.deepEqual(ready, ['00', 'dc']);
  });

  for (const [status, command] of [
    ['51', '069303000000'],
    ['62', '067000'],
    ['c1', '067000'],
    ['c2', '067000'],
  ] as const) {
    test(`${status} is restored with ${command.slice(0, 4)}, and asked for again`, async () => {
      const { far, terminal } = await register();
      const restored = terminal.restore(NOTHING);
      await hear(far, '050100');
      await say(far, '80 00 00');
      await tell(far, `06 0f 01 ${status}`);
      await hear(far, command);
      await say(far, '80 00 00');
      await tell(far, '04 ff 01 04');
      await tell(far, '06 0f 00');
      await serve(far, '050100', '06 0f 01 00');
      assert.equal((await restored).ready, true);
    });
  }

  test('the end of a payment that its register left is not taken for a refused registration', async () => {
    const far = heldLine();
    const connecting = zvt.connect(() => Promise.resolve(far.port), {});
    const command = registration('000000').toString('hex');
    await hear(far, command);
    // The late answer to an abort of the connection before, then the end of what was aborted.
    await say(far, '80 00 00');
    await tell(far, '06 1e 01 6c');
    await hear(far, '06b000');
    await say(far, '80 00 00');
    await serve(far, '050100', '06 0f 01 00');
    await serve(far, command, '06 0f 00');
    await (await connecting).close();
  });

  test('a clock that the diagnosis left wrong is set to Japan’s time', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-10-09T15:10:03Z') });
    const { far, terminal } = await register();
    const restored = terminal.restore(NOTHING);
    for (const [command, status] of [
      ['067000', '62'],
      ['06910b000000aa2610100c001003', '00'],
    ] as const) {
      await serve(far, '050100', '06 0f 01 62');
      await serve(far, command, '06 0f 00');
      if (status === '62') continue;
      await hear(far, '050100');
      await say(far, '80 00 00');
      await tell(far, `06 0f 01 ${status}`);
    }
    assert.equal((await restored).ready, true);
  });

  test('a card inside is let go of with an abort, which has no completion', async () => {
    const { far, terminal } = await register();
    const restored = terminal.restore(NOTHING);
    await serve(far, '050100', '06 0f 01 dc');
    await hear(far, '06b000');
    await say(far, '80 00 00');
    await serve(far, '050100', '06 0f 01 00');
    assert.equal((await restored).remedy, 'none');
  });

  for (const status of ['f0', 'b1', 'b2', 'c4', 'df']) {
    test(`${status} is nothing that a program lifts: nothing is sent`, async () => {
      const { far, terminal } = await register();
      const restored = terminal.restore(NOTHING);
      await hear(far, '050100');
      await say(far, '80 00 00');
      await tell(far, `06 0f 01 ${status}`);
      assert.equal((await restored).ready, false);
      assert.ok(far.isQuiet());
    });
  }

  test('a terminal that closes its day within a status enquiry is told of, once', async () => {
    const { far, terminal } = await register();
    const checked = terminal.checkHealth();
    await hear(far, '050100');
    await say(far, '80 00 00');
    await tell(far, '04 ff 01 0f');
    await tell(far, '06 d1 04 00 41 42 43');
    await tell(far, '06 0f 01 00');
    assert.equal((await checked).hasClosedDay, true);
    const again = terminal.checkHealth();
    await serve(far, '050100', '06 0f 01 00');
    assert.equal((await again).hasClosedDay, undefined);
  });

  test('a terminal that updates itself after the end of day may be silent, and is not lost', async () => {
    const { far, terminal } = await register({ t3Ms: 30 });
    const settling = terminal.settle({}, NOTHING, NOTHING);
    await hear(far, '065003000000');
    await say(far, '80 00 00');
    await tell(far, '06 0f 02 27 e0');
    assert.deepEqual(await settling, { kind: 'settled', totals: null, isBusyAfterwards: true });
    const silent = terminal.checkHealth();
    await hear(far, '050100');
    const health = await silent;
    assert.ok(!health.ready && health.remedy === 'wait');
    const awake = terminal.checkHealth();
    await serve(far, '050100', '06 0f 01 00');
    assert.equal((await awake).ready, true);
    const lost = assert.rejects(terminal.checkHealth(), TerminalError);
    await hear(far, '050100');
    await lost;
  });
});

for (const listen of LINES) {
  describe(`care over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    for (const lock of ['51', '62', 'c1', 'c2'] as const) {
      test(`${lock} is lifted, and no payment is touched`, async (t) => {
        const { virtual, terminal } = await openCounter(t, listen);
        virtual.change({ lock });
        assert.equal((await terminal.checkHealth()).remedy, 'restore');
        const steps: Progress['step'][] = [];
        const restored = await terminal.restore(({ step }) => steps.push(step));
        assert.equal(restored.ready, true);
        assert.deepEqual(steps, ['waiting_for_host']);
        assert.deepEqual(bookStates(virtual), []);
      });
    }

    test('a host that is down leaves the lock: the status says so', async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      virtual.change({ lock: 'c2' });
      virtual.planFaults([{ fault: 'host_down', command: '0670' }]);
      assert.equal((await terminal.restore(NOTHING)).ready, false);
    });

    test('a host that is down leaves a wrong clock to us', async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      virtual.change({ lock: '62' });
      virtual.planFaults([{ fault: 'host_down', command: '0670' }]);
      assert.equal((await terminal.restore(NOTHING)).ready, true);
      assert.deepEqual(virtual.state().plannedFaults, 0);
    });

    test('a day that the terminal closes by itself is told of', async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      virtual.change({ endOfDayDue: true });
      assert.equal((await terminal.checkHealth()).hasClosedDay, true);
    });

    test('the balance of a purse is read, and nothing is taken', async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      virtual.plan([{ do: { act: 'present', brand: 'nanaco' } }, { do: { act: 'stop' } }]);
      const read = await terminal.readBalance(NOTHING);
      assert.ok(read.kind === 'read' && read.balanceYen > 0 && read.brand === 'nanaco');
      assert.deepEqual(await terminal.readBalance(NOTHING), { kind: 'unread', resultCode: '6c' });
      assert.deepEqual(bookStates(virtual), []);
    });

    test('text is shown', async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      assert.equal(await terminal.showText(['CLOSED'], 5), true);
      await untilState(virtual, ({ display }) => display.title === 'CLOSED');
    });

    test('who logs off has to register again', async (t) => {
      const counter = await openCounter(t, listen);
      await counter.terminal.logOff();
      await counter.terminal.closed;
      const terminal = await counter.reconnect();
      assert.equal((await terminal.checkHealth()).ready, true);
    });
  });
}
