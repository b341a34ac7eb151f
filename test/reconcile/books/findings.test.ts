/** From an office's statement to a counter's evidence and back: nobody but the counter writes in its journal. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { watchStatements } from '../../../src/counter-statements.ts';
import { openDb } from '../../../src/db/db.ts';
import { createUnknownDesk } from '../../../src/payments/desk.ts';
import { createLedger } from '../../../src/payments/ledger.ts';
import { readOpenMatters } from '../../../src/payments/open-matters.ts';
import { readFindings } from '../../../src/reconcile/books/findings.ts';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import { openTestCounter } from '../../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { answerOf, armedSale } from '../../support/sale.ts';

const DAY = '2026-11-02';
const FILE = 'QR 11月2日.tsv';
const HEAD = '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';

test('what a statement knows reaches its counter as evidence, once, and the office’s books and open matters follow', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  const { journal } = counter;
  const ledger = createLedger(journal, () => undefined);
  const sell = (amountYen: number, end: 'lost' | 'not_charged' | 'approved'): string => {
    const id = randomUUID();
    const payload = armedSale({ amountYen, businessDate: DAY, method: 'qr', brand: 'paypay' });
    ledger.record(id, { type: 'armed', payload });
    if (end === 'approved') {
      const answer = answerOf('approved', { amountYen, method: 'qr', brand: 'paypay' });
      ledger.record(id, { type: 'answer', payload: { answer, refused: null } });
      ledger.record(id, { type: 'ended', payload: { kind: 'completed' } });
      return id;
    }
    ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
    if (end === 'lost') return id;
    const finding = {
      source: 'terminal_query',
      finding: 'not_charged',
      reason: 'older',
      answer: null,
    } as const;
    ledger.record(id, { type: 'evidence', payload: finding });
    return id;
  };
  const [lost, byAmount, doubted, paid] = [
    sell(750, 'lost'),
    sell(320, 'lost'),
    sell(400, 'not_charged'),
    sell(300, 'approved'),
  ];
  await counter.drain();

  const line = (number: string, reference: string, yen: number): string =>
    [`${DAY} 09:10:05`, number, reference, 'PayPay', '支払い', '', yen, 1, 'QR1', '2026-11-06'].join('\t');
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format !== undefined);
  const rows = [line('1', lost, 750), line('2', '', 320), line('3', doubted, 400), line('4', paid, 300)];
  const { kind, file } = await bringFile(db, MUNICIPALITY, '2026-12-10', {
    ...{ name: FILE, bytes: Buffer.from(`${[HEAD, ...rows].join('\n')}\n`), origin: 'upload' },
    ...{ format: format.definition, formatVersion: format.version, by: { number: '1003', name: '会計' } },
  });
  assert.equal(kind, 'imported', JSON.stringify(file.faults));
  const match = () => matchDue(db, MUNICIPALITY, '2026-12-10', 'test');
  await match();

  const key = { municipality: MUNICIPALITY, counter: '01', journalId: journal.journalId };
  assert.deepEqual(
    (await readFindings(db, key)).map(({ operationId, line: at, file: name }) => [operationId, at, name]),
    [
      [lost, 2, FILE],
      [doubted, 4, FILE],
    ],
    'a line that fits by its amount alone is for people, one of a known payment says nothing new',
  );
  assert.deepEqual(await readFindings(db, { ...key, journalId: randomUUID() }), []);
  assert.deepEqual(await readFindings(db, { ...key, counter: '02' }), []);

  const desk = createUnknownDesk({
    ledger,
    terminals: { claim: () => 'disconnected' },
    findBrand: () => undefined,
    now: () => new Date(),
    onProgress: () => undefined,
  });
  const fail = (...told: unknown[]): never => assert.fail(told.map(String).join());
  const watch = watchStatements({
    ...{ db, journal, onError: fail, onFatal: fail },
    payments: { desk: { hearStatement: (findings) => void desk.hearStatement(findings) } },
  });
  t.after(() => watch.stop());
  await Promise.all([watch.look(), watch.look()]);
  const { sequence } = journal.head;
  await watch.look();
  assert.equal(journal.head.sequence, sequence, 'the same comparison says nothing twice');
  const stateOf = (id: string) => ledger.find(id)?.state;
  assert.deepEqual([lost, byAmount, doubted, paid].map(stateOf), [
    'approved',
    'unknown',
    'not_charged',
    'approved',
  ]);
  assert.equal(ledger.find(doubted)?.contradicted, true);

  await counter.drain();
  await match();
  const status = await db
    .selectFrom('current_matches')
    .select('status')
    .where('operation_id', '=', lost)
    .executeTakeFirst();
  assert.equal(status?.status, 'matched');
  const { payments } = await readOpenMatters(db, MUNICIPALITY, new Date());
  assert.deepEqual(
    payments.map(({ amountYen, state, late, contradicted }) => [amountYen, state, late, contradicted]),
    [
      [750, 'approved', true, false],
      [320, 'unknown', false, false],
      [400, 'not_charged', false, true],
    ],
  );
  await watch.look();
  assert.equal(ledger.history(doubted).filter(({ type }) => type === 'evidence').length, 2, 'each line once');
});

test('statements that can’t be looked at are looked at later, and keep nothing from its work', async (t) => {
  const db = openDb('postgres://nobody@127.0.0.1:1/nowhere', () => undefined);
  t.after(() => db.destroy());
  const counter = openTestCounter(t, db);
  const errors: unknown[] = [];
  const watch = watchStatements({
    ...{ db, journal: counter.journal },
    payments: { desk: { hearStatement: () => assert.fail('nothing was found') } },
    onError: (_what, error) => errors.push(error),
    onFatal: (error) => assert.fail(String(error)),
  });
  await watch.look();
  await watch.stop();
  assert.equal(errors.length, 1);
});
