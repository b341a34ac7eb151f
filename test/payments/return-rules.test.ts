/** What can be done about a sale, per brand of the sample table, on the days that decide. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brand } from '../../src/fees/catalogue.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { foldPayment, type Payment } from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { linesLeft, pickLines } from '../../src/payments/net.ts';
import {
  whatCanBeDone,
  type ReturnFacts,
  type ReturnObstacle,
  type ReturnWay,
} from '../../src/payments/return-rules.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const TERMINAL = '52500041';

const BRANDS = new Map(readSampleFees().brands.map((brand): [string, Brand] => [brand.code, brand]));

const fold = (id: string, events: OperationEvent[]): Payment =>
  foldPayment(
    id,
    events.map((event, index) => ({ ...event, sequence: index + 1, at: '2026-11-24T00:00:00.000Z' })),
  );

function saleWith(brand: string): Payment {
  const method = BRANDS.get(brand)?.method ?? 'credit';
  return fold('sale', [
    { type: 'armed', payload: armedSale({ method, brand }) },
    { type: 'answer', payload: { answer: answerOf('approved', { method, brand }), refused: null } },
    { type: 'ended', payload: { kind: 'completed' } },
  ]);
}

const ended: OperationEvent = { type: 'ended', payload: { kind: 'completed' } };
const armed: OperationEvent = { type: 'armed', payload: armedVoid('sale') };
const answer: OperationEvent = {
  type: 'answer',
  payload: { answer: answerOf('approved', { receiptNumber: '0002' }), refused: null },
};
const VOIDED = fold('void', [armed, answer, ended]);
const VOIDING = fold('void', [armed]);
const VOID_UNKNOWN = fold('void', [armed, { type: 'interrupted', payload: { reason: 'the line broke' } }]);
const VOID_DECLINED = fold('void', [
  armed,
  { type: 'ended', payload: { kind: 'aborted', verdict: 'declined', resultCode: 'b5' } },
]);

function facts(brand: string, change: Partial<ReturnFacts> = {}): ReturnFacts {
  return {
    sale: saleWith(brand),
    returns: [],
    brand: BRANDS.get(brand),
    terminal: { connectedId: TERMINAL, canRefund: true, hasSettledSince: false },
    isNoLongerLast: false,
    today: '2026-11-24',
    ...change,
  };
}

function obstacles(given: ReturnFacts): Record<ReturnWay, ReturnObstacle | null> {
  const options = whatCanBeDone(given);
  return Object.fromEntries(options.map(({ way, obstacle }) => [way, obstacle])) as ReturnType<
    typeof obstacles
  >;
}

/** On the day itself, terminal there, last payment, not settled. */
const SAME_DAY: Record<string, [byVoid: ReturnObstacle | null, byRefund: ReturnObstacle | null]> = {
  visa: [null, null],
  jcb_debit: [null, null],
  jdebit: [null, 'brand_no_refund'],
  transit_ic: [null, 'brand_no_refund'],
  rakuten_edy: ['brand_never', 'brand_no_refund'],
  waon: [null, 'brand_no_refund'],
  nanaco: ['brand_never', 'brand_no_refund'],
  id: [null, 'brand_no_refund'],
  quicpay: [null, 'brand_no_refund'],
  paypay: [null, null],
  rakuten_pay: [null, null],
};

for (const [brand, [byVoid, byRefund]] of Object.entries(SAME_DAY)) {
  test(`${brand} on the day of the sale: void ${byVoid ?? 'yes'}, refund ${byRefund ?? 'yes'}`, () => {
    const found = obstacles(facts(brand));
    assert.deepEqual([found.void, found.refund, found.outside], [byVoid, byRefund, null]);
  });
}

