/** Bank accounts: what two of them say alike is two lines; what one of them says again is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { declareFormat, readFormats } from '../../../src/reconcile/statements/declared.ts';
import { accountOf, NEW_FORMAT, type StatementFormat } from '../../../src/reconcile/statements/format.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

const by = { number: '1003', name: '会計 さくら' };

function zengin(change: Partial<StatementFormat> = {}): StatementFormat {
  const format = sampleFormats().find(({ code }) => code === 'zengin-account');
  assert.ok(format?.merchant !== undefined);
  return { ...format, merchant: { ...format.merchant, numbers: ['1234567', '7654321'] }, ...change };
}

function ofNobody(): StatementFormat {
  const format = zengin();
  delete format.merchant;
  return format;
}

const record = (text: string): string => text.padEnd(200);

/** One account's records: its header, deposits of so many yen, and its totals. */
function accountRecords({ branch = '123', number = '1234567', yen = [1000] }): string {
  const head = `1030${'0'.repeat(18)}0009${'BANK'.padEnd(15)}${branch}`.padEnd(63) + number.padStart(10, '0');
  const details = yen.map((each) =>
    record(`200000001081120081120111${String(each).padStart(12, '0')}`.padEnd(81) + 'CARD'),
  );
  const sum = yen.reduce((total, each) => total + each, 0);
  const totals = `8${String(yen.length).padStart(6, '0')}${String(sum).padStart(13, '0')}${'0'.repeat(19)}`;
  return [record(head), ...details, record(totals)].join('');
}

const zenginFile = (...accounts: Parameters<typeof accountRecords>[0][]): Uint8Array =>
  Buffer.from(accounts.map(accountRecords).join('') + record('9'));

const CSV = {
  ...{ code: 'csv', nameJa: '口座', book: 'bank', acquirer: null, encoding: 'utf-8', preambleLines: 0 },
  layout: { kind: 'delimited', delimiter: ',', header: true },
  ...{ common: {}, fields: { onDate: { from: '日付', form: 'iso' }, yen: '入金', payer: '摘要' } },
  ...{ sign: 'signed', kind: { always: 'deposit' }, brand: { always: null }, controls: [] },
} as const satisfies StatementFormat;
const csvFile = (...yen: number[]): Uint8Array =>
  Buffer.from(['日付,入金,摘要', ...yen.map((each) => `2026-11-20,${each},CARD`), ''].join('\n'));

async function openBank(t: Parameters<typeof openTestDatabase>[0]) {
  const { db } = await openTestDatabase(t);
  return {
    db,
    declare: (definition: StatementFormat, base = 0): Promise<void> =>
      declareFormat(db, MUNICIPALITY, { base, definition, by }),
    /** What came of it, and how many of its lines were new. */
    take: async (code: string, bytes: Uint8Array): Promise<[string, number]> => {
      const format = (await readFormats(db, MUNICIPALITY)).find(({ definition }) => definition.code === code);
      assert.ok(format !== undefined, code);
      const read = { format: format.definition, formatVersion: format.version };
      const file = { name: `${code}.dat`, bytes, ...read, origin: 'upload', by } as const;
      const { kind, file: view } = await bringFile(db, MUNICIPALITY, '2026-11-24', file);
      assert.deepEqual(view.faults, []);
      return [kind, view.newLines];
    },
  };
}

const accountsOf = async (db: Kysely<Database>): Promise<string[]> =>
  (await db.selectFrom('statement_lines').select('account').orderBy('line_id').execute()).map(
    ({ account }) => account,
  );

