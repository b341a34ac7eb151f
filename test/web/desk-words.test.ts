import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recorded } from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { historyLines, isAlarming } from '../../src/web/counter/desk-words.ts';
import { findingWordsOf } from '../../src/web/shared/payment-words.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { paymentOf } from './payments.ts';

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
    'sale',
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
  assert.deepEqual(historyLines([asked(1), asked(2), asked(3)], 'sale'), [
    { at: '2026-11-24T00:03:00.000Z', text: '端末の取引記録を確かめました：分からなかった。（3回）' },
  ]);
});

test('what was found out about a void or refund is whether money went back, not whether it was paid', () => {
  const found = (finding: 'approved' | 'not_charged'): Recorded<OperationEvent> => ({
    type: 'evidence',
    payload: { source: 'terminal_query', finding, reason: '', answer: null },
    sequence: 1,
    at: '2026-11-24T00:00:00.000Z',
  });
  const said = (kind: 'void' | 'refund'): string =>
    historyLines([found('approved'), found('not_charged')], kind)
      .map(({ text }) => text)
      .join('');
  assert.match(said('void'), /取り消されていた。.*取り消されていなかった。/);
  assert.match(said('refund'), /返金されていた。.*返金されていなかった。/);
  assert.doesNotMatch(said('void') + said('refund'), /支払われて/);
  assert.equal(findingWordsOf('refund').approved, '返金されていた');
  assert.equal(findingWordsOf(undefined).approved, '支払われていた');
});