for (const [brand, lastDay, dayAfter] of [
  ['visa', '2027-05-23', '2027-05-24'],
  ['jdebit', '2026-11-24', '2026-11-25'],
  ['transit_ic', '2026-11-24', '2026-11-25'],
  ['waon', '2026-12-08', '2026-12-09'],
  ['id', '2027-01-23', '2027-01-24'],
  ['paypay', '2027-11-24', '2027-11-25'],
] as const) {
  test(`${brand} can be voided until ${lastDay}, and then only the acquirer or accounting helps`, () => {
    const [byVoid] = whatCanBeDone(facts(brand, { today: lastDay }));
    assert.deepEqual([byVoid?.obstacle, byVoid?.until], [null, lastDay]);
    const late = obstacles(facts(brand, { today: dayAfter }));
    assert.deepEqual([late.void, late.outside, late.acquirer], ['too_late', null, null]);
  });
}

test('transit IC is voided only while it is the last payment of the terminal; a credit card at any time', () => {
  assert.equal(obstacles(facts('transit_ic', { isNoLongerLast: true })).void, 'not_last');
  assert.equal(obstacles(facts('visa', { isNoLongerLast: true })).void, null);
});

test('what the terminal has settled can not be voided any more: a card is refunded, iD is not', () => {
  const terminal = { connectedId: TERMINAL, canRefund: true, hasSettledSince: true };
  const card = obstacles(facts('visa', { terminal }));
  assert.deepEqual([card.void, card.refund, card.acquirer], ['settled', null, 'another_way']);
  const id = obstacles(facts('id', { terminal }));
  assert.deepEqual([id.void, id.refund, id.acquirer], ['settled', 'brand_no_refund', null]);
});

test('a terminal that is away, or another in its place, gives nothing back; QR does not need the same one', () => {
  const away = { connectedId: undefined, canRefund: false, hasSettledSince: false };
  assert.equal(obstacles(facts('visa', { terminal: away })).void, 'terminal_missing');
  const other = { connectedId: '52500099', canRefund: true, hasSettledSince: false };
  assert.equal(obstacles(facts('visa', { terminal: other })).void, 'other_terminal');
  assert.equal(obstacles(facts('paypay', { terminal: other })).refund, null);
  const unheardOf = { ...facts('visa', { terminal: other }), brand: undefined };
  assert.equal(obstacles(unheardOf).void, 'other_terminal', 'a brand that nobody has written down');
  const nameless = fold('sale', [
    { type: 'armed', payload: armedSale({ terminalId: null }) },
    { type: 'answer', payload: { answer: answerOf('approved', { terminalId: null }), refused: null } },
    ended,
  ]);
  assert.notEqual(obstacles(facts('visa', { sale: nameless, terminal: other })).void, 'other_terminal');
  const plain = { connectedId: TERMINAL, canRefund: false, hasSettledSince: false };
  assert.equal(obstacles(facts('visa', { terminal: plain })).refund, 'terminal_cannot');
});

test('while a void runs or is unknown every way is closed; after a declined one all are open', () => {
  for (const returns of [[VOIDING], [VOID_UNKNOWN]]) {
    assert.deepEqual(new Set(Object.values(obstacles(facts('visa', { returns })))), new Set(['pending']));
  }
  assert.equal(obstacles(facts('visa', { returns: [VOID_DECLINED] })).void, null);
});

test('what was voided leaves nothing: no second void, no refund, nothing outside', () => {
  const found = obstacles(facts('visa', { returns: [VOIDED] }));
  assert.deepEqual(new Set(Object.values(found)), new Set(['nothing_left']));
  const lines = armedVoid('sale').lines;
  const promised = { id: 'r', lines, amountYen: 400, reason: 'other', note: '', confirmedBy: null } as const;
  const record = { businessDate: '2026-11-24', requestHash: '', clerk: '市民 花子' };
  const outside = [{ ...promised, lines, ...record, withdrawal: null }];
  assert.equal(obstacles(facts('visa', { sale: { ...saleWith('visa'), outside } })).void, 'nothing_left');
  const withdrawal = { refund: 'r', note: '', confirmedBy: record, ...record };
  const withdrawn = [{ ...promised, lines, ...record, withdrawal }];
  const standing = { ...saleWith('visa'), outside: withdrawn };
  assert.equal(
    obstacles(facts('visa', { sale: standing })).void,
    null,
    'a promise taken back leaves the sale whole',
  );
});

