/** Files into PostgreSQL: whole or not at all, each line once however often it comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { findExceptions } from '../../../src/reconcile/desk/exceptions.ts';
import {
  declareFormat,
  readFormats,
  seedSampleStatements,
} from '../../../src/reconcile/statements/declared.ts';
import { readFiles } from '../../../src/reconcile/statements/files.ts';
import { importStatement, type ImportOutcome } from '../../../src/reconcile/statements/import.ts';
import type { ImportProgress } from '../../../src/reconcile/statements/view.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { sampleFile } from '../../support/statements.ts';

const TODAY = '2026-12-28';
const by = { number: '1003', name: '会計 さくら' };

async function take(
  db: Kysely<Database>,
  code: string,
  bytes: Uint8Array,
  onProgress?: (progress: ImportProgress) => void,
): Promise<ImportOutcome> {
  const format = (await readFormats(db, MUNICIPALITY)).find(({ definition }) => definition.code === code);
  if (format === undefined) throw new Error(code);
  const file = { name: `${code}.txt`, bytes, format: format.definition, formatVersion: format.version, by };
  const isLate = (acquirer: string, until: string): boolean => acquirer === 'qr' && until < '2026-11-20';
  return importStatement(
    db,
    MUNICIPALITY,
    { ...file, origin: 'upload' },
    { today: TODAY, isLate },
    onProgress,
  );
}

const countLines = async (db: Kysely<Database>): Promise<number> =>
  (
    await db
      .selectFrom('statement_lines')
      .select(({ fn }) => fn.countAll<number>().as('many'))
      .executeTakeFirstOrThrow()
  ).many;

const HEAD = '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';
const line = (id: string, day = '2026-11-24'): string =>
  `${day} 09:10:05\t${id}\t\tPayPay\t支払い\t52500041\t300\t9\tQR1\t2026-11-27`;
const file = (...lines: string[]): Uint8Array => Buffer.from(`${[HEAD, ...lines].join('\n')}\n`);

test('the same file twice changes nothing; a full one after a part adds only the new; equal lines are counted', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const part = file(line('1'), line('same'));
  const steps: string[] = [];
  const first = await take(db, 'qr-daily', part, ({ step, done, of }) => steps.push(`${step} ${done}/${of}`));
  assert.deepEqual([first.kind, first.file.status, first.file.newLines], ['imported', 'received', 2]);
  assert.deepEqual(steps, ['reading 0/0', 'writing 2/2']);
  const again = await take(db, 'qr-daily', part);
  assert.deepEqual(
    [again.kind, again.file.fileId, await countLines(db)],
    ['duplicate', first.file.fileId, 2],
  );
  const full = await take(db, 'qr-daily', file(line('0'), line('1'), line('same'), line('same')));
  assert.deepEqual(
    [full.kind, full.file.lines, full.file.newLines, await countLines(db)],
    ['imported', 4, 2, 4],
  );
  const other = await take(db, 'qr-daily', file(line('same'), line('1')));
  assert.deepEqual([other.kind, other.file.newLines, await countLines(db)], ['imported', 0, 4]);
});

test('a broken file leaves its faults and no line; mended, it is taken', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const broken = await take(db, 'qr-daily', file(line('1'), line('2').replace('300', '3oo')));
  assert.deepEqual([broken.kind, broken.file.status], ['refused', 'unreadable']);
  assert.deepEqual(
    broken.file.faults.map(({ line: at, column }) => [at, column]),
    [[3, '金額']],
  );
  assert.equal(await countLines(db), 0);
  const again = await take(db, 'qr-daily', file(line('1'), line('2').replace('300', '3oo')));
  assert.deepEqual([again.kind, again.file.fileId], ['refused', broken.file.fileId]);
  assert.equal((await take(db, 'qr-daily', file(line('1'), line('2')))).kind, 'imported');
  const cut = sampleFile('zengin-account');
  assert.equal((await take(db, 'zengin-account', cut.subarray(0, 600))).kind, 'refused');
  assert.equal((await take(db, 'zengin-account', cut)).kind, 'imported');
});

test('whether it was looked at whose a file is goes by the format that read it, not by one of today', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const card = await take(db, 'card-monthly', sampleFile('card-monthly'));
  const code = await take(db, 'qr-daily', sampleFile('qr-daily'));
  assert.deepEqual([card.file.isMerchantChecked, code.file.isMerchantChecked], [true, false]);
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  if (format === undefined) throw new Error('no sample of a code provider');
  const merchant = { from: '端末ID', above: false, numbers: ['52500041'] };
  const definition = { ...format.definition, merchant };
  await declareFormat(db, MUNICIPALITY, { base: format.version, definition, by });
  const files = await readFiles(db, MUNICIPALITY);
  assert.deepEqual(
    files.map((file) => [file.format, file.isMerchantChecked]),
    [
      ['qr-daily', false],
      ['card-monthly', true],
    ],
  );
});

test('a file of another city changes nothing, is recorded once, and is a case', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const text = Buffer.from(sampleFile('zengin-account')).toString('latin1');
  const foreign = Buffer.from(text.replace('0001234567', '0007654321'), 'latin1');
  const first = await take(db, 'zengin-account', foreign);
  assert.deepEqual([first.kind, first.file.status, first.file.newLines], ['refused', 'foreign', 0]);
  assert.match(first.file.faults[0]?.message ?? '', /「0007654321」は、市に登録した番号/);
  const again = await take(db, 'zengin-account', foreign);
  assert.deepEqual([again.kind, again.file.fileId], ['refused', first.file.fileId]);
  assert.equal(await countLines(db), 0);
  const cases = await findExceptions(db, MUNICIPALITY, '2026-12-28');
  assert.deepEqual(
    cases.map(({ facts }) => [facts.status, facts.atStakeYen]),
    [['file_foreign', 0]],
  );
});

test('two that bring the same lines at once write each once, and a late file says so', async (t) => {
  const { db, openAnother } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const lines = Array.from({ length: 50 }, (_, index) => line(String(index)));
  const other = openAnother();
  const outcomes = await Promise.all([
    take(db, 'qr-daily', file(...lines)),
    take(other, 'qr-daily', file(...lines)),
    take(other, 'qr-daily', file(...lines.toReversed())),
  ]);
  assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['duplicate', 'imported', 'imported']);
  assert.equal(await countLines(db), 50);
  const late = await take(db, 'qr-daily', file(line('late', '2026-11-02')));
  assert.equal(late.file.status, 'late');
});

test('what has been received can not be changed by the service', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  await take(db, 'card-monthly', sampleFile('card-monthly'));
  await assert.rejects(db.deleteFrom('statement_lines').execute(), /permission denied/);
  await assert.rejects(db.deleteFrom('statement_files').execute(), /permission denied/);
});
