/** What the office's screen asks of the service, one function per request. */
import type { Book } from '../../book.ts';
import type { TenderCount } from '../../counted/share.ts';
import type { CounterClosing } from '../../closing/office.ts';
import type { Brand, Entry, EntryKind, FeeSettings, FeeWindow, TableKind } from '../../fees/catalogue.ts';
import type {
  DraftRevision,
  EntryVersion,
  FeeDraft,
  FeeMaintenance,
  LookedFile,
} from '../../fees/revision.ts';
import type { OnceMatters } from '../../once/office.ts';
import type { StickerHistory } from '../../once/stickers.ts';
import type { OfficePayment } from '../../payments/office.ts';
import type { OfficeOutsideRefund, Payout } from '../../payments/outside-refunds.ts';
import type { OpenMatters } from '../../payments/open-matters.ts';
import type { Acquirer } from '../../reconcile/books/acquirer.ts';
import type { BooksView } from '../../reconcile/books/view.ts';
import type { Reference, Whom } from '../../reconcile/desk/case.ts';
import type { ReasonCode } from '../../reconcile/desk/reasons.ts';
import type { CaseDetail, DeskView } from '../../reconcile/desk/view.ts';
import type { RecordedDays } from '../../reports/view.ts';
import type { MorningView } from '../../reconcile/morning.ts';
import type { AskedLook, StatementFormat } from '../../reconcile/statements/format.ts';
import type {
  AcquirerView,
  FetchOutcome,
  FileLineView,
  FileLook,
  FormatPreview,
  FormatView,
  ImportProgress,
  StatementFileView,
  StatementsView,
} from '../../reconcile/statements/view.ts';
import type { ReconciliationView, Waiting } from '../../reconcile/view.ts';
import type { Role, StaffVersion, StaffView } from '../../staff/staff.ts';
import type { SurveyResult } from '../../survey/survey.ts';
import type { OfficeTicket } from '../../tickets/office.ts';
import { call } from '../shared/api.ts';

