/** A counter as a proof runs it: the real one without screens (src/counter-core.ts), with one fee, on the ports it is given. */
import {
  openCounterCore,
  type CounterCore as Counter,
  type CounterCoreOptions,
} from '../../src/counter-core.ts';
import { DEFAULT_SETTINGS, type Brand, type Catalogue } from '../../src/fees/catalogue.ts';

export type { Counter };

export const IDENTITY = { municipality: '122327', counter: '01', book: 'trial' } as const;

/** The ports, and what to do when a record could not be made. */
type CounterPorts = Pick<
  CounterCoreOptions,
  'path' | 'openFile' | 'archive' | 'terminals' | 'now' | 'onError' | 'onFatal'
>;

/** Opens the journal, connects the terminals and begins to drain. @throws JournalFault */
export function openCounter(ports: CounterPorts): Counter {
  const counter = openCounterCore({
    ...ports,
    identity: IDENTITY,
    catalogue: () => CATALOGUE,
    surveyUrl: () => null,
    secondPersonFromYen: Infinity,
  });
  counter.start();
  return counter;
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
