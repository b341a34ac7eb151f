/** Lines that keep a sentence of the law (law.md) alone, each made wrong in one way; more of mutants.ts. */
import type { Mutant } from './mutants.ts';

export const LAW_MUTANTS: readonly Mutant[] = [
  {
    name: 'an approval that was refused counts as approved',
    test: 'test/payments/mismatch.test.ts',
    edits: [
      {
        file: 'src/payments/lifecycle.ts',
        find: "  if (payment.reason !== null && answer?.verdict === 'approved') return ['unknown', {}];\n",
        replace: '',
      },
    ],
  },
  {
    name: 'an approval that ends with an abort is approved',
    test: 'test/payments/lifecycle-table.test.ts',
    edits: [
      {
        file: 'src/payments/lifecycle.ts',
        find: "return ['unknown', { reason: `approved, then ended",
        replace: "return ['approved', { reason: `approved, then ended",
      },
    ],
  },
  {
    name: 'evidence overwrites what is known',
    test: 'test/payments/lifecycle.test.ts',
    edits: [
      {
        file: 'src/payments/lifecycle.ts',
        find: ': { ...payment, queries, contradicted: true };',
        replace: ": moved(payment, at, isApproved ? 'approved' : 'not_charged', { queries });",
      },
    ],
  },
  {
    name: 'a late approval changes the day that is closed',
    test: 'test/payments/lifecycle.test.ts',
    edits: [
      {
        file: 'src/payments/lifecycle.ts',
        find: 'late: true, answer, postedOn }',
        replace: 'late: true, answer }',
      },
    ],
  },
  {
    name: 'an approval of another amount is taken',
    test: 'test/payments/mismatch.test.ts',
    edits: [
      {
        file: 'src/payments/dialogue.ts',
        find: 'answer.amountYen !== armed.amountYen',
        replace: 'answer.amountYen < 0',
      },
    ],
  },
  {
    name: 'two people may say what the terminal has not been asked',
    test: 'test/payments/desk.test.ts',
    edits: [
      {
        file: 'src/payments/desk.ts',
        find: "      if (holdsTerminal(payment)) throw new AppError('ask_terminal_first');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a terminal that is held back takes a sale',
    test: 'test/payments/claims.test.ts',
    edits: [
      {
        file: 'src/payments/claims.ts',
        find: "  if (holding !== undefined) return new AppError('terminal_locked', { terminal, paymentId: holding.id });\n",
        replace: '',
      },
    ],
  },
  {
    name: 'the same basket is charged again while it is unknown',
    test: 'test/payments/checks.test.ts',
    edits: [
      {
        file: 'src/payments/checks.ts',
        find: "  if (same !== undefined) throw new AppError('same_sale_unknown', { paymentId: same.id });\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a price that was not shown is charged',
    test: 'test/payments/checks.test.ts',
    edits: [
      {
        file: 'src/fees/basket.ts',
        find: "  if (totalYen !== basket.totalYen) throw new AppError('price_changed', { totalYen });\n",
        replace: '',
      },
    ],
  },
  {
    name: 'what was not given back is subtracted',
    test: 'test/payments/net.test.ts',
    edits: [
      {
        file: 'src/payments/net.ts',
        find: "(state === 'approved' ? armed.amountYen : 0)",
        replace: 'armed.amountYen',
      },
    ],
  },
  {
    name: 'a clock in doubt dates a sale',
    test: 'test/payments/payments.test.ts',
    edits: [
      {
        file: 'src/payments/payments.ts',
        find: '  refuseDoubtfulClock(clock);\n}',
        replace: '  void clock;\n}',
      },
    ],
  },
  {
    name: 'a commit is not flushed',
    test: 'test/journal/journal.test.ts',
    edits: [{ file: 'src/journal/file.ts', find: 'synchronous = FULL', replace: 'synchronous = NORMAL' }],
  },
  {
    name: 'a card number goes on record',
    test: 'test/journal/journal.test.ts',
    edits: [
      {
        file: 'src/journal/journal.ts',
        find: 'maskCardNumbersIn(payload, isNoCardNumber)',
        replace: 'payload',
      },
    ],
  },
  {
    name: 'an edited event is sent',
    test: 'test/journal/misfits.test.ts',
    edits: [
      {
        file: 'src/journal/drain.ts',
        find: '    if (broken !== undefined) return { stopped: edited(broken) };\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a second journal drains under a known counter',
    test: 'test/journal/misfits.test.ts',
    edits: [
      {
        file: 'src/journal/drain.ts',
        find: "active === undefined ? 'active' : 'quarantined'",
        replace: "'active'",
      },
    ],
  },
  {
    name: 'a gap in the chain is none',
    test: 'test/journal/chain.test.ts',
    edits: [{ file: 'src/journal/audit.ts', find: 'event.sequence !== sequence || ', replace: '' }],
  },
  {
    name: 'what was given back in part is voided as a whole',
    test: 'test/payments/return-rules.test.ts',
    edits: [
      {
        file: 'src/payments/return-rules.ts',
        find: "  if (leftYen < sale.armed.amountYen) return 'partly_returned';\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a line that breaks within a write has moved nothing',
    test: 'test/terminal/port.test.ts',
    edits: [
      {
        file: 'src/terminal/stream-port.ts',
        find: "new TerminalError('the line broke while writing', true, { cause })",
        replace: "new TerminalError('the line broke while writing', false, { cause })",
      },
    ],
  },
  {
    name: 'an id is answered whatever else is asked for under it',
    test: 'test/payments/payments.test.ts',
    edits: [
      {
        file: 'src/payments/payments.ts',
        find: "    if (known.armed.requestHash !== hashOf(request)) throw new AppError('same_id_other_body');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a sale is let in while the record is stopped',
    test: 'test/payments/payments.test.ts',
    edits: [
      {
        file: 'src/payments/payments.ts',
        find: "  if (options.isRecordStopped()) throw new AppError('record_stopped');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'the business date is not Tokyo’s',
    test: 'test/business-date.test.ts',
    edits: [{ file: 'src/business-date.ts', find: '9 * 3_600_000', replace: '8 * 3_600_000' }],
  },
  {
    name: 'a number that a terminal gave again undoes another resident’s sale',
    test: 'test/payments/entered-slips.test.ts',
    edits: [
      {
        file: 'src/payments/periods.ts',
        find: '(number !== null && ledger.onTerminalAfter(armed.terminal, sequence).some(isNumberOf))',
        replace: 'false',
      },
    ],
  },
  {
    name: 'what an earlier device took is asked of the one in its place',
    test: 'test/payments/inquiry.test.ts',
    edits: [
      {
        file: 'src/payments/inquiry.ts',
        find: ' || options.devices.isOfAnother(payment)',
        replace: '',
      },
    ],
  },
  {
    name: 'a counter that was stopped goes on after a restart without PostgreSQL',
    test: 'test/journal/stopped.test.ts',
    edits: [
      {
        file: 'src/journal/stopped.ts',
        find: 'detail !== null && status.pending === null',
        replace: "detail === ''",
      },
    ],
  },
  {
    name: 'a page that the disk refuses to read is an empty one',
    test: 'test/journal/disk.test.ts',
    edits: [
      {
        file: 'src/journal/rows.ts',
        find: '      return prepared.all(...values);\n',
        replace:
          '      try {\n        return prepared.all(...values);\n      } catch {\n        return [];\n      }\n',
      },
    ],
  },
  {
    name: 'a bug after an approval means that nothing was sent',
    test: 'test/payments/payments.test.ts',
    edits: [
      { file: 'src/payments/dialogue.ts', find: '!(error instanceof TerminalError)', replace: 'false' },
    ],
  },
  {
    name: 'a machine that repeats itself settles what contradicts',
    test: 'test/payments/lifecycle.test.ts',
    edits: [{ file: 'src/payments/lifecycle.ts', find: 'byPeople && payment', replace: 'payment' }],
  },
];
