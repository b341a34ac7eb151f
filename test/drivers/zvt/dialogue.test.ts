/** The driver against a terminal that is played message by message: what no well-behaved terminal does. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { repeatReceipt } from '../../../drivers/zvt/commands.ts';
import {
  TerminalError,
  type Commit,
  type Progress,
  type Terminal,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { hear, register, say, serve, TAKEN, tell } from './played.ts';

const SALE = '06010a04000000000400490392';
const APPROVED = '04 0f 16 27 00 04 000000000400 49 0392 0b 000007 87 0003 29 99000001';
const REFUSED = '84a000';

function sell(terminal: Terminal, commit: Commit = () => 'acknowledge') {
  const answers: TerminalAnswer[] = [];
  const steps: Progress['step'][] = [];
  const ending = terminal.authorizeSale(
    { operationId: 'sale', amountYen: 400, method: 'credit', brand: null },
    (answer) => {
      answers.push(answer);
      return commit(answer);
    },
    ({ step }) => steps.push(step),
  );
  return { answers, steps, ending };
}

const moneyMayHaveMoved = (error: unknown): boolean =>
  error instanceof TerminalError && error.moneyMayHaveMoved;

describe('a sale with a terminal that behaves oddly', () => {
  test('begins with the command itself: nothing is asked beforehand', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, APPROVED);
    await tell(far, '06 0f 00');
    assert.deepEqual(await ending, { kind: 'completed' });
  });

  test('a status information that is said twice is recorded once and acknowledged twice', async () => {
    const { far, terminal } = await register();
    const { ending, answers } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, APPROVED);
    await tell(far, APPROVED);
    await tell(far, '06 0f 00');
    await ending;
    assert.equal(answers.length, 1);
  });

  test('a second, different status information is another answer', async () => {
    const { far, terminal } = await register();
    const { ending, answers } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, '04 0f 02 27 37');
    await tell(far, APPROVED);
    await tell(far, '06 0f 00');
    await ending;
    assert.deepEqual(
      answers.map(({ verdict }) => verdict),
      ['declined', 'approved'],
    );
  });

  test('an unknown bitmap is never a reason to refuse', async () => {
    const { far, terminal } = await register();
    const { ending, answers } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, '04 0f 0c 27 00 04 000000000400 7e 99 99');
    await tell(far, '06 0f 00');
    await ending;
    assert.equal(answers[0]?.verdict, 'approved');
  });

  test('print lines, text blocks and the time are taken, commands that ask too much are not', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, '06 d1 04 00 41 42 43');
    await tell(far, '06 d3 09 06 07 25 05 07 03 41 42 43');
    await tell(far, '04 01 08 aa 261124 0c 100000');
    await tell(far, '06 d8 00', '848300');
    await tell(far, '06 0f 00');
    await ending;
  });

  for (const [what, answer, ended] of [
    ['refused at once', '84 83 00', { kind: 'aborted', verdict: 'declined', resultCode: '83' }],
    [
      'refused because the terminal is busy',
      '84 9c 00',
      { kind: 'aborted', verdict: 'declined', resultCode: '9c' },
    ],
    [
      'refused with a code that no table names',
      '84 8f 00',
      { kind: 'aborted', verdict: 'unlisted', resultCode: '8f' },
    ],
  ] as const) {
    test(`a command that is ${what} ends there`, async () => {
      const { far, terminal } = await register();
      const { ending, answers } = sell(terminal);
      await hear(far, SALE);
      await say(far, answer);
      assert.deepEqual(await ending, ended);
      assert.deepEqual(answers, []);
    });
  }

  test('84 00 is a yes', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await say(far, '84 00 00');
    await tell(far, '06 1e 01 6c');
    assert.deepEqual(await ending, { kind: 'aborted', verdict: 'cancelled', resultCode: '6c' });
  });

  test('silence after the command is no answer: money may have moved, and the line is given up', async () => {
    const { far, terminal } = await register({ t3Ms: 30 });
    const { ending } = sell(terminal);
    const failure = assert.rejects(ending, moneyMayHaveMoved);
    await hear(far, SALE);
    await failure;
    await terminal.closed;
  });

  test('silence within the payment: one abort, then only a query can tell', async () => {
    const { far, terminal } = await register({ t4Ms: 40 });
    const { ending, steps } = sell(terminal);
    const failure = assert.rejects(ending, moneyMayHaveMoved);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, '04 ff 01 0a');
    await hear(far, '06b000');
    await failure;
    assert.deepEqual(steps, ['sent', 'present_card']);
  });

  test('an abort that the terminal has not answered is not wished a second time at its next step', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    terminal.abort();
    await hear(far, '06b000');
    await tell(far, '04 ff 01 0a');
    // A second one would be heard here, before this step is acknowledged.
    await tell(far, '04 ff 01 0a');
    await tell(far, '06 1e 01 6c');
    assert.deepEqual(await ending, { kind: 'aborted', verdict: 'cancelled', resultCode: '6c' });
  });

  for (const [what, left] of [
    ['an approval', APPROVED],
    ['a result that no table names, which may be one,', '04 0f 02 27 7f'],
  ] as const) {
    test(`${what} that was left over from an earlier dialogue is refused, so that it is reversed`, async () => {
      const { far, terminal } = await register();
      far.putFrame(left);
      await new Promise((resolve) => setImmediate(resolve));
      const { ending, answers } = sell(terminal);
      assert.equal(await far.hear(), 'ack');
      await hear(far, REFUSED);
      await hear(far, SALE);
      await say(far, '80 00 00');
      await tell(far, '06 1e 01 6c');
      await ending;
      assert.deepEqual(answers, []);
    });
  }

  for (const earlier of ['04 ff 01 0e', '04 0f 02 27 37', '06 d1 04 00 41 42 43']) {
    test(`what the terminal no longer waits for is not answered: it said ${earlier}, and an approval since`, async () => {
      const { far, terminal } = await register();
      const { ending, answers } = sell(terminal, ({ verdict }) =>
        verdict === 'approved' ? 'refuse' : 'acknowledge',
      );
      await hear(far, SALE);
      await say(far, '80 00 00');
      far.putFrame(earlier, APPROVED);
      assert.equal(await far.hear(), 'ack');
      assert.equal(await far.hear(), 'ack');
      // A yes to the first would be the one to the approval.
      await hear(far, REFUSED);
      await tell(far, '06 1e 01 a0');
      assert.equal((await ending).kind, 'aborted');
      assert.equal(answers.at(-1)?.verdict, 'approved');
    });
  }

  test('nor is the end of an enquiry that an earlier payment has overtaken', async () => {
    const { far, terminal } = await register();
    const checked = terminal.checkHealth();
    await hear(far, '050100');
    await say(far, '80 00 00');
    far.putFrame('06 0f 01 9c', APPROVED);
    assert.equal(await far.hear(), 'ack');
    assert.equal(await far.hear(), 'ack');
    assert.equal((await checked).remedy, 'wait');
    const asked = assert.rejects(terminal.checkHealth(), TerminalError);
    await hear(far, REFUSED);
    await hear(far, '050100');
    far.cut();
    await asked;
  });

  test('an end that comes twice, the second time behind our next command, is answered once', async () => {
    const END = '06 0f 07 29 99000001 19 00';
    const { far, terminal } = await register({}, END);
    const { ending } = sell(terminal);
    await hear(far, SALE);
    // A yes here would be the one to the approval.
    await say(far, END);
    await say(far, '80 00 00');
    await tell(far, APPROVED);
    await tell(far, '06 0f 00');
    assert.deepEqual(await ending, { kind: 'completed' });
  });

  test('a dialogue that ended stays ended although the line breaks on the last word', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, APPROVED);
    far.putFrame('06 0f 00');
    assert.equal(await far.hear(), 'ack');
    assert.equal(await far.hear(), TAKEN);
    far.cut();
    assert.deepEqual(await ending, { kind: 'completed' });
  });

  for (const [what, message, most] of [
    ['results', (at: number) => `04 0f 02 27 ${(1 + (at % 0x60)).toString(16).padStart(2, '0')}`, 100],
    ['steps', () => '04 ff 01 0e', 5_000],
  ] as const) {
    test(`${what} without end are given up, and a query has to tell`, async () => {
      const { far, terminal } = await register();
      const { ending, answers } = sell(terminal);
      const broken = assert.rejects(ending, moneyMayHaveMoved);
      await hear(far, SALE);
      await say(far, '80 00 00');
      for (let at = 0; at < most; at++) await tell(far, message(at));
      await say(far, message(1));
      await broken;
      await terminal.closed;
      assert.ok(answers.length <= 100);
    });
  }

  test('one that says it is busy when it is asked for the last payment has told nothing about it', async () => {
    const { far, terminal } = await register();
    const asked = terminal.findTransaction({
      operationId: 'sale',
      kind: 'sale',
      amountYen: 400,
      armedAt: '2026-11-24T01:00:00.000Z',
      answer: null,
      reference: null,
      previous: null,
    });
    await hear(far, '06b000');
    await say(far, '80 00 00');
    await serve(far, '050100', '06 0f 01 00');
    await hear(far, repeatReceipt('000000').toString('hex'));
    await say(far, '84 9c 00');
    assert.equal((await asked).kind, 'in_progress');
  });

  test('only one dialogue is held at a time', async () => {
    const { far, terminal } = await register();
    const { ending } = sell(terminal);
    await hear(far, SALE);
    await assert.rejects(terminal.checkHealth(), /one dialogue at a time/);
    far.cut();
    await assert.rejects(ending, moneyMayHaveMoved);
  });
});
