/** Decisive lines of a closing, each made wrong in one way; more of mutants.ts. */
import type { Mutant } from './mutants.ts';

export const CLOSING_MUTANTS: readonly Mutant[] = [
  {
    name: '日計 is sent before the intention is on record',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/payments/settlement.ts',
        find: '  periods.intend({ ...order, terminal: id, terminalId, period });\n',
        replace: '',
      },
      {
        file: 'src/payments/settlement.ts',
        find: "  if (ended.kind === 'open') {",
        replace:
          "  periods.intend({ ...order, terminal: id, terminalId, period });\n  if (ended.kind === 'open') {",
      },
    ],
  },
  {
    name: 'a period begins although the terminal has said no',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/payments/settlement.ts',
        find: "    periods.refuse(id, { resultCode, reason: 'the terminal did not settle' });",
        replace: "    periods.begin(id, 'settled');",
      },
    ],
  },
  {
    name: 'a day is closed although a terminal did not answer its 日計',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/closing/held.ts',
        find: "    if (settled.kind === 'doubt') throw new AppError('settlement_unanswered', { terminal: each.id });\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a day is closed although the totals of a terminal could not be read',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/closing/held.ts',
        find: "    if (cause instanceof TerminalError) throw new AppError('totals_missing', { terminal: id }, { cause });",
        replace: '    if (cause instanceof TerminalError) return null as T;',
      },
    ],
  },
  {
    name: 'a sale is let in while the day is being closed',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/payments/payments.ts',
        find: "  if (settlement.isHeld()) throw new AppError('closing_now');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a sale is let in while nobody knows whether the terminal has settled',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/payments/claims.ts',
        find: "  if (settlement.findOpen(id) !== undefined) return new AppError('settlement_open', { terminal });\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a 日計 that is open is taken for done',
    test: 'test/closing/closing.test.ts',
    edits: [
      {
        file: 'src/payments/settlement.ts',
        find: '  const isSettled = isNothing(now) || (open.totals !== null && hasFallen(open.totals, now));',
        replace: '  const isSettled = now.totalYen >= 0;',
      },
    ],
  },
  {
    name: 'a settlement is acknowledged before its totals are recorded',
    test: 'test/proof/crashpoints-closing.test.ts',
    edits: [
      {
        file: 'drivers/zvt/dialogue.ts',
        find: 'recording = recordingOf(message, recording, () => recorded(',
        replace: 'await link.send(TAKEN);\n      recording = recordingOf(message, recording, () => recorded(',
      },
    ],
  },
];
