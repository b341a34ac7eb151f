/** What a counter sells only once, put together: its own record, the city's, and the charge tickets. */
import type { Kysely } from 'kysely';
import { businessDateOf } from './business-date.ts';
import type { Config } from './config.ts';
import type { CounterCore } from './counter-core.ts';
import type { Database } from './db/schema.ts';
import type { Catalogue } from './fees/catalogue.ts';
import { createCityClaims } from './once/city.ts';
import { createOnce, type Holder, type Once } from './once/once.ts';
import type { PaymentView } from './payments/view.ts';
import { ensureTrialKey, readTicketKeys } from './tickets/keys.ts';
import type { TicketUse } from './tickets/state.ts';
import { createTickets, type Tickets } from './tickets/tickets.ts';

type Sold = Pick<CounterCore, 'payments' | 'counted'>;

interface OnceParts extends Sold, Pick<CounterCore, 'journal' | 'drain'> {
  config: Config;
  db: Kysely<Database>;
  catalogue: () => Catalogue;
  now: () => Date;
  onError: (what: string, error: unknown) => void;
}

export function openOnce(parts: OnceParts): { once: Once; tickets: Tickets } {
  const { config, db, journal, catalogue, drain } = parts;
  if (config.book !== 'live') ensureTrialKey(config.ticketKeys);
  const today = (): string => businessDateOf(parts.now());
  const city = createCityClaims({
    db,
    municipality: config.municipality.code,
    counter: config.counter.id,
    isReachable: () => drain.status.state !== 'offline',
    onError: (error) => parts.onError('the city could not be asked what is sold already', error),
  });
  const once = createOnce({
    ...{ journal, catalogue, city, today },
    findHolder: (id) => holderOf(parts, id),
    ticketOf: (text, sale, businessDate) => tickets.markOf(text, sale, businessDate),
  });
  const tickets = createTickets({
    ...{ journal, catalogue, city, today },
    keys: readTicketKeys(config.ticketKeys),
    counter: config.counter.id,
    usesOf: (key) =>
      once.holders(key).flatMap((holder) => {
        const use = useOf(parts, holder.id);
        return use === undefined ? [] : [{ ...holder, use }];
      }),
    refuseNow: () => parts.payments.refuseNow(),
  });
  return { once, tickets };
}

/** A sale that carries something sold once, as it stands now. */
function holderOf({ payments, counted }: Sold, id: string): Holder | undefined {
  const payment = payments.find(id);
  if (payment !== undefined) {
    const { number, businessDate } = payment;
    return { id, number, businessDate, state: standingOf(payment) };
  }
  const sale = counted.find(id);
  if (sale === undefined) return undefined;
  const { number, businessDate, withdrawn } = sale;
  return { id, number, businessDate, state: withdrawn === null ? 'used' : 'free' };
}

function standingOf({ state, amountYen, returned }: PaymentView): Holder['state'] {
  if (state === 'armed' || state === 'unknown') return 'held';
  if (state !== 'approved') return 'free';
  return returned.amountYen >= amountYen ? 'undone' : 'used';
}

function useOf({ payments, counted }: Sold, id: string): TicketUse | undefined {
  const payment = payments.find(id);
  if (payment !== undefined) return { kind: 'payment', state: payment.state, sequence: payment.number };
  const sale = counted.find(id);
  return (
    sale && {
      kind: 'counted',
      tender: sale.tender,
      isWithdrawn: sale.withdrawn !== null,
      sequence: sale.number,
    }
  );
}
