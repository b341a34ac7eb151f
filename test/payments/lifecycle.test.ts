import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  foldPayment,
  isToBeDecided,
  type PaymentState,
  type Recorded,
} from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

type Event = OperationEvent;

const armed: Event = { type: 'armed', payload: armedSale() };
const approved: Event = { type: 'answer', payload: { answer: answerOf('approved'), refused: null } };
const declined: Event = { type: 'answer', payload: { answer: answerOf('declined'), refused: null } };
const unlisted: Event = { type: 'answer', payload: { answer: answerOf('unlisted'), refused: null } };
const refused: Event = {
  type: 'answer',
  payload: { answer: answerOf('approved'), refused: 'another amount' },
};
const completed: Event = { type: 'ended', payload: { kind: 'completed' } };
const aborted = (verdict: 'declined' | 'cancelled' | 'unlisted'): Event => ({
  type: 'ended',
  payload: { kind: 'aborted', verdict, resultCode: '6C' },
});
const notSent: Event = { type: 'ended', payload: { kind: 'not_sent', reason: 'the port is closed' } };
const interrupted: Event = { type: 'interrupted', payload: { reason: 'the line broke' } };
const evidence = (finding: 'approved' | 'not_charged' | 'inconclusive'): Event => ({
  type: 'evidence',
  payload: {
    source: 'terminal_query',
    finding,
    reason: 'asked',
    answer: finding === 'approved' ? answerOf('approved') : null,
  },
});
const byPeople = (finding: 'approved' | 'not_charged'): Event => ({
  type: 'evidence',
  payload: {
    source: 'two_people',
    finding,
    reason: '決済会社の画面で確かめた',
    answer: null,
    people: ['市民 花子', '出納 太郎'],
  },
});
const released: Event = { type: 'lock_released', payload: { clerk: '出納 太郎' } };
const decided: Event = { type: 'decided', payload: { decision: 'keep', note: '', clerk: '出納 太郎' } };
const cancel: Event = { type: 'cancel_requested', payload: { clerk: '市民 花子' } };

function fold(...events: Event[]): ReturnType<typeof foldPayment> {
  return foldPayment(
    'op',
    events.map((event, index): Recorded<Event> => ({
      ...event,
      sequence: index + 1,
      at: `2026-11-24T00:00:${String(index).padStart(2, '0')}.000Z`,
    })),
  );
}

const table: [string, Event[], PaymentState][] = [
  ['armed alone is still running', [armed], 'armed'],
  ['an approval alone is not final', [armed, approved], 'armed'],
  ['a decline alone is not final', [armed, declined], 'armed'],
  ['approved and regularly ended is approved', [armed, approved, completed], 'approved'],
  ['declined, then approved (a second PIN), is approved', [armed, declined, approved, completed], 'approved'],
  ['approved, then declined, is declined', [armed, approved, declined, completed], 'declined'],
  ['declined and aborted is declined', [armed, declined, aborted('declined')], 'declined'],
  ['aborted without a result is what the code says', [armed, aborted('cancelled')], 'cancelled'],
  ['approved but aborted is unknown', [armed, approved, aborted('cancelled')], 'unknown'],
  ['a regular end without any result is unknown', [armed, completed], 'unknown'],
  ['an unlisted result is unknown', [armed, unlisted, completed], 'unknown'],
  ['an unlisted abort is unknown', [armed, aborted('unlisted')], 'unknown'],
  ['an approval that we refused is unknown, whatever the end', [armed, refused, completed], 'unknown'],
  [
    'an approval that we refused and the terminal aborted is unknown',
    [armed, refused, aborted('declined')],
    'unknown',
  ],
  ['a broken line is unknown', [armed, interrupted], 'unknown'],
  ['a broken line after an approval is unknown', [armed, approved, interrupted], 'unknown'],
  ['a broken line after a decline is unknown', [armed, declined, interrupted], 'unknown'],
  ['nothing sent is not sent', [armed, notSent], 'not_sent'],
  ['nothing sent after an answer is a contradiction, so unknown', [armed, approved, notSent], 'unknown'],
  [
    'a cancel that comes too late does not undo an approval',
    [armed, cancel, approved, completed],
    'approved',
  ],
  ['inconclusive evidence changes nothing', [armed, interrupted, evidence('inconclusive')], 'unknown'],
  ['evidence of a sale makes it approved', [armed, interrupted, evidence('approved')], 'approved'],
  [
    'evidence of no sale makes it not charged',
    [armed, approved, interrupted, evidence('not_charged')],
    'not_charged',
  ],
];

for (const [name, events, state] of table) {
  test(name, () => assert.equal(fold(...events).state, state));
}

test('a payment found out after its dialogue was lost is marked late', () => {
  assert.equal(fold(armed, interrupted, evidence('approved')).late, true);
  assert.equal(fold(armed, approved, completed).late, false);
});

test('evidence that contradicts what is known changes nothing and is flagged for a person', () => {
  const payment = fold(armed, approved, completed, evidence('not_charged'));
  assert.equal(payment.state, 'approved');
  assert.equal(payment.contradicted, true);
  assert.equal(fold(armed, approved, completed, evidence('approved')).contradicted, false);
});

