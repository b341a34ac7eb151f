/** Which terminal a sale gets: the first that can be had, and never one that is held back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { claimOneOf, statusOf, type ClaimParts } from '../../src/payments/claims.ts';
import { createLedger, type Ledger } from '../../src/payments/ledger.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import type { Claim, Terminals } from '../../src/terminal/terminals.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale } from '../support/sale.ts';

const offer = (id: string): Offer => ({
  ...{ id, nameJa: `端末${id}`, minimumYen: 1, buckets: [] },
  brands: { credit: ['visa'], debit: [], emoney: [], qr: [] },
});
const BOTH = [offer('1'), offer('2')];

type State = 'free' | 'busy' | 'disconnected' | 'lost';

function open(t: TestContext, states: Record<string, State>, settling: string[] = []) {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  const claim = (id: string): Claim | 'busy' | 'disconnected' => {
    const state = states[id] ?? 'free';
    if (state === 'free') return { release: () => undefined } as Claim;
    return state === 'busy' ? 'busy' : 'disconnected';
  };
  const connection = (id: string) => {
    const state = states[id] ?? 'free';
    return { state: state === 'free' ? ('ready' as const) : state, detail: null };
  };
  const parts: ClaimParts = {
    ...{ ledger, offers: BOTH, terminals: { claim, connection } as Terminals },
    settlement: { findOpen: (id) => (settling.includes(id) ? ({} as never) : undefined) },
  };
  const refusal = (): string => {
    try {
      return claimOneOf(parts, BOTH).terminal;
    } catch (error) {
      return error instanceof AppError ? error.code : String(error);
    }
  };
  return { ledger, taken: refusal, stateOf: (id: string) => statusOf(parts, id).state };
}

function lose(ledger: Ledger, terminal: string): void {
  const id = `lost-${terminal}`;
  ledger.record(id, { type: 'armed', payload: armedSale({ terminal }) });
  ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
}

test('the first that can be had takes it; where it can not, another stands in, and else its reason is told', (t) => {
  assert.equal(open(t, {}).taken(), '1');
  assert.equal(open(t, { 1: 'busy' }).taken(), '2');
  assert.equal(open(t, { 1: 'disconnected' }).taken(), '2');
  assert.equal(open(t, { 1: 'busy', 2: 'disconnected' }).taken(), 'terminal_busy');
  assert.equal(open(t, {}, ['1']).taken(), '2');
  assert.equal(open(t, {}, ['1', '2']).taken(), 'settlement_open');
});

test('an unknown holds its own terminal back until one query was answered, however inconclusively, and no other', (t) => {
  const { ledger, taken } = open(t, {});
  lose(ledger, '1');
  assert.equal(taken(), '2');
  lose(ledger, '2');
  assert.equal(taken(), 'terminal_locked');
  const asked = { source: 'terminal_query', finding: 'inconclusive', reason: '', answer: null } as const;
  ledger.record('lost-1', { type: 'evidence', payload: asked });
  assert.equal(ledger.find('lost-1')?.state, 'unknown');
  assert.equal(taken(), '1');
});

test('a terminal that is cut off is said to be that, whatever it will be asked when it is back', (t) => {
  const { ledger, stateOf } = open(t, { 2: 'disconnected' }, ['2']);
  assert.deepEqual(['1', '2'].map(stateOf), ['ready', 'disconnected']);
  for (const terminal of ['1', '2']) lose(ledger, terminal);
  assert.deepEqual(['1', '2'].map(stateOf), ['locked', 'disconnected']);
  assert.equal(open(t, { 2: 'lost' }, ['2']).stateOf('2'), 'lost');
});
