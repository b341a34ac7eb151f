/** Fees and payments as the screens are told of them. */
import { priceItem, type PricedItem } from '../../src/fees/pricing.ts';
import { itemAt, TODAY } from '../fees/items.ts';
import { lineOf } from '../support/sale.ts';
import type { PaymentView } from '../../src/payments/view.ts';

export function itemOf(code: string, priceYen: number | null): PricedItem {
  return priceItem(itemAt(priceYen, { code, nameJa: code, nameEn: code }), TODAY);
}

export function paymentOf(change: Partial<PaymentView> = {}): PaymentView {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'sale',
    state: 'armed',
    amountYen: 400,
    of: null,
    returned: { amountYen: 0, pendingId: null },
    outsideYen: 0,
    outside: [],
    linesLeft: [],
    corrections: [],
    ticket: null,
    ticketUntil: null,
    byHand: false,
    toDecide: false,
    method: 'credit',
    brand: null,
    asked: null,
    window: 'resident',
    windowNameJa: '市民',
    lines: [lineOf()],
    businessDate: '2026-11-24',
    armedAt: '2026-11-24T00:42:00.000Z',
    stateAt: '2026-11-24T00:42:00.000Z',
    number: 412,
    clerk: '市民 花子',
    cancelRequested: false,
    late: false,
    decision: null,
    postedOn: '2026-11-24',
    establishedBy: null,
    contradicted: false,
    reason: null,
    resultCode: null,
    resultMessage: null,
    queries: 0,
    holdsTerminal: false,
    balanceYen: null,
    terminal: { id: 't1', terminalId: null, receiptNumber: null, approvalCode: null, brandName: null },
    surveyUrl: null,
    ...change,
  };
}
