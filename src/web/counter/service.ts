/** What the counter's screen asks of the service, one function per request. */
import type { Check } from '../../closing/check.ts';
import type { RecordedClosing } from '../../closing/closing.ts';
import type { ClosingState } from '../../closing/state.ts';
import type { Opening } from '../../closing/opening.ts';
import type { CountedRequest, CountedSale } from '../../counted/counted.ts';
import type { Brand, ExemptionGround, FeeSettings, FeeWindow } from '../../fees/catalogue.ts';
import type { AskedLine, PricedItem } from '../../fees/pricing.ts';
import type { StickerHistory } from '../../once/stickers.ts';
import type { SaleRequest } from '../../payments/checks.ts';
import type { Recorded } from '../../payments/lifecycle.ts';
import type { Decision, OperationEvent } from '../../payments/operation-events.ts';
import type { ReturnOption } from '../../payments/return-rules.ts';
import type { PaymentView } from '../../payments/view.ts';
import type { Support } from '../../support/support.ts';
import type { CancelReason } from '../../tickets/reasons.ts';
import type { TicketView } from '../../tickets/tickets.ts';
import type { Entry } from '../../terminal/reply.ts';
import { call, read, type Answer } from '../shared/api.ts';
import type { Session } from './session.ts';

export interface FeeList {
  version: string;
  on: string;
  settings: FeeSettings;
  grounds: ExemptionGround[];
  items: PricedItem[];
}

export const readSession = () => call<Session>('GET', '/api/session');
export const readWindows = () => read<FeeWindow[]>('/api/windows');
export const readBrands = () => read<Brand[]>('/api/brands');

export function readFees(window: string, on: string): Promise<FeeList> {
  return read(`/api/fees?${new URLSearchParams({ window, on }).toString()}`);
}

export function sendPayment(request: SaleRequest): Promise<Answer<PaymentView>> {
  return call('POST', '/api/payments', request);
}

/** Records a sale without a terminal: cash, or what costs nothing. */
export function countSale(request: CountedRequest): Promise<Answer<CountedSale>> {
  return call('POST', '/api/counted', request);
}

export const findCounted = (id: string) => call<CountedSale>('GET', `/api/counted/${encodeURIComponent(id)}`);

export function withdrawCounted(id: string): Promise<Answer<CountedSale>> {
  return call('POST', `/api/counted/${encodeURIComponent(id)}/withdraw`);
}

/** A charge ticket as it was scanned or typed. */
export const presentTicket = (text: string) => call<TicketView>('POST', '/api/tickets', { text });
export const cancelTicket = (reference: string, why: { reason: CancelReason; note: string }) =>
  call<TicketView>('POST', `/api/tickets/${encodeURIComponent(reference)}/cancel`, why);

/** `year`: fiscal year of use. */
export const readSticker = (number: string, year: number) =>
  call<StickerHistory>(
    'GET',
    `/api/stickers?${new URLSearchParams({ number, year: String(year) }).toString()}`,
  );

/** A second person's word that a line costs nothing. */
export function approveExemption(request: {
  window: string;
  code: string;
  quantity: number;
  ground: string;
  second: { number: string; pin: string };
}): Promise<Answer<{ approval: string }>> {
  return call('POST', '/api/approvals', request);
}

export function findPayment(id: string): Promise<Answer<PaymentView>> {
  return call('GET', `/api/payments/${encodeURIComponent(id)}`);
}

export function askCancel(id: string): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/cancel`);
}

/** What is on record about a payment. */
export function readHistory(id: string): Promise<Answer<Recorded<OperationEvent>[]>> {
  return call('GET', `/api/payments/${encodeURIComponent(id)}/history`);
}

export function askTerminal(id: string): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/ask`);
}

export function releaseTerminal(id: string): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/release`);
}

/** Waits for a card to be shown. */
export function readBalance(id: string): Promise<Answer<unknown>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/balance`, {}, 120_000);
}

/** Two people settle what no machine knows: the one at this screen, and the second with number and PIN. */
export function resolvePayment(
  id: string,
  resolution: {
    finding: 'approved' | 'not_charged';
    reason: string;
    second: { number: string; pin: string };
  },
): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/resolve`, resolution);
}

export function decidePayment(
  id: string,
  decided: { decision: Decision; note: string },
): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/decide`, decided);
}

