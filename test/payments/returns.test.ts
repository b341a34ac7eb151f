/** What is checked before money goes back, items are corrected or a slip is entered; a refused request records nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { approversIn, recordApproval } from '../../src/payments/approvals.ts';
import type { SlipEntry } from '../../src/payments/entries.ts';
import { checkLines, needsSecondPerson, type ReturnParts } from '../../src/payments/returns.ts';
import { TerminalError, type Terminal } from '../../src/terminal/terminal.ts';
import { DAY_MS, openBench, refused } from '../closing/bench.ts';
import { createTestTerminal } from '../closing/terminal.ts';
import { HANAKO, returnOf, saleOf, TARO } from '../proof/clerk.ts';
import { CATALOGUE, IDENTITY } from '../proof/counter.ts';
import { makeFolder } from '../support/folder.ts';
import { armedVoid } from '../support/sale.ts';

const SECOND = { clerk: TARO.name, clerkNumber: TARO.number };
const FEE = { code: 'FEE', quantity: 2 };

test('the amount from which a second person is needed needs one', () => {
  const parts = { options: { secondPersonFromYen: 5_000 } } as ReturnParts;
  const needs = (yen: number, by: typeof SECOND | null) => needsSecondPerson(parts, yen, by);
  assert.deepEqual([needs(4_999, null), needs(5_000, null), needs(5_000, SECOND)], [false, true, false]);
});

test('what goes back is what the screen showed, and all of it where the brand wants that', () => {
  const [line = assert.fail()] = armedVoid('sale').lines;
  const left = [{ ...line, quantity: 3, amountYen: 1_200 }];
  const check = (totalYen: number, isWholeOnly: boolean, quantity?: number) =>
    checkLines(
      { ...returnOf('refund', totalYen), ...(quantity && { lines: [{ position: 1, quantity }] }) },
      left,
      { isWholeOnly },
    ).map(({ amountYen }) => amountYen);
  assert.deepEqual(check(800, false, 2), [800]);
  assert.throws(() => check(800, true, 2), refused('whole_only'));
  assert.deepEqual(check(1_200, true), [1_200]);
  assert.throws(() => check(1_100, false), refused('more_than_left'));
  assert.throws(() => check(1_600, false, 4), refused('more_than_left'));
});

test('items are not corrected while some of the money is promised back', async (t) => {
  const { counter, sell } = await openBench(t, createTestTerminal('1'));
  const { afterwards } = counter.payments;
  await sell('sale', 2);
  const promise = { ...returnOf('refund', 100, 'promise'), lines: [{ position: 1, quantity: 1 }] };
  afterwards.promiseRefund('sale', promise, HANAKO, null);
  const correction = { id: 'correction', lines: [FEE], totalYen: 200, note: '読み違い' };
  const before = counter.journal.head.sequence;
  assert.throws(() => afterwards.correct('sale', correction, HANAKO, SECOND), refused('cannot_correct'));
  assert.equal(counter.journal.head.sequence, before);
});

const ENTRY: SlipEntry = {
  ...{ id: 'slip', terminal: '1', window: 'resident', lines: [FEE], totalYen: 200 },
  ...{ method: 'credit', brand: 'visa', slipNumber: '0099', takenAt: '2026-11-26T07:00:00.000Z' },
};

test('a slip of the amount of a payment whose result is unknown is not entered: it may be that one', async (t) => {
  const terminal = createTestTerminal('1');
  const losing = {
    ...terminal,
    connect: async () => ({
      ...(await terminal.connect()),
      authorizeSale: () => Promise.reject(new TerminalError('the line broke', true)),
      findTransaction: () => Promise.resolve({ kind: 'inconclusive', reason: 'no word' } as const),
    }),
  };
  const { counter } = await openBench(t, losing);
  const { payments } = counter;
  payments.take(saleOf('lost', 2), HANAKO);
  const asked = new Promise<void>((resolve) => {
    counter.live.subscribe(() => payments.find('lost')?.state === 'unknown' && resolve());
  });
  await asked;
  const before = counter.journal.eventsOf('slip').length;
  const enter = (change = {}) => payments.afterwards.enterSlip({ ...ENTRY, ...change }, HANAKO);
  assert.throws(() => enter(), refused('slip_may_be_unknown'));
  assert.equal(counter.journal.eventsOf('slip').length, before);
  const other = enter({ lines: [{ code: 'FEE', quantity: 3 }], totalYen: 300 });
  assert.equal(other.state, 'approved');
});

test('a slip of a day that is closed counts on the day on which it is entered', async (t) => {
  const { counter, sell, close, clock } = await openBench(t, createTestTerminal('1'));
  await sell('sale');
  const enter = (id: string, slipNumber: string) =>
    counter.payments.afterwards.enterSlip({ ...ENTRY, id, slipNumber }, HANAKO);
  const open = enter('open', '0098');
  await close({ note: '確かめた' });
  clock.ms += DAY_MS;
  const late = enter('late', '0097');
  assert.deepEqual(
    [open, late].map(({ businessDate, postedOn }) => [businessDate, postedOn]),
    [
      ['2026-11-26', '2026-11-26'],
      ['2026-11-26', '2026-11-27'],
    ],
  );
});

/** What a second person has approved for one line, asked for by these lines of one sale. */
function approves(t: TestContext, ...quantities: number[]): string {
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), IDENTITY, () => new Date());
  t.after(() => journal.close());
  const asked = { window: 'resident', code: 'FEE', quantity: 1, ground: 'mayor' };
  const approver = { number: TARO.number, name: TARO.name };
  const approval = recordApproval(journal, asked, { clerk: HANAKO, approver }, '2026-11-26');
  const ground = { code: 'mayor', nameJa: '市長', nameEn: 'Mayor', approval: 'second_person' };
  const approverOf = approversIn({
    ...{ journal, clerk: HANAKO, window: 'resident', businessDate: '2026-11-26', isUsed: () => false },
    catalogue: { ...CATALOGUE, grounds: [ground] } as unknown as typeof CATALOGUE,
  });
  try {
    const names = quantities.map(
      (quantity) => approverOf({ code: 'FEE', quantity, exemption: { ground: 'mayor', approval } }).name,
    );
    return names.join();
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error.code;
  }
}

test('an approval is for one line of one sale, and for as many as were shown', (t) => {
  assert.equal(approves(t, 1), TARO.name);
  assert.equal(approves(t, 1, 1), 'approval_used');
  assert.equal(approves(t, 2), 'approval_missing');
});

test('a 日計 names the newest payment on record, for a terminal that waits to hear which it may keep', async (t) => {
  const terminal = createTestTerminal('1');
  const told: unknown[] = [];
  const deferring = {
    ...terminal,
    connect: async () => {
      const connected = await terminal.connect();
      const noting: Terminal['settle'] = (order, ...rest) => {
        told.push(order.mirror);
        return connected.settle?.(order, ...rest) ?? assert.fail();
      };
      return { ...connected, settle: noting };
    },
  };
  const { sell, close } = await openBench(t, deferring);
  await sell('sale');
  await close({ note: '確かめた' });
  assert.deepEqual(told, [{ receiptNumber: '0001' }]);
});
