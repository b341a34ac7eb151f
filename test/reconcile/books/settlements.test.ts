/** Batches against deposits, every status planted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_STATUS_NAMES, SETTLEMENT_STATUS_NAMES } from '../../../src/reconcile/books/words.ts';
import { CASE_STATUS_NAMES } from '../../../src/reconcile/desk/words.ts';
import type { Acquirer } from '../../../src/reconcile/books/acquirer.ts';
import { batchesOf, type BatchPart } from '../../../src/reconcile/books/batches.ts';
import { addDays } from '../../../src/reconcile/books/calendar.ts';
import { settle, type Deposit } from '../../../src/reconcile/books/settlements.ts';
import type { SettlementView } from '../../../src/reconcile/books/view.ts';

const QR: Acquirer = {
  ...{ code: 'qr', counter: '*', nameJa: 'QR', brands: ['paypay'], providerIdIn: 'none', payerNames: [] },
  cycle: { kind: 'daily', payAfterBusinessDays: 1 },
  statementAfterBusinessDays: 1,
  fee: { ratePpm: 20_000, brandRatesPpm: { d_barai: 30_000 }, rounding: 'floor', toleranceYen: 1 },
};

/** 10,000 yen and its fee of 200, unless said otherwise; paid on the day that is given. */
const part = (batch: string, paysOn: string, more: Partial<BatchPart> = {}): BatchPart => ({
  ...{ acquirer: 'qr', batch, onDate: '2026-11-02', paysOn, brand: 'paypay', grossYen: 10_000, feeYen: 200 },
  ...{ chargebackYen: 0, carriedYen: 0, ...more },
});
const deposit = (lineId: number, onDate: string, yen: number): Deposit => ({
  lineId,
  acquirer: 'qr',
  onDate,
  yen,
});

function look(
  parts: BatchPart[],
  deposits: Deposit[],
  asOf = '2026-11-26',
  bankUntil = asOf,
): SettlementView[] {
  const coveredUntil = new Map([['qr', '2026-11-20']]);
  const settled = settle(batchesOf(parts, [QR]), deposits, { asOf, coveredUntil, bankUntil });
  const net = settled.reduce((sum, { netYen }) => sum + netYen, 0);
  assert.equal(
    net,
    batchesOf(parts, [QR]).reduce((sum, { netYen }) => sum + netYen, 0),
    'each batch is settled once',
  );
  assert.deepEqual(
    settled.flatMap((each) => each.deposits).toSorted(),
    deposits.map(({ lineId }) => lineId).toSorted(),
  );
  return settled;
}

const short = (settled: SettlementView[]): unknown[] =>
  settled.map(({ status, batches, deposits }) => [status, batches.join('+'), deposits.join('+')]);

test('one batch by one deposit, several by one, one by several, and a long holiday by one', () => {
  assert.deepEqual(short(look([part('a', '2026-11-04')], [deposit(1, '2026-11-04', 9800)])), [
    ['matched', 'a', '1'],
  ]);
  assert.deepEqual(
    short(look([part('a', '2026-11-04'), part('b', '2026-11-04')], [deposit(1, '2026-11-04', 19_600)])),
    [['matched', 'a+b', '1']],
  );
  assert.deepEqual(
    short(look([part('a', '2026-11-04')], [deposit(1, '2026-11-04', 9000), deposit(2, '2026-11-04', 800)])),
    [['matched', 'a', '1+2']],
  );
  assert.deepEqual(
    short(look([part('a', '2026-11-04'), part('b', '2026-11-05')], [deposit(1, '2026-11-05', 19_600)])),
    [['matched', 'a+b', '1']],
  );
});

test('what fits several is given to none of them by itself; what fits one of several deposits is', () => {
  const day = '2026-11-04';
  // Two batches of one amount and day, and one deposit of it: nobody can say whose it is.
  assert.deepEqual(short(look([part('a', day), part('b', day)], [deposit(1, day, 9800)])), [
    ['deposit_short', 'a+b', '1'],
  ]);
  assert.deepEqual(
    short(look([part('a', day), part('b', day)], [deposit(1, day, 500), deposit(2, day, 19_600)])),
    [
      ['matched', 'a+b', '2'],
      ['deposit_over', '', '1'],
    ],
  );
  // What a deposit has settled already is no part of the next.
  const small = part('c', day, { grossYen: 5000, feeYen: 100 });
  assert.deepEqual(
    short(
      look(
        [part('a', day), small, part('b', '2026-11-05')],
        [deposit(1, day, 4900), deposit(2, '2026-11-05', 19_600)],
      ),
    ),
    [
      ['matched', 'c', '1'],
      ['matched', 'a+b', '2'],
    ],
  );
});

test('nothing has to arrive of what the city owes, or of nothing; a statement up to the day itself knows of it', () => {
  const day = '2026-11-04';
  const owed = part('a', day, { grossYen: -10_000, feeYen: -200 });
  assert.deepEqual(short(look([owed], [])), [['deposit_awaited', 'a', '']]);
  assert.deepEqual(short(look([part('a', day, { grossYen: 200 })], [])), [['matched', 'a', '']]);
  // The statements of this acquirer have reached the 20th.
  assert.deepEqual(short(look([], [deposit(1, '2026-11-20', 500)])), [['deposit_over', '', '1']]);
  assert.deepEqual(short(look([], [deposit(1, '2026-11-21', 500)])), [['statement_awaited', '', '1']]);
});

test('where no rate is declared no fee is expected, and whatever the statement says is taken', () => {
  const parts = [part('a', '2026-11-04', { feeYen: 777 })];
  const reached = { asOf: '2026-11-26', coveredUntil: new Map<string, string>(), bankUntil: '' };
  const [settled] = settle(
    batchesOf(parts, [{ ...QR, fee: null }]),
    [deposit(1, '2026-11-04', 9223)],
    reached,
  );
  assert.deepEqual(
    [settled?.status, settled?.feeYen, settled?.expectedFeeYen, settled?.faults],
    ['matched', 777, null, []],
  );
});

