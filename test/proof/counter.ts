/**
 * A counter as `src/counter-role.ts` puts it together, without screens: the same journal, payments and drain, on the
 * ports that it is given.
 */
import { DEFAULT_SETTINGS, type Brand, type Catalogue } from '../../src/fees/catalogue.ts';
import { NOBODY } from '../../src/fees/pricing.ts';
import type { Archive } from '../../src/journal/archive.ts';
import { createDrain, type Drain } from '../../src/journal/drain.ts';
import { openJournal, type Journal, type OpenSqlite } from '../../src/journal/journal.ts';
import { createLive, type Live } from '../../src/live.ts';
import { createPayments, type Payments } from '../../src/payments/payments.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';

export interface CounterPorts {
  path: string;
  openSqlite: OpenSqlite;
  archive: Archive;
  terminals: readonly TerminalSetup[];
  now: () => Date;
  onError: (what: string, error: unknown) => void;
  /** A record could not be made: the process has to end at once. */
  onFatal: (error: unknown) => void;
}

export interface Counter {
  journal: Journal;
  payments: Payments;
  drain: Drain;
  live: Live;
}

export const IDENTITY = { municipality: '122327', counter: '01', book: 'trial' } as const;

/** Opens the journal, connects the terminals and begins to drain. @throws JournalFault */
export function openCounter({ archive, now, onError, onFatal, ...ports }: CounterPorts): Counter {
  const journal = openJournal(ports.path, IDENTITY, now, ports.openSqlite);
  if (journal.head.sequence === 0) journal.append('journal_opened', null, { book: IDENTITY.book });
  const live = createLive();
  const drain = createDrain({
    journal,
    archive,
    onStatus: (status) => live.publish('record', status),
    onError: (error) => onError('drain', error),
  });
  const payments: Payments = createPayments({
    journal,
    terminals: ports.terminals,
    catalogue: () => CATALOGUE,
    live,
    now,
    surveyUrl: () => null,
    isRecordStopped: () => drain.status.state === 'stopped',
    isOpen: () => true,
    approversFor: () => NOBODY,
    secondPersonFromYen: Infinity,
    onRecorded: () => drain.wake(),
    onError,
    onFatal,
  });
  payments.start();
  drain.wake();
  return { journal, payments, drain, live };
}

export const PRICE_YEN = 100;

/** One fee; how many of it makes the amount. */
export const CATALOGUE: Catalogue = {
  version: 'proof',
  windows: [{ code: 'resident', nameJa: '市民', nameEn: 'Residents' }],
  items: [
    {
      code: 'FEE',
      window: 'resident',
      nameJa: '手数料',
      nameEn: 'Fee',
      unit: '件',
      unitRule: 'per_copy',
      terms: {},
      classes: [],
      taxCategory: 'exempt_admin',
      revenueAccount: '使用料及び手数料/手数料/総務手数料',
      account: 'general',
      cashless: true,
      prices: [
        {
          class: null,
          from: null,
          priceYen: PRICE_YEN,
          startMonths: null,
          status: 'sample',
          source: 'proof',
        },
      ],
    },
  ],
  brands: [brand('visa', 'credit', 'void_or_refund'), ...['waon', 'nanaco', 'id'].map((code) => brand(code))],
  grounds: [],
  settings: DEFAULT_SETTINGS,
};

function brand(code: string, method: Brand['method'] = 'emoney', cancelRule = 'never'): Brand {
  const names = { code, method, nameJa: code, nameEn: code, unknownRule: '' };
  return {
    ...names,
    ceilingYen: null,
    cancelRule,
    cancelDays: null,
    sameTerminal: true,
    lastOnly: false,
    offers: [],
  };
}
