/**
 * ZVT, the register interface of German-speaking countries (PA00P015 rev 13.08, PA00P016 rev 04), with a Japanese
 * brand profile of ours. This is the reference driver: read it before you write another.
 */
import { z } from 'zod';
import type { OpenPort } from '../../src/terminal/port.ts';
import {
  TerminalError,
  type Driver,
  type Health,
  type Terminal,
  type TerminalTotals,
} from '../../src/terminal/terminal.ts';
import { BRANDS, TOTALS_GRAIN } from './brands.ts';
import { BUSY_STATUS, explainResult, explainStatus } from './codes.ts';
import { exchange, type Exchange, type Session } from './dialogue.ts';
import { createLink } from './link.ts';
import { JPY, readRegistered, readTotals, registration, turnoverTotals } from './messages.ts';
import { findTransaction, readStatus, stopWhatRuns } from './recovery.ts';
import { authorizeSale, type AbortWish } from './sale.ts';
import { TIMING } from './timing.ts';
import { traceLine } from './trace.ts';

const optionsSchema = z
  .object({
    /** Register password, six digits (§2.1). */
    password: z
      .string()
      .regex(/^\d{6}$/)
      .default('000000'),
    /** The terminal that must answer, eight hex digits as it names itself; unset: any. */
    terminalId: z
      .string()
      .regex(/^[0-9a-f]{8}$/i)
      .optional(),
    t3Ms: z.int().positive().default(TIMING.t3Ms),
    t4Ms: z.int().positive().default(TIMING.t4Ms),
  })
  .strict();

export const zvt: Driver = {
  model: 'zvt',
  nameJa: 'ZVT 端末',
  brands: BRANDS,
  totals: TOTALS_GRAIN,
  remembers: 'last',
  virtual: { program: new URL('./virtual/main.ts', import.meta.url) },
  options: optionsSchema,
  explainResult,
  trace: traceLine,
  async connect(openPort: OpenPort, options: unknown): Promise<Terminal> {
    const { terminalId: expectedId, ...settings } = optionsSchema.parse(options ?? {});
    const session: Session = {
      link: createLink(await openPort()),
      ...settings,
    };
    try {
      const terminalId = await register(session);
      if (expectedId !== undefined && terminalId?.toLowerCase() !== expectedId.toLowerCase()) {
        throw new TerminalError(`terminal ${terminalId ?? '?'} answers, ${expectedId} was expected`, false);
      }
      return createTerminal(session, terminalId);
    } catch (error) {
      await session.link.close();
      throw error;
    }
  },
};

/**
 * Registration (§2.1). A payment that still runs there has lost its register: it is wished to stop, so that nothing
 * is taken that nobody records. @returns the terminal's id, where it tells. @throws TerminalError
 */
async function register(session: Session): Promise<string | null> {
  const command = registration(session.password);
  let registered = await exchange(session, command, false);
  if (registered.kind !== 'completed' && registered.resultCode === BUSY_STATUS) {
    await stopWhatRuns(session);
    registered = await exchange(session, command, false);
  }
  const { completion } = completed(registered, 'registration');
  const { terminalId, currency } = readRegistered(completion);
  if (currency !== null && currency !== JPY) {
    throw new TerminalError(`the terminal is set to currency ${currency}, not to yen`, false);
  }
  return terminalId;
}

/** Send turnover totals (§2.43); they stay as they are. @throws TerminalError */
async function reportTotals(session: Session, terminalId: string | null): Promise<TerminalTotals> {
  const reported = completed(await exchange(session, turnoverTotals(session.password), true), 'totals');
  const totals = reported.statuses.map(readTotals).findLast((each) => each !== undefined);
  if (totals === undefined) throw new TerminalError('the terminal sent no totals', false);
  return { ...totals, terminalId: totals.terminalId ?? terminalId };
}

/** @throws TerminalError */
async function checkHealth(session: Session, terminalId: string | null): Promise<Health> {
  const { ready, sentence } = explainStatus(await readStatus(session));
  return { terminalId, ready, status: sentence };
}

function completed(ended: Exchange, what: string): Extract<Exchange, { kind: 'completed' }> {
  if (ended.kind === 'completed') return ended;
  throw new TerminalError(`${what}: ${explainResult(ended.resultCode)} (${ended.resultCode})`, false);
}

/** Not registered (§7): the terminal has forgotten us, for example after its power was lost. */
const NOT_REGISTERED = '6b';

/** For the next sale: this one has ended and is not sent again by the program; the clerk presses once more. */
async function registerAgain(session: Session): Promise<void> {
  try {
    await register(session);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    await session.link.close();
  }
}

function createTerminal(session: Session, terminalId: string | null): Terminal {
  const abortWish: AbortWish = { wanted: false };
  let isBusy = false;

  /** A dialogue that breaks takes its line with it: what is still under way must not answer a later question. */
  const exclusively = async <T>(dialogue: () => Promise<T>): Promise<T> => {
    if (isBusy) throw new Error('a terminal holds one dialogue at a time');
    isBusy = true;
    try {
      return await dialogue();
    } catch (error) {
      await session.link.close();
      throw error;
    } finally {
      isBusy = false;
    }
  };

  return {
    terminalId,
    authorizeSale: (sale, commit, onProgress) =>
      exclusively(async () => {
        abortWish.wanted = false;
        const ending = await authorizeSale(session, sale, commit, onProgress, abortWish);
        if (ending.kind === 'aborted' && ending.resultCode === NOT_REGISTERED) await registerAgain(session);
        return ending;
      }),
    findTransaction: (inquiry) => exclusively(() => findTransaction(session, inquiry)),
    reportTotals: () => exclusively(() => reportTotals(session, terminalId)),
    checkHealth: () => exclusively(() => checkHealth(session, terminalId)),
    abort() {
      abortWish.wanted = true;
      session.link.interrupt();
    },
    closed: session.link.closed,
    close: () => session.link.close(),
  };
}
