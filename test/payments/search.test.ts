import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesSearch, type Searched } from '../../src/payments/search.ts';

const PASS: Searched = {
  number: 412,
  amountYen: 1_200,
  receiptNumber: '00087',
  approvalCode: '839201',
  time: '9:42',
  lines: [
    {
      nameJa: '駐輪場 定期',
      inputs: [{ code: 'sticker', labelJa: 'シール', value: 'B-0123', textJa: 'B-0123' }],
    },
  ],
};

for (const word of ['412', '000412', '1200', '1,200円', '１２００', '87', '00087', '839201']) {
  test(`digits find a slip number, an amount or an approval: ${word}`, () => {
    assert.ok(matchesSearch(PASS, word));
  });
}

for (const word of ['9:42', '09:42', '9:4', 'b-0123', 'Ｂ－０１２３', '定期', '1200 9:42 定期', '  ']) {
  test(`time, sticker and item are found, and every word has to be: "${word}"`, () => {
    assert.ok(matchesSearch(PASS, word));
  });
}

for (const word of ['41', '120', '9:43', '定期 400', '住民票']) {
  test(`part of a number, and what is not there, is not found: ${word}`, () => {
    assert.ok(!matchesSearch(PASS, word));
  });
}
