/** The record comes before the acknowledgement, also where the disk is slow (PA00P015 §2.2.8, §3.1). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TerminalError, type Commit, type Decision } from '../../../src/terminal/terminal.ts';
import { bookStates, LINES, openCounter } from './counter.ts';
import { hear, register, say, tell, TAKEN } from './played.ts';

const SALE = '06010a04000000000400490392';
const APPROVED = '04 0f 16 27 00 04 000000000400 49 0392 0b 000007 87 0003 29 99000001';
const AGAIN = '849c00';
const REFUSED = '84a000';

async function sell(commit: Commit, options: unknown = {}) {
  const { far, terminal } = await register(options);
  const ending = terminal.authorizeSale(
    { operationId: 'sale', amountYen: 400, method: 'credit', brand: null },
    commit,
    () => undefined,
  );
  await hear(far, SALE);
  await say(far, '80 00 00');
  return { far, ending };
}

describe('a record on a slow disk', () => {
  test('makes the terminal say it again until it is made, and is made once', async () => {
    const { promise, resolve } = Promise.withResolvers<Decision>();
    let records = 0;
    const { far, ending } = await sell(() => {
      records += 1;
      return promise;
    });
    await tell(far, APPROVED, AGAIN);
    await tell(far, APPROVED, AGAIN);
    resolve('acknowledge');
    await tell(far, APPROVED, TAKEN);
    await tell(far, '06 0f 00');
    assert.deepEqual(await ending, { kind: 'completed' });
    assert.equal(records, 1);
  });

  test('that is soon made is acknowledged at the first time', async () => {
    const { far, ending } = await sell(() => Promise.resolve('acknowledge'));
    await tell(far, APPROVED, TAKEN);
    await tell(far, '06 0f 00');
    await ending;
  });

  test("never uses up the terminal's patience: it is told to reverse, and the outcome is unknown", async () => {
    const { promise, resolve } = Promise.withResolvers<Decision>();
    const { far, ending } = await sell(() => promise, { answerMs: 1_000 });
    const failure = assert.rejects(
      ending,
      (error) => error instanceof TerminalError && error.moneyMayHaveMoved,
    );
    await tell(far, APPROVED, AGAIN);
    await tell(far, APPROVED, REFUSED);
    resolve('acknowledge');
    await failure;
  });

  test('that fails late is refused, and the failure comes out', async () => {
    const { promise, reject } = Promise.withResolvers<Decision>();
    const { far, ending } = await sell(() => promise);
    const failure = assert.rejects(ending, /disk full/);
    await tell(far, APPROVED, AGAIN);
    reject(new Error('disk full'));
    await tell(far, APPROVED, REFUSED);
    await failure;
  });

  test('that is refused in the end makes the terminal reverse', async () => {
    const { promise, resolve } = Promise.withResolvers<Decision>();
    const { far, ending } = await sell(() => promise);
    await tell(far, APPROVED, AGAIN);
    resolve('refuse');
    await tell(far, APPROVED, REFUSED);
    await tell(far, '06 1e 01 a0');
    assert.deepEqual(await ending, { kind: 'aborted', verdict: 'declined', resultCode: 'a0' });
  });

  test('is waited for although the line breaks: whoever hears of the end finds it made', async () => {
    const { promise, resolve } = Promise.withResolvers<Decision>();
    let isMade = false;
    const { far, ending } = await sell(() =>
      promise.then((decision) => {
        isMade = true;
        return decision;
      }),
    );
    const failure = assert.rejects(ending, TerminalError);
    await tell(far, APPROVED, AGAIN);
    far.cut();
    // Long after the driver has seen that its line is gone.
    setTimeout(() => resolve('acknowledge'), 50);
    await failure;
    assert.ok(isMade);
  });

  for (const listen of LINES) {
    test(`over ${listen === 'pty' ? 'a serial line' : 'TCP'} costs no payment`, async (t) => {
      const counter = await openCounter(t, listen, { acknowledgeMs: 5_000 });
      counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const { promise, resolve } = Promise.withResolvers<Decision>();
      setTimeout(resolve, 700, 'acknowledge');
      const { ending, answers } = await counter.sell(400, () => promise);
      assert.deepEqual(ending, { kind: 'completed' });
      assert.equal(answers.length, 1);
      assert.deepEqual(bookStates(counter.virtual), ['stored']);
    });
  }
});
