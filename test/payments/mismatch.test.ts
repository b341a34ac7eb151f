/** An approval that is not the one that was asked for: the terminal hears a refusal, so that it reverses. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '../../src/journal/journal.ts';
import { runOperation } from '../../src/payments/dialogue.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Commit, Terminal, TerminalAnswer } from '../../src/terminal/terminal.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const NOW = new Date('2026-11-24T01:00:00.000Z');

for (const [what, said, decision, state] of [
  ['as it was asked for', {}, 'acknowledge', 'approved'],
  [
    'that leaves out what it could say',
    { amountYen: null, currency: null, terminalId: null },
    'acknowledge',
    'approved',
  ],
  ['of another amount', { amountYen: 4_000 }, 'refuse', 'unknown'],
  ['in another currency', { currency: '978' }, 'refuse', 'unknown'],
  ['by another terminal', { terminalId: '99999999' }, 'refuse', 'unknown'],
] satisfies [string, Partial<TerminalAnswer>, Awaited<ReturnType<Commit>>, string][]) {
  test(`an approval ${what}: ${decision}, and the payment is ${state}`, async (t) => {
    const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
    const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => NOW);
    t.after(() => journal.close());
    const ledger = createLedger(journal, () => undefined);
    const payment = ledger.record('sale', { type: 'armed', payload: armedSale() });
    const heard: unknown[] = [];
    const terminal: Pick<Terminal, 'terminalId' | 'authorizeSale'> = {
      terminalId: '52500041',
      async authorizeSale(_sale, commit) {
        heard.push(await commit(answerOf('approved', said)));
        return { kind: 'completed' };
      },
    };
    const claim = { terminal: terminal as Terminal, release: () => undefined };
    const ended = await runOperation({ ledger, journal }, payment, claim, () => undefined);
    assert.deepEqual([heard, ended.state], [[decision], state]);
  });
}

for (const [what, said, decision, state, sold = {}] of [
  ['that names the sale’s own trace', { undoneTrace: '000001' }, 'acknowledge', 'approved'],
  ['that names none', {}, 'acknowledge', 'approved'],
  [
    'where the sale named no trace',
    { undoneTrace: '000001' },
    'acknowledge',
    'approved',
    { traceNumber: null },
  ],
  ['of another resident’s payment under the same number', { undoneTrace: '000002' }, 'refuse', 'unknown'],
] satisfies [
  string,
  Partial<TerminalAnswer>,
  Awaited<ReturnType<Commit>>,
  string,
  Partial<TerminalAnswer>?,
][]) {
  test(`a void ${what}: ${decision}, and it is ${state}`, async (t) => {
    const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
    const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => NOW);
    t.after(() => journal.close());
    const ledger = createLedger(journal, () => undefined);
    ledger.record('sale', { type: 'armed', payload: armedSale() });
    ledger.record('sale', { type: 'answer', payload: { answer: answerOf('approved', sold), refused: null } });
    ledger.record('sale', { type: 'ended', payload: { kind: 'completed' } });
    const payment = ledger.record('void', { type: 'armed', payload: armedVoid('sale') });
    const heard: unknown[] = [];
    const terminal: Pick<Terminal, 'terminalId' | 'authorizeVoid'> = {
      terminalId: '52500041',
      async authorizeVoid(_order, commit) {
        heard.push(await commit(answerOf('approved', { traceNumber: '000003', ...said })));
        return { kind: 'completed' };
      },
    };
    const claim = { terminal: terminal as Terminal, release: () => undefined };
    const ended = await runOperation({ ledger, journal }, payment, claim, () => undefined);
    assert.deepEqual([heard, ended.state], [[decision], state]);
  });
}
