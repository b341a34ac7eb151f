import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsOf, registrationNumberFault } from '../../src/fees/accounts.ts';
import { DEFAULT_SETTINGS } from '../../src/fees/catalogue.ts';
import { readSampleFees } from '../../src/fees/sample.ts';

// As their cities publish them: 津市 (水道, 下水道, 工業用水道), 岡山市 (下水道, 水道), 石岡市 (公共下水道, 農業集落排水).
const PUBLISHED = [
  'T6800020000422',
  'T5800020000423',
  'T4800020000424',
  'T1800020000195',
  'T7800020000272',
  'T1800020005599',
  'T9800020005600',
];

test('the numbers that cities publish for their accounts are right to the check digit', () => {
  for (const number of PUBLISHED) assert.equal(registrationNumberFault(number), undefined, number);
  // Derived from the municipality's code 122327, as the general account's would be.
  assert.equal(registrationNumberFault('T1000020122327'), undefined);
});

test('one wrong digit is told, and what has not the form of a number', () => {
  for (const number of PUBLISHED) {
    const last = Number(number.slice(-1));
    const wrong = number.slice(0, -1) + String((last + 1) % 9);
    assert.equal(registrationNumberFault(wrong), 'check_digit', wrong);
  }
  for (const text of ['', 'T123', '1000020122327', 'T0000020122327', 't1000020122327', 'T10000201223271']) {
    assert.equal(registrationNumberFault(text), 'form', text);
  }
});

test('every account that an item is booked on is there, with its taxable items, the general one first', () => {
  const items = readSampleFees().items.map((item) =>
    item.code === 'BIK-1B' ? { ...item, account: 'bicycle' } : item,
  );
  const settings = { ...DEFAULT_SETTINGS, accountNames: { water: '水道事業会計' } };
  const accounts = accountsOf(items, settings);
  assert.deepEqual(
    accounts.map(({ code, nameJa, taxable }) => [code, nameJa, taxable]),
    [
      ['general', '一般会計', items.filter(({ taxCategory }) => taxCategory === 'standard_10').length - 1],
      ['bicycle', 'bicycle', 1],
      ['water', '水道事業会計', 0],
    ],
  );
});
