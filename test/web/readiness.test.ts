import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandChoices } from '../../src/web/counter/brand-choices.ts';
import type { Role } from '../../src/staff/staff.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import type { Method } from '../../src/terminal/terminal.ts';
import { NOTHING_YET, type LiveState } from '../../src/web/counter/live.ts';
import {
  countingHindrance,
  findHindrance,
  isFree,
  closedBecause,
  methodStates,
  nextHindrance,
  personHindrance,
} from '../../src/web/counter/readiness.ts';
import { createSale, type Sale } from '../../src/web/counter/sale.ts';
import type { BrandOffer } from '../../src/fees/catalogue.ts';
import { itemOf } from './payments.ts';

const LIVE: LiveState = {
  ...NOTHING_YET,
  connection: 'live',
  terminals: [{ id: 't1', nameJa: '端末', state: 'ready', detail: null }],
  record: { state: 'synced', pending: 0, detail: null, since: null },
};
const CARDS: Offer = {
  id: 't1',
  nameJa: '1番 端末',
  brands: { credit: ['visa'], debit: [], emoney: [], qr: [] },
  minimumYen: 50,
  buckets: [],
};
const TOUCH: Offer = {
  id: 't2',
  nameJa: '2番 端末',
  brands: { credit: [], debit: [], emoney: ['waon'], qr: ['paypay'] },
  minimumYen: 1,
  buckets: [],
};
const OFFERS = [CARDS];
const LINE = { item: { cashless: true }, amountYen: 400 };
const BASKET = { lines: [LINE], totalYen: 400 };
const SALE: Sale = { ...createSale('resident'), method: 'credit' };

const labelOf = (sale: Sale, basket: typeof BASKET, live: LiveState): string | undefined =>
  findHindrance(sale, basket, live, OFFERS)?.label;

test('a whole sale with a terminal that is ready can be sent', () => {
  assert.equal(findHindrance(SALE, BASKET, LIVE, OFFERS), undefined);
});

test('what is missing is asked for in the order in which it is done', () => {
  assert.match(labelOf({ ...SALE, method: null }, { lines: [], totalYen: 0 }, LIVE) ?? '', /料金/);
  assert.match(labelOf({ ...SALE, method: null }, BASKET, LIVE) ?? '', /支払い方法/);
  assert.match(labelOf({ ...SALE, method: 'emoney' }, BASKET, LIVE) ?? '', /電子マネーの種類/);
  assert.equal(labelOf({ ...SALE, method: 'qr' }, BASKET, LIVE), undefined);
});

test('a total of 0 yen needs no terminal: it is recorded', () => {
  assert.equal(isFree({ lines: [{ ...LINE, amountYen: 0 }], totalYen: 0 }), true);
  assert.equal(isFree({ lines: [], totalYen: 0 }), false);
  assert.equal(countingHindrance({ ...LIVE, terminals: [] }), undefined);
  assert.match(countingHindrance({ ...LIVE, connection: 'lost' })?.label ?? '', /サービス/);
});

test('what can’t be paid cashless keeps the basket from the terminal, and only while it is charged', () => {
  const cashOnly = { item: { cashless: false }, amountYen: 800 };
  assert.match(labelOf(SALE, { lines: [LINE, cashOnly], totalYen: 1200 }, LIVE) ?? '', /現金のみ/);
  assert.equal(
    labelOf(SALE, { lines: [LINE, { ...cashOnly, amountYen: 0 }], totalYen: 400 }, LIVE),
    undefined,
  );
});

for (const state of ['connecting', 'busy', 'locked', 'disconnected'] as const) {
  test(`a terminal that is ${state} takes no sale, and one other that is ready is enough`, () => {
    const terminal = { id: 't1', nameJa: '端末', state, detail: null };
    assert.notEqual(labelOf(SALE, BASKET, { ...LIVE, terminals: [terminal] }), undefined);
    const both = { ...LIVE, terminals: [terminal, { ...terminal, id: 't3', state: 'ready' as const }] };
    assert.equal(findHindrance(SALE, BASKET, both, [CARDS, { ...CARDS, id: 't3' }]), undefined);
  });
}

test('what has to be looked after is what the terminal’s own status says', () => {
  const detail = '決済会社との通信が切れています。ネットワークを確かめてください。';
  const terminal = { id: 't1', nameJa: '端末', state: 'disconnected' as const, detail };
  const touch = { ...terminal, id: 't2', detail: 'ケーブルを確かめてください。' };
  const live = { ...LIVE, terminals: [touch, terminal] };
  const helpTo = (sale: Sale) => findHindrance(sale, BASKET, live, [TOUCH, CARDS])?.help;
  assert.equal(helpTo(SALE), `${detail}お急ぎのときは現金でお受けください。`);
  assert.match(helpTo({ ...SALE, method: 'emoney', brand: 'waon' }) ?? '', /^ケーブル/);
});

test('without the service nothing can be sent; without PostgreSQL everything can', () => {
  assert.match(labelOf(SALE, BASKET, { ...LIVE, connection: 'lost' }) ?? '', /サービス/);
  const offline = { ...LIVE, record: { state: 'offline', pending: 3, detail: null, since: null } as const };
  assert.equal(labelOf(SALE, BASKET, offline), undefined);
  const stopped = { ...LIVE, record: { state: 'stopped', pending: 3, detail: null, since: null } as const };
  assert.match(labelOf(SALE, BASKET, stopped) ?? '', /止めています/);
});

