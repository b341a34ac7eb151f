/** What the books say of a payment, as one case each. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { sql } from 'kysely';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import { followCases } from '../../../src/reconcile/desk/cases.ts';
import { findExceptions } from '../../../src/reconcile/desk/exceptions.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import { codeStatement, sellByCode } from '../../support/books.ts';
import { openTestCounter } from '../../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { answerOf, armedSale } from '../../support/sale.ts';

const [DAY, AS_OF] = ['2026-11-02', '2026-12-10'];
const by = { number: '1003', name: '会計 さくら' };

test('a payment of which the evidence differs says so in its one case, whatever else the books say of it', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  const sell = (slip: string): string => sellByCode(counter, { slip, amountYen: 400, businessDate: DAY });
  const [agreed, short, sound] = [sell('1'), sell('2'), sell('3')];
  for (const id of [agreed, short]) {
    const payload = {
      source: 'terminal_query',
      finding: 'not_charged',
      reason: 'older',
      answer: null,
    } as const;
    counter.record(id, { type: 'evidence', payload });
  }
  // What the terminal said was refused, so that it says nothing; two that were asked later contradict each other.
  const refused = randomUUID();
  counter.record(refused, { type: 'armed', payload: armedSale({ businessDate: DAY }) });
  counter.record(refused, {
    ...{ type: 'answer', payload: { answer: answerOf('approved'), refused: 'another amount' } },
  });
  counter.record(refused, { type: 'ended', payload: { kind: 'completed' } });
  for (const [source, finding] of [
    ['terminal_query', 'not_charged'],
    ['provider_statement', 'approved'],
  ] as const)
    counter.record(refused, {
      type: 'evidence',
      payload: { source, finding, reason: 'asked', answer: null },
    });
  await counter.drain();
  const lines = [agreed, short, sound].map((reference, index) => ({
    number: String(index),
    reference,
    yen: reference === agreed ? 400 : 300,
  }));
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format);
  const file = { name: 'qr', bytes: codeStatement(DAY, lines), format: format.definition, by };
  const origin = { formatVersion: format.version, origin: 'upload' } as const;
  await bringFile(db, MUNICIPALITY, AS_OF, { ...file, ...origin });
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');

  const found = await findExceptions(db, MUNICIPALITY, AS_OF);
  const casesOf = (id: string): unknown[] =>
    found
      .filter(({ facts }) => facts.operationId === id)
      .map(({ facts: { status, differenceYen, testimony, notes } }) => [
        status,
        differenceYen,
        testimony?.map(({ isPaid }) => isPaid),
        notes?.length,
      ]);
  assert.deepEqual(casesOf(agreed), [['contradicted', 0, [true, false], undefined]]);
  assert.deepEqual(casesOf(short), [['amount_under', -100, [true, false], 1]]);
  assert.deepEqual(
    found
      .find(({ facts }) => facts.operationId === refused && facts.testimony !== undefined)
      ?.facts.testimony?.map(({ source, isPaid }) => [source, isPaid]),
    [
      ['terminal_query', false],
      ['provider_statement', true],
    ],
  );
  assert.deepEqual(casesOf(sound), [['amount_under', -100, undefined, undefined]]);
});

test('an unknown payment that the counter finds out to be paid, as the statement says, ends so', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  const id = sellByCode(counter, { slip: '1', amountYen: 400, businessDate: DAY }, 'unknown');
  await counter.drain();
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format);
  const bytes = codeStatement(DAY, [{ number: 'n1', reference: id, yen: 400 }]);
  const origin = { formatVersion: format.version, origin: 'upload' } as const;
  await bringFile(db, MUNICIPALITY, AS_OF, { name: 'qr', bytes, format: format.definition, by, ...origin });
  const lifeOfIt = async (): Promise<string[]> => {
    await matchDue(db, MUNICIPALITY, AS_OF, 'test');
    await followCases(db, MUNICIPALITY, new Date(`${AS_OF}T00:00:00Z`));
    const { rows } = await sql<{ said: string }>`
      SELECT coalesce(e.payload ->> 'by', e.payload -> 'facts' ->> 'status') AS said
      FROM case_events e JOIN cases USING (case_id) WHERE subject = ${`op ${id}`} ORDER BY number`.execute(
      db,
    );
    return rows.map(({ said }) => said);
  };
  assert.deepEqual(await lifeOfIt(), ['unknown_resolved']);
  counter.record(id, {
    type: 'evidence',
    payload: { source: 'two_people', finding: 'approved', reason: '明細を見た', answer: null },
  });
  await counter.drain();
  assert.deepEqual(await lifeOfIt(), ['unknown_resolved', 'known']);
});

test('a day that nobody closed ends with its closing, or with nothing having been taken on it', async (t) => {
  const { db } = await openTestDatabase(t);
  const [closed, emptied] = [openTestCounter(t, db, '01'), openTestCounter(t, db, '02')];
  closed.sell({ amountYen: 400, businessDate: DAY });
  const id = sellByCode(emptied, { slip: '1', amountYen: 300, businessDate: DAY }, 'unknown');
  const livesOf = async (): Promise<unknown[]> => {
    await Promise.all([closed.drain(), emptied.drain()]);
    await followCases(db, MUNICIPALITY, new Date(`${AS_OF}T00:00:00Z`));
    const { rows } = await sql<{ said: string }>`
      SELECT counter || ' ' || coalesce(e.payload ->> 'by', e.payload -> 'facts' ->> 'status') AS said
      FROM case_events e JOIN cases USING (case_id, counter) WHERE subject = ${`closing ${DAY}`}
      ORDER BY counter, number`.execute(db);
    return rows.map(({ said }) => said);
  };
  assert.deepEqual(await livesOf(), ['01 closing_missing', '02 closing_missing']);
  closed.close(DAY, []);
  emptied.record(id, {
    type: 'evidence',
    payload: { source: 'two_people', finding: 'not_charged', reason: '端末の控えを見た', answer: null },
  });
  assert.deepEqual(await livesOf(), [
    ...['01 closing_missing', '01 closing', '02 closing_missing', '02 not_taken'],
  ]);
});
