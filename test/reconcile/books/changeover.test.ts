/** One acquirer until a day, another from the next: whose a payment is, and that it is never two's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { AppError } from '../../../src/errors.ts';
import { findRival, type Acquirer } from '../../../src/reconcile/books/acquirer.ts';
import { readBooks } from '../../../src/reconcile/books/books.ts';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import {
  declareAcquirer,
  declareFormat,
  readAcquirers,
  readFormats,
  seedSampleStatements,
} from '../../../src/reconcile/statements/declared.ts';
import { sampleAcquirers } from '../../../src/reconcile/statements/samples.ts';
import { expectDeposits } from '../../../src/reports/expected.ts';
import { codeStatement, sellByCode } from '../../support/books.ts';
import { openTestCounter } from '../../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

const by = { number: '1003', name: '会計 さくら' };
const [LAST, FIRST, AS_OF] = ['2026-11-02', '2026-11-04', '2026-12-10'];

const old = (): Acquirer => sampleAcquirers('99').find(({ code }) => code === 'qr') ?? assert.fail();
const next = (change: Partial<Acquirer> = {}): Acquirer => ({
  ...old(),
  code: 'qr-new',
  nameJa: '新しい会社',
  ...change,
});

async function declare(db: Kysely<Database>, definition: Acquirer): Promise<void> {
  const known = (await readAcquirers(db, MUNICIPALITY)).find(
    ({ definition: { code } }) => code === definition.code,
  );
  await declareAcquirer(db, MUNICIPALITY, { base: known?.version ?? 0, definition, by });
}

const isOverlap = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === 'acquirer_overlaps' &&
  error.details['acquirer'] === 'コード決済会社';

test('two for one brand, counter and day are refused; one after the other, and one for a counter of its own, are not', () => {
  const rival = (wanted: Acquirer, before?: Acquirer): string[] | undefined =>
    findRival(wanted, before, [old(), { ...old(), code: 'past', until: '2026-10-31' }])?.brands;
  assert.deepEqual(rival(next({ brands: ['paypay', 'visa'] })), ['paypay']);
  assert.deepEqual(rival(next({ brands: ['visa'] })), undefined);
  assert.deepEqual(rival(next({ counter: '02' })), undefined);
  assert.deepEqual(
    rival(next({ since: FIRST, brands: ['paypay'] })),
    ['paypay'],
    'the other has no last day',
  );
  const ended = [{ ...old(), until: LAST }];
  assert.equal(findRival(next({ since: '2026-11-03' }), undefined, ended), undefined);
  assert.ok(findRival(next({ since: LAST }), undefined, ended), 'no day is two’s');
  assert.ok(findRival(next(), undefined, ended));
  // Two that were declared so once may be changed towards an end of it, and to nothing more.
  const was = next({ brands: ['paypay'] });
  assert.equal(rival(next({ brands: ['paypay'], since: FIRST }), was), undefined);
  assert.equal(rival(next({ brands: ['paypay'], nameJa: '別の名前' }), was), undefined);
  assert.deepEqual(rival(next({ brands: ['paypay', 'd_barai'] }), was), ['paypay', 'd_barai']);
  assert.deepEqual(rival(was, next({ brands: ['paypay'], since: FIRST })), ['paypay']);
});

test('a payment is its day’s acquirer’s, also one whose brand nobody knows; a late statement of the old one still matches', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  await assert.rejects(declare(db, next({ since: FIRST })), isOverlap);
  await declare(db, { ...old(), until: LAST });
  await declare(db, next({ since: FIRST }));
  const code = (await readFormats(db, MUNICIPALITY)).find(({ definition }) => definition.code === 'qr-daily');
  assert.ok(code !== undefined);
  await declareFormat(db, MUNICIPALITY, {
    ...{ base: 0, by },
    definition: { ...code.definition, code: 'qr-new-daily', acquirer: 'qr-new' },
  });
  const counter = openTestCounter(t, db, '02');
  const before = sellByCode(counter, { slip: '0001', amountYen: 400, businessDate: LAST });
  const after = sellByCode(counter, { slip: '0002', amountYen: 300, businessDate: FIRST });
  const lost = counter.sell({ amountYen: 900, businessDate: FIRST, method: 'qr', outcome: 'unknown' });
  await counter.drain();
  await sql`UPDATE payments SET brand = NULL WHERE operation_id = ${lost}`.execute(db);
  await matchDue(db, MUNICIPALITY, FIRST, 'test');
  const bring = async (format: string, day: string, reference: string, yen: number): Promise<void> => {
    const read = (await readFormats(db, MUNICIPALITY)).find(({ definition }) => definition.code === format);
    assert.ok(read !== undefined);
    const { kind } = await bringFile(db, MUNICIPALITY, AS_OF, {
      ...{
        name: format,
        bytes: codeStatement(day, [{ number: reference, reference, yen }]),
        origin: 'upload',
      },
      ...{ format: read.definition, formatVersion: read.version, by },
    });
    assert.equal(kind, 'imported');
  };
  await bring('qr-new-daily', FIRST, after, 300);
  await bring('qr-daily', LAST, before, 400);
  await matchDue(db, MUNICIPALITY, AS_OF, 'test');
  const rows = await db
    .selectFrom('current_matches')
    .select(['operation_id', 'acquirer', 'status'])
    .execute();
  assert.deepEqual(
    new Map(rows.map(({ operation_id: id, acquirer, status }) => [id, [acquirer, status]])),
    new Map([
      [before, ['qr', 'matched']],
      [after, ['qr-new', 'matched']],
      [lost, ['qr-new', 'unknown_open']],
    ]),
  );
  const { run } = await readBooks(db, MUNICIPALITY);
  assert.deepEqual(run?.summary.undeclared, { count: 0, amountYen: 0 });
  assert.deepEqual(
    run.summary.edges.map(({ acquirer, oursYen, theirsYen }) => [acquirer, oursYen, theirsYen]),
    [
      ['qr', 400, 400],
      ['qr-new', 300, 300],
    ],
  );
});

test('the report expects each day’s deposit from who settles that day', () => {
  const sums = [LAST, FIRST].flatMap((businessDate) =>
    [null, 'paypay'].map((brand) => ({
      ...{ businessDate, counter: '02', window: 'tax', method: 'qr', brand, entry: 'sale', count: 1 },
      amountYen: 100,
    })),
  ) as unknown as Parameters<typeof expectDeposits>[0];
  const expected = expectDeposits(sums, [{ ...old(), until: LAST }, next({ since: FIRST })], () => 'qr');
  assert.deepEqual(
    expected.map(({ acquirer, from, until, amountYen }) => [acquirer, from, until, amountYen]),
    [
      ['qr', LAST, LAST, 200],
      ['qr-new', FIRST, FIRST, 200],
    ],
  );
});
