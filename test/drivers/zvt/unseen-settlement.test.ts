/**
 * A settlement that nobody has on record: the service died after the terminal had closed its day by itself, or a clerk
 * did it on the terminal alone. Many terminals begin their receipt numbers anew then, so that number 0001 is there twice.
 */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { compareWithIntent } from '../../../drivers/zvt/recovery.ts';
import type { VirtualTerminal } from '../../../drivers/zvt/virtual/virtual.ts';
import { TerminalError, type TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { answerOf } from '../../support/sale.ts';
import { bookStates, LINES, openCounter } from './counter.ts';

type Point = 'card_shown' | 'stored';

/** A sale, the terminal's own 日計, and a second sale of the same amount that is lost at a point; its terminal is asked. */
async function loseAfterSettlement(
  t: TestContext,
  { listen, tellsTime, lostAt }: { listen: string; tellsTime: boolean; lostAt: Point },
) {
  const counter = await openCounter(t, listen);
  const { virtual } = counter;
  virtual.change({ restartsReceipts: true, tellsTime });
  virtual.plan([
    { do: { act: 'present', brand: 'jcb' } },
    { do: { act: 'present', brand: 'visa' }, pullCableAt: lostAt },
  ]);
  const [previous] = (await counter.sell(400)).answers;
  assert.ok(previous !== undefined);
  await closeItsDay(virtual, () => counter.terminal.checkHealth());
  const answers: TerminalAnswer[] = [];
  await assert.rejects(
    counter.sell(400, (answer) => {
      answers.push(answer);
      return 'acknowledge';
    }),
    TerminalError,
  );
  await counter.terminal.closed;
  await virtual.plugCable();
  await counter.reconnect();
  // Nothing of the settlement is on record, so nothing of it is told.
  const ask = (answer: TerminalAnswer | null) => counter.ask({ amountYen: 400, previous, answer });
  return { ask, virtual, answer: answers.at(-1) ?? null };
}

async function closeItsDay(virtual: VirtualTerminal, askHealth: () => Promise<unknown>): Promise<void> {
  virtual.change({ endOfDayDue: true });
  await askHealth();
  assert.equal(virtual.state().taken.count, 0);
}

for (const listen of LINES) {
  describe(`numbers that have begun anew unseen, over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('a stored payment is not taken for the one before, which had the same number and amount', async (t) => {
      for (const tellsTime of [true, false]) {
        const { ask, virtual, answer } = await loseAfterSettlement(t, {
          listen,
          tellsTime,
          lostAt: 'stored',
        });
        assert.deepEqual(bookStates(virtual), ['stored', 'stored']);
        assert.equal(answer?.receiptNumber, '0001');
        assert.notEqual((await ask(null)).kind, 'not_charged', `tells its time: ${tellsTime}`);
        assert.equal((await ask(answer)).kind, tellsTime ? 'approved' : 'inconclusive');
      }
    });

    test('the payment before is not taken for one that was never stored', async (t) => {
      for (const tellsTime of [true, false]) {
        const lost = await loseAfterSettlement(t, { listen, tellsTime, lostAt: 'card_shown' });
        assert.deepEqual(bookStates(lost.virtual), ['stored']);
        assert.equal((await lost.ask(null)).kind, tellsTime ? 'not_charged' : 'inconclusive');
      }
    });
  });
}

test('where every number began anew, the trace too, the time alone tells the one before from ours', () => {
  const previous = answerOf('approved', { terminalTime: '11-24T09:42:00' });
  const inquiry = { operationId: 'ours', amountYen: 400, armedAt: '2026-11-24T01:05:00.000Z', answer: null };
  const kindOf = (terminalTime: string | null): string =>
    compareWithIntent({ ...inquiry, previous }, { ...previous, terminalTime }).kind;
  assert.equal(kindOf('11-24T09:42:00'), 'not_charged');
  assert.notEqual(kindOf('11-24T10:05:09'), 'not_charged', 'it is ours, or may be');
  assert.equal(kindOf(null), 'inconclusive');
});

test('a void by a number that has begun anew is refused: it would undo another resident’s payment', async (t) => {
  const counter = await openCounter(t, 'tcp:0');
  const { virtual } = counter;
  virtual.change({ restartsReceipts: true });
  virtual.plan([{ do: { act: 'present', brand: 'jcb' } }, { do: { act: 'present', brand: 'visa' } }]);
  const [of] = (await counter.sell(400)).answers;
  assert.ok(of !== undefined);
  await closeItsDay(virtual, () => counter.terminal.checkHealth());
  const [other] = (await counter.sell(400)).answers;
  assert.equal(other?.receiptNumber, of.receiptNumber);
  const answers: TerminalAnswer[] = [];
  await counter.terminal.authorizeVoid(
    { operationId: 'void', amountYen: 400, of },
    (answer) => {
      answers.push(answer);
      return answer.undoneTrace === of.traceNumber ? 'acknowledge' : 'refuse';
    },
    () => undefined,
  );
  assert.equal(answers[0]?.undoneTrace, other.traceNumber, 'it says whose payment it has undone');
  assert.deepEqual(bookStates(virtual), ['stored', 'stored', 'reversed']);
});
