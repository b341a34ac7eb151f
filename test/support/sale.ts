/** Plausible parts of a sale for tests of pure functions. */
import type { PricedLine } from '../../src/fees/pricing.ts';
import type { ArmedReturn, ArmedSale } from '../../src/payments/operation-events.ts';
import type { TerminalAnswer, Verdict } from '../../src/terminal/terminal.ts';

export function lineOf(change: Partial<PricedLine> = {}): PricedLine {
  return {
    code: 'CIT-JUM',
    nameJa: '住民票の写し',
    nameEn: 'Copy of residence certificate',
    unit: '通',
    quantity: 1,
    unitPriceYen: 400,
    amountYen: 400,
    taxCategory: 'exempt_admin',
    revenueAccount: '使用料及び手数料/手数料/総務手数料',
    priceConfirmed: true,
    ...change,
  };
}

export function armedSale(change: Partial<ArmedSale> = {}): ArmedSale {
  return {
    kind: 'sale',
    terminal: '1',
    terminalId: '52500041',
    window: 'resident',
    windowNameJa: '市民',
    lines: [lineOf({ priceConfirmed: false })],
    amountYen: 400,
    method: 'credit',
    brand: null,
    businessDate: '2026-11-24',
    catalogueVersion: 'test',
    clerk: '市民 花子',
    requestHash: 'test',
    ...change,
  };
}

/** The void of `armedSale`, as a whole. */
export function armedVoid(of: string, change: Partial<ArmedReturn> = {}): ArmedReturn {
  const sale = armedSale();
  return {
    ...sale,
    kind: 'void',
    of,
    lines: sale.lines.map((line, index) => ({ ...line, position: index + 1 })),
    reason: 'wrong_item',
    note: '',
    confirmedBy: null,
    ...change,
  };
}

export function answerOf(verdict: Verdict, change: Partial<TerminalAnswer> = {}): TerminalAnswer {
  return {
    verdict,
    resultCode: verdict === 'approved' ? '00' : '05',
    amountYen: 400,
    currency: '392',
    method: 'credit',
    brand: 'visa',
    brandName: 'VISA',
    terminalId: '52500041',
    receiptNumber: '0001',
    traceNumber: '000001',
    approvalCode: '839201',
    terminalTime: '11-24T09:42:00',
    raw: '040f',
    ...change,
  };
}
