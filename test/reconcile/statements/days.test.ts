/** Days that can't have been: a wrong year, an era that was misread. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import type { StatementFormat } from '../../../src/reconcile/statements/format.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { atOnce } from '../../../src/reconcile/statements/slices.ts';
import { readStatementAsOf } from '../../../src/reconcile/statements/statement.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { sampleFile } from '../../support/statements.ts';

function read(
  code: string,
  today: string,
  change: (format: StatementFormat) => StatementFormat = (each) => each,
) {
  const format = sampleFormats().find((each) => each.code === code);
  assert.ok(format !== undefined);
  const { status, faults } = atOnce(readStatementAsOf(sampleFile(code), change(format), today));
  return { status, told: faults.map(({ line, column, message }) => `${String(line)} ${column} ${message}`) };
}

test('a deposit of a day that is still to come is refused with its line; of the next business day it is not', () => {
  const early = read('zengin-account', '2026-12-14');
  assert.equal(early.status, 'unreadable');
  assert.equal(early.told.length, 1, 'each day once');
  assert.match(
    early.told[0] ?? '',
    /^4 10-15 2026年12月28日\(月\)は、今日（2026年12月14日\(月\)）より先の日付です。（2行）年や和暦の読み違い/,
  );
  // On Friday evening the bank writes Monday.
  assert.equal(read('zengin-account', '2026-12-25').status, 'readable');
  assert.equal(read('zengin-account', '2026-12-24').status, 'unreadable');
});

test('a year that was misread shows by its days, in the future or long ago, and by its pay day', () => {
  const as = (form: 'yymmdd' | 'era_yymmdd') => (format: StatementFormat) => ({
    ...format,
    fields: { ...format.fields, onDate: { ...format.fields.onDate, form } },
  });
  // 08 is the year of 令和.
  assert.match(read('zengin-account', '2026-12-28', as('yymmdd')).told[0] ?? '', /^2 .*2008年.*10年より前/);
  assert.equal(read('zengin-account', '2026-12-28', as('era_yymmdd')).status, 'readable');
  assert.match(read('qr-daily', '2025-11-24').told[0] ?? '', /^2 取引日時 2026年11月24日\(火\).*（4行）/);
  const paid = read('emoney-fixed', '2026-11-10', (format) => ({
    ...format,
    fields: { ...format.fields, paysOn: { from: '64-69', form: 'era_yymmdd' } },
  }));
  assert.match(paid.told.join(), /^2 64-69 .*1年より先の入金予定日/);
});

test('refused for its days, the same file is taken when they have come', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition: { code } }) => code === 'zengin-account',
  );
  assert.ok(format !== undefined);
  const bring = (today: string) =>
    bringFile(db, MUNICIPALITY, today, {
      ...{ name: '口座.dat', bytes: sampleFile('zengin-account'), origin: 'upload' },
      ...{ format: format.definition, formatVersion: format.version, by: { number: '1003', name: '会計' } },
    });
  const first = await bring('2026-12-01');
  assert.deepEqual([first.kind, first.file.status], ['refused', 'unreadable']);
  const again = await bring('2026-12-02');
  assert.deepEqual([again.kind, again.file.fileId], ['refused', first.file.fileId], 'recorded once');
  assert.equal((await bring('2026-12-28')).kind, 'imported');
});
