/** 日計 on a terminal that is played message by message: what breaks off, or ends oddly, is never taken for done or not done. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { hear, register, say, tell } from './played.ts';

type FarEnd = Awaited<ReturnType<typeof register>>['far'];

const moneyMayHaveMoved = (error: unknown): boolean =>
  error instanceof TerminalError && error.moneyMayHaveMoved;

describe('a 日計', () => {
  for (const [what, breaks] of [
    [
      'whose line breaks',
      (far: FarEnd) => {
        far.cut();
        return Promise.resolve();
      },
    ],
    [
      'whose totals come without end',
      async (far: FarEnd) => {
        for (let at = 0; at < 100; at++)
          await tell(far, `04 0f 02 27 ${(1 + (at % 0x60)).toString(16).padStart(2, '0')}`);
        await say(far, '04 0f 02 27 01');
      },
    ],
  ] as const) {
    test(`${what} may have been done: only the totals can tell`, async () => {
      const { far, terminal } = await register();
      const settling = terminal.settle(
        {},
        () => undefined,
        () => undefined,
      );
      const broken = assert.rejects(settling, moneyMayHaveMoved);
      await hear(far, '065003000000');
      await say(far, '80 00 00');
      await breaks(far);
      await broken;
    });
  }

  test('that ends with a code of failure has not been done, though it ends regularly', async () => {
    const { far, terminal } = await register();
    const settling = terminal.settle(
      {},
      () => undefined,
      () => undefined,
    );
    await hear(far, '065003000000');
    await say(far, '80 00 00');
    await tell(far, '06 0f 02 27 77');
    assert.deepEqual(await settling, { kind: 'open', resultCode: '77' });
  });
});
