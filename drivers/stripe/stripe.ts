/**
 * START. Stripe Terminal, server-driven: the register asks Stripe, Stripe asks the reader, and the register looks until
 * both the payment and the reader have decided. One dialogue per file: sale.ts, refund.ts, recovery.ts, totals.ts; what a
 * look means is in truth-table.ts. See README.md.
 */
import type Stripe from 'stripe';
import { z } from 'zod';
import type { Service, ServiceDriver } from '../../src/terminal/driver.ts';
import { TerminalError, type Health, type Terminal } from '../../src/terminal/terminal.ts';
import { BRANDS_BY_METHOD, TOTALS_GRAIN } from './brands.ts';
import { ask, createClient, ONCE, type Client } from './client.ts';
import { explainResult } from './codes.ts';
import { payouts } from './payouts.ts';
import { findTransaction } from './recovery.ts';
import { giveBack } from './refund.ts';
import { sell } from './sale.ts';
import type { Session } from './session.ts';
import { TIMING, type Timing } from './timing.ts';
import { reportTotals } from './totals.ts';

const ms = (name: keyof Timing) => z.int().positive().default(TIMING[name]);

const optionsSchema = z
  .object({
    /** The reader, as Stripe numbers it (`tmr_…`); left out: the account has only one. */
    reader: z
      .string()
      .regex(/^tmr_\w+$/)
      .optional(),
    timing: z
      .object({
        requestMs: ms('requestMs'),
        pollMs: ms('pollMs'),
        longestPollMs: ms('longestPollMs'),
        silenceMs: ms('silenceMs'),
        cardMs: ms('cardMs'),
        authorisingMs: ms('authorisingMs'),
        doubtMs: ms('doubtMs'),
        stopAgainMs: ms('stopAgainMs'),
        lateMs: ms('lateMs'),
        clockMs: ms('clockMs'),
      })
      .strict()
      .prefault({}),
  })
  .strict();

export const stripe: ServiceDriver = {
  model: 'stripe',
  reach: 'service',
  nameJa: 'Stripe カードリーダー',
  brands: BRANDS_BY_METHOD,
  // Stripe takes no less in JPY (docs.stripe.com/currencies).
  minimumYen: 50,
  totals: TOTALS_GRAIN,
  awaitsAcknowledgement: false,
  remembers: 'each',
  virtual: { program: new URL('./virtual/main.ts', import.meta.url), secret: 'sk_test_virtual' },
  options: optionsSchema,
  explainResult,
  statements: payouts,
  isLiveSecret: (secret) => /^[rs]k_live_/.test(secret),
  async connect(service: Service, options: unknown): Promise<Terminal> {
    const { reader: wantedId, timing } = optionsSchema.parse(options ?? {});
    const client = await createClient(service, timing.requestMs);
    try {
      const reader = await ask(() => findReader(client, wantedId));
      return createTerminal({ client, readerId: reader.id, timing, wish: new AbortController() });
    } catch (error) {
      client.close();
      throw error;
    }
  },
};

/** The reader that is meant, standing where it takes yen. @throws TerminalError, ServiceProblem */
async function findReader(
  { stripe: api, call }: Client,
  wantedId: string | undefined,
): Promise<Stripe.Terminal.Reader> {
  const fail = (message: string): never => {
    throw new TerminalError(message, false);
  };
  const listed: readonly (Stripe.Terminal.Reader | Stripe.Terminal.DeletedReader)[] =
    wantedId === undefined
      ? (await call('list', () => api.terminal.readers.list({ limit: 100 }, ONCE))).data
      : [await call('terminal.reader', () => api.terminal.readers.retrieve(wantedId, {}, ONCE))];
  const readers = listed.filter((each): each is Stripe.Terminal.Reader => 'device_type' in each);
  const [reader] = readers;
  if (reader === undefined || readers.length > 1) {
    return fail(`${readers.length} readers: name one of them (${readers.map(({ id }) => id).join(', ')})`);
  }
  const { location } = reader;
  const locationId = typeof location === 'string' ? location : location?.id;
  if (locationId === undefined) return fail(`reader ${reader.id} stands at no location`);
  const place = await call('terminal.location', () => api.terminal.locations.retrieve(locationId, {}, ONCE));
  const country = 'address' in place ? place.address.country : undefined;
  // A reader takes its country's currency: elsewhere it would be other money.
  return country === 'JP'
    ? reader
    : fail(`reader ${reader.id} stands in ${country ?? 'no country'}, not in Japan`);
}

/**
 * Stripe says not to let `status` keep anybody from paying, so it is told and nothing else. Two minutes without a sign
 * make a reader `offline`.
 */
async function checkHealth({ client, readerId }: Session): Promise<Health> {
  const reader = await client.call('terminal.reader', () =>
    client.stripe.terminal.readers.retrieve(readerId),
  );
  const isAway = 'status' in reader && reader.status === 'offline';
  return {
    terminalId: readerId,
    ready: true,
    remedy: isAway ? 'attend' : 'none',
    status: isAway
      ? 'カードリーダーから2分以上連絡がありません。電源とネットワークを確かめてください'
      : '使えます',
  };
}

function createTerminal(session: Session): Terminal {
  const { client, readerId } = session;
  let isBusy = false;
  const closed = new Promise<void>((resolve) => {
    client.gone.addEventListener('abort', () => resolve(), { once: true });
  });
  /** A dialogue that breaks takes its connection with it: the next one begins with making sure of the reader. */
  const exclusively = async <T>(dialogue: () => Promise<T>): Promise<T> => {
    if (isBusy) throw new Error('a terminal holds one dialogue at a time');
    if (client.gone.aborted) throw new TerminalError('the connection is closed', false);
    isBusy = true;
    session.wish = new AbortController();
    try {
      return await dialogue();
    } catch (error) {
      client.close();
      throw error;
    } finally {
      isBusy = false;
    }
  };
  return {
    terminalId: readerId,
    authorizeSale: (sale, commit, onProgress, _keepText, keepReference) =>
      exclusively(() => sell(session, sale, { commit, onProgress, keepReference })),
    authorizeVoid: (order, commit, onProgress) =>
      exclusively(() => giveBack(session, order, commit, onProgress)),
    findTransaction: (inquiry) => exclusively(() => ask(() => findTransaction(session, inquiry))),
    reportTotals: () => exclusively(() => ask(() => reportTotals(session))),
    checkHealth: () => exclusively(() => ask(() => checkHealth(session))),
    abort: () => session.wish.abort(),
    closed,
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}
