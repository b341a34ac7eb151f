/**
 * What takes money at a counter and keeps the record of it, without screens: journal, drain, terminals, payments and
 * counted sales. The counter role puts its screens before it; the proofs run it on ports of their own.
 */
import { createOpeningDesk, type OpeningDesk } from './closing/opening.ts';
import { createCountedSales, type CountedSales } from './counted/counted.ts';
import { projectCounted } from './counted/projection.ts';
import type { BeforeSale } from './fees/basket.ts';
import type { Archive, Project } from './journal/archive.ts';
import { createDrain, keepDraining, type Drain } from './journal/drain.ts';
import { openJournal, type Journal, type JournalIdentity, type OpenFile } from './journal/journal.ts';
import { createStopMark } from './journal/stopped.ts';
import { createLive, type Live, type RecordStatus } from './live.ts';
import { approversIn, type ApproversFor } from './payments/approvals.ts';
import { projectOnce } from './once/projection.ts';
import { createPayments, type Payments, type PaymentsOptions } from './payments/payments.ts';
import { projectPayments } from './payments/projection.ts';
import { projectTickets } from './tickets/projection.ts';

export interface CounterCoreOptions extends Pick<
  PaymentsOptions,
  'terminals' | 'catalogue' | 'now' | 'surveyUrl' | 'secondPersonFromYen' | 'onError' | 'onFatal'
> {
  /** The journal's file. */
  path: string;
  identity: JournalIdentity;
  /** The other side of the drain. */
  archive: Archive;
  /** Left out: the file itself. */
  openFile?: OpenFile;
  /** Left out: no line of a sale settles anything elsewhere. */
  beforeSale?: BeforeSale;
  /** Left out: nothing is sold only once. */
  once?: PaymentsOptions['once'];
  /** Left out: accounting has paid nothing out. */
  endPromise?: PaymentsOptions['endPromise'];
}

export interface CounterCore {
  journal: Journal;
  live: Live;
  drain: Drain;
  /** As it counts for this counter. */
  recordStatus: () => RecordStatus;
  opening: OpeningDesk;
  payments: Payments;
  counted: CountedSales;
  /** Connects the terminals and begins to drain. */
  start(): void;
  stop(): Promise<void>;
}

const NOTHING_ELSEWHERE: Pick<PaymentsOptions, 'beforeSale' | 'endPromise' | 'once'> = {
  beforeSale: () => undefined,
  once: {
    markFor: () => ({}),
    keysOf: () => ({}),
    reserve: () => Promise.resolve(),
    inTurn: (_sale, act) => act(),
  },
  endPromise: () => Promise.resolve(),
};

/** Opens the journal; nothing is spoken to before `start`. @throws JournalFault */
export function openCounterCore(options: CounterCoreOptions): CounterCore {
  const { now, catalogue, onError, beforeSale, once } = { ...NOTHING_ELSEWHERE, ...options };
  const journal = openJournal(options.path, options.identity, now, options.openFile);
  if (journal.head.sequence === 0) journal.append('journal_opened', null, { book: journal.book });
  const live = createLive();
  const mark = createStopMark(journal);
  const drain = createDrain({
    journal,
    archive: options.archive,
    now,
    onStatus(status) {
      mark.note(status);
      live.publish('record', mark.statusOf(status));
    },
    onError: (error) => onError('drain', error),
  });
  const recordStatus = (): RecordStatus => mark.statusOf(drain.status);
  const opening = createOpeningDesk(journal, now);
  const isUsed = (approval: string): boolean =>
    payments.usesApproval(approval) || counted.usesApproval(approval);
  const approversFor: ApproversFor = (sale) =>
    approversIn({ journal, catalogue: catalogue(), ...sale, isUsed });
  const sales = { journal, now, catalogue, approversFor, beforeSale, once };
  const payments: Payments = createPayments({
    ...NOTHING_ELSEWHERE,
    ...options,
    live,
    isRecordStopped: () => recordStatus().state === 'stopped',
    isOpen: () => opening.isOpen(),
    ...sales,
  });
  const counted = createCountedSales({
    refuseNow: () => payments.refuseNow(),
    ...sales,
    onCounted: (sale) => live.publish('counted', sale),
  });
  return {
    journal,
    live,
    drain,
    recordStatus,
    opening,
    payments,
    counted,
    start() {
      payments.start();
      keepDraining(journal, drain);
    },
    stop: () => stopAll(payments, drain, journal),
  };
}

/** In reverse order: nothing is recorded after the journal is closed. */
async function stopAll(payments: Payments, drain: Drain, journal: Journal): Promise<void> {
  await payments.stop();
  await drain.stop();
  journal.close();
}

/** A drained operation is a payment, was counted without a terminal, or is a charge ticket, which the others use up. */
export const projectOperations: Project = async (trx, key, operationIds) => {
  await projectPayments(trx, key, operationIds);
  await projectCounted(trx, key, operationIds);
  await projectTickets(trx, key, operationIds);
  await projectOnce(trx, key, operationIds);
};
