/**
 * Decisive lines, each made wrong in one way: a proof that lets one of them pass proves nothing. A mutant is a text
 * replacement; it fails loudly once its text is no longer there.
 */
import { CLOSING_MUTANTS } from './closing-mutants.ts';
import { DRIVER_MUTANTS } from './driver-mutants.ts';
import { LAW_MUTANTS } from './law-mutants.ts';

export interface Mutant {
  name: string;
  /** The test file that catches it, where neither days nor crash points come by it; left out: the proofs. */
  test?: string;
  edits: { file: string; find: string; replace: string }[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a broken line is a decline',
    edits: [
      {
        file: 'src/payments/dialogue.ts',
        find: "? ledger.record(id, { type: 'interrupted', payload: { reason: error.message } })",
        replace:
          "? ledger.record(id, { type: 'ended', payload: { kind: 'aborted', verdict: 'declined', resultCode: '05' } })",
      },
    ],
  },
  {
    name: 'a broken line means that nothing was sent',
    edits: [
      {
        file: 'src/payments/dialogue.ts',
        find: 'return error.moneyMayHaveMoved\n',
        replace: 'return !error.moneyMayHaveMoved\n',
      },
    ],
  },
  {
    name: 'a code that no table names is a decline',
    edits: [
      {
        file: 'src/payments/lifecycle.ts',
        find: "if (ended.verdict === 'unlisted') return ['unknown', { reason: `code ${ended.resultCode} is not listed` }];",
        replace: "if (ended.verdict === 'unlisted') return ['declined', { resultCode: ended.resultCode }];",
      },
    ],
  },
  {
    name: 'a start does not ask about what an earlier run left open',
    edits: [
      { file: 'src/payments/payments.ts', find: "if (state !== 'armed') continue;", replace: 'continue;' },
    ],
  },
  {
    // The terminal is asked at once, so that the lock alone is seldom needed: without either, the next sale is first.
    name: 'the lock is released before the terminal was asked',
    edits: [
      {
        file: 'src/payments/desk.ts',
        find: "state === 'unknown' && queries === 0 && !lockReleased;",
        replace: "state === 'unknown' && queries < 0 && !lockReleased;",
      },
      {
        file: 'src/payments/inquiry.ts',
        find: 'const dueAt = ({ id }: Payment): number => attempts.get(id)?.notBefore ?? 0;',
        replace:
          'const dueAt = ({ id, stateAt }: Payment): number => attempts.get(id)?.notBefore ?? performance.now() + 60_000 - (options.now().getTime() - Date.parse(stateAt));',
      },
    ],
  },
  {
    name: 'a terminal is asked about a sale that it has forgotten',
    edits: [
      {
        file: 'src/payments/inquiry.ts',
        find: 'if (isForgotten(payment, ledger, setup.driver.remembers)) return;',
        replace: '',
      },
    ],
  },
  {
    name: 'a terminal that is busy is given away twice',
    edits: [
      {
        file: 'src/terminal/terminals.ts',
        find: `  if (slot.state === 'busy') return 'busy';
  if (slot.state !== 'ready' || terminal === undefined) return 'disconnected';`,
        replace: "  if (terminal === undefined) return 'disconnected';",
      },
    ],
  },
  {
    name: 'a second press is a second payment',
    edits: [
      {
        file: 'src/payments/payments.ts',
        find: 'const known = ledger.find(request.id);',
        replace:
          "const known = undefined as Payment | undefined;\n  if (ledger.find(request.id) !== undefined) request = { ...request, id: `${request.id}'` };",
      },
    ],
  },
  {
    name: 'a sequence number is used again',
    edits: [
      {
        file: 'src/journal/rows.ts',
        find: 'INSERT INTO events VALUES',
        replace: 'INSERT OR REPLACE INTO events VALUES',
      },
      {
        file: 'src/journal/journal.ts',
        find: 'head = { sequence, hash, at };\n      for',
        replace: 'if (operationId !== null) head = { sequence, hash, at };\n      for',
      },
    ],
  },
  {
    name: 'a refused write counts as made',
    edits: [
      {
        file: 'src/journal/rows.ts',
        find: `      if (events.length === 1 && events[0] !== undefined) one(events[0]);
      else several(events);`,
        replace: `      try {
        if (events.length === 1 && events[0] !== undefined) one(events[0]);
        else several(events);
      } catch (cause) {
        void cause;
      }`,
      },
    ],
  },
  {
    name: 'the drain moves the head past what it has not sent',
    edits: [
      {
        file: 'src/journal/drain.ts',
        find: 'await trx.insert(events);',
        replace: 'await trx.insert(events.slice(0, 1));',
      },
    ],
  },
  {
    name: 'the drain sends again what has arrived',
    edits: [
      {
        file: 'src/journal/drain.ts',
        find: 'const events = journal.eventsAfter(head.sequence, BATCH);',
        replace: 'const events = journal.eventsAfter(Math.max(0, head.sequence - 1), BATCH);',
      },
    ],
  },
  {
    name: 'the drain gives up when PostgreSQL is gone',
    edits: [
      {
        file: 'src/journal/drain.ts',
        find: 'if (!isStopping) retry = setTimeout(wake, RETRY_MS);',
        replace: '',
      },
    ],
  },
  {
    name: 'a terminal that is still busy has not charged',
    test: 'test/payments/inquiry.test.ts',
    edits: [
      { file: 'src/payments/inquiry.ts', find: "if (finding.kind === 'in_progress') return;", replace: '' },
    ],
  },
  {
    name: 'one stored payment proves two sales',
    test: 'test/payments/inquiry.test.ts',
    edits: [
      {
        file: 'src/payments/inquiry.ts',
        find: "if (mismatch !== null || remembers === 'each' || armed.kind === 'void') return mismatch;",
        replace: 'return mismatch;',
      },
    ],
  },
  {
    name: 'the amount of a stored payment is not looked at',
    test: 'test/payments/inquiry.test.ts',
    edits: [
      {
        file: 'src/payments/inquiry.ts',
        find: 'const mismatch = findMismatch(answer, armed, expectedId);',
        replace: 'const mismatch = findMismatch({ ...answer, amountYen: null }, armed, expectedId);',
      },
    ],
  },
  ...DRIVER_MUTANTS,
  ...CLOSING_MUTANTS,
  ...LAW_MUTANTS,
];
