import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  createSale,
  reduceSale,
  type PendingSale,
  type Sale,
  type SaleAction,
} from '../../src/web/counter/sale.ts';
import { basketOf } from '../../src/web/counter/sale-basket.ts';
import { MOST_OF_ONE_FEE, priceBasket, withoutSticker } from '../../src/web/counter/basket.ts';
import { inputsOf } from '../../src/fees/questions.ts';
import { itemAt, TODAY } from '../fees/items.ts';
import { itemOf } from './payments.ts';

const PENDING: PendingSale = {
  request: {
    id: '00000000-0000-4000-8000-000000000001',
    window: 'resident',
    lines: [{ code: 'CIT-JUM', quantity: 2 }],
    totalYen: 800,
    method: 'emoney',
    brand: 'transit_ic',
  },
  pressedAt: '2026-11-24T00:42:00.000Z',
};

const after = (...actions: SaleAction[]): Sale => actions.reduce(reduceSale, createSale('resident'));
const add = (code: string): SaleAction => ({ type: 'fee_added', code });
const pay: SaleAction = { type: 'pay_pressed', pending: PENDING };

test('the next one-time ticket begins with the method paid with last at its window, and nothing else does', () => {
  const ticket: SaleAction = { type: 'fee_added', code: 'A', isOneTime: true };
  const paid: SaleAction[] = [ticket, pay, { type: 'recorded' }, { type: 'next_sale', isPaid: true }];
  const wayAfter = (...actions: SaleAction[]) => {
    const { method, brand, isAssumed } = after(...paid, ...actions);
    return [method, brand, isAssumed];
  };
  assert.deepEqual(wayAfter(), [null, null, false]);
  assert.deepEqual(wayAfter(ticket), ['emoney', 'transit_ic', true]);
  assert.deepEqual(wayAfter(ticket, ticket), ['emoney', 'transit_ic', true]);
  assert.deepEqual(wayAfter(add('B')), [null, null, false]);
  // A pass behind it, another window, or a touch: what was assumed is not.
  assert.deepEqual(wayAfter(ticket, add('B')), [null, null, false]);
  assert.deepEqual(wayAfter({ type: 'window_chosen', window: 'tax' }, ticket), [null, null, false]);
  assert.deepEqual(wayAfter(ticket, { type: 'window_chosen', window: 'tax' }), [null, null, false]);
  assert.deepEqual(wayAfter(ticket, { type: 'method_chosen', method: 'qr' }), ['qr', null, false]);
  assert.deepEqual(wayAfter(ticket, { type: 'basket_cleared' }), [null, null, false]);
  // A sale that was not paid says nothing about how people pay.
  const unpaid = after(ticket, pay, { type: 'recorded' }, { type: 'next_sale' }, ticket);
  assert.equal(unpaid.method, null);
});

