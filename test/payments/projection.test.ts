import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { canonicalJson, chainHash } from '../../src/journal/chain.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf } from '../support/sale.ts';

test('a sale arrives with its lines, its state and what the terminal reported', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const id = counter.sell({ amountYen: 400, businessDate: '2026-11-24', method: 'debit', brand: 'jdebit' });
  await counter.drain();
  const payment = await db.selectFrom('payments').selectAll().executeTakeFirstOrThrow();
  assert.equal(payment.operation_id, id);
  assert.equal(payment.state, 'approved');
  assert.deepEqual([payment.amount_yen, payment.business_date], [400, '2026-11-24']);
  assert.deepEqual([payment.method, payment.brand, payment.asked_method], ['debit', 'jdebit', 'debit']);
  assert.deepEqual([payment.sequence, payment.last_sequence], [2, 4]);
  assert.deepEqual(
    [payment.terminal, payment.terminal_id, payment.receipt_number],
    ['1', '52500041', '0001'],
  );
  const lines = await db.selectFrom('payment_lines').selectAll().execute();
  assert.deepEqual(
    lines.map(({ code, quantity, unit_price_yen, amount_yen }) => [
      code,
      quantity,
      unit_price_yen,
      amount_yen,
    ]),
    [['CIT-JUM', 1, 400, 400]],
  );
});

test('what becomes known later changes the same row, whatever batch it comes in', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const id = counter.sell({ amountYen: 400, businessDate: '2026-11-24', outcome: 'unknown' });
  await counter.drain();
  const stateOf = async (): Promise<unknown> =>
    (await db.selectFrom('payments').select(['state', 'late', 'brand', 'queries']).execute())[0];
  assert.deepEqual(await stateOf(), { state: 'unknown', late: false, brand: null, queries: 0 });

  counter.record(id, {
    type: 'evidence',
    payload: { source: 'terminal_query', finding: 'approved', reason: 'found', answer: answerOf('approved') },
  });
  await counter.drain();
  assert.deepEqual(await stateOf(), { state: 'approved', late: true, brand: 'visa', queries: 1 });
  assert.equal((await db.selectFrom('payment_lines').selectAll().execute()).length, 1);
});

test('projecting everything again changes nothing but the time of it', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  const ids = [300, 400, 450].map((amountYen) => counter.sell({ amountYen, businessDate: '2026-11-24' }));
  await counter.drain();
  const rows = async (): Promise<unknown> => [
    await sql`SELECT to_jsonb(payments) - 'projected_at' AS row FROM payments ORDER BY sequence`.execute(db),
    await db.selectFrom('payment_lines').selectAll().orderBy('operation_id').execute(),
  ];
  const before = await rows();
  const { journalId } = counter.journal;
  const key = { municipality: MUNICIPALITY, counter: '01', journalId };
  await db.transaction().execute((trx) => projectPayments(trx, key, ids));
  assert.deepEqual(await rows(), before);
});

test('the hash chain can be checked again from what PostgreSQL holds', async (t) => {
  const { db } = await openTestDatabase(t);
  const counter = openTestCounter(t, db);
  counter.sell({ amountYen: 400, businessDate: '2026-11-24' });
  counter.close('2026-11-24', [{ bucket: 'card', count: 1, amountYen: 400 }]);
  await counter.drain();
  const events = await db.selectFrom('events').selectAll().orderBy('sequence').execute();
  assert.equal(events.length, 6);
  for (const { sequence, at, type, operation_id, payload, previous_hash, hash } of events) {
    const event = { sequence, at, type, operationId: operation_id };
    assert.equal(chainHash(previous_hash, event, canonicalJson(payload)), hash, canonicalJson(event));
  }
});
