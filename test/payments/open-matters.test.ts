/** What the office is shown of every counter's unknown desk, and what was noticed about the records, from PostgreSQL. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { test } from 'node:test';
import { projectCounted } from '../../src/counted/projection.ts';
import { createArchive } from '../../src/journal/archive.ts';
import { drainBatch } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { createLedger } from '../../src/payments/ledger.ts';
import { readOpenMatters } from '../../src/payments/open-matters.ts';
import { noteWithdrawal } from '../../src/payments/outside-refunds.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { HANAKO } from '../support/person.ts';
import { makeFolder } from '../support/folder.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const NOW = new Date('2026-11-24T03:00:00.000Z');

const openAt = (folder: string, counter: string): Journal =>
  openJournal(join(folder, counter), { municipality: MUNICIPALITY, counter, book: 'trial' }, () => NOW);

function lose(journal: Journal, id: string): void {
  journal.append('armed', id, armedSale());
  journal.append('interrupted', id, { reason: 'the line broke' });
}
const evidence = (finding: string, answer: object | null): object => ({
  source: 'terminal_query',
  finding,
  reason: 'asked',
  answer,
});

test('what is unknown, undecided or contradicted stands there until it is cleared up; nothing else does', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = openAt(makeFolder(t), '01');
  t.after(() => journal.close());
  const archive = createArchive(db, projectPayments);
  const drain = async (): Promise<unknown[]> => {
    await drainBatch(archive, journal);
    const { payments } = await readOpenMatters(db, MUNICIPALITY, NOW);
    return payments.map(({ number, state, contradicted }) => [number, state, contradicted]);
  };
  const [unknown, late, torn] = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of [unknown, late, torn]) lose(journal, id);
  journal.append('evidence', late, evidence('approved', answerOf('approved')));
  journal.append('evidence', torn, evidence('not_charged', null));
  journal.append('evidence', torn, evidence('approved', answerOf('approved')));
  assert.deepEqual(await drain(), [
    [1, 'unknown', false],
    [3, 'approved', false],
    [5, 'not_charged', true],
  ]);

  journal.append('decided', late, { decision: 'keep', note: '', clerk: '出納 太郎' });
  journal.append('evidence', unknown, evidence('not_charged', null));
  const settled = { ...evidence('not_charged', null), source: 'two_people', people: ['花子', '太郎'] };
  journal.append('evidence', torn, settled);
  assert.deepEqual(await drain(), []);
});

test('the office finds what is open by its index, and looks through no day that is done', async (t) => {
  const { db } = await openTestDatabase(t);
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    EXPLAIN SELECT FROM payments p WHERE p.municipality = ${MUNICIPALITY}
      AND (p.state = 'unknown' OR p.contradicted
        OR (p.kind = 'sale' AND p.late AND p.decision IS DISTINCT FROM 'keep'))`.execute(db);
  assert.match(rows.map((row) => row['QUERY PLAN']).join('\n'), /payments_open/);
});

test('what was decided about a late payment stands there until it is done, as at its counter', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = openAt(makeFolder(t), '01');
  t.after(() => journal.close());
  const archive = createArchive(db, projectPayments);
  const ledger = createLedger(journal, () => undefined);
  /** Which of the two still stand there, in the office; the counter's own list must be the same. */
  const open = async (): Promise<string[]> => {
    await drainBatch(archive, journal);
    const { payments } = await readOpenMatters(db, MUNICIPALITY, NOW);
    const numbers = payments.filter(({ kind, state }) => kind === 'sale' && state === 'approved');
    assert.deepEqual(
      numbers.map(({ number }) => number),
      ledger.undecided().map(({ sequence }) => sequence),
    );
    return ledger.undecided().map(({ id }) => id);
  };
  const TARO = { clerk: '出納 太郎' };
  const [voided, promised, back] = ['sale-1', 'sale-2', 'the-void'];
  for (const id of [voided, promised]) {
    ledger.record(id, { type: 'armed', payload: armedSale() });
    ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
    const answer = answerOf('approved');
    const finding = { source: 'terminal_query', finding: 'approved', reason: 'asked', answer } as const;
    ledger.record(id, { type: 'evidence', payload: finding });
  }
  ledger.record(voided, { type: 'decided', payload: { decision: 'void', note: '', ...TARO } });
  ledger.record(promised, { type: 'decided', payload: { decision: 'refund_outside', note: '', ...TARO } });
  assert.deepEqual(await open(), [voided, promised], 'decided is not done');

  ledger.record(back, { type: 'armed', payload: armedVoid(voided) });
  assert.deepEqual(await open(), [promised], 'the void is on its way');
  const declined = { kind: 'aborted', verdict: 'declined', resultCode: 'b5' } as const;
  ledger.record(back, { type: 'ended', payload: declined });
  const refund = { id: 'refund', amountYen: 400, businessDate: '2026-11-24', lines: armedVoid('').lines };
  const why = { reason: 'found_late', note: '', confirmedBy: null, requestHash: 'test', ...TARO } as const;
  ledger.record(promised, { type: 'refund_requested', payload: { ...refund, ...why } });
  assert.deepEqual(await open(), [voided], 'the terminal voided nothing; the other is promised');

  const key = { municipality: MUNICIPALITY, counter: '01', id: 'refund' };
  await noteWithdrawal(db, key, { note: '', businessDate: '2026-11-24' }, HANAKO);
  ledger.record(promised, {
    type: 'refund_withdrawn',
    payload: { refund: 'refund', note: '', businessDate: '2026-11-24', confirmedBy: TARO, ...TARO },
  });
  assert.deepEqual(await open(), [voided, promised], 'what was promised is owed no more, and still kept');
});