test('a fee is closed with its reason; an unconfirmed price closes it in a live book only', () => {
  const item = itemOf('A', 400);
  assert.equal(closedBecause(item, 'live'), null);
  assert.equal(closedBecause({ ...item, cashless: false }, 'live'), null);
  assert.match(closedBecause({ ...item, priceYen: null }, 'trial') ?? '', /料金がありません/);
  assert.equal(closedBecause({ ...item, confirmed: false }, 'trial'), null);
  assert.match(closedBecause({ ...item, confirmed: false }, 'live') ?? '', /未確認/);
});

test('brands: e-money has to be named, a code may be read by the terminal, cards are not asked for', () => {
  const brand = (code: string, ceilingYen: number | null, method: Method = 'emoney') =>
    [
      code,
      {
        code,
        method,
        nameJa: code,
        nameEn: code,
        ceilingYen,
        unknownRule: '',
        cancelRule: 'never',
        cancelDays: null,
        sameTerminal: null,
        lastOnly: null,
        offers: [] as BrandOffer[],
      },
    ] as const;
  const brands = new Map([brand('transit_ic', 20_000), brand('id', null), brand('paypay', null, 'qr')]);
  const taken = [
    { ...CARDS, brands: { ...CARDS.brands, qr: ['paypay'] } },
    { ...TOUCH, brands: { credit: ['visa'], debit: [], emoney: ['transit_ic', 'id'], qr: ['paypay'] } },
  ];
  const at = (totalYen: number) => ({ window: 'resident', on: '2026-11-24', totalYen });
  assert.deepEqual(brandChoices('credit', taken, brands, at(400)), []);
  assert.deepEqual(
    brandChoices('qr', taken, brands, at(400)).map(({ code }) => code),
    [null, 'paypay'],
  );
  assert.deepEqual(
    brandChoices('emoney', taken, brands, at(20_001)).map(({ code, closed }) => [code, closed]),
    [
      ['transit_ic', '20,000円まで'],
      ['id', null],
    ],
  );
  const moved = new Map([...brands, brand('paypay', null, 'emoney')]);
  assert.deepEqual(
    brandChoices('qr', taken, moved, at(400)).map(({ code }) => code),
    [null],
    'the table calls it another method than the terminal: the service would refuse it',
  );
});

const CUT_OFF: LiveState = {
  ...LIVE,
  terminals: [
    { id: 't1', nameJa: '1番 端末', state: 'disconnected', detail: null },
    { id: 't2', nameJa: '2番 端末', state: 'ready', detail: null },
  ],
};

test('where the terminal for cards is cut off, the screen offers what the other one takes, else cash', () => {
  const hindrance = findHindrance(SALE, BASKET, CUT_OFF, [CARDS, TOUCH]);
  assert.match(hindrance?.label ?? '', /つながっていません/);
  assert.match(hindrance?.help ?? '', /電子マネー・QR.*現金/);
  const byTouch: Sale = { ...SALE, method: 'emoney', brand: 'waon' };
  assert.equal(findHindrance(byTouch, BASKET, CUT_OFF, [CARDS, TOUCH]), undefined);
});

test('while none of several can be had, each says why; one that is ready is enough', () => {
  const [cards, touch] = CUT_OFF.terminals;
  assert.ok(cards !== undefined && touch !== undefined);
  assert.equal(nextHindrance([cards, touch]), undefined);
  const help =
    nextHindrance([
      { ...cards, state: 'locked' },
      { ...touch, state: 'disconnected' },
    ])?.help ?? '';
  assert.match(help, /1番 端末：前の支払いを確かめています、2番 端末：つながっていません.*現金/);
  assert.match(nextHindrance([{ ...cards, state: 'lost' }])?.label ?? '', /^端末は紛失・交換中/);
});

test('a method’s button says why it can’t be had just now, and only one that nobody takes is closed', () => {
  const states = methodStates([CARDS, TOUCH], CUT_OFF.terminals);
  assert.deepEqual(states.credit, { isTaken: true, note: '切断中' });
  assert.deepEqual(states.qr, { isTaken: true, note: null });
  assert.deepEqual(states.debit, { isTaken: false, note: null });
});

test('an amount below what the terminal takes is said before it is sent, unless another one takes it', () => {
  const basket = { lines: [{ ...LINE, amountYen: 10 }], totalYen: 10 };
  assert.match(labelOf(SALE, basket, LIVE) ?? '', /50円から/);
  const both = {
    ...LIVE,
    terminals: [...LIVE.terminals, { ...CUT_OFF.terminals[1], id: 't3' }],
  } as LiveState;
  const cheap = { ...CARDS, id: 't3', minimumYen: 1 };
  assert.equal(findHindrance(SALE, basket, both, [CARDS, cheap]), undefined);
});

test('nothing is rung up before somebody has signed in who takes money, and the 出納員 has opened', () => {
  const at = (roles: Role[], isOpen: boolean, isLocked = false): string | undefined =>
    personHindrance({ isOpen, clerk: { number: '1', name: '', roles } }, isLocked)?.label;
  assert.match(at(['cashier'], true, true) ?? '', /サインイン/);
  for (const role of ['accounting', 'administrator'] as const) assert.match(at([role], true) ?? '', /役割/);
  for (const role of ['cashier', 'daycare', 'bicycle', 'treasurer'] as const) {
    assert.match(at([role], false) ?? '', /開く前/);
    assert.equal(at([role], true), undefined);
  }
  assert.equal(at(['administrator', 'cashier'], true), undefined);
});
