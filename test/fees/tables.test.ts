import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import { parseCsv, writeCsv } from '../../src/fees/csv.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { readItems, writeItems } from '../../src/fees/fee-table.ts';
import { readBrandTable } from '../../src/fees/tables.ts';

const FILE = readFileSync(new URL('../../src/fees/sample/fees.csv', import.meta.url), 'utf8');
const [HEADER = '', FIRST = '', SECOND = ''] = FILE.split('\n');

function itemsOf(text: string): FeeItem[] {
  const table = readItems(text);
  assert.ok('entries' in table, JSON.stringify(table));
  return table.entries;
}

function faultsOf(...rows: string[]): string[] {
  const table = readItems([HEADER, ...rows].join('\r\n'));
  assert.ok('faults' in table, JSON.stringify(table));
  return table.faults.map(({ line, column, message }) => `${line} ${column}: ${message}`);
}

test('what is exported can be imported again and is the same to the last price', () => {
  const { items } = readSampleFees();
  assert.deepEqual(itemsOf(writeItems(items)), items);
});

test('a withdrawn item and a gap between two prices survive the way out and in', () => {
  const gap = [
    FIRST.replace('2025-03-31', '2024-12-31'),
    SECOND.replace('2025-04-01,', '2025-04-01,2027-03-31'),
  ];
  const items = itemsOf([HEADER, ...gap].join('\n'));
  assert.deepEqual(
    items[0]?.prices.map(({ from, priceYen }) => [from, priceYen]),
    [
      [null, 300],
      ['2025-01-01', null],
      ['2025-04-01', 400],
      ['2027-04-01', null],
    ],
  );
  assert.deepEqual(itemsOf(writeItems(items)), items);
});

for (const [name, rows, expected] of [
  [
    'two prices on one day',
    [FIRST, SECOND.replace('2025-04-01', '2025-03-31')],
    /^3 valid_from: .*重なります/,
  ],
  [
    'a period that ends before it begins',
    [SECOND.replace('2025-04-01,', '2025-04-01,2025-03-01')],
    /^2 valid_to/,
  ],
  ['rows of one item that disagree', [FIRST, SECOND.replace('住民票の写し', '住民票')], /^3 name_ja: 2行目/],
  ['a price that is no number of yen', [FIRST.replace(',300,', ',300.5,')], /^2 price_yen/],
  ['a unit rule that nobody knows', [FIRST.replace('per_copy', 'per_kilo')], /^2 unit_rule: .*per_copy/],
  ['a date that is not in the calendar', [FIRST.replace('2025-03-31', '2025-02-30')], /^2 valid_to/],
  ['a tax category that nobody knows', [FIRST.replace('exempt_admin', 'free')], /^2 tax/],
  ['a cell too few', [FIRST.slice(0, FIRST.lastIndexOf(','))], /^2 : 列の数/],
  ['a class on some rows only', [FIRST, SECOND.replace('per_copy,,,', 'per_copy,,adult,')], /^2 class/],
  ['a term that nobody knows', [FIRST.replace('per_copy,', 'per_copy,colour=blue')], /^2 rule_terms/],
  ['a quote that is never closed', [FIRST, `"${SECOND}`], /^3 : 引用符/],
  ['no rows at all', [], /^1 : 行がありません/],
] as const) {
  test(`refused, with its line: ${name}`, () => {
    assert.match(faultsOf(...rows)[0] ?? '', expected);
  });
}

test('every fault of a file is told at once', () => {
  assert.equal(faultsOf(FIRST.replace(',300,', ',x,'), SECOND.replace('exempt_admin', 'x')).length, 2);
});

test('a column that nobody knows, and one that is missing, are told', () => {
  const table = readItems([`${HEADER},colour`, `${FIRST},blue`].join('\n'));
  assert.ok('faults' in table);
  assert.deepEqual(table.faults[0], { line: 2, column: 'colour', message: '知らない列です。' });
  const missing = readItems(['window,code', 'resident,A'].join('\n'));
  assert.ok('faults' in missing && missing.faults.some(({ column }) => column === 'price_yen'));
});

test('a brand stands in a file once', () => {
  const brands = readFileSync(new URL('../../src/fees/sample/brands.csv', import.meta.url), 'utf8').trimEnd();
  const [, visa = ''] = brands.split('\n');
  const table = readBrandTable(`${brands}\n${visa}`);
  assert.ok('faults' in table);
  assert.match(table.faults[0]?.message ?? '', /visa が2回/);
});

test('where and when a brand is offered is read from one cell', () => {
  const header = readFileSync(new URL('../../src/fees/sample/brands.csv', import.meta.url), 'utf8').split(
    '\n',
  )[0];
  const row =
    'visa,credit,Visa,Visa,,void_or_refund,180,yes,no,query_acquirer,tax@2026-12-01.. *@..2026-11-30';
  const table = readBrandTable(`${header}\n${row}`);
  assert.ok('entries' in table);
  assert.deepEqual(table.entries[0]?.offers, [
    { window: 'tax', from: '2026-12-01', until: null },
    { window: null, from: null, until: '2026-11-30' },
  ]);
});

test('any text survives the way through a file, and none of it is a formula to a spreadsheet', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ a: fc.string(), b: fc.string() }, { noNullPrototype: true }), { minLength: 1 }),
      (rows) => {
        const text = writeCsv(['a', 'b'], rows);
        assert.deepEqual(
          parseCsv(text).rows.map(({ cells }) => cells),
          rows,
        );
      },
    ),
  );
  assert.match(writeCsv(['a'], [{ a: '=1+1' }]), /'=1\+1/);
});
