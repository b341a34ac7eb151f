/** A terminal that counts cards and everything else, and counts in one byte: coarse enough to hide things. */
import type { TotalsGrain } from '../../src/terminal/driver.ts';

export const testGrain: TotalsGrain = {
  grain: 'class',
  buckets: [
    { code: 'card', nameJa: 'カード' },
    { code: 'other', nameJa: 'その他' },
  ],
  bucketOf: ({ method }) => (method === 'credit' || method === 'debit' ? 'card' : 'other'),
  leavesOutRefunds: true,
  countModulus: 256,
};