describe('the basket', () => {
  test('a fee that is touched again counts once more, in its place', () => {
    const sale = after(add('A'), add('B'), add('A'));
    assert.deepEqual(basketOf(sale), [
      { code: 'A', quantity: 2 },
      { code: 'B', quantity: 1 },
    ]);
  });

  test('a number that is scanned belongs to one of what was rung up last without any, and to no line of a ticket', () => {
    const inputs = inputsOf(itemAt(100, { unitRule: 'per_24_h' }), TODAY);
    const items = [{ ...itemOf('A', 100), inputs }, itemOf('B', 100)];
    const place = (sale: Sale, fixed = 0): number => withoutSticker(basketOf(sale), fixed, items);
    const two = after(add('A'), add('A'), add('B'));
    assert.deepEqual([place(two), place(two, 1)], [0, -1]);
    const one = reduceSale(two, { type: 'sticker_tied', index: 0, number: 'T-1' });
    assert.deepEqual(basketOf(one), [
      { code: 'A', quantity: 1 },
      { code: 'B', quantity: 1 },
      { code: 'A', quantity: 1, inputs: { sticker: 'T-1' } },
    ]);
    const both = reduceSale(one, { type: 'sticker_tied', index: place(one), number: 'T-2' });
    assert.deepEqual(basketOf(both)[0], { code: 'A', quantity: 1, inputs: { sticker: 'T-2' } });
    assert.equal(place(both), -1);
  });

  test('the last one taken away takes the line away, and one that is not there changes nothing', () => {
    assert.deepEqual(basketOf(after(add('A'), { type: 'fee_removed', code: 'A' })), []);
    assert.deepEqual(basketOf(after(add('A'), { type: 'fee_removed', code: 'B' })), [
      { code: 'A', quantity: 1 },
    ]);
  });

  test('each window keeps its own', () => {
    const sale = after(add('A'), { type: 'window_chosen', window: 'tax' }, add('B'));
    assert.deepEqual(basketOf(sale), [{ code: 'B', quantity: 1 }]);
    assert.deepEqual(basketOf(reduceSale(sale, { type: 'window_chosen', window: 'resident' })), [
      { code: 'A', quantity: 1 },
    ]);
  });

  test('what was cleared comes back, until something else is touched', () => {
    const cleared = after(add('A'), { type: 'basket_cleared' });
    assert.deepEqual(basketOf(cleared), []);
    assert.deepEqual(basketOf(reduceSale(cleared, { type: 'basket_restored' })), [
      { code: 'A', quantity: 1 },
    ]);
    const touched = reduceSale(cleared, add('B'));
    assert.deepEqual(basketOf(reduceSale(touched, { type: 'basket_restored' })), [
      { code: 'B', quantity: 1 },
    ]);
  });

  test('quantities stay between 1 and the most, whatever is touched', () => {
    const touches = fc.array(
      fc.record({ type: fc.constantFrom('fee_added', 'fee_removed'), code: fc.constantFrom('A', 'B') }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(touches, (actions) => {
        const basket = basketOf(after(...(actions as SaleAction[])));
        assert.ok(basket.every(({ quantity }) => quantity >= 1 && quantity <= MOST_OF_ONE_FEE));
        assert.equal(new Set(basket.map(({ code }) => code)).size, basket.length);
      }),
    );
  });

  test('a fee without a price today is left out of the total and of what is charged', () => {
    const { lines, totalYen } = priceBasket(
      [
        { code: 'A', quantity: 3 },
        { code: 'B', quantity: 1 },
        { code: 'gone', quantity: 1 },
      ],
      [itemOf('A', 400), itemOf('B', null)],
      TODAY,
    );
    assert.equal(totalYen, 1200);
    assert.deepEqual(
      lines.map((line) => [line.item.code, line.quantity, line.amountYen]),
      [['A', 3, 1200]],
    );
  });
});

describe('what is entered with a fee', () => {
  const entered = { code: 'A', quantity: 1, inputs: { until: '18:31' } };

  test('an entry adds a line of its own, and changes the line that it was opened from', () => {
    const opened: SaleAction = { type: 'entry_opened', code: 'A', index: null };
    const once = after(add('A'), opened, { type: 'line_entered', line: entered });
    assert.deepEqual(basketOf(once), [{ code: 'A', quantity: 1 }, entered]);
    assert.equal(once.entry, null);
    const later = { ...entered, inputs: { until: '19:01' } };
    const changed = [
      { type: 'entry_opened', code: 'A', index: 1 } as const,
      { type: 'line_entered', line: later } as const,
    ].reduce<Sale>(reduceSale, once);
    assert.deepEqual(basketOf(changed), [{ code: 'A', quantity: 1 }, later]);
  });

  test('a fee that is touched again counts with the plain line, never with one that was entered', () => {
    const sale = after(
      { type: 'entry_opened', code: 'A', index: null },
      { type: 'line_entered', line: entered },
      add('A'),
      add('A'),
    );
    assert.deepEqual(basketOf(sale), [entered, { code: 'A', quantity: 2 }]);
  });

  test('an entry that is given up changes nothing; nothing is entered while money moves', () => {
    const sale = after(add('A'), { type: 'entry_opened', code: 'A', index: 0 }, { type: 'entry_closed' });
    assert.deepEqual(basketOf(sale), [{ code: 'A', quantity: 1 }]);
    const paying = after(add('A'), pay);
    assert.equal(reduceSale(paying, { type: 'entry_opened', code: 'A', index: 0 }), paying);
  });

  test('what is recorded without a terminal leaves an empty basket, and its notice until the next touch', () => {
    const counted = after(add('A'), { type: 'counted', id: 'c1' });
    assert.deepEqual([basketOf(counted), counted.counted], [[], 'c1']);
    assert.equal(reduceSale(counted, add('B')).counted, null);
  });
});

describe('the method', () => {
  test('another method forgets the brand of the one before; the same one keeps it', () => {
    const chosen = after(
      { type: 'method_chosen', method: 'emoney' },
      { type: 'brand_chosen', brand: 'nanaco' },
      { type: 'method_chosen', method: 'emoney' },
    );
    assert.equal(chosen.brand, 'nanaco');
    assert.equal(reduceSale(chosen, { type: 'method_chosen', method: 'qr' }).brand, null);
  });
});

describe('paying', () => {
  test('pressed twice it is sent once, under the first id', () => {
    const second: PendingSale = { ...PENDING, request: { ...PENDING.request, id: 'second' } };
    const sale = after(add('A'), pay, { type: 'pay_pressed', pending: second });
    assert.ok(sale.stage.at === 'sending');
    assert.equal(sale.stage.pending, PENDING);
  });

  test('while it is under way neither fees nor method nor window can be changed', () => {
    const paying = after(add('A'), pay);
    const touched = [
      add('B'),
      { type: 'basket_cleared' } as const,
      { type: 'method_chosen', method: 'qr' } as const,
      { type: 'window_chosen', window: 'tax' } as const,
      { type: 'next_sale' } as const,
    ].reduce<Sale>(reduceSale, paying);
    assert.deepEqual(touched, paying);
  });

  test('a refusal brings the basket back as it was, with the reason', () => {
    const notice = { code: 'terminal_busy', message: '端末は別の支払いの途中です。' };
    const sale = after(add('A'), pay, { type: 'refused', notice });
    assert.deepEqual(sale.stage, { at: 'basket', notice });
    assert.deepEqual(basketOf(sale), [{ code: 'A', quantity: 1 }]);
    assert.deepEqual(reduceSale(sale, add('A')).stage, { at: 'basket', notice: null });
  });

  test('another resident is confirmed under the same id, which the refusal has left free', () => {
    const asked = after(add('A'), pay, {
      type: 'another_resident_asked',
      message: '別のお客様ですか',
      unknownId: 'before',
    });
    assert.equal(asked.stage.at, 'another_resident');
    const confirmed = reduceSale(asked, {
      type: 'another_resident_confirmed',
      at: '2026-11-24T00:43:00.000Z',
    });
    assert.ok(confirmed.stage.at === 'sending');
    assert.deepEqual(confirmed.stage.pending, {
      request: { ...PENDING.request, anotherResident: true },
      pressedAt: '2026-11-24T00:43:00.000Z',
    });
    assert.deepEqual(reduceSale(asked, { type: 'back_to_basket', keepMethod: true }).stage, {
      at: 'basket',
      notice: null,
    });
  });

  test('after a decline the basket stays and another method is asked for; the next sale begins empty', () => {
    const shown = after(add('A'), { type: 'method_chosen', method: 'credit' }, pay, { type: 'recorded' });
    const again = reduceSale(shown, { type: 'back_to_basket', keepMethod: false });
    assert.deepEqual(basketOf(again), [{ code: 'A', quantity: 1 }]);
    assert.equal(again.method, null);
    const next = reduceSale(shown, { type: 'next_sale' });
    assert.deepEqual([basketOf(next), next.method, next.stage.at], [[], null, 'basket']);
  });

  test('a reload in the middle goes on with the very same request', () => {
    const resumed = reduceSale(createSale('tax'), { type: 'resumed', pending: PENDING });
    assert.ok(resumed.stage.at === 'sending');
    assert.equal(resumed.stage.pending, PENDING);
    assert.deepEqual(
      [resumed.window, basketOf(resumed), resumed.method, resumed.brand],
      ['resident', PENDING.request.lines, 'emoney', 'transit_ic'],
    );
  });
});

test('another clerk’s windows: what was begun elsewhere is put away, what is on its way stays', () => {
  const begun = [
    { type: 'fee_added', code: 'CIT-JUM' },
    { type: 'window_chosen', window: 'daycare' },
    { type: 'fee_added', code: 'NUR-IT1' },
    { type: 'window_chosen', window: 'resident' },
    { type: 'method_chosen', method: 'credit' },
  ] as const;
  const sale = begun.reduce<Sale>(reduceSale, createSale('resident'));
  const same = reduceSale(sale, { type: 'windows_given', windows: ['tax', 'resident'] });
  assert.equal(same, sale);
  const other = reduceSale(sale, { type: 'windows_given', windows: ['daycare'] });
  assert.deepEqual([other.window, other.method], ['daycare', null]);
  assert.deepEqual(other.baskets, { daycare: [{ code: 'NUR-IT1', quantity: 1 }] });
  const sending: Sale = { ...sale, stage: { at: 'sending', pending: PENDING, troubled: false } };
  assert.equal(reduceSale(sending, { type: 'windows_given', windows: ['daycare'] }), sending);
});
