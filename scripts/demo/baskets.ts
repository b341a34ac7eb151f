/** What people buy at each window, and what they pay with. Invented, within what the fee table sells. */
import type { AskedLine } from '../../src/fees/pricing.ts';
import { addDays, shiftToBusinessDay } from '../../src/reconcile/books/calendar.ts';
import type { Method } from '../../src/terminal/terminal.ts';
import type { Random } from '../virtual/random.ts';
import { pickWeighted } from './chance.ts';
import type { Window } from './year.ts';

/** Numbers of stickers, given out one after the other. */
export type NextSticker = () => string;

export function basketAt(window: Window, day: string, random: Random, nextSticker: NextSticker): AskedLine[] {
  switch (window) {
    case 'resident':
      return residentBasket(random);
    case 'tax':
      return taxBasket(day, random);
    case 'daycare':
      return daycareBasket(day, random);
    case 'bicycle':
      return bicycleBasket(day, random, nextSticker);
  }
}

const line = (code: string, quantity: number, inputs?: AskedLine['inputs']): AskedLine => ({
  code,
  quantity,
  ...(inputs && { inputs }),
});

const copies = (random: Random): number =>
  pickWeighted(random, [
    [1, 74],
    [2, 19],
    [3, 5],
    [4, 2],
  ]);

function residentBasket(random: Random): AskedLine[] {
  const first = pickWeighted(random, [
    ['CIT-JUM', 46],
    ['CIT-INK', 25],
    ['CIT-KOS', 18],
    ['CIT-JOK', 5],
    ['CIT-JUK', 5],
    ['CIT-JUR', 1],
  ]);
  const lines = [line(first, copies(random))];
  // For a house or a car one wants both; for an inheritance all that there is of a family.
  if (first === 'CIT-JUM' && random.chance(0.16)) lines.push(line('CIT-INK', copies(random)));
  if (first === 'CIT-KOS' && random.chance(0.22)) lines.push(line('CIT-JOK', copies(random)));
  return lines;
}

function taxBasket(day: string, random: Random): AskedLine[] {
  const isReturnSeason = day.slice(5, 7) === '02' || day.slice(5, 7) === '03';
  const code = pickWeighted(random, [
    ['TAX-KAZ', isReturnSeason ? 60 : 46],
    ['TAX-HIK', 14],
    ['TAX-NOU', isReturnSeason ? 16 : 22],
    ['TAX-HYO', 12],
    ['TAX-JUT', 5],
  ]);
  const years = pickWeighted(random, [
    [1, 76],
    [2, 16],
    [3, 8],
  ]);
  if (code === 'TAX-KAZ' || code === 'TAX-HIK') return [line(code, 1, { years })];
  if (code === 'TAX-NOU') return [line(code, 1, { taxes: random.chance(0.25) ? 2 : 1, years })];
  return [line(code, code === 'TAX-HYO' ? copies(random) : 1)];
}

function daycareBasket(day: string, random: Random): AskedLine[] {
  const isMonthBegin = Number(day.slice(8)) <= 7;
  const what = pickWeighted(random, [
    ['month', isMonthBegin ? 70 : 12],
    ['day', 40],
    ['half', 22],
    ['hours', 10],
    ['late', 28],
  ]);
  const isUnder3 = random.chance(0.55);
  if (what === 'month') {
    const hours = random.chance(0.2) ? 2 : 1;
    const care = line(isUnder3 ? 'NUR-ENC1' : 'NUR-ENC2', 1, { persons: 1, months: 1, hours });
    return isUnder3 || random.chance(0.4) ? [care] : [care, line('NUR-KYU', 1, { persons: 1, months: 1 })];
  }
  const persons = random.chance(0.12) ? 2 : 1;
  const own = { usedOn: day, persons };
  if (what === 'day') {
    const care = line(isUnder3 ? 'NUR-IT1' : 'NUR-IT3', 1, { ...own, days: 1 });
    return [care, line('NUR-KYD', 1, { ...own, days: 1 })];
  }
  if (what === 'half') return [line(isUnder3 ? 'NUR-IT2' : 'NUR-IT4', 1, { ...own, visits: 1 })];
  if (what === 'late') {
    // Who came late for the child pays the next time.
    const usedOn = shiftToBusinessDay(addDays(day, -1), 'before');
    const until = `1${8 + random.below(2)}:${random.pick(['10', '20', '40', '50'])}`;
    return [line('NUR-ENC3', 1, { usedOn, persons, from: '18:00', until })];
  }
  return [line('NUR-HR1', 1, { ...own, from: '09:00', until: random.pick(['11:00', '12:30', '14:00']) })];
}