test('equal amounts of several days go each to its own day', () => {
  const days = ['2026-11-04', '2026-11-05', '2026-11-06'];
  const settled = look(
    days.map((day) => part(day, day)),
    days.map((day, index) => deposit(index + 1, day, 9800)).toReversed(),
  );
  assert.deepEqual(
    short(settled),
    days.map((day, index) => ['matched', day, String(index + 1)]),
  );
});

test('a register of the bank that ends before the pay day says nothing of it, until it is itself too late', () => {
  const day = '2026-11-04';
  const statusBy = (asOf: string, bankUntil: string): unknown =>
    look([part('a', day)], [], asOf, bankUntil)[0]?.status;
  assert.equal(statusBy('2026-11-26', '2026-11-02'), 'deposit_awaited');
  assert.equal(statusBy('2026-11-26', ''), 'deposit_awaited');
  assert.equal(statusBy('2026-11-26', day), 'deposit_late');
  assert.equal(statusBy('2026-12-14', '2026-11-02'), 'deposit_awaited');
  assert.equal(statusBy('2026-12-15', '2026-11-02'), 'deposit_late');
});

test('short, over, in parts of which one is missing, late, awaited, and money without a statement', () => {
  const day = '2026-11-04';
  assert.deepEqual(short(look([part('a', day)], [deposit(1, day, 9000)])), [['deposit_short', 'a', '1']]);
  assert.deepEqual(short(look([part('a', day)], [deposit(1, day, 9900)])), [['deposit_over', 'a', '1']]);
  assert.deepEqual(short(look([part('a', day)], [deposit(1, day, 5000), deposit(2, day, 1000)])), [
    ['split_incomplete', 'a', '1+2'],
  ]);
  assert.deepEqual(short(look([part('a', day)], [deposit(1, '2026-11-06', 9800)])), [
    ['deposit_late', 'a', '1'],
  ]);
  assert.deepEqual(short(look([part('a', day)], [])), [['deposit_late', 'a', '']]);
  assert.deepEqual(short(look([part('a', day)], [], day)), [['deposit_awaited', 'a', '']]);
  assert.deepEqual(short(look([], [deposit(1, '2026-11-19', 500)])), [['deposit_over', '', '1']]);
  assert.deepEqual(short(look([], [deposit(1, '2026-11-25', 500)])), [['statement_awaited', '', '1']]);
});

test('a net is gross less fee, with chargebacks and what is carried; fees are checked per brand and batch', () => {
  const day = '2026-11-04';
  const [batch] = batchesOf(
    [
      part('a', day, { chargebackYen: -400, carriedYen: 50 }),
      part('a', day, { brand: 'd_barai', grossYen: 1000, feeYen: 30 }),
    ],
    [QR],
  );
  assert.deepEqual([batch?.netYen, batch?.expectedFeeYen, batch?.faults], [11_000 - 230 - 400 + 50, 230, []]);
  const differs = look([part('a', day, { feeYen: 202 })], [deposit(1, day, 9798)]);
  assert.deepEqual([differs[0]?.status, differs[0]?.faults], ['matched', ['fee_differs']]);
  assert.deepEqual(batchesOf([part('a', day, { feeYen: 201 })], [QR])[0]?.faults, [], 'within the tolerance');
  const missing = look([part('a', day, { feeYen: null })], [deposit(1, day, 9800)]);
  assert.deepEqual([missing[0]?.status, missing[0]?.faults], ['matched', ['fee_missing']]);
});

test('without a batch number the cycle says what is paid together, and when', () => {
  const [batch] = batchesOf([part('x', '2026-11-04', { batch: null, paysOn: null })], [QR]);
  assert.deepEqual([batch?.batch, batch?.due], ['2026-11-02', '2026-11-04']);
});

/** Years of batches, eight a day: a third of them paid alone, the others together, short or not at all. */
function countReads(many: number): number {
  let reads = 0;
  const parts = Array.from({ length: many }, (_, n) =>
    part(`b${String(n)}`, addDays('2020-04-01', Math.floor(n / 8)), { grossYen: 10_000 + (n % 5) * 100 }),
  );
  const batches = batchesOf(parts, [QR]).map((batch) => ({
    ...batch,
    get due() {
      reads += 1;
      return batch.due;
    },
    get netYen() {
      reads += 1;
      return batch.netYen;
    },
  }));
  const deposits = batches.flatMap(({ due, netYen }, n) =>
    n % 3 === 0 ? [deposit(n, due, netYen)] : n % 3 === 1 ? [deposit(n, due, 7)] : [],
  );
  const reached = { asOf: '2026-11-26', coveredUntil: new Map(), bankUntil: '2026-11-26' };
  reads = 0;
  const settled = settle(batches, deposits, reached);
  assert.equal(settled.flatMap((each) => each.batches).length, many);
  return reads;
}

test('ten times the batches of an acquirer are looked at ten times as often, not a hundred times', () => {
  const ratio = countReads(5_000) / countReads(500);
  assert.ok(ratio < 11, `${String(ratio)} times`);
});

test('what a settlement or a line is called is the same in the tables, on paper and at the desk', () => {
  const cases: Readonly<Record<string, string>> = CASE_STATUS_NAMES;
  const named = Object.entries({ ...LINE_STATUS_NAMES, ...SETTLEMENT_STATUS_NAMES });
  assert.deepEqual(
    named.filter(([status, nameJa]) => cases[status] !== undefined && cases[status] !== nameJa),
    [],
  );
});
