/** Random books: what several counters may record in a year, as events, for fast-check. Seeded by it alone. */
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { PricedLine } from '../../src/fees/pricing.ts';
import type { ArmedReturn } from '../../src/payments/operation-events.ts';
import type { Method } from '../../src/terminal/terminal.ts';
import type { TestCounter } from '../support/drained.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const ITEMS = [
  ['CIT-JUM', '住民票の写し', '通', 'exempt_admin', '使用料及び手数料/手数料/総務手数料', 300],
  ['CIT-KOS', '戸籍全部・個人事項証明書', '通', 'exempt_admin', '使用料及び手数料/手数料/戸籍手数料', 450],
  ['NUR-IT1', '一時保育 3歳未満 1日', '人日', 'exempt_welfare', '使用料及び手数料/使用料/民生使用料', 2200],
  ['BIK-1B', '駐輪場 一時利用 自転車', '24時間', 'standard_10', '使用料及び手数料/使用料/土木使用料', 100],
] as const;
const WAYS = [
  ['credit', 'visa'],
  ['debit', 'jdebit'],
  ['emoney', 'transit_ic'],
  ['emoney', null],
  ['qr', 'paypay'],
] as const satisfies (readonly [Method, string | null])[];
/** Both sides of a fiscal year's end, and of a month's. */
export const DAYS = ['2026-03-30', '2026-03-31', '2026-04-01', '2026-04-30', '2026-05-01'];

const WHAT_BECAME = [
  ...(['approved', 'approved', 'approved', 'declined', 'unknown', 'armed', 'late', 'not_sent'] as const),
  ...(['voided', 'part_refunded', 'void_unknown', 'corrected', 'promised'] as const),
  ...(['cash', 'cash_withdrawn', 'nothing'] as const),
];

export interface PlannedSale {
  what: (typeof WHAT_BECAME)[number];
  lines: { item: number; quantity: number; isExempt: boolean }[];
  way: number;
  day: number;
  /** Of what follows the sale. */
  laterDay: number;
  window: string;
}

