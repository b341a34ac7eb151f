import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandChoices } from '../../src/web/counter/brand-choices.ts';
import { NOTHING_YET, type LiveState } from '../../src/web/counter/live.ts';
import { closedBecause, findHindrance } from '../../src/web/counter/readiness.ts';
import { createSale, type Sale } from '../../src/web/counter/sale.ts';
import { itemOf } from './payments.ts';

const LIVE: LiveState = {
  ...NOTHING_YET,
  connection: 'live',
  terminals: [{ id: 't1', nameJa: '端末', state: 'ready', detail: null }],
  record: { state: 'synced', pending: 0, detail: null },
};
const BASKET = { lines: ['one'], totalYen: 400 };
const SALE: Sale = { ...createSale('resident'), method: 'credit' };

const labelOf = (sale: Sale, basket: typeof BASKET, live: LiveState): string | undefined =>
  findHindrance(sale, basket, live)?.label;

test('a whole sale with a terminal that is ready can be sent', () => {
  assert.equal(findHindrance(SALE, BASKET, LIVE), undefined);
});

test('what is missing is asked for in the order in which it is done', () => {
  assert.match(labelOf({ ...SALE, method: null }, { lines: [], totalYen: 0 }, LIVE) ?? '', /料金/);
  assert.match(labelOf({ ...SALE, method: null }, BASKET, LIVE) ?? '', /支払い方法/);
  assert.match(labelOf({ ...SALE, method: 'emoney' }, BASKET, LIVE) ?? '', /電子マネーの種類/);
  assert.equal(labelOf({ ...SALE, method: 'qr' }, BASKET, LIVE), undefined);
});

test('a total of 0 yen is not sent to a terminal', () => {
  assert.match(labelOf(SALE, { lines: ['one'], totalYen: 0 }, LIVE) ?? '', /0円/);
});

for (const state of ['connecting', 'busy', 'locked', 'disconnected'] as const) {
  test(`a terminal that is ${state} takes no sale, and one other that is ready is enough`, () => {
    const terminal = { id: 't1', nameJa: '端末', state, detail: null };
    assert.notEqual(labelOf(SALE, BASKET, { ...LIVE, terminals: [terminal] }), undefined);
    const both = { ...LIVE, terminals: [terminal, ...LIVE.terminals] };
    assert.equal(labelOf(SALE, BASKET, both), undefined);
  });
}

test('without the service nothing can be sent; without PostgreSQL everything can', () => {
  assert.match(labelOf(SALE, BASKET, { ...LIVE, connection: 'lost' }) ?? '', /サービス/);
  const offline = { ...LIVE, record: { state: 'offline', pending: 3, detail: null } as const };
  assert.equal(labelOf(SALE, BASKET, offline), undefined);
  const stopped = { ...LIVE, record: { state: 'stopped', pending: 3, detail: null } as const };
  assert.match(labelOf(SALE, BASKET, stopped) ?? '', /止めています/);
});

test('a fee is closed with its reason; an unconfirmed price closes it in a live book only', () => {
  const item = itemOf('A', 400);
  assert.equal(closedBecause(item, 'live'), null);
  assert.match(closedBecause({ ...item, cashless: false }, 'trial') ?? '', /現金/);
  assert.match(closedBecause({ ...item, priceYen: null }, 'trial') ?? '', /料金がありません/);
  assert.equal(closedBecause({ ...item, confirmed: false }, 'trial'), null);
  assert.match(closedBecause({ ...item, confirmed: false }, 'live') ?? '', /未確認/);
});

test('brands: e-money has to be named, a code may be read by the terminal, cards are not asked for', () => {
  const brand = (code: string, ceilingYen: number | null) =>
    [code, { code, method: 'emoney', nameJa: code, nameEn: code, ceilingYen, unknownRule: '' }] as const;
  const brands = new Map([brand('transit_ic', 20_000), brand('id', null), brand('paypay', null)]);
  const taken = { credit: ['visa'], debit: [], emoney: ['transit_ic', 'id'], qr: ['paypay'] };
  assert.deepEqual(brandChoices('credit', taken, brands, 400), []);
  assert.deepEqual(
    brandChoices('qr', taken, brands, 400).map(({ code }) => code),
    [null, 'paypay'],
  );
  assert.deepEqual(
    brandChoices('emoney', taken, brands, 20_001).map(({ code, closed }) => [code, closed]),
    [
      ['transit_ic', '20,000円まで'],
      ['id', null],
    ],
  );
});
