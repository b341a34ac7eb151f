/** The rate of the line (PA00P015 §2.57), on a real pty: it knows the rate that its register has set. */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createLink, LINK_TIMING, Unheard } from '../../../drivers/zvt/link.ts';
import { registration, STATUS_ENQUIRY } from '../../../drivers/zvt/commands.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { parseAddress, portOpener, type OpenPort } from '../../../src/terminal/port.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { bookStates, openCounter } from './counter.ts';
import { hear, say, tell } from './played.ts';
import { heldLine } from './support.ts';

const FAST = 115_200;
const HASTY = { ...LINK_TIMING, t2Ms: 200, transmissions: 1 };

/** A counter whose terminal minds the rate, and the rates at which its line has been opened since. */
async function openMinding(t: TestContext, listen: string) {
  const counter = await openCounter(t, listen);
  await counter.terminal.close();
  counter.virtual.change({ mindsBaudRate: true });
  const address = parseAddress(counter.virtual.address) ?? assert.fail();
  const opened: (number | undefined)[] = [];
  const openPort: OpenPort = (baudRate) => {
    opened.push(baudRate);
    return portOpener(address)(baudRate);
  };
  return {
    ...counter,
    opened,
    openPort,
    connect: async (options: object = { baudRate: FAST }) => {
      opened.length = 0;
      const terminal = await zvt.connect(openPort, options);
      t.after(() => terminal.close());
      return terminal;
    },
  };
}

describe(
  'the baud rate of a serial line',
  { skip: process.platform !== 'linux' && 'a pty needs Linux' },
  () => {
    test('stays that of the address where no other is wished for', async (t) => {
      const { virtual, opened, connect } = await openMinding(t, 'pty');
      const terminal = await connect({});
      assert.equal((await terminal.checkHealth()).ready, true);
      assert.deepEqual([opened, virtual.state().baudRate], [[undefined], 9_600]);
    });

    test('has to be the terminal’s own: at another the two hear nothing of each other', async (t) => {
      const { openPort } = await openMinding(t, 'pty');
      const link = createLink(await openPort(19_200), HASTY);
      await assert.rejects(link.send(STATUS_ENQUIRY), Unheard);
      await link.close();
      const heard = createLink(await openPort(9_600), HASTY);
      await heard.send(STATUS_ENQUIRY);
      await heard.close();
    });

    test('is raised after the registration, kept by the terminal, and asked for again once it was restarted', async (t) => {
      const { virtual, opened, connect } = await openMinding(t, 'pty');
      const first = await connect();
      assert.deepEqual([opened, virtual.state().baudRate], [[FAST, undefined, FAST], FAST]);
      virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const sale = { operationId: 'sale', amountYen: 300, method: 'credit', brand: null } as const;
      const ending = await first.authorizeSale(
        sale,
        () => 'acknowledge',
        () => undefined,
      );
      assert.deepEqual([ending.kind, bookStates(virtual)], ['completed', ['stored']]);
      await first.close();

      await (await connect()).close();
      assert.deepEqual(opened, [FAST], 'it is still there');

      virtual.forgetRegister();
      assert.equal(virtual.state().baudRate, 9_600);
      const again = await connect();
      assert.equal((await again.checkHealth()).ready, true);
      assert.deepEqual([opened, virtual.state().baudRate], [[FAST, undefined, FAST], FAST]);
    });

    test('stays as it is where the terminal does not want another', async () => {
      const [silent, far] = [heldLine(), heldLine()];
      const connecting = zvt.connect((rate) => Promise.resolve((rate === FAST ? silent : far).port), {
        baudRate: FAST,
      });
      await hear(far, registration('000000').toString('hex'));
      await say(far, '80 00 00');
      await tell(far, '06 0f 00');
      await hear(far, '08400107');
      await say(far, '84 7d 00');
      const terminal = await connecting;
      const checked = terminal.checkHealth();
      await hear(far, '050100');
      await say(far, '80 00 00');
      await tell(far, '06 0f 01 00');
      assert.equal((await checked).ready, true);
      await silent.port.closed;
      await terminal.close();
    });

    test('that a terminal agreed to and does not keep is said in plain words, and every line is let go of', async () => {
      const far = heldLine();
      const others = [heldLine(), heldLine()];
      const fast = others.values();
      const connecting = zvt.connect(
        (rate) => Promise.resolve(rate === FAST ? (fast.next().value ?? assert.fail()).port : far.port),
        { baudRate: FAST },
      );
      const refused = assert.rejects(
        connecting,
        (error) => error instanceof TerminalError && error.message.includes('agreed to 115200 baud'),
      );
      await hear(far, registration('000000').toString('hex'));
      await say(far, '80 00 00');
      await tell(far, '06 0f 00');
      await hear(far, '08400107');
      await say(far, '80 00 00');
      await refused;
      for (const line of [far, ...others]) await line.port.closed;
    });

    test('is no rate that the specification has no code for', async () => {
      await assert.rejects(zvt.connect(() => assert.fail('nothing is opened'), { baudRate: 38_400 }));
    });
  },
);

test('a stream has no rate: the wish for one opens it once, and asks for nothing', async (t) => {
  const { virtual, opened, connect } = await openMinding(t, 'tcp:0');
  const terminal = await connect();
  assert.equal((await terminal.checkHealth()).ready, true);
  assert.deepEqual([opened, virtual.state().baudRate], [[FAST], 9_600]);
});