test('the same id from another counter is noticed, and neither of the two payments is changed by the other', async (t) => {
  const { db } = await openTestDatabase(t);
  const folder = makeFolder(t);
  const journals = ['01', '02'].map((counter) => openAt(folder, counter));
  t.after(() => journals.forEach((journal) => journal.close()));
  const id = randomUUID();
  for (const journal of journals) {
    journal.append('armed', id, armedSale({ amountYen: journal.counter === '01' ? 400 : 900 }));
    await drainBatch(createArchive(db, projectPayments), journal);
  }
  journals[0]?.append('ended', id, { kind: 'not_sent', reason: 'no line' });
  for (const journal of journals) await drainBatch(createArchive(db, projectPayments), journal);
  const rows = await db
    .selectFrom('payments')
    .select(['counter', 'state', 'amount_yen'])
    .orderBy('counter')
    .execute();
  assert.deepEqual(rows, [
    { counter: '01', state: 'not_sent', amount_yen: 400 },
    { counter: '02', state: 'armed', amount_yen: 900 },
  ]);
  const { notices } = await readOpenMatters(db, MUNICIPALITY, NOW);
  assert.deepEqual(
    notices.map(({ kind, counter, about }) => [kind, counter, about]),
    [['repeated_id', '01・02', '1・1']],
  );
});

test('an id that comes again from a journal that was put in another’s place changes nothing of the first’s payment, nor of what it counted', async (t) => {
  const { db, openOwner } = await openTestDatabase(t);
  const [first, second] = [openAt(makeFolder(t), '01'), openAt(makeFolder(t), '01')];
  t.after(() => [first, second].forEach((journal) => journal.close()));
  const archive = createArchive(db, async (trx, key, ids) => {
    await projectPayments(trx, key, ids);
    await projectCounted(trx, key, ids);
  });
  const [id, counted] = [randomUUID(), randomUUID()];
  first.append('armed', id, armedSale());
  first.append('counted', counted, { ...armedSale(), tender: 'cash' });
  await drainBatch(archive, first);
  const [line, ...none] = armedSale().lines;
  assert.ok(line !== undefined && none.length === 0);
  const longer = armedSale({ amountYen: 900, lines: [line, line] });
  second.append('armed', id, longer);
  second.append('ended', id, { kind: 'not_sent', reason: 'no line' });
  second.append('counted', counted, { ...longer, tender: 'cash' });
  second.append('counted_withdrawn', counted, { clerk: '市民 花子' });
  for (const asked of ['when it first comes', 'and again']) {
    assert.ok('stopped' in (await drainBatch(archive, second)), asked);
  }
  const shown = await readOpenMatters(db, MUNICIPALITY, NOW);
  assert.deepEqual(
    shown.notices.map(({ kind }) => kind),
    ['quarantined'],
  );

  // Only the owner can put the new PC's journal in the place of the lost one.
  const owner = openOwner();
  await owner.updateTable('journals').set({ status: 'quarantined' }).execute();
  await owner
    .updateTable('journals')
    .set({ status: 'active' })
    .where('journal_id', '=', second.journalId)
    .execute();
  assert.deepEqual(await drainBatch(archive, second), { arrived: 4 });
  const rows = await db.selectFrom('payments').select(['state', 'amount_yen']).execute();
  assert.deepEqual(rows, [{ state: 'armed', amount_yen: 400 }]);
  const sales = await db.selectFrom('counted_sales').select('withdrawn_at').execute();
  assert.deepEqual(sales, [{ withdrawn_at: null }]);
  for (const table of ['payment_lines', 'counted_sale_lines'] as const) {
    assert.equal((await db.selectFrom(table).select('position').execute()).length, 1, table);
  }
  const { notices } = await readOpenMatters(db, MUNICIPALITY, NOW);
  assert.deepEqual(notices.map(({ kind }) => kind).sort(), ['quarantined', 'repeated_id', 'repeated_id']);
});

test('a masked card number and a confirmed date are told with counter and time, for a month', async (t) => {
  const { db } = await openTestDatabase(t);
  const journal = openAt(makeFolder(t), '01');
  t.after(() => journal.close());
  journal.append('note', null, { text: '4111 1111 1111 1111' });
  journal.append('clock_confirmed', null, { businessDate: '2026-11-24', clerk: '出納 太郎' });
  await drainBatch(createArchive(db, projectPayments), journal);
  const at = NOW.toISOString();
  const { notices } = await readOpenMatters(db, MUNICIPALITY, NOW);
  assert.deepEqual(
    notices.sort((a, b) => a.kind.localeCompare(b.kind)),
    [
      { counter: '01', at, kind: 'card_data_masked', about: null },
      { counter: '01', at, kind: 'clock_confirmed', about: '出納 太郎' },
    ],
  );
  const later = new Date(NOW.getTime() + 32 * 86_400_000);
  assert.deepEqual((await readOpenMatters(db, MUNICIPALITY, later)).notices, []);
});
