/** The line is cut behind every single byte of a sale, in both directions: what is found is what the terminal's book says. */
import { describe, test } from 'node:test';
import { LINES } from '../drivers/zvt/counter.ts';
import { openTill } from '../drivers/zvt/till.ts';

/** Messages of a sale, and more bytes than each has in its frame; a cut behind the last byte is one too. */
const SAID = { '8000': 15, '04ff': 16, '040f': 120, '06d3': 200, '060f': 14 };
const COMMAND_BYTES = 32;
/** To three steps, the result, two receipts and the end. */
const ANSWERS = 7;
const ANSWER_BYTES = 15;

const bytes = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

for (const listen of LINES) {
  describe(`a sale over ${listen === 'pty' ? 'a serial line' : 'TCP'}, cut behind any byte`, () => {
    for (const [message, most] of Object.entries(SAID)) {
      test(`of the terminal's ${message}`, async (t) => {
        const till = await openTill(t, listen);
        for (const afterBytes of bytes(most)) await till.sell([{ fault: 'cut', message, afterBytes }]);
        await till.agree();
      });
    }

    test('of the command', async (t) => {
      const till = await openTill(t, listen);
      for (const afterBytes of bytes(COMMAND_BYTES)) {
        await till.sell([{ fault: 'cut', from: 'register', message: '0601', afterBytes }]);
      }
      await till.agree();
    });

    test("of the register's answers", async (t) => {
      const till = await openTill(t, listen);
      for (const nth of bytes(ANSWERS)) {
        for (const afterBytes of bytes(ANSWER_BYTES)) {
          await till.sell([{ fault: 'cut', from: 'register', message: '8000', nth: nth + 1, afterBytes }]);
        }
      }
      await till.agree();
    });
  });
}
