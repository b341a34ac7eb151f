/** What the office's screen asks of the service, one function per request. */
import type { Brand, FeeWindow } from '../../fees/catalogue.ts';
import type { FeeMaintenance, ItemVersion, Revision } from '../../fees/revision.ts';
import type { OfficePayment } from '../../payments/office.ts';
import type { OfficeOutsideRefund, Payout } from '../../payments/outside-refunds.ts';
import type { OpenMatters } from '../../payments/open-matters.ts';
import type { ReconciliationView, Waiting } from '../../reconcile/view.ts';
import type { Role, StaffView } from '../../staff/staff.ts';
import type { SurveyResult } from '../../survey/survey.ts';
import { call } from '../shared/api.ts';

export interface OfficeSession {
  book: 'trial' | 'training' | 'live';
  municipalityName: string;
  person: { number: string; name: string; roles: readonly Role[] };
  today: string;
}

export const readSession = () => call<OfficeSession>('GET', '/api/session');
/** What an administrator writes down about a person; without a PIN it stays as it is. */
export interface StaffEntry {
  nameJa: string;
  roles: readonly Role[];
  windows: readonly string[] | null;
  isActive: boolean;
  pin?: string;
}

export const readWindows = () => call<FeeWindow[]>('GET', '/api/office/windows');
export const readStaff = () => call<StaffView[]>('GET', '/api/office/staff');
export const addStaff = (number: string, entry: StaffEntry) =>
  call<StaffView>('POST', '/api/office/staff', { number, ...entry });
export const changeStaff = (number: string, entry: StaffEntry) =>
  call<StaffView>('POST', `/api/office/staff/${encodeURIComponent(number)}`, entry);
/** One's own. */
export const changePin = (pin: string, newPin: string) => call<null>('POST', '/api/pin', { pin, newPin });
export const signOut = () => call<null>('DELETE', '/api/session');

export const readFees = (on: string) =>
  call<FeeMaintenance>('GET', `/api/office/fees?${new URLSearchParams({ on }).toString()}`);
export const readFeeHistory = (code: string) =>
  call<ItemVersion[]>('GET', `/api/office/fees/${encodeURIComponent(code)}/history`);

/** What a second person types. */
export interface Second {
  number: string;
  pin: string;
}
export const reviseFee = (code: string, base: number, revision: Revision, second: Second) =>
  call<object>('POST', `/api/office/fees/${encodeURIComponent(code)}/revisions`, { base, revision, second });
export const confirmFee = (code: string, base: number, second: Second) =>
  call<object>('POST', `/api/office/fees/${encodeURIComponent(code)}/confirm`, { base, second });
/** Without a second person the file is only looked at. */
export const importFees = (text: string, second?: Second) =>
  call<{ changed: string[] }>('POST', '/api/office/fees/import', { text, ...(second && { second }) });
export const changeFeeSettings = (
  base: number,
  settings: { priceBasis: string; registrationNumbers: Record<string, string> },
  second: Second,
) => call<object>('POST', '/api/office/fees/settings', { base, ...settings, second });

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

/** What somebody has to look at, of any day. */
export const readOpen = () => call<OpenMatters>('GET', '/api/office/open');

export const searchPayments = (search: string) =>
  call<OfficePayment[]>('GET', `/api/office/payments?${new URLSearchParams({ search }).toString()}`);
export const readOutsideRefunds = () => call<OfficeOutsideRefund[]>('GET', '/api/office/outside-refunds');
export const notePayout = ({ counter, id }: OfficeOutsideRefund, payout: Payout) =>
  call<OfficeOutsideRefund[]>(
    'POST',
    `/api/office/outside-refunds/${encodeURIComponent(counter)}/${encodeURIComponent(id)}/paid`,
    payout,
  );
