/** Connecting to a terminal that is played message by message, and may be at something else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { registration } from '../../../drivers/zvt/commands.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { hear, say, serve, tell } from './played.ts';
import { heldLine } from './support.ts';

const APPROVED = '04 0f 16 27 00 04 000000000400 49 0392 0b 000007 87 0003 29 99000001';
const REFUSED = '84a000';

describe('connecting', () => {
  test('to a terminal in the middle of a payment: it is wished to stop before it is registered with', async () => {
    const far = heldLine();
    const connecting = zvt.connect(() => Promise.resolve(far.port), {});
    const command = registration('000000').toString('hex');
    await hear(far, command);
    await say(far, '84 9c 00');
    await hear(far, '06b000');
    await say(far, '80 00 00');
    await serve(far, '050100', '06 0f 01 9c');
    await tell(far, '06 1e 01 6c');
    await serve(far, '050100', '06 0f 01 00');
    await serve(far, command, '06 0f 00');
    assert.equal((await connecting).terminalId, null);
  });

  test('to a terminal whose payment is beyond return: it is not asked before it has told the end, and nothing is taken', async () => {
    const far = heldLine();
    const connecting = zvt.connect(() => Promise.resolve(far.port), {});
    const command = registration('000000').toString('hex');
    await hear(far, command);
    await say(far, '84 9c 00');
    await hear(far, '06b000');
    await say(far, '84 83 00');
    await tell(far, '04 ff 01 04');
    await tell(far, APPROVED, REFUSED);
    await tell(far, '04 ff 01 05');
    await tell(far, '06 1e 01 a0');
    await serve(far, '050100', '06 0f 01 00');
    await serve(far, command, '06 0f 00');
    assert.equal((await connecting).terminalId, null);
  });

  test('to a terminal that is set to another currency fails: it would take other money', async () => {
    const far = heldLine();
    const connecting = zvt.connect(() => Promise.resolve(far.port), {});
    const failure = assert.rejects(connecting, TerminalError);
    await serve(far, registration('000000').toString('hex'), '06 0f 03 49 0978');
    await failure;
    await far.port.closed;
  });

  test('with settings that make no sense fails before the line is opened', async () => {
    let isOpened = false;
    const openPort = () => {
      isOpened = true;
      return Promise.resolve(heldLine().port);
    };
    for (const options of [{ password: '12' }, { terminalId: 'x' }, { pasword: '000000' }]) {
      await assert.rejects(zvt.connect(openPort, options));
    }
    assert.ok(!isOpened);
  });
});
