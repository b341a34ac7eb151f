/**
 * ZVT, the register interface of German-speaking countries (PA00P015 rev 13.08, PA00P016 rev 04), with a Japanese
 * brand profile of ours. This is the reference driver: read it before you write another.
 */
import { z } from 'zod';
import type { OpenPort } from '../../src/terminal/port.ts';
import type { LineDriver } from '../../src/terminal/driver.ts';
import {
  TerminalError,
  type Commit,
  type Ending,
  type Health,
  type KeepReference,
  type KeepText,
  type OnProgress,
  type Terminal,
} from '../../src/terminal/terminal.ts';
import { BRANDS, TOTALS_GRAIN } from './brands.ts';
import { enterAtRate, type Entered } from './baud-rate.ts';
import { logOff, readBalance, reprint, restore, showText } from './care.ts';
import { explainResult, explainStatus } from './codes.ts';
import { authorisation, BAUD_RATES, refund, REGISTRATION_WISHES } from './commands.ts';
import type { AbortWish, Session } from './dialogue.ts';
import { createLink, type Link } from './link.ts';
import { holdPayment, mirrorFor, reversalOf } from './payment.ts';
import { findTransaction, readStatus } from './recovery.ts';
import { register } from './registration.ts';
import { reportTotals, settle } from './settlement.ts';
import { TIMING } from './timing.ts';
import { traceLine } from './trace.ts';

const RECEIPTS_AND_STEPS = 0x8a;

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
    /** How long the terminal waits for our answer to a result before it reverses (§2.2.8). */
    answerMs: z.int().positive().default(TIMING.answerMs),
    /** What the terminal does with an approval that nobody acknowledged; its acquirer knows. */
    autoReversal: z.enum(['immediate', 'deferred', 'none']).default('immediate'),
    /** Configuration byte (§2.1), two hex digits. Receipts as text (82) and steps (08) have to be in it. */
    configByte: z
      .string()
      .regex(/^[0-9a-f]{2}$/i)
      .transform((digits) => parseInt(digits, 16))
      .refine((byte) => (byte & RECEIPTS_AND_STEPS) === RECEIPTS_AND_STEPS)
      .default(REGISTRATION_WISHES.configByte),
    /** The rate that the terminal is asked for on a serial line (§2.57); unset: that of its address stays. */
    baudRate: z.literal([...BAUD_RATES]).optional(),
    /** Characters in a line of a receipt. */
    printerColumns: z.int().min(16).max(99).default(REGISTRATION_WISHES.printerColumns),
  })
  .strict();

export const zvt = {
  model: 'zvt',
  reach: 'line',
  nameJa: 'ZVT 端末',
  brands: BRANDS,
  totals: TOTALS_GRAIN,
  awaitsAcknowledgement: true,
  remembers: 'last',
  virtual: { program: new URL('./virtual/main.ts', import.meta.url) },
  options: optionsSchema,
  explainResult,
  trace: traceLine,
  async connect(openPort: OpenPort, options: unknown): Promise<Required<Terminal>> {
    const settings = optionsSchema.parse(options ?? {});
    const enterOver = (line: Link): Promise<Entered> => enter(line, settings);
    const { session, terminalId } =
      settings.baudRate === undefined
        ? await enterOver(createLink(await openPort()))
        : await enterAtRate(openPort, settings.baudRate, enterOver);
    return createTerminal(session, terminalId);
  },
} satisfies LineDriver;

/** Registers over a line that was just opened, and closes it if that fails. @throws TerminalError */
async function enter(line: Link, settings: z.infer<typeof optionsSchema>): Promise<Entered> {
  const { terminalId: expectedId, configByte, printerColumns, ...kept } = settings;
  const wishes = { configByte, printerColumns };
  const session: Session = {
    ...{ ...kept, line, link: line, wishes },
    ...{ charset: undefined, hasClosedDay: false, answeredEnd: undefined },
  };
  try {
    const terminalId = await register(session);
    if (expectedId !== undefined && terminalId?.toLowerCase() !== expectedId.toLowerCase()) {
      throw new TerminalError(`terminal ${terminalId ?? '?'} answers, ${expectedId} was expected`, false);
    }
    return { session, terminalId };
  } catch (error) {
    await line.close();
    throw error;
  }
}

/** Not registered (§10): the terminal has forgotten us, for example after its power was lost. */
const NOT_REGISTERED = '6b';

