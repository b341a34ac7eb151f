import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { taxSums } from '../../src/fees/tax.ts';
import { itemAt, priced, TODAY } from './items.ts';

describe('tax', () => {
  const taxable = itemAt(100, { taxCategory: 'standard_10', account: 'parking' });
  const day = {
    ...TODAY,
    settings: {
      priceBasis: 'issue',
      registrationNumbers: { parking: 'T1000020122327' },
      accountNames: { parking: '駐車場事業特別会計', general: '一般会計' },
    },
  } as const;

  test('is rounded once per rate: three lines of 100 yen contain 27 yen, and not three times 9', () => {
    const lines = [priced(taxable), priced(taxable), priced(taxable)];
    assert.deepEqual(taxSums(lines.slice(0, 1))[0]?.taxYen, 9);
    assert.deepEqual(taxSums(lines)[0]?.taxYen, 27);
    const odd = itemAt(105, { taxCategory: 'standard_10' });
    // 9.54… each: line by line it would be 18.
    assert.equal(taxSums([priced(odd), priced(odd)])[0]?.taxYen, 19);
  });

  test('exempt and taxable amounts have a sum each, and only taxable ones the account’s number', () => {
    const sums = taxSums([priced(itemAt(400), {}, 1, day), priced(taxable, {}, 2, day)]);
    assert.deepEqual(sums, [
      { category: 'exempt_admin', amountYen: 400, taxYen: null, issuers: [] },
      {
        ...{ category: 'standard_10', amountYen: 200, taxYen: 18 },
        issuers: [{ nameJa: '駐車場事業特別会計', registrationNumber: 'T1000020122327' }],
      },
    ]);
  });

  test('a number belongs to an account: another account’s items have none', () => {
    const other = { ...taxable, account: 'general' };
    assert.equal(priced(other, {}, 1, day).registrationNumber, null);
  });
});
