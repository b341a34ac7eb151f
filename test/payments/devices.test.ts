/** Which devices stand at a counter, as its journal says after a restart: what is lost stays lost, and is given to nobody. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { createDevices, replacedAt, withoutLost } from '../../src/payments/devices.ts';
import type { Terminals } from '../../src/terminal/terminals.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale } from '../support/sale.ts';

const BY = { clerk: '出納 太郎', clerkNumber: '1002' };

function open(t: TestContext): Journal {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  return journal;
}

/** What each act leaves: told at once, and by the journal to whoever starts next. */
function expectLost(journal: Journal, running: ReturnType<typeof createDevices>, isLost: boolean): void {
  assert.deepEqual(
    [running, createDevices(journal)].map((devices) => devices.isLost('1')),
    [isLost, isLost],
  );
}

test('the newest act decides, also after a restart, and of one terminal alone', (t) => {
  const journal = open(t);
  const devices = createDevices(journal);
  for (const [act, isLost] of [
    ['terminal_lost', true],
    ['terminal_found', false],
    ['terminal_lost', true],
    ['terminal_replaced', false],
    ['terminal_lost', true],
  ] as const) {
    devices.record(act, { terminal: '1', ...BY });
    expectLost(journal, devices, isLost);
    assert.equal(createDevices(journal).isLost('2'), false);
  }
});

test('only a replacement makes a payment one of another device: what is found again can be asked', (t) => {
  const journal = open(t);
  const devices = createDevices(journal);
  const before = { armed: armedSale({ terminal: '1' }), sequence: 1 };
  journal.append('journal_opened', null, {});
  devices.record('terminal_lost', { terminal: '1', ...BY });
  devices.record('terminal_found', { terminal: '1', ...BY });
  assert.deepEqual([devices.isOfAnother(before), replacedAt(journal, '1')], [false, 0]);
  devices.record('terminal_lost', { terminal: '1', ...BY });
  devices.record('terminal_replaced', { terminal: '1', ...BY });
  const { sequence } = journal.head;
  devices.record('terminal_lost', { terminal: '1', ...BY });
  assert.deepEqual([devices.isOfAnother(before), replacedAt(journal, '1')], [true, sequence]);
  assert.equal(devices.isOfAnother({ ...before, sequence: sequence + 1 }), false);
  assert.equal(devices.isOfAnother({ ...before, armed: armedSale({ terminal: '2' }) }), false);
});

test('a terminal that is lost is given to nobody, though it is plugged in and answers', (t) => {
  const devices = createDevices(open(t));
  const all = {
    connection: () => ({ state: 'ready', detail: null }),
    claim: (id: string) => `claim of ${id}`,
    connected: () => ({ terminalId: '52500041', canRefund: true }),
  } as unknown as Terminals;
  const left = withoutLost(all, devices);
  devices.record('terminal_lost', { terminal: '1', ...BY });
  assert.deepEqual(
    [left.claim('1'), left.connected('1'), left.connection('1').state],
    ['disconnected', undefined, 'lost'],
  );
  assert.deepEqual([left.claim('2'), left.connection('2').state], ['claim of 2', 'ready']);
  assert.equal(left.connected('2')?.terminalId, '52500041');
  devices.record('terminal_found', { terminal: '1', ...BY });
  assert.deepEqual([left.claim('1'), left.connection('1').state], ['claim of 1', 'ready']);
});
