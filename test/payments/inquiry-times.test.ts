/** When an unknown payment is asked about: sooner at first, then every half hour, for as long as it takes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { createDevices } from '../../src/payments/devices.ts';
import { createInquiries } from '../../src/payments/inquiry.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import type { Driver } from '../../src/terminal/driver.ts';
import type { Terminal } from '../../src/terminal/terminal.ts';
import type { Terminals } from '../../src/terminal/terminals.ts';
import { installVirtualTime } from '../../scripts/virtual/time.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale } from '../support/sale.ts';

/** One unknown payment; when its terminal was asked, in virtual milliseconds. */
async function askedTimes(
  t: TestContext,
  {
    reach,
    isFree = () => true,
    isBackAtMs,
    count,
  }: { reach: Driver['reach']; isFree?: (ms: number) => boolean; isBackAtMs?: number; count: number },
): Promise<number[]> {
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { municipality: '122327', counter: '01', book: 'trial' },
    () => new Date(),
  );
  t.after(() => journal.close());
  const time = installVirtualTime();
  t.after(() => time.restore());
  const ledger = createLedger(journal, () => undefined);
  const id = randomUUID();
  ledger.record(id, { type: 'armed', payload: armedSale() });
  ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
  const askedAtMs: number[] = [];
  const terminal: Partial<Terminal> = {
    terminalId: '52500041',
    findTransaction() {
      askedAtMs.push(time.ms);
      return Promise.resolve({ kind: 'inconclusive', reason: 'seen nothing' });
    },
  };
  const [driver] = drivers;
  assert.ok(driver !== undefined);
  const setup = {
    id: '1',
    driver: { ...driver, reach },
    connect: (): never => assert.fail('it is connected'),
  };
  const inquiries = createInquiries({
    journal,
    ledger,
    devices: createDevices(journal),
    terminals: {
      list: () => [setup],
      claim: () => (isFree(time.ms) ? { terminal: terminal as Terminal, release: () => undefined } : 'busy'),
    } as unknown as Terminals,
    onAsked: () => undefined,
    onError: (error): never => assert.fail(String(error)),
    onFatal: (error): never => assert.fail(String(error)),
  });
  time.after(0, { name: 'counter', isGone: false }, () => inquiries.wake('1'));
  if (isBackAtMs !== undefined) {
    time.after(isBackAtMs, { name: 'cable', isGone: false }, () => inquiries.wake('1'));
  }
  await time.passUntil(() => askedAtMs.length === count, 3 * 3_600_000);
  assert.equal(ledger.find(id)?.state, 'unknown', 'never a timer’s verdict');
  await inquiries.stop();
  return askedAtMs;
}

test('a terminal is asked at once, after 2, 5, 15 and 60 seconds, after 5 minutes, then every 30 minutes', async (t) => {
  const asked = await askedTimes(t, { reach: 'line', count: 9 });
  const pauses = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
  assert.deepEqual(pauses, [2_000, 5_000, 15_000, 60_000, 300_000, 1_800_000, 1_800_000, 1_800_000]);
});

test('a terminal that has just come back is asked at once, and the pauses begin anew', async (t) => {
  const asked = await askedTimes(t, { reach: 'line', isBackAtMs: 10_000, count: 5 });
  assert.deepEqual(asked, [0, 2_000, 7_000, 10_000, 12_000]);
});

test('a clerk who has answered is not asked again by the clock', async (t) => {
  assert.equal((await askedTimes(t, { reach: 'clerk', count: 2 })).length, 1);
});

test('a clerk’s terminal that could not be had is asked about as soon as it can', async (t) => {
  const isFree = (ms: number): boolean => ms > 6_000;
  assert.deepEqual(await askedTimes(t, { reach: 'clerk', isFree, count: 2 }), [7_000]);
});
