/** Whose a file is, and what a spreadsheet leaves out of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementFormat } from '../../../src/reconcile/statements/format.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { atOnce } from '../../../src/reconcile/statements/slices.ts';
import { readStatement, type ReadStatement } from '../../../src/reconcile/statements/statement.ts';
import { sampleFile } from '../../support/statements.ts';

function formatOf(code: string): StatementFormat {
  const format = sampleFormats().find((each) => each.code === code);
  if (format === undefined) throw new Error(code);
  return format;
}

const told = ({ faults }: ReadStatement): string[] => faults.map(({ line, message }) => `${line} ${message}`);

const CODE_HEAD = '取引日時\t決済番号\tサービス\t取引種別\t金額\t店舗番号\t端末ID';

/** Lines of a code provider as a spreadsheet writes them, read by the sample’s format with other columns. */
function readCode(rows: readonly string[], change: Partial<StatementFormat>, end = '\r\n'): ReadStatement {
  const { onDate, yen, providerId } = formatOf('qr-daily').fields;
  const fields = { onDate, yen, ...(providerId && { providerId }) };
  const bytes = Buffer.from([CODE_HEAD, ...rows].join('\r\n') + end);
  return atOnce(readStatement(bytes, { ...formatOf('qr-daily'), fields, ...change }));
}
const codeRow = (...more: string[]): string =>
  ['2026-11-24 09:10:05', 'a1', 'PayPay', '支払い', '300', ...more].join('\t');

test('a file of another merchant, account or city is foreign, whatever else is right with it', () => {
  const other = atOnce(
    readStatement(sampleFile('card-monthly'), {
      ...formatOf('card-monthly'),
      merchant: { from: '1:2', above: true, numbers: ['隣野市'] },
    }),
  );
  assert.deepEqual([other.status, other.lines], ['foreign', []]);
  assert.match(told(other).join(), /^1 「白井市」は、市に登録した番号（隣野市）ではありません。.*送り主に/);
  const bank = Buffer.from(sampleFile('zengin-account')).toString('latin1');
  const account = atOnce(
    readStatement(
      Buffer.from(bank.replace('0001234567', '0007654321'), 'latin1'),
      formatOf('zengin-account'),
    ),
  );
  assert.match(told(account).join(), /^1 「0007654321」は、市に登録した番号（1234567）ではありません/);
  const payout = atOnce(
    readStatement(sampleFile('payouts-api'), {
      ...formatOf('payouts-api'),
      merchant: { from: 'payout.currency', above: true, numbers: ['usd'] },
    }),
  );
  assert.equal(payout.status, 'foreign');
});

test('of several accounts in one file each has to be the city’s, and named', () => {
  const own = Buffer.from(sampleFile('zengin-account')).toString('latin1');
  // The records of an account are its header, its lines and its totals; the end record closes the file.
  const [account, end] = [own.slice(0, -200), own.slice(-200)];
  const format = formatOf('zengin-account');
  const read = (second: string, numbers = ['1234567']): ReadStatement => {
    const bytes = Buffer.from(account + account.replace('0001234567', second) + end, 'latin1');
    return atOnce(readStatement(bytes, { ...format, merchant: { from: '1:64-73', above: true, numbers } }));
  };
  const other = read('0007654321');
  assert.deepEqual([other.status, other.lines], ['foreign', []]);
  assert.match(told(other).join(), /^7 「0007654321」は、市に登録した番号（1234567）ではありません/);
  assert.match(told(read('          ')).join(), /^7 だれの明細かを示す番号がありません/);
  const both = read('0007654321', ['1234567', '7654321']);
  assert.deepEqual([both.status, both.lines.length], ['readable', 8]);
});

test('one line of another shop makes the whole file foreign; leading zeros and hyphens tell no shops apart', () => {
  const merchant = { from: '店舗番号', above: false, numbers: ['0012-345', '77'] };
  const ours = [codeRow('12345', '1'), codeRow('00077', '1'), codeRow('', '1')];
  assert.deepEqual(
    [readCode(ours, { merchant }).status, told(readCode(ours, { merchant }))],
    ['readable', []],
  );
  const mixed = readCode([...ours, codeRow('99', '1'), codeRow('99', '1')], { merchant });
  assert.equal(mixed.status, 'foreign');
  assert.match(told(mixed).join(), /^5 「99」（2行）は、市に登録した番号（0012-345、77）ではありません/);
  // Of nobody’s shop it is not the city’s either, and nobody’s terminal is not the city’s terminal.
  assert.match(told(readCode([codeRow('', '1')], { merchant })).join(), /だれの明細かを示す番号がありません/);
  const terminal = { from: '端末ID', above: false, numbers: ['52500041'] };
  assert.equal(readCode([codeRow('', '52500099')], { merchant: terminal }).status, 'foreign');
  assert.equal(readCode([codeRow('', '52500041')], { merchant: terminal }).status, 'readable');
});

test('empty cells that a spreadsheet left out at the end are empty, where nothing that counts stands there', () => {
  // Neither of the last two columns is read.
  assert.deepEqual(told(readCode([codeRow('1', '2'), codeRow('1'), codeRow()], {})), []);
  // A key that is read may be left out too, where other lines stand behind, or others leave it out as well.
  const { onDate, yen } = formatOf('qr-daily').fields;
  const keyed = { fields: { onDate, yen, terminalId: '端末ID' } };
  const short = readCode([codeRow('1', '2'), codeRow('1'), codeRow('1', '3'), codeRow('1')], keyed);
  assert.deepEqual(told(short), []);
  assert.deepEqual(
    short.lines.map(({ terminalId }) => terminalId),
    ['2', null, '3', null],
  );
  // Where only the last line is short, it may be cut, whatever stands behind it.
  assert.match(told(readCode([codeRow('1', '2'), codeRow('1')], keyed)).join(), /^3 列が足りません/);
  assert.deepEqual(told(readCode([codeRow('1', '')], keyed)), []);
  // An amount has to be there, in every line.
  const cutBefore = [codeRow().replace('\t300', ''), codeRow('1', '2')];
  assert.match(told(readCode(cutBefore, {})).join(), /^2 列が足りません/);
  // Without a line end behind it, its last figure may be cut.
  const cut = readCode([codeRow('1', '2'), codeRow('1'), codeRow()], keyed, '');
  assert.match(told(cut).join(), /^4 列が足りません/);
});