export interface OfficeSession {
  book: Book;
  /** Nothing in this book has happened: what it shows instead; null: it is no demo data. */
  demo: string | null;
  municipalityName: string;
  person: { number: string; name: string; roles: readonly Role[] };
  today: string;
  /** Today, or the last day before it on which anything was recorded: where a page begins. */
  newestDay: string;
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
export const releaseLock = (number: string) =>
  call<null>('POST', `/api/office/staff/${encodeURIComponent(number)}/release`, {});
export const readStaffHistory = (number: string) =>
  call<StaffVersion[]>('GET', `/api/office/staff/${encodeURIComponent(number)}/history`);
/** One's own. */
export const changePin = (pin: string, newPin: string) => call<null>('POST', '/api/pin', { pin, newPin });
export const signOut = () => call<null>('DELETE', '/api/session');

/** What a second person types. */
export interface Second {
  number: string;
  pin: string;
}
export const readFees = (on: string) =>
  call<FeeMaintenance>('GET', `/api/office/fees?${new URLSearchParams({ on }).toString()}`);
export const reviseFees = (revisions: readonly DraftRevision[], second: Second) =>
  call<object>('POST', '/api/office/fees/revisions', { revisions, second });
/** What nobody has published yet; in the place of version `base`. */
export const readFeeDraft = () => call<FeeDraft>('GET', '/api/office/fees/draft');
export const saveFeeDraft = (base: number, revisions: readonly DraftRevision[]) =>
  call<FeeDraft>('POST', '/api/office/fees/draft', { base, revisions });
export const confirmFees = (items: readonly { code: string; base: number }[], second: Second) =>
  call<object>('POST', '/api/office/fees/confirmations', { items, second });
export const changeFeeSettings = (
  change: { base: number; reason: string; settings: FeeSettings },
  second: Second,
) => {
  const { settings, ...rest } = change;
  return call<object>('POST', '/api/office/fees/settings', { ...rest, ...settings, second });
};

export const readEntries = <Kind extends TableKind>(kind: Kind) =>
  call<Entry<Kind>[]>('GET', `/api/office/entries/${kind}`);
export const fileOf = (kind: TableKind): string => `/api/office/entries/${kind}/csv`;
export const readHistory = <Kind extends EntryKind>(kind: Kind, code: string) =>
  call<EntryVersion<Kind>[]>('GET', `/api/office/entries/${kind}/${encodeURIComponent(code)}/history`);
export const lookAtFile = (kind: TableKind, text: string) =>
  call<LookedFile>('POST', `/api/office/entries/${kind}/look`, { text });
export const importFile = (kind: TableKind, file: { text: string; reason: string }, second: Second) =>
  call<{ changed: string[] }>('POST', `/api/office/entries/${kind}/import`, { ...file, second });
export const changeEntry = (
  kind: Exclude<TableKind, 'item'>,
  change: { base: number; reason: string; definition: object },
  second: Second,
) => call<object>('POST', `/api/office/entries/${kind}`, { ...change, second });

/** Both days included. */
export const readTenders = (from: string, until: string) =>
  call<TenderCount[]>('GET', `/api/office/tenders?${new URLSearchParams({ from, until }).toString()}`);

export const readBrands = () => call<Brand[]>('GET', '/api/office/brands');
/** The newest ones. */
export const readReconciliations = (limit: number) =>
  call<ReconciliationView[]>('GET', `/api/office/reconciliations?limit=${String(limit)}`);
export const readClosings = (date: string) =>
  call<CounterClosing[]>('GET', `/api/office/closings/${encodeURIComponent(date)}`);
export const findDays = (from: string, until: string) =>
  call<RecordedDays>('GET', `/api/office/reports/days?${new URLSearchParams({ from, until }).toString()}`);
/** Null: the last day before today on which something was taken. */
export const readMorning = (day: string | null) =>
  call<MorningView>('GET', `/api/office/morning${day === null ? '' : `?day=${day}`}`);

/** So many of each at most, of those that the search finds; the answer says how many there are. */
export const readDesk = ({ open, closed }: { open: number; closed: number }, search: string) =>
  call<DeskView>(
    'GET',
    `/api/office/cases?open=${String(open)}&closed=${String(closed)}&search=${encodeURIComponent(search)}`,
  );
export const readCase = (caseId: number) => call<CaseDetail>('GET', `/api/office/cases/${String(caseId)}`);
/** What is done at a case; the service refuses it if the case has changed since it was read. */
export type CaseAct =
  | { act: 'assign'; to: string | null }
  | { act: 'comment' | 'withdraw'; text: string }
  | { act: 'unpair'; text: string; second: Second }
  | { act: 'ask'; whom: Whom; text: string }
  | { act: 'evidence'; text: string; references: Reference[] }
  | {
      act: 'propose';
      reason: ReasonCode;
      note: string;
      until?: string;
      pair?: { counter: string; operationId: string; lineId: number };
      second?: Second;
    }
  | { act: 'confirm'; second?: Second };
export const actOnCase = ({ caseId, number }: CaseDetail, act: CaseAct) =>
  call<CaseDetail>('POST', `/api/office/cases/${String(caseId)}/acts`, { base: number, ...act }, 60_000);
export const readAcquirerHistory = ({ counter, code }: Acquirer) =>
  call<AcquirerView[]>(
    'GET',
    `/api/office/statements/acquirers/${encodeURIComponent(counter)}/${code}/history`,
  );
export const declareAcquirer = (
  change: { base: number; reason: string; definition: Acquirer },
  second: Second,
) => call<object>('POST', '/api/office/statements/acquirers', { ...change, second });
export const readSurvey = () => call<SurveyResult>('GET', '/api/office/survey');
export const readPayments = (date: string) =>
  call<OfficePayment[]>('GET', `/api/office/payments?${new URLSearchParams({ date }).toString()}`);

export const readTickets = (date: string) =>
  call<OfficeTicket[]>('GET', `/api/office/tickets?${new URLSearchParams({ date }).toString()}`);

/** What is doubled, or kept by a counter that has fallen silent. */
export const readOnce = () => call<OnceMatters>('GET', '/api/office/once');
export const decideOnce = (what: 'release' | 'settle', key: string, note: string) =>
  call<OnceMatters>('POST', `/api/office/once/${what}`, { key, note });
/** `year`: fiscal year of use. */
export const readSticker = (number: string, year: number) =>
  call<StickerHistory>(
    'GET',
    `/api/office/stickers?${new URLSearchParams({ number, year: String(year) }).toString()}`,
  );

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

export const readStatements = () => call<StatementsView>('GET', '/api/office/statements');
export const readBooks = () => call<BooksView>('GET', '/api/office/books');
export const readFileLines = (fileId: number, from: number) =>
  call<FileLineView[]>('GET', `/api/office/statements/files/${String(fileId)}/lines?from=${String(from)}`);
export const readUpload = (upload: string) =>
  call<ImportProgress>('GET', `/api/office/statements/uploads/${upload}`);

export interface Uploaded {
  kind: 'imported' | 'refused' | 'duplicate';
  file: StatementFileView;
  /** False: comparing failed, and is tried again. */
  isCompared: boolean;
}
/** A large file takes its time; `readUpload` says how far it is. */
export const uploadStatement = (format: string, upload: string, file: File) =>
  call<Uploaded>(
    'POST',
    `/api/office/statements/files?${new URLSearchParams({ format, upload, name: file.name }).toString()}`,
    file,
    300_000,
  );
/** The file is read by a definition that is not stored; nothing is changed. */
export const previewFormat = (definition: StatementFormat, file: File) =>
  call<FormatPreview>(
    'POST',
    '/api/office/statements/preview',
    new Blob([`${JSON.stringify(definition)}\n`, file]),
    60_000,
  );
/** From the provider's service, now. */
export const fetchStatements = () => call<FetchOutcome>('POST', '/api/office/statements/fetch', {}, 300_000);
/** The file as it stands, and what it may mean; nothing is changed. */
export const lookAtStatement = (look: AskedLook, file: File) =>
  call<FileLook>(
    'POST',
    '/api/office/statements/look',
    new Blob([`${JSON.stringify(look)}\n`, file]),
    60_000,
  );
export const declareFormat = (
  change: { base: number; reason: string; definition: StatementFormat },
  second: Second,
) => call<object>('POST', '/api/office/statements/formats', { ...change, second });
export const readFormatHistory = (code: string) =>
  call<FormatView[]>('GET', `/api/office/statements/formats/${encodeURIComponent(code)}/history`);
export const matchBooks = () => call<{ changed: number }>('POST', '/api/office/books/match', {}, 60_000);