test('two accounts with wholly identical lines have one each, by number or by branch, in two files or in one', async (t) => {
  const { db, declare, take } = await openBank(t);
  await declare(zengin());
  assert.deepEqual(await take('zengin-account', zenginFile({})), ['imported', 1]);
  assert.deepEqual(await take('zengin-account', zenginFile({ number: '7654321' })), ['imported', 1]);
  assert.deepEqual(await take('zengin-account', zenginFile({ branch: '456' })), ['imported', 1]);
  // The same again, a fuller one, and all accounts in one file: only what is new.
  assert.deepEqual(await take('zengin-account', zenginFile({ number: '7654321' })), ['duplicate', 1]);
  assert.deepEqual(await take('zengin-account', zenginFile({ yen: [1000, 1000] })), ['imported', 1]);
  const all = zenginFile({ yen: [1000, 1000] }, { number: '7654321' }, { branch: '789' });
  assert.deepEqual(await take('zengin-account', all), ['imported', 1]);
  assert.deepEqual(await accountsOf(db), [
    ...['-9-123-1234567', '-9-123-7654321', '-9-456-1234567', '-9-123-1234567', '-9-789-1234567'],
  ]);
});

test('lines of which nobody knew the account are not new when their file, or a fuller one, names it', async (t) => {
  const { db, declare, take } = await openBank(t);
  await declare(ofNobody());
  assert.deepEqual(await take('zengin-account', zenginFile({})), ['imported', 1]);
  const merchant = { from: '1:64-73', above: true, numbers: ['1234567', '7654321'] };
  await declare(zengin({ merchant }), 1);
  assert.deepEqual(await take('zengin-account', zenginFile({})), ['duplicate', 1]);
  assert.deepEqual(await take('zengin-account', zenginFile({ yen: [1000, 2000] })), ['imported', 1]);
  // Its branch is said later: still the same account.
  await declare(zengin(), 2);
  assert.deepEqual(await take('zengin-account', zenginFile({ yen: [1000, 2000, 3000] })), ['imported', 1]);
  assert.deepEqual(
    await take('zengin-account', zenginFile({ number: '7654321', yen: [2000] })),
    ['imported', 1],
    'another account’s is its own',
  );
  assert.deepEqual(await accountsOf(db), ['', '-1234567', '-9-123-1234567', '-9-123-7654321']);
});

test('files that name no account are of the one for which their format is declared, though they are the same to the byte', async (t) => {
  const { db, declare, take } = await openBank(t);
  await declare({ ...CSV, code: 'first', account: '普通 1234567' });
  await declare({ ...CSV, code: 'second', account: '001-7654321' });
  assert.deepEqual(await take('first', csvFile(1000, 1000)), ['imported', 2]);
  assert.deepEqual(await take('second', csvFile(1000, 1000)), ['imported', 2]);
  assert.deepEqual(await take('second', csvFile(1000, 1000)), ['duplicate', 2]);
  assert.deepEqual(await take('first', csvFile(1000, 1000, 500)), ['imported', 1]);
  assert.deepEqual(await accountsOf(db), [
    ...['-1234567', '-1234567', '-1-7654321', '-1-7654321', '-1234567'],
  ]);
  // A column of its own says it line by line.
  const merchant = { from: '口座番号', above: false, numbers: ['1234567', '7654321'], within: ['支店'] };
  await declare({ ...CSV, code: 'column', merchant });
  const rows = ['001,1234567', '001,7654321', ',7654321'].map((each) => `2026-11-21,900,CARD,${each}`);
  const file = Buffer.from(['日付,入金,摘要,支店,口座番号', ...rows, ''].join('\n'));
  assert.deepEqual(await take('column', file), ['imported', 3]);
  assert.deepEqual((await accountsOf(db)).slice(5), ['-1-1234567', '-1-7654321', '-7654321']);
});

test('a bank’s format is declared with its account; an account is its digits, however it is written', () => {
  assert.equal(NEW_FORMAT.safeParse(CSV).success, false, 'nobody could say which account its files are of');
  assert.equal(NEW_FORMAT.safeParse({ ...CSV, account: '白井市' }).success, false, 'a name is no account');
  assert.equal(NEW_FORMAT.safeParse({ ...CSV, account: '1234567' }).success, true);
  assert.equal(NEW_FORMAT.safeParse(zengin()).success, true);
  assert.equal(NEW_FORMAT.safeParse(zengin({ account: '1234567' })).success, false, 'the file says it');
  assert.deepEqual(
    ['0001234567', '123-1234567', '支店１２３ 普通 1234567', '白井市2', ''].map((text) => accountOf([text])),
    ['-1234567', '-123-1234567', '-123-1234567', '', ''],
  );
});
