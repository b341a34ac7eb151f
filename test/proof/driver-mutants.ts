/** Decisive lines of the drivers. */
import type { Mutant } from './mutants.ts';

const DRIVER = 'drivers/zvt/';

export const DRIVER_MUTANTS: readonly Mutant[] = [
  {
    name: 'the command is sent again after silence (T3)',
    edits: [
      {
        file: `${DRIVER}dialogue.ts`,
        find: `    if (message === 'timeout') {
      throw new TerminalError(\`no answer to \${controlOf(command)}`,
        replace: `    if (message === 'timeout' && performance.now() < patience + t3Ms) {
      await link.send(command);
      const again = await next(link, t3Ms);
      const answer = Buffer.isBuffer(again) ? readCommandAnswer(again) : undefined;
      if (answer !== undefined) return answer;
    }
    if (message === 'timeout') {
      throw new TerminalError(\`no answer to \${controlOf(command)}`,
      },
    ],
  },
  {
    name: 'an answer is acknowledged before it is recorded',
    edits: [
      {
        file: `${DRIVER}payment.ts`,
        find: 'running.recording = recordingOf(message, running.recording, () => commit(answer));',
        replace:
          'await session.link.send(TAKEN);\n  running.recording = recordingOf(message, running.recording, () => commit(answer));',
      },
    ],
  },
  {
    name: 'an answer that could not be recorded is acknowledged',
    edits: [
      {
        file: `${DRIVER}recording.ts`,
        find: `  if ('cause' in outcome) {
    await sayLast(link, link.send(NOT_TAKEN));`,
        replace: `  if ('cause' in outcome) {
    await sayLast(link, link.send(TAKEN));`,
      },
    ],
  },
  {
    name: 'what is left of an earlier dialogue is acknowledged',
    edits: [
      {
        file: `${DRIVER}dialogue.ts`,
        find: 'else await link.send(NOT_TAKEN);',
        replace: 'else await link.send(answerTo(control));',
      },
    ],
  },
  {
    name: 'a frame that is repeated is taken for a new one',
    edits: [
      {
        file: `${DRIVER}link.ts`,
        find: 'if (lastReceived?.equals(apdu) === true && now < repeatsUntilMs) return;',
        replace: '',
      },
    ],
  },
  {
    name: 'a terminal without reversals is believed that nothing was charged',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: "if (found.kind !== 'not_charged' || session.autoReversal !== 'none') return found;",
        replace: "if (session.autoReversal !== 'none' || found.kind !== 'none') return found;",
      },
    ],
  },
  {
    name: 'any last payment is taken for ours',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: "return { kind: 'not_charged', reason: 'the last payment stored is the one before' };",
        replace: "return { kind: 'approved', answer: found };",
      },
    ],
  },
  {
    name: 'a terminal that is busy when it is asked for its last payment has none',
    test: 'test/drivers/zvt/dialogue.test.ts',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: 'if (shown.resultCode === BUSY_STATUS)',
        replace: "if (shown.resultCode === '')",
      },
    ],
  },
  {
    name: 'a dialogue that broke off leaves its line open',
    test: 'test/drivers/zvt/dialogue.test.ts',
    edits: [
      {
        file: `${DRIVER}zvt.ts`,
        find: `      await session.line.close();
      throw error;
    } finally {
      isBusy`,
        replace: `      throw error;
    } finally {
      isBusy`,
      },
    ],
  },
  {
    name: 'a terminal that holds nothing is believed that it took nothing',
    test: 'test/proof/crashpoints.test.ts',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: 'return inconclusive(`the terminal shows no last payment (code ${shown.resultCode})`);',
        replace: "return { kind: 'not_charged', reason: `code ${shown.resultCode}` };",
      },
    ],
  },
  {
    name: 'what a terminal no longer waits for is answered',
    test: 'test/drivers/zvt/dialogue.test.ts',
    edits: [{ file: `${DRIVER}link.ts`, find: '  if (await link.hasGoneOn()) return false;\n', replace: '' }],
  },
  {
    name: 'an end that comes twice is answered twice',
    test: 'test/drivers/zvt/dialogue.test.ts',
    edits: [
      {
        file: `${DRIVER}dialogue.ts`,
        find: ' || session.answeredEnd?.equals(message) === true',
        replace: '',
      },
    ],
  },
  {
    name: 'a payment beyond return is asked about before its end',
    test: 'test/drivers/zvt/connecting.test.ts',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: "  if (kind === 'refused') await hearItsEnd(session);\n",
        replace: '  void kind;\n',
      },
    ],
  },
  {
    name: 'the numbers of a payment are believed without its time',
    test: 'test/drivers/zvt/unseen-settlement.test.ts',
    edits: [
      {
        file: `${DRIVER}recovery.ts`,
        find: '    one.terminalTime === other.terminalTime &&\n',
        replace: '',
      },
    ],
  },
  {
    name: 'the numbers of the payment before are later than themselves',
    test: 'test/drivers/zvt/recovery.test.ts',
    edits: [{ file: `${DRIVER}recovery.ts`, find: 'distance > 0', replace: 'distance >= 0' }],
  },
  {
    name: 'a reader’s no is believed while the payment can still be made',
    test: 'test/drivers/stripe/wire.test.ts',
    edits: [
      {
        file: 'drivers/stripe/sale.ts',
        find: "if (intent.status === 'canceled') {",
        replace: "if (intent.status === 'canceled' || meaning === 'declined') {",
      },
    ],
  },
  {
    name: 'a refund is refused, whatever became of the request before its repeat',
    test: 'test/drivers/stripe/wire.test.ts',
    edits: [
      {
        file: 'drivers/stripe/refund.ts',
        find: '(await refundOf(session, intentId, operationId)) ?? error.code',
        replace: 'error.code',
      },
    ],
  },
  {
    name: 'a clerk’s doubt is a decline',
    test: 'test/drivers/manual/words.test.ts',
    edits: [
      {
        file: 'drivers/manual/dialogues.ts',
        find: "throw unknowable('whether the sale was approved');",
        replace: "return { kind: 'aborted', verdict: 'cancelled', resultCode: 'cancelled' };",
      },
    ],
  },
];
