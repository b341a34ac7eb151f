/** What is refused before anything is recorded, on a real journal. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import type { Brand } from '../../src/fees/catalogue.ts';
import { NOBODY } from '../../src/fees/pricing.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { checkSale, findOffers, refuseRepeat, type SaleRequest } from '../../src/payments/checks.ts';
import { createLedger, type Ledger } from '../../src/payments/ledger.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import { catalogueOf, itemAt } from '../fees/items.ts';
import { makeFolder } from '../support/folder.ts';
import { armedSale, armedVoid } from '../support/sale.ts';

const WAON: Brand = {
  ...{ code: 'waon', method: 'emoney', nameJa: 'WAON', nameEn: 'WAON', ceilingYen: 800 },
  ...{ unknownRule: '', cancelRule: 'never', cancelDays: null, sameTerminal: true, lastOnly: false },
  offers: [],
};
/** Taken at another window only. */
const EDY: Brand = {
  ...{ ...WAON, code: 'rakuten_edy', nameJa: '楽天Edy' },
  offers: [{ window: 'tax', from: null, until: null }],
};
const CATALOGUE = catalogueOf(
  [
    itemAt(400, { code: 'CIT-JUM' }),
    itemAt(200, { code: 'CIT-INK' }),
    itemAt(0, { code: 'FREE' }),
    itemAt(300, { code: 'STAMP', cashless: false }),
  ],
  {
    brands: [WAON, EDY],
    windows: [
      { code: 'resident', nameJa: '市民', nameEn: 'Residents' },
      { code: 'past', nameJa: '旧窓口', nameEn: 'Past', until: '2026-11-23' },
    ],
  },
);
const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

const asked = (change: Partial<SaleRequest> = {}): SaleRequest => ({
  ...{ id: 'new', window: 'resident', lines: [{ code: 'CIT-JUM', quantity: 1 }], totalYen: 400 },
  method: 'credit',
  ...change,
});
const check = (request: SaleRequest) => checkSale(request, CATALOGUE, 'trial', '2026-11-24', NOBODY);

test('a total that is not today’s is refused with the one that is', () => {
  assert.throws(
    () => check(asked({ totalYen: 300 })),
    (error) =>
      error instanceof AppError && error.code === 'price_changed' && error.details['totalYen'] === 400,
  );
  assert.equal(check(asked()).totalYen, 400);
});

test('e-money names its brand before anything is sent, and keeps to its ceiling; a card need not', () => {
  assert.throws(() => check(asked({ method: 'emoney' })), refusedAs('brand_needed'));
  assert.throws(() => check(asked({ method: 'credit', brand: 'waon' })), refusedAs('brand_unavailable'));
  const lines = [{ code: 'CIT-JUM', quantity: 3 }];
  const above = asked({ method: 'emoney', brand: 'waon', lines, totalYen: 1_200 });
  assert.throws(() => check(above), refusedAs('over_ceiling'));
  assert.equal(check(asked({ method: 'emoney', brand: 'waon' })).brand?.code, 'waon');
  const atTheCeiling = { ...above, lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 };
  assert.equal(check(atTheCeiling).totalYen, 800);
});

test('nothing is charged for what costs nothing, is for cash alone, at a closed window, or by a brand that is not taken there', () => {
  const of = (code: string, totalYen: number): SaleRequest =>
    asked({ lines: [{ code, quantity: 1 }], totalYen });
  assert.throws(() => check(of('FREE', 0)), refusedAs('nothing_to_pay'));
  assert.throws(() => check(of('STAMP', 300)), refusedAs('not_cashless'));
  assert.throws(() => check(asked({ window: 'past' })), refusedAs('window_closed'));
  assert.throws(
    () => check(asked({ method: 'emoney', brand: 'rakuten_edy' })),
    refusedAs('brand_not_offered'),
  );
});

test('the brand chooses among the terminals', () => {
  const offer = (id: string, emoney: string[]): Offer => ({
    ...{ id, nameJa: id, minimumYen: 1, buckets: [] },
    brands: { credit: ['visa'], debit: [], emoney, qr: [] },
  });
  const offers = [offer('1', ['id']), offer('2', ['waon'])];
  const request = asked({ method: 'emoney', brand: 'waon' });
  assert.deepEqual(
    findOffers(offers, request, check(request)).map(({ id }) => id),
    ['2'],
  );
  assert.throws(
    () => findOffers(offers.slice(0, 1), request, check(request)),
    refusedAs('brand_unavailable'),
  );
});

/** A sale like `asked`, the dialogue of which was lost. */
function withLost(t: TestContext): Ledger {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const ledger = createLedger(journal, () => undefined);
  ledger.record('lost', { type: 'armed', payload: armedSale() });
  ledger.record('lost', { type: 'interrupted', payload: { reason: 'the line broke' } });
  return ledger;
}

test('the same items in another order are the same basket', (t) => {
  const ledger = withLost(t);
  const [line] = armedSale().lines;
  assert.ok(line !== undefined);
  const lines = [line, { ...line, code: 'CIT-INK' }];
  ledger.record('lost-two', { type: 'armed', payload: armedSale({ lines, amountYen: 600 }) });
  ledger.record('lost-two', { type: 'interrupted', payload: { reason: 'the line broke' } });
  const again = { ...check(asked()), lines: lines.toReversed(), totalYen: 600 };
  assert.throws(() => refuseRepeat(asked(), again, ledger), refusedAs('same_sale_unknown'));
});

test('the same window, items and amount while its like is unknown want the word that it is another resident', (t) => {
  const ledger = withLost(t);
  const tryAgain = (request: SaleRequest): void => refuseRepeat(request, check(asked()), ledger);
  assert.throws(() => tryAgain(asked()), refusedAs('same_sale_unknown'));
  assert.doesNotThrow(() => tryAgain(asked({ anotherResident: true })));
  assert.doesNotThrow(() => tryAgain(asked({ window: 'tax' })), 'another window');
  const other = check(asked({ lines: [{ code: 'CIT-INK', quantity: 2 }] }));
  assert.doesNotThrow(() => refuseRepeat(asked(), other, ledger), 'other items of the same amount');
  assert.doesNotThrow(() => refuseRepeat(asked(), { ...check(asked()), totalYen: 500 }, ledger));
  ledger.record('running', { type: 'armed', payload: armedSale({ window: 'tax' }) });
  assert.doesNotThrow(() => tryAgain(asked({ window: 'tax' })), 'one that is under way is not unknown');
  const evidence = { source: 'terminal_query', finding: 'not_charged', reason: '', answer: null } as const;
  ledger.record('lost', { type: 'evidence', payload: evidence });
  assert.doesNotThrow(() => tryAgain(asked()), 'what became of it is known');
  ledger.record('void', { type: 'armed', payload: armedVoid('another') });
  ledger.record('void', { type: 'interrupted', payload: { reason: 'the line broke' } });
  assert.doesNotThrow(() => tryAgain(asked()), 'an unknown void of its like charges nobody');
});
