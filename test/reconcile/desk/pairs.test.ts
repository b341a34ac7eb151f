/** Pairs by hand: two people's word on two open rows, each used once, and taken apart by two again. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import type { CaseStatus } from '../../../src/reconcile/desk/case.ts';
import { findCandidates } from '../../../src/reconcile/desk/pairs.ts';
import { readCase } from '../../../src/reconcile/desk/read.ts';
import { openDesk, refuses, SAKURA, TARO, TODAY } from '../../support/desk.ts';
import { openTestCounter } from '../../support/drained.ts';
import { MUNICIPALITY } from '../../support/postgres.ts';
import { answerOf, armedSale } from '../../support/sale.ts';

const BY_HAND = { act: 'propose', reason: 'paired_by_hand', note: '' } as const;

test('two people pair two open rows, once, and take them apart again', async (t) => {
  // Nobody’s reference, another amount: no key makes a pair of it and the payment of 300 yen.
  const { db, over, missing, caseOf, act } = await openDesk(t, [{ number: 'n2', reference: '', yen: 250 }]);
  const lineId = (await caseOf('missing_in_ledger')).facts.lineId ?? 0;
  const overLine = (await caseOf('amount_over')).facts.lineId ?? 0;
  const pairs = async (): Promise<unknown[]> =>
    (await db.selectFrom('current_pairs').select(['operation_id', 'line_id']).execute()).map((pair) => [
      ...[pair.operation_id, pair.line_id],
    ]);
  const pair = { counter: '02', operationId: missing, lineId };

  await refuses('bad_request', () => act('missing_at_provider', BY_HAND, SAKURA, TARO));
  await refuses('bad_request', () =>
    act('missing_at_provider', { ...BY_HAND, reason: 'difference_accepted', note: 'x', pair }, SAKURA, TARO),
  );
  // What another row of the books is paired with already is nobody’s to take.
  await refuses('pair_not_open', () =>
    act('missing_at_provider', { ...BY_HAND, pair: { ...pair, lineId: overLine } }, SAKURA, TARO),
  );
  await refuses('pair_not_open', () =>
    act('missing_in_ledger', { ...BY_HAND, pair: { ...pair, operationId: over } }, SAKURA, TARO),
  );
  const partnerOf = async (status: CaseStatus) =>
    (await readCase(db, MUNICIPALITY, (await caseOf(status)).caseId, TODAY))?.partner;
  assert.equal(await partnerOf('missing_at_provider'), null);
  await act('missing_at_provider', { ...BY_HAND, pair });
  assert.deepEqual(await pairs(), [], 'one person alone pairs nothing');
  // Whoever confirms sees which line it is, and so does who reads it later, from either side.
  assert.deepEqual(
    [(await partnerOf('missing_at_provider'))?.yen, await partnerOf('missing_in_ledger')],
    [250, null],
  );
  await act('missing_at_provider', { act: 'confirm' }, TARO);
  assert.deepEqual(await pairs(), [[missing, lineId]]);
  assert.deepEqual(
    [(await partnerOf('missing_at_provider'))?.yen, (await partnerOf('missing_in_ledger'))?.yen],
    [250, 300],
  );
  await refuses('pair_not_open', () => act('missing_in_ledger', { ...BY_HAND, pair }, SAKURA, TARO));

  await act('missing_at_provider', { act: 'unpair', text: '別の取引だった' }, SAKURA, TARO);
  assert.deepEqual([await pairs(), await partnerOf('missing_at_provider')], [[], null]);
  await refuses('pair_not_open', () =>
    act('missing_at_provider', { act: 'unpair', text: 'もう一度' }, SAKURA, TARO),
  );
});

test('only open rows of the same amount are offered, and only where a hand may pair', async (t) => {
  // Two lines of the payment of 300 yen, at an hour that no key takes for its own; and one of another amount.
  const { db, missing, caseOf } = await openDesk(t, [
    { number: 'n2', reference: '', yen: 300 },
    { number: 'n3', reference: '', yen: 300 },
    { number: 'n4', reference: '', yen: 250 },
  ]);
  const offered = async (status: 'missing_at_provider' | 'missing_in_ledger' | 'amount_over') =>
    (await findCandidates(db, MUNICIPALITY, '02', (await caseOf(status)).facts)).map(
      ({ operationId, yen }) => [operationId, yen],
    );
  assert.deepEqual(await offered('missing_at_provider'), [
    [missing, 300],
    [missing, 300],
  ]);
  assert.deepEqual(await offered('missing_in_ledger'), [[missing, 300]]);
  assert.deepEqual(await offered('amount_over'), []);
});

test('one acquirer’s line is never paired with another’s payment', async (t) => {
  const { db, caseOf, act } = await openDesk(t, [{ number: 'n2', reference: '', yen: 250 }]);
  const lineId = (await caseOf('missing_in_ledger')).facts.lineId ?? 0;
  const counter = openTestCounter(t, db, '03');
  const byCard = randomUUID();
  const way = { method: 'credit', brand: 'visa', amountYen: 250 } as const;
  counter.record(byCard, { type: 'armed', payload: armedSale({ ...way, businessDate: '2026-11-02' }) });
  counter.record(byCard, { type: 'answer', payload: { answer: answerOf('approved', way), refused: null } });
  counter.record(byCard, { type: 'ended', payload: { kind: 'completed' } });
  await counter.drain();
  await matchDue(db, MUNICIPALITY, TODAY, 'test');
  const { acquirer } = await db
    .selectFrom('current_matches')
    .select('acquirer')
    .where('operation_id', '=', byCard)
    .executeTakeFirstOrThrow();
  assert.equal(acquirer, 'card');
  const pair = { counter: '03', operationId: byCard, lineId };
  await refuses('pair_not_open', () => act('missing_in_ledger', { ...BY_HAND, pair }, SAKURA, TARO));
});
