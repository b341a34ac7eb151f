/** What the office's screen asks of the service, one function per request. */
import type { Brand } from '../../fees/catalogue.ts';
import type { OfficePayment } from '../../payments/office.ts';
import type { ReconciliationView, Waiting } from '../../reconcile/view.ts';
import type { SurveyResult } from '../../survey/survey.ts';
import { call } from '../shared/api.ts';

export interface OfficeSession {
  book: 'trial' | 'training' | 'live';
  municipalityName: string;
  person: { name: string };
  today: string;
}

export const readSession = () => call<OfficeSession>('GET', '/api/session');
export const readBrands = () => call<Brand[]>('GET', '/api/office/brands');
export const readReconciliations = () =>
  call<ReconciliationView[]>('GET', '/api/office/reconciliations?limit=60');
export const readWaiting = () => call<Waiting[]>('GET', '/api/office/waiting');
export const readSurvey = () => call<SurveyResult>('GET', '/api/office/survey');
export const readPayments = (date: string) =>
  call<OfficePayment[]>('GET', `/api/office/payments?${new URLSearchParams({ date }).toString()}`);

/** Everything that is due, now; `waiting` is what can't be compared yet, and why. */
export const reconcileNow = () =>
  call<{ reconciled: number; waiting: Waiting[] }>('POST', '/api/office/reconcile', {}, 60_000);