export const PLANNED_SALE: fc.Arbitrary<PlannedSale> = fc.record({
  what: fc.constantFrom(...WHAT_BECAME),
  lines: fc.array(
    fc.record({
      item: fc.nat(ITEMS.length - 1),
      quantity: fc.integer({ min: 1, max: 3 }),
      isExempt: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  way: fc.nat(WAYS.length - 1),
  day: fc.nat(DAYS.length - 1),
  laterDay: fc.nat(DAYS.length - 1),
  window: fc.constantFrom('resident', 'tax', 'bicycle'),
});

function lineOf({ item, quantity, isExempt }: PlannedSale['lines'][number]): PricedLine {
  const [code, nameJa, unit, taxCategory, revenueAccount, priceYen] = ITEMS[item] ?? ITEMS[0];
  const common = { code, nameJa, nameEn: code, unit, quantity, taxCategory, revenueAccount };
  const approver = { number: '1002', name: '出納 太郎' };
  if (!isExempt)
    return { ...common, unitPriceYen: priceYen, amountYen: priceYen * quantity, priceConfirmed: true };
  const exemption = { ground: 'welfare', groundJa: '生活保護', kind: 'reduction' as const, approval: null };
  return {
    ...{ ...common, unitPriceYen: 0, amountYen: 0, priceConfirmed: true },
    exemption: { ...exemption, approver, waivedYen: priceYen * quantity },
  };
}

const dayOf = (index: number): string => DAYS[index] ?? '2026-04-01';

/** Records a sale and what became of it. */
export function record(counter: TestCounter, planned: PlannedSale): void {
  const { what } = planned;
  const [first, ...rest] = planned.lines;
  if (first === undefined) return;
  // Something has to be charged on a terminal and in cash, and nothing where nothing is paid.
  const lines = [{ ...first, isExempt: what === 'nothing' }, ...rest].map((line) =>
    lineOf(what === 'nothing' ? { ...line, isExempt: true } : line),
  );
  if (what === 'cash' || what === 'cash_withdrawn' || what === 'nothing') countSale(counter, planned, lines);
  else sell(counter, planned, lines);
}

const sumYen = (lines: readonly { amountYen: number }[]): number =>
  lines.reduce((sum, { amountYen }) => sum + amountYen, 0);

function countSale({ journal }: TestCounter, planned: PlannedSale, lines: PricedLine[]): void {
  const id = randomUUID();
  journal.append('counted', id, {
    tender: planned.what === 'nothing' ? 'nothing' : 'cash',
    window: planned.window,
    windowNameJa: planned.window,
    lines,
    amountYen: sumYen(lines),
    businessDate: dayOf(planned.day),
    catalogueVersion: 'test',
    clerk: '市民 花子',
    requestHash: 'test',
  });
  if (planned.what === 'cash_withdrawn')
    journal.append('counted_withdrawn', id, { clerk: '市民 花子', clerkNumber: '1001' });
}

function sell(counter: TestCounter, planned: PlannedSale, lines: PricedLine[]): void {
  const { what, window } = planned;
  const [method, brand] = WAYS[planned.way] ?? WAYS[0];
  const amountYen = sumYen(lines);
  const id = randomUUID();
  const common = { window, windowNameJa: window, method, brand };
  counter.record(id, {
    type: 'armed',
    payload: armedSale({ ...common, lines, amountYen, businessDate: dayOf(planned.day) }),
  });
  const answer = answerOf(what === 'declined' ? 'declined' : 'approved', { amountYen, method, brand });
  if (what === 'armed') return;
  if (what === 'not_sent') {
    counter.record(id, { type: 'ended', payload: { kind: 'not_sent', reason: 'the line is gone' } });
    return;
  }
  if (what === 'unknown' || what === 'late') {
    counter.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
    if (what === 'late')
      counter.record(id, {
        type: 'evidence',
        payload: { source: 'terminal_query', finding: 'approved', reason: 'found', answer },
      });
    return;
  }
  counter.record(id, { type: 'answer', payload: { answer, refused: null } });
  counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
  follow(counter, planned, { id, common, lines, amountYen });
}

function follow(
  counter: TestCounter,
  { what, laterDay }: PlannedSale,
  sale: { id: string; common: Partial<ArmedReturn>; lines: PricedLine[]; amountYen: number },
): void {
  const businessDate = dayOf(laterDay);
  const placed = sale.lines.map((line, index) => ({ ...line, position: index + 1 }));
  if (what === 'voided' || what === 'void_unknown' || what === 'part_refunded') {
    const back = what === 'part_refunded' ? placed.slice(0, 1) : placed;
    const id = randomUUID();
    const kind = what === 'part_refunded' ? 'refund' : 'void';
    const amountYen = sumYen(back);
    const change = { ...sale.common, kind, lines: back, amountYen, businessDate } as const;
    counter.record(id, { type: 'armed', payload: armedVoid(sale.id, change) });
    if (what === 'void_unknown') {
      counter.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
      return;
    }
    const { method = 'credit', brand = null } = sale.common;
    const answer = answerOf('approved', { amountYen, method, brand });
    counter.record(id, { type: 'answer', payload: { answer, refused: null } });
    counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
  }
  const signed = { id: randomUUID(), clerk: '市民 花子', clerkNumber: '1001', note: 'x', businessDate };
  const confirmedBy = { clerk: '出納 太郎', clerkNumber: '1002' };
  if (what === 'corrected') {
    // The same total on another account: the price is made to fit.
    const lines = sale.lines.map((line) =>
      line.amountYen === 0
        ? line
        : { ...line, code: 'TAX-KAZ', nameJa: '課税証明書', revenueAccount: '税/証明' },
    );
    const payload = { ...signed, replaced: sale.lines, lines, confirmedBy, requestHash: 'test' };
    counter.record(sale.id, { type: 'corrected', payload });
  }
  if (what === 'promised') {
    const payload = {
      ...signed,
      lines: placed,
      amountYen: sale.amountYen,
      reason: 'other' as const,
      confirmedBy,
    };
    counter.record(sale.id, { type: 'refund_requested', payload: { ...payload, requestHash: 'test' } });
  }
}
