/** Opens the daycare window's day: its file, what its stays' sales have become, and whom it tells. */
import { join } from 'node:path';
import type { CountedSale } from '../counted/counted.ts';
import type { PaymentView } from '../payments/view.ts';
import { createStays, type SaleState, type Stays, type StaysOptions } from './daycare.ts';
import { openStayStore, type StayStore } from './store.ts';
import type { Live } from '../live.ts';

export interface DaycareOptions extends Pick<StaysOptions, 'journal' | 'catalogue' | 'now'> {
  dataDir: string;
  live: Live;
  payments: { find: (id: string) => PaymentView | undefined };
  counted: { find: (id: string) => CountedSale | undefined };
  onError: (what: string, error: unknown) => void;
}

/** A list that can't be opened stops no sale: the window's fees are still there. */
export function openDaycare(options: DaycareOptions): Stays {
  const { live, payments, counted } = options;
  const store = tryOpening(options);
  const stays = createStays({
    ...options,
    store,
    saleState: (id) => saleStateOf(payments.find(id), counted.find(id)),
    onChange: (status) => live.publish('daycare', status),
  });
  eraseLeftovers(stays, options);
  live.subscribe((name, value) => {
    if (name === 'payment') stays.saleChanged((value as PaymentView).id);
    if (name === 'counted') stays.saleChanged((value as CountedSale).id);
  });
  return stays;
}

function tryOpening({ dataDir, onError }: DaycareOptions): StayStore | undefined {
  try {
    const store = openStayStore(join(dataDir, 'daycare.sqlite'));
    // A file that opens and can't be read is no better.
    store.all();
    return store;
  } catch (error) {
    onError('the list of the daycare window can not be used', error);
    return undefined;
  }
}

/** What a forgotten closing has left; a disk that refuses now will be asked again with the first look at the list. */
function eraseLeftovers(stays: Stays, { onError }: DaycareOptions): void {
  try {
    stays.list();
  } catch (error) {
    onError('labels of an earlier day could not be erased', error);
  }
}

/** What was given back as a whole, or taken back, was not paid; what nobody knows may be. */
function saleStateOf(payment: PaymentView | undefined, counted: CountedSale | undefined): SaleState {
  if (counted !== undefined) return counted.withdrawn === null ? 'paid' : 'none';
  if (payment?.state === 'armed') return 'paying';
  if (payment?.state === 'unknown') return 'unknown';
  return payment?.state === 'approved' && payment.linesLeft.some(({ amountYen }) => amountYen > 0)
    ? 'paid'
    : 'none';
}