/** For the next payment: this one has ended and is not sent again by the program; the clerk presses once more. */
async function registerAgain(session: Session): Promise<void> {
  try {
    await register(session);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    await session.line.close();
  }
}

const UPDATING = '端末が日計のあとの更新をしています。数分お待ちください';

/**
 * How the terminal is. One that announced an update of itself (06 0F 27 E0) may be silent for minutes without being
 * lost, as long as its line is there.
 */
function createHealthCheck(session: Session, terminalId: string | null) {
  let updatingUntilMs = 0;
  let isGone = false;
  void session.line.closed.then(() => {
    isGone = true;
  });
  const healthOf = (statusCode: string): Health => {
    const { ready, remedy, sentence } = explainStatus(statusCode);
    if (ready) updatingUntilMs = 0;
    const { hasClosedDay } = session;
    session.hasClosedDay = false;
    return { terminalId, ready, remedy, status: sentence, ...(hasClosedDay && { hasClosedDay }) };
  };
  return {
    healthOf,
    expectUpdate() {
      updatingUntilMs = performance.now() + TIMING.updateMaxMs;
    },
    /** @throws TerminalError */
    async check(): Promise<Health> {
      try {
        return healthOf(await readStatus(session));
      } catch (error) {
        const isUpdating = error instanceof TerminalError && !isGone && performance.now() < updatingUntilMs;
        if (!isUpdating) throw error;
        return { terminalId, ready: false, remedy: 'wait', status: UPDATING };
      }
    },
  };
}

type PaymentHandlers = [
  commit: Commit,
  onProgress: OnProgress,
  keepText?: KeepText,
  keepReference?: KeepReference,
];

function createTerminal(session: Session, terminalId: string | null): Required<Terminal> {
  const abortWish: AbortWish = { wanted: false };
  const health = createHealthCheck(session, terminalId);
  let isBusy = false;

  /** A dialogue that breaks takes its line with it: what is still under way must not answer a later question. */
  const exclusively = async <T>(dialogue: () => Promise<T>): Promise<T> => {
    if (isBusy) throw new Error('a terminal holds one dialogue at a time');
    isBusy = true;
    abortWish.wanted = false;
    try {
      return await dialogue();
    } catch (error) {
      await session.line.close();
      throw error;
    } finally {
      isBusy = false;
    }
  };
  const pay = (command: Buffer, ...[commit, onProgress, keepText]: PaymentHandlers): Promise<Ending> =>
    exclusively(async () => {
      const ending = await holdPayment(session, command, { commit, onProgress, keepText, abortWish });
      if (ending.kind === 'aborted' && ending.resultCode === NOT_REGISTERED) await registerAgain(session);
      return ending;
    });

  return {
    terminalId,
    authorizeSale: async ({ amountYen, mirror }, ...handlers) =>
      pay(authorisation(amountYen, mirrorFor(session, mirror)), ...handlers),
    async authorizeVoid(order, ...handlers) {
      const command = reversalOf(session, order, terminalId);
      return 'kind' in command ? command : pay(command, ...handlers);
    },
    authorizeRefund: async ({ amountYen, mirror }, ...handlers) =>
      pay(refund(session.password, amountYen, mirrorFor(session, mirror)), ...handlers),
    findTransaction: (inquiry) => exclusively(() => findTransaction(session, inquiry)),
    reportTotals: () => exclusively(() => reportTotals(session, terminalId)),
    settle: ({ mirror }, commit, onProgress, keepText) =>
      exclusively(async () => {
        const settled = await settle(session, terminalId, mirror, { commit, onProgress, keepText });
        if (settled.kind === 'settled' && settled.isBusyAfterwards) health.expectUpdate();
        return settled;
      }),
    checkHealth: () => exclusively(() => health.check()),
    restore: (onProgress) => exclusively(async () => health.healthOf(await restore(session, onProgress))),
    readBalance: (onProgress) => exclusively(() => readBalance(session, onProgress, abortWish)),
    reprint: (keepText) => exclusively(() => reprint(session, keepText)),
    showText: (lines, seconds) => exclusively(() => showText(session, lines, seconds)),
    logOff: () =>
      exclusively(async () => {
        await logOff(session);
        await session.line.close();
      }),
    abort() {
      abortWish.wanted = true;
      session.line.interrupt();
    },
    closed: session.line.closed,
    close: () => session.line.close(),
  };
}
