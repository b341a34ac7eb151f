import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brand } from '../../src/fees/catalogue.ts';
import type { OperationEvent, Recorded } from '../../src/payments/lifecycle.ts';
import {
  balanceWords,
  decisionsFor,
  historyLines,
  investigationDeadline,
  isAlarming,
} from '../../src/web/counter/desk-words.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { paymentOf } from './payments.ts';

const brandWith = (cancelRule: string, cancelDays: number | null): Brand => ({
  code: 'b',
  method: 'credit',
  nameJa: 'B',
  nameEn: 'B',
  ceilingYen: null,
  unknownRule: 'query_acquirer',
  cancelRule,
  cancelDays,
  sameTerminal: null,
  lastOnly: null,
  offers: [],
});
const LATE = paymentOf({ state: 'approved', late: true, businessDate: '2026-11-20' });

test('the last day for a transit card is the 55th after the payment, and other brands have none', () => {
  const rule = 'not_a_sale_until_next_touch_55_days';
  assert.equal(investigationDeadline(paymentOf({ businessDate: '2026-11-24' }), rule), '2027-01-18');
  assert.equal(investigationDeadline(paymentOf(), 'query_acquirer'), null);
  assert.equal(investigationDeadline(paymentOf(), null), null);
});

test('the balance is said with both of its meanings, and never as leave to charge again', () => {
  const words = balanceWords(paymentOf({ amountYen: 400 }), 1_600);
  assert.match(words, /1,600円 なら、支払われていません/);
  assert.match(words, /2,000円 なら、支払われています。もう一度支払いをしないで/);
});

for (const [what, brand, today, choices] of [
  ['a card may be voided within its days', brandWith('void_or_refund', 180), '2026-11-24', 3],
  ['but not after them', brandWith('void_or_refund', 3), '2026-11-24', 2],
  ['a brand that gives nothing back goes through accounting', brandWith('never', null), '2026-11-20', 2],
  ['so does one that only cancels its last payment', brandWith('void_last_only', 0), '2026-11-20', 2],
  ['one that cancels on the same day only, on the same day', brandWith('same_day', 0), '2026-11-20', 3],
  ['a brand that nobody knows goes through accounting', undefined, '2026-11-20', 2],
] as const) {
  test(`a late approval is decided about: ${what}`, () => {
    const offered = decisionsFor(LATE, brand, today);
    assert.equal(offered.length, choices);
    assert.equal(offered.includes('void'), choices === 3);
  });
}

test('nothing is decided about a payment that was approved at once, or twice about one', () => {
  const brand = brandWith('void_or_refund', 180);
  assert.deepEqual(decisionsFor(paymentOf({ state: 'approved' }), brand, '2026-11-24'), []);
  assert.deepEqual(decisionsFor({ ...LATE, decision: 'keep' }, brand, '2026-11-24'), []);
  assert.deepEqual(decisionsFor(paymentOf({ state: 'unknown' }), brand, '2026-11-24'), []);
});

test('an unknown is said louder after two minutes, and nothing else is', () => {
  const stateAt = '2026-11-24T00:00:00.000Z';
  const at = (seconds: number): Date => new Date(Date.parse(stateAt) + seconds * 1_000);
  assert.ok(!isAlarming(paymentOf({ state: 'unknown', stateAt }), at(119)));
  assert.ok(isAlarming(paymentOf({ state: 'unknown', stateAt }), at(120)));
  assert.ok(!isAlarming(paymentOf({ state: 'approved', stateAt }), at(600)));
});

test('every event is a sentence that says who or what, and the pieces of a receipt are none', () => {
  const events: OperationEvent[] = [
    { type: 'armed', payload: armedSale() },
    { type: 'cancel_requested', payload: { clerk: '市民 花子' } },
    { type: 'receipt_text', payload: { receipt: null, lines: [], isLast: true } },
    { type: 'answer', payload: { answer: answerOf('approved'), refused: 'another amount' } },
    { type: 'interrupted', payload: { reason: 'the line broke' } },
    {
      type: 'evidence',
      payload: { source: 'terminal_query', finding: 'inconclusive', reason: '', answer: null },
    },
    { type: 'lock_released', payload: { clerk: '出納 太郎' } },
    { type: 'balance_read', payload: { clerk: '市民 花子', balanceYen: 1_600, brand: 'waon' } },
    {
      type: 'evidence',
      payload: {
        source: 'two_people',
        finding: 'approved',
        reason: '明細を見た',
        answer: null,
        people: ['市民 花子', '出納 太郎'],
      },
    },
    { type: 'decided', payload: { decision: 'refund_outside', note: '電話した', clerk: '出納 太郎' } },
  ];
  const lines = historyLines(
    events.map((event, index): Recorded<OperationEvent> => ({
      ...event,
      sequence: index + 1,
      at: '2026-11-24T00:00:00.000Z',
    })),
  ).map(({ text }) => text);
  assert.equal(lines.length, events.length - 1);
  for (const line of lines) assert.match(line, /[。）]|明細を見た$/);
  assert.match(lines.join('\n'), /市民 花子と出納 太郎が確かめました：支払われていた。理由：明細を見た/);
  assert.match(lines.join('\n'), /会計課から返金する。（電話した）/);
});

test('the same answer again and again is one line, with how often and when last', () => {
  const asked = (minute: number): Recorded<OperationEvent> => ({
    type: 'evidence',
    payload: { source: 'terminal_query', finding: 'inconclusive', reason: '', answer: null },
    sequence: minute,
    at: `2026-11-24T00:0${String(minute)}:00.000Z`,
  });
  assert.deepEqual(historyLines([asked(1), asked(2), asked(3)]), [
    { at: '2026-11-24T00:03:00.000Z', text: '端末の取引記録を確かめました：分からなかった。（3回）' },
  ]);
});
