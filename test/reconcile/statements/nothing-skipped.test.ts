/** No line of a statement is passed over in silence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { atOnce } from '../../../src/reconcile/statements/slices.ts';
import { readStatement } from '../../../src/reconcile/statements/statement.ts';
import { sampleFile } from '../../support/statements.ts';

function read(code: string, change: (text: string) => string): { status: string; told: string[] } {
  const format = sampleFormats().find((each) => each.code === code);
  assert.ok(format !== undefined);
  const bytes = Buffer.from(change(Buffer.from(sampleFile(code)).toString('latin1')), 'latin1');
  const { status, faults } = atOnce(readStatement(bytes, format));
  return { status, told: faults.map(({ line, message }) => `${line} ${message}`) };
}

test('a line of a kind that the format does not know is told, and so is a file without any line', () => {
  const unknown = read('emoney-fixed', (text) => text.replace('\n2202611051430', '\n3202611051430'));
  assert.equal(unknown.status, 'unreadable');
  assert.match(unknown.told.join(), /^4 知らない種類の行です/);
  const head = read('qr-daily', (text) => text.slice(0, text.indexOf('\n') + 1));
  assert.deepEqual([head.status, head.told], ['unreadable', ['0 明細が1行もありません。']]);
  // A trailer that says that there is nothing is an answer: a month without sales.
  const none = read('emoney-fixed', (text) => {
    const [first = '', ...rest] = text.split('\r\n');
    return [first, `8${'0'.repeat(30)}`.padEnd(80), rest.at(-2) ?? '', ''].join('\r\n');
  });
  assert.deepEqual(none, { status: 'readable', told: [] });
});

test('a brand that nobody has declared is told, and is no line without one', () => {
  const { status, told } = read('qr-daily', (text) => text.replace('au PAY', 'au PXY'));
  assert.equal(status, 'unreadable');
  assert.match(told.join(), /^4 「au PXY」は知らないブランドです/);
});

test('details behind the last total are a cut file, or two in one', () => {
  const after = read('emoney-fixed', (text) => {
    const lines = text.split('\r\n');
    return [...lines.slice(0, 6), lines[1] ?? '', ...lines.slice(6)].join('\r\n');
  });
  assert.equal(after.status, 'unreadable');
  assert.match(after.told.join(), /合計の行で終わっていません/);
});

test('a record that ends too early at the end of the file is said to be cut', () => {
  const { told } = read('zengin-account', (text) => text.slice(0, 900));
  assert.deepEqual(told, [
    '5 長さが 200 バイトではありません（100 バイト）。途中で切れたファイルかもしれません。',
  ]);
});

test('of very many faults the first are told, and how many others there are', () => {
  const { told } = read('qr-daily', (text) => {
    const [head = '', first = ''] = text.split('\r\n');
    return [head, ...Array.from({ length: 250 }, () => first.replace('\t300\t', '\t3oo\t')), ''].join('\r\n');
  });
  assert.equal(told.length, 201);
  assert.match(told[0] ?? '', /^2 /);
  assert.equal(told.at(-1), '0 ほかに 50 件の誤りがあります。');
});