/** Every way in which a sale can be given back now. */
export function readOptions(id: string): Promise<Answer<ReturnOption[]>> {
  return call('GET', `/api/payments/${encodeURIComponent(id)}/options`);
}

/** `outside` answers with the sale, the others with the void or refund. */
export function giveBack(
  id: string,
  way: 'void' | 'refund' | 'outside',
  body: object,
): Promise<Answer<PaymentView>> {
  return call('POST', `/api/payments/${encodeURIComponent(id)}/${way}`, body);
}

interface Second {
  number: string;
  pin: string;
}

/** Other items at the same total. Answers with the sale. */
export const correctItems = (
  id: string,
  body: { id: string; lines: readonly AskedLine[]; totalYen: number; note: string; second: Second },
) => call<PaymentView>('POST', `/api/payments/${encodeURIComponent(id)}/correct`, body);

/** Takes back that accounting pays something out. Answers with the sale. */
export const withdrawRefund = (id: string, refund: string, body: { note: string; second: Second }) =>
  call<PaymentView>(
    'POST',
    `/api/payments/${encodeURIComponent(id)}/outside/${encodeURIComponent(refund)}/withdraw`,
    body,
  );

/** A 取消 that was made on the terminal alone. Answers with the void. */
export const enterVoid = (id: string, body: object) =>
  call<PaymentView>('POST', `/api/payments/${encodeURIComponent(id)}/void-entry`, body);

/** A payment that the terminal took while it was used alone. */
export const enterSlip = (body: object) => call<PaymentView>('POST', '/api/entries', body);

/** The payments of a day, newest first; those that fit, where something is searched. */
export const readPayments = (date: string) =>
  call<PaymentView[]>('GET', `/api/payments?${new URLSearchParams({ date }).toString()}`);

/** The 出納員's morning: from now on today's sales may be taken. */
export function openCounter(): Promise<Answer<Opening>> {
  return call('POST', '/api/opening');
}

/** The 出納員's word that today is this date, where the computer's clock is in doubt. */
export function confirmDate(businessDate: string): Promise<Answer<unknown>> {
  return call('POST', '/api/clock', { businessDate });
}

/** A terminal that is gone takes no payment and is not asked. */
export const setAside = (terminal: string, note: string) =>
  call('POST', `/api/terminals/${encodeURIComponent(terminal)}/lost`, { note });
/** The same device is back, or another one stands in its place; that one is asked what it holds. */
export const takeBack = (terminal: string, how: 'found' | 'replaced') =>
  call('POST', `/api/terminals/${encodeURIComponent(terminal)}/${how}`, {}, 60_000);

/** What whoever helps wants to know. */
export const readSupport = () => call<Support>('GET', '/api/support');

/** Ends the log-in of this screen. */
export function signOut(): Promise<Answer<null>> {
  return call('DELETE', '/api/session');
}

/** Answers what a terminal without a link wants to know. */
export function answerPrompt(terminal: string, prompt: string, entry: Entry): Promise<Answer<unknown>> {
  const path = `/api/terminals/${encodeURIComponent(terminal)}/prompt/${encodeURIComponent(prompt)}`;
  return call('POST', path, entry);
}

/** As long as a dialogue with every terminal takes, or a clerk who keys their totals in. */
const CLOSING_WITHIN_MS = 3_600_000;

/** 点検: every terminal's totals against the record; clears nothing. */
export const checkTerminals = () => call<Check>('POST', '/api/closing/check', {}, CLOSING_WITHIN_MS);

/** 締め: reads, compares, settles and records. */
export const closeDay = (order: { businessDate: string; note: string; second?: Second }) =>
  call<RecordedClosing>('POST', '/api/closing', order, CLOSING_WITHIN_MS);

/** The newest closing, which days are open, and what nobody knows yet. */
export const readClosingState = () => call<ClosingState>('GET', '/api/closing');

/** Opens the printable slip of a day's newest closing in a window of its own. */
export function openClosingSlip(businessDate: string): void {
  window.open(`/api/closing/${encodeURIComponent(businessDate)}/slip`, '_blank', 'noopener');
}

/** Opens the printable 利用明細 of an approved payment in a window of its own. */
export function openSlip(id: string): void {
  window.open(`/api/payments/${encodeURIComponent(id)}/slip`, '_blank', 'noopener');
}