test('what contradicts is not settled by a machine that says it once more', () => {
  const twice = fold(armed, approved, completed, evidence('not_charged'), evidence('not_charged'));
  assert.deepEqual([twice.state, twice.contradicted], ['approved', true]);
});

test('queries count, however inconclusive', () => {
  assert.equal(fold(armed, interrupted, evidence('inconclusive'), evidence('inconclusive')).queries, 2);
});

test('events that can not follow each other are a bug and stop the fold', () => {
  assert.throws(() => fold(approved), /does not begin with armed/);
  assert.throws(() => fold(armed, armed), /armed on op, which is armed/);
  assert.throws(() => fold(armed, approved, completed, completed), /ended on op, which is approved/);
  assert.throws(() => fold(armed, completed, approved), /answer on op, which is unknown/);
  assert.throws(() => fold(armed, evidence('approved')), /evidence on op, which is armed/);
});

test('two people settle what no machine knows, and that is no query', () => {
  const paid = fold(armed, interrupted, byPeople('approved'));
  assert.deepEqual([paid.state, paid.late, paid.queries], ['approved', true, 0]);
  assert.equal(fold(armed, interrupted, byPeople('not_charged')).state, 'not_charged');
});

test('whose evidence ended the not knowing stays on record; what a dialogue told had none', () => {
  const by = (...events: Event[]): string | null => fold(armed, interrupted, ...events).establishedBy;
  assert.equal(by(evidence('inconclusive')), null);
  assert.equal(by(evidence('approved')), 'terminal_query');
  assert.equal(by(byPeople('not_charged')), 'two_people');
  assert.equal(
    by(byPeople('not_charged'), evidence('approved')),
    'two_people',
    'the other one is a contradiction',
  );
  assert.equal(fold(armed, approved, completed, evidence('approved')).establishedBy, null);
});

test('two people settle a contradiction; without one they change nothing that is known', () => {
  const contradicted = fold(armed, approved, completed, evidence('not_charged'));
  assert.deepEqual([contradicted.state, contradicted.contradicted], ['approved', true]);
  const settled = fold(armed, approved, completed, evidence('not_charged'), byPeople('not_charged'));
  assert.deepEqual([settled.state, settled.contradicted], ['not_charged', false]);
  const upheld = fold(armed, approved, completed, evidence('not_charged'), byPeople('approved'));
  assert.deepEqual([upheld.state, upheld.contradicted, upheld.late], ['approved', false, false]);
  assert.deepEqual(
    [fold(armed, approved, completed, byPeople('not_charged'))].map((p) => [p.state, p.contradicted]),
    [['approved', true]],
  );
});

test('a machine that answers after two people is heard, and what differs is shown', () => {
  const heard = fold(armed, interrupted, byPeople('not_charged'), evidence('approved'));
  assert.deepEqual([heard.state, heard.contradicted], ['not_charged', true]);
});

test('a late approval counts on the day on which it was found; the closed day stays as it was', () => {
  const yesterday: Event = { type: 'armed', payload: armedSale({ businessDate: '2026-11-23' }) };
  const late = fold(yesterday, interrupted, evidence('approved'));
  assert.deepEqual([late.armed.businessDate, late.postedOn], ['2026-11-23', '2026-11-24']);
  assert.equal(fold(armed, interrupted, evidence('approved')).postedOn, '2026-11-24');
  assert.equal(fold(yesterday, approved, completed).postedOn, '2026-11-23');
  // Found by a clock that was put back: it counts no earlier than it was sold.
  const tomorrow: Event = { type: 'armed', payload: armedSale({ businessDate: '2026-11-25' }) };
  assert.equal(fold(tomorrow, interrupted, evidence('approved')).postedOn, '2026-11-25');
});

test('a released terminal is released for this payment only, and only while it is unknown', () => {
  assert.equal(fold(armed, interrupted, released).lockReleased, true);
  assert.throws(() => fold(armed, approved, completed, released), /lock_released on op, which is approved/);
});

test('a late approval is decided about; one that was approved at once is not', () => {
  assert.equal(fold(armed, interrupted, evidence('approved')).decision, null);
  assert.equal(fold(armed, interrupted, evidence('approved'), decided).decision, 'keep');
  assert.throws(() => fold(armed, approved, completed, decided), /nothing to decide/);
  assert.throws(() => fold(armed, interrupted, decided), /decided on op, which is unknown/);
});

test('nothing is decided about a late approval that two people have since found unpaid, nor about a late void', () => {
  const late = fold(armed, interrupted, evidence('approved'));
  assert.equal(isToBeDecided(late), true);
  const unpaid = fold(
    armed,
    interrupted,
    evidence('approved'),
    evidence('not_charged'),
    byPeople('not_charged'),
  );
  assert.deepEqual([unpaid.state, isToBeDecided(unpaid)], ['not_charged', false]);
  const backLate = fold({ type: 'armed', payload: armedVoid('sale') }, interrupted, evidence('approved'));
  assert.deepEqual([backLate.late, isToBeDecided(backLate)], [true, false]);
});
