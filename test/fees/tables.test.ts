import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeeItem } from '../../src/fees/catalogue.ts';
import { parseCsv, writeCsv } from '../../src/fees/csv.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { readItems, writeItems } from '../../src/fees/fee-table.ts';
import { readEntryTable, writeEntryTable } from '../../src/fees/entry-tables.ts';

const FILE = readFileSync(new URL('../../src/fees/sample/fees.csv', import.meta.url), 'utf8');
const WINDOWS = new Set(readSampleFees().windows.map(({ code }) => code));
const [HEADER = '', FIRST = '', SECOND = ''] = FILE.split('\n');

function itemsOf(text: string): FeeItem[] {
  const table = readItems(text, WINDOWS);
  assert.ok('entries' in table, JSON.stringify(table));
  return table.entries;
}

function faultsOf(...rows: string[]): string[] {
  const table = readItems([HEADER, ...rows].join('\r\n'), WINDOWS);
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
  [
    'a window that nobody has registered',
    [FIRST.replace('resident', 'passport')],
    /^2 window: 「passport」.*tax, resident/,
  ],
] as const) {
  test(`refused, with its line: ${name}`, () => {
    assert.match(faultsOf(...rows)[0] ?? '', expected);
  });
}

test('every fault of a file is told at once', () => {
  assert.equal(faultsOf(FIRST.replace(',300,', ',x,'), SECOND.replace('exempt_admin', 'x')).length, 2);
});

test('a column that nobody knows, and one that is missing, are told', () => {
  const table = readItems([`${HEADER},colour`, `${FIRST},blue`].join('\n'), WINDOWS);
  assert.ok('faults' in table);
  assert.deepEqual(
    table.faults.map(({ line, column }) => [line, column]),
    [[1, 'colour']],
  );
  const missing = readItems(['window,code', 'resident,A'].join('\n'), WINDOWS);
  assert.ok('faults' in missing && missing.faults.some(({ column }) => column === 'price_yen'));
});

test('a brand stands in a file once', () => {
  const brands = readFileSync(new URL('../../src/fees/sample/brands.csv', import.meta.url), 'utf8').trimEnd();
  const [, visa = ''] = brands.split('\n');
  const table = readEntryTable('brand', `${brands}\n${visa}`, WINDOWS);
  assert.ok('faults' in table);
  assert.match(table.faults[0]?.message ?? '', /visa が2回/);
});

test('where and when a brand is offered is read from one cell', () => {
  const header = readFileSync(new URL('../../src/fees/sample/brands.csv', import.meta.url), 'utf8').split(
    '\n',
  )[0];
  const row =
    'visa,credit,Visa,Visa,,void_or_refund,180,yes,no,query_acquirer,tax@2026-12-01.. *@..2026-11-30';
  const table = readEntryTable('brand', `${header}\n${row}`, WINDOWS);
  assert.ok('entries' in table);
  assert.deepEqual(table.entries[0]?.offers, [
    { window: 'tax', from: '2026-12-01', until: null },
    { window: null, from: null, until: '2026-11-30' },
  ]);
});

for (const kind of ['window', 'ground', 'brand'] as const) {
  test(`what is exported of a ${kind} is the same when it is imported again, with its days`, () => {
    const { windows, grounds, brands } = readSampleFees();
    const [first] = { window: windows, ground: grounds, brand: brands }[kind];
    assert.ok(first !== undefined);
    const entries = [
      first,
      kind === 'brand'
        ? { ...first, code: 'x', offers: [{ window: 'tax', from: '2027-04-01', until: null }] }
        : { ...first, code: 'x', from: '2027-04-01', until: '2028-03-31' },
    ];
    const table = readEntryTable(kind, writeEntryTable(kind, entries), WINDOWS);
    assert.ok('entries' in table);
    assert.deepEqual(table.entries, entries);
    assert.equal(table.lineOf.get('x'), 3);
  });
}

test('a ground that ends before it begins, and a brand at a window that is not there, are told by line and column', () => {
  const { grounds, brands } = readSampleFees();
  const [ground] = grounds;
  const [brand] = brands;
  assert.ok(ground !== undefined && brand !== undefined);
  const told = (table: object): string[] =>
    'faults' in table
      ? (table.faults as { line: number; column: string }[]).map(({ line, column }) => `${line} ${column}`)
      : [];
  const backwards = { ...ground, from: '2027-04-01', until: '2027-03-31' };
  const file = writeEntryTable('ground', [backwards]);
  assert.deepEqual(told(readEntryTable('ground', file, WINDOWS)), ['2 valid_to']);
  const elsewhere = { ...brand, offers: [{ window: 'passport', from: null, until: null }] };
  const brandFile = writeEntryTable('brand', [brand, { ...elsewhere, code: 'other' }]);
  assert.deepEqual(told(readEntryTable('brand', brandFile, WINDOWS)), ['3 offers']);
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