test('of what was given back in part nothing is voided, nor refunded where only the whole can be', () => {
  const [line] = armedSale().lines;
  assert.ok(line !== undefined);
  const lines = [{ ...line, quantity: 2, amountYen: 800 }];
  const sale = fold('sale', [
    { type: 'armed', payload: armedSale({ lines, amountYen: 800 }) },
    answer,
    ended,
  ]);
  const returns = [
    fold('refund', [{ type: 'armed', payload: armedVoid('sale', { kind: 'refund' }) }, answer, ended]),
  ];
  const byLines = obstacles(facts('visa', { sale, returns }));
  assert.deepEqual([byLines.void, byLines.refund], ['partly_returned', null]);
  const visa = BRANDS.get('visa');
  assert.ok(visa);
  const brand: Brand = { ...visa, cancelRule: 'refund_full_only' };
  assert.equal(obstacles(facts('visa', { sale, returns, brand })).refund, 'partly_returned');
  assert.equal(obstacles(facts('visa', { sale, brand })).refund, null);
});

test('a sale that is unknown, and a void, are not given back', () => {
  const unknown = fold('sale', [
    { type: 'armed', payload: armedSale() },
    { type: 'interrupted', payload: { reason: 'the line broke' } },
  ]);
  assert.equal(obstacles(facts('visa', { sale: unknown })).void, 'not_paid');
  assert.equal(obstacles(facts('visa', { sale: VOIDED })).void, 'not_paid');
});

test('a sale that no terminal reported has nothing that one could give back; accounting can', () => {
  const evidence = { source: 'two_people', finding: 'approved', reason: 'seen', answer: null } as const;
  const sale = fold('sale', [
    { type: 'armed', payload: armedSale({ brand: 'visa' }) },
    { type: 'interrupted', payload: { reason: 'the line broke' } },
    { type: 'evidence', payload: evidence },
  ]);
  const { void: byVoid, refund, outside } = obstacles(facts('visa', { sale }));
  assert.deepEqual([byVoid, refund, outside], ['not_reported', 'not_reported', null]);
});

test('a device in another’s place is known by who had the sale, also where its answer named none', () => {
  const sale = fold('sale', [
    { type: 'armed', payload: armedSale({ terminalId: TERMINAL }) },
    { type: 'answer', payload: { answer: answerOf('approved', { terminalId: null }), refused: null } },
    ended,
  ]);
  const at = (connectedId: string) => ({ connectedId, canRefund: true, hasSettledSince: false });
  assert.equal(obstacles(facts('visa', { sale })).void, null);
  assert.equal(obstacles(facts('visa', { sale, terminal: at('52500099') })).void, 'other_terminal');
});

test('a brand that nobody wrote down is for the terminal to judge, on the same day', () => {
  assert.equal(obstacles(facts('visa', { brand: undefined })).void, null);
  assert.equal(obstacles(facts('visa', { brand: undefined, today: '2026-11-25' })).void, 'too_late');
});

test('some of a line goes back at its price, never more than is left, never the same line twice', () => {
  const [line] = armedSale().lines;
  assert.ok(line !== undefined);
  const lines = [{ ...line, quantity: 3, amountYen: 1_200 }];
  const sale = fold('sale', [
    { type: 'armed', payload: armedSale({ lines, amountYen: 1_200 }) },
    answer,
    ended,
  ]);
  assert.equal(pickLines(linesLeft(sale, []), [{ position: 1, quantity: 2 }])?.[0]?.amountYen, 800);
  const left = linesLeft(sale, [VOIDED]);
  assert.deepEqual(
    left.map(({ quantity, amountYen }) => [quantity, amountYen]),
    [[2, 800]],
  );
  assert.equal(pickLines(left, [{ position: 1, quantity: 3 }]), undefined);
  assert.equal(pickLines(left, [{ position: 2, quantity: 1 }]), undefined);
  const twice = [1, 1].map((position) => ({ position, quantity: 1 }));
  assert.equal(pickLines(left, twice), undefined);
});