function bicycleBasket(day: string, random: Random, nextSticker: NextSticker): AskedLine[] {
  const month = day.slice(5, 7);
  // Next year's passes are sold from mid-December on; in March everybody comes.
  const isNextYearSold = (month === '12' && day.slice(8) >= '15') || month < '04';
  const passes = month === '03' ? 62 : isNextYearSold ? 26 : 9;
  const what = pickWeighted(random, [
    ['BIK-YB', passes * 0.6],
    ['BIK-YS', passes * 0.32],
    ['BIK-YM', passes * 0.08],
    ['BIK-1B', (100 - passes) * 0.78],
    ['BIK-1M', (100 - passes) * 0.22],
  ]);
  if (what === 'BIK-1B' || what === 'BIK-1M') {
    const days = pickWeighted(random, [
      [1, 70],
      [2, 12],
      [3, 8],
      [5, 10],
    ]);
    return [line(what, 1, { days })];
  }
  const isNext = isNextYearSold && random.chance(month === '03' ? 0.96 : 0.85);
  const startMonth = isNext ? '2025-04' : day.slice(0, 7);
  const feeClass = random.chance(0.86) ? 'resident' : 'nonresident';
  return [line(what, 1, { class: feeClass, startMonth, sticker: nextSticker() })];
}

/** What costs nothing: exempted by a ground, or free for everybody. */
export function freeBasket(random: Random): { window: Window; lines: AskedLine[] } {
  const exempt = (code: string, ground: string): AskedLine => ({
    ...line(code, 1),
    exemption: { ground },
  });
  return pickWeighted<{ window: Window; lines: AskedLine[] }>(random, [
    [{ window: 'tax', lines: [line('TAX-KEI', 1)] }, 30],
    [{ window: 'resident', lines: [exempt('CIT-JUM', 'public_office')] }, 25],
    [{ window: 'resident', lines: [exempt('CIT-JUK', 'pension')] }, 25],
    [{ window: 'resident', lines: [exempt('CIT-JUM', 'welfare')] }, 14],
    [{ window: 'resident', lines: [exempt('CIT-KOS', 'koseki')] }, 6],
  ]);
}

/** Cash alone may be paid for it. */
export const CASH_ONLY: AskedLine = { code: 'CIT-MNC', quantity: 1 };

type Weighted<T> = readonly (readonly [T, number])[];

const METHODS: Readonly<Record<Window, Weighted<Method>>> = {
  resident: methods(30, 5, 34, 31),
  tax: methods(38, 6, 25, 31),
  daycare: methods(44, 7, 15, 34),
  bicycle: methods(22, 4, 44, 30),
};

/** In per cent. */
function methods(credit: number, debit: number, emoney: number, qr: number): Weighted<Method> {
  return [
    ['credit', credit],
    ['debit', debit],
    ['emoney', emoney],
    ['qr', qr],
  ];
}

const BRANDS: Readonly<Record<Method, Weighted<string>>> = {
  credit: [
    ['visa', 520],
    ['jcb', 235],
    ['mastercard', 175],
    ['amex', 40],
    ['diners', 15],
    ['unionpay', 10],
    ['discover', 5],
  ],
  debit: [
    ['visa_debit', 62],
    ['jcb_debit', 24],
    ['jdebit', 14],
  ],
  emoney: [
    ['transit_ic', 47],
    ['waon', 16],
    ['nanaco', 12],
    ['id', 10],
    ['rakuten_edy', 8],
    ['quicpay', 7],
  ],
  qr: [
    ['paypay', 63],
    ['d_barai', 11],
    ['rakuten_pay', 11],
    ['au_pay', 9],
    ['merpay', 4],
    ['alipay_plus', 1],
    ['wechat_pay', 1],
  ],
};

export interface PaidWith {
  method: Method;
  brand: string;
}

export function tenderAt(window: Window, random: Random): PaidWith {
  const method = pickWeighted(random, METHODS[window]);
  return { method, brand: pickWeighted(random, BRANDS[method]) };
}
