/**
 * START. A terminal without a link: the clerk keys in the amount there and tells here what came of it. For every
 * terminal whose link protocol is not to be had. Nothing is approved or denied by default; see README.md.
 */
import type { ClerkDriver } from '../../src/terminal/driver.ts';
import type { AskClerk } from '../../src/terminal/prompt.ts';
import { TerminalError, type Terminal } from '../../src/terminal/terminal.ts';
import type { Session } from './answers.ts';
import { BRANDS, brandsByMethod, TOTALS_GRAIN } from './brands.ts';
import { explainResult } from './codes.ts';
import { cancelPayment, findTransaction, refundPayment, reportTotals, sell, settle } from './dialogues.ts';
import { brandsTaken, optionsSchema } from './options.ts';

const NAME = '連動しない端末';

export const manual: ClerkDriver = {
  model: 'manual',
  reach: 'clerk',
  nameJa: NAME,
  brands: brandsByMethod(BRANDS),
  totals: TOTALS_GRAIN,
  awaitsAcknowledgement: false,
  remembers: 'last',
  virtual: {
    program: new URL('./virtual/main.ts', import.meta.url),
    options: {
      nameJa: '練習用の端末',
      terminalId: 'T-0001',
      slip: { minDigits: 5, maxDigits: 5 },
      scanPattern: 'SLIP(?<slip>\\d{5})-(?<amount>\\d{7})',
    },
  },
  options: optionsSchema,
  explainResult,
  configured(options) {
    const settings = optionsSchema.parse(options ?? {});
    return { ...manual, nameJa: settings.nameJa ?? NAME, brands: brandsByMethod(brandsTaken(settings)) };
  },
  connect: (ask: AskClerk, options: unknown): Promise<Terminal> =>
    // A senseless setting rejects, as any other driver's does.
    Promise.resolve(options ?? {}).then((given) => {
      const settings = optionsSchema.parse(given);
      const { nameJa = '端末', terminalId = null, slip, scanPattern } = settings;
      return createTerminal(ask, terminalId, { nameJa, slip, scanPattern, brands: brandsTaken(settings) });
    }),
};

type Asked = Omit<Session, 'terminalId' | 'ask' | 'askUnlessUnwanted'>;

/** How the terminal asks; a question that can't be answered any more takes the connection with it. */
function createAsking(askClerk: AskClerk, gone: AbortController, isUnwanted: () => AbortSignal) {
  const ask = async (...[prompt, withdrawn]: Parameters<AskClerk>): ReturnType<AskClerk> => {
    try {
      return await askClerk(prompt, withdrawn);
    } catch (cause) {
      if (withdrawn.aborted && !gone.signal.aborted) throw cause;
      gone.abort();
      const nobodySawIt = cause instanceof TerminalError && !cause.moneyMayHaveMoved;
      throw new TerminalError('the clerk can not be asked any more', !nobodySawIt, { cause });
    }
  };
  return {
    ask: (prompt) => ask(prompt, gone.signal),
    async askUnlessUnwanted(prompt) {
      const unwanted = isUnwanted();
      try {
        return await ask(prompt, AbortSignal.any([gone.signal, unwanted]));
      } catch (error) {
        if (gone.signal.aborted || !unwanted.aborted) throw error;
        return undefined;
      }
    },
  } satisfies Partial<Session>;
}

function createTerminal(askClerk: AskClerk, terminalId: string | null, known: Asked): Terminal {
  const gone = new AbortController();
  const closed = new Promise<void>((resolve) => {
    gone.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let unwanted = new AbortController();
  let isBusy = false;
  const asking = createAsking(askClerk, gone, () => unwanted.signal);
  const session: Session = { ...known, ...asking, terminalId };
  const exclusively = async <T>(dialogue: () => Promise<T>): Promise<T> => {
    if (isBusy) throw new Error('a terminal holds one dialogue at a time');
    if (gone.signal.aborted) throw new TerminalError('the connection is closed', false);
    isBusy = true;
    unwanted = new AbortController();
    try {
      return await dialogue();
    } finally {
      isBusy = false;
    }
  };

  return {
    terminalId,
    authorizeSale: (sale, commit, onProgress) => exclusively(() => sell(session, sale, commit, onProgress)),
    authorizeVoid: (order, commit, onProgress) =>
      exclusively(() => cancelPayment(session, order, commit, onProgress)),
    authorizeRefund: (order, commit, onProgress) =>
      exclusively(() => refundPayment(session, order, commit, onProgress)),
    findTransaction: (inquiry) => exclusively(() => findTransaction(session, inquiry)),
    reportTotals: () => exclusively(() => reportTotals(session)),
    settle: ({ known }, commit, onProgress) => exclusively(() => settle(session, known, commit, onProgress)),
    // Nobody is asked: whether the terminal is fit is in front of the clerk's eyes.
    checkHealth: () =>
      exclusively(() =>
        Promise.resolve({ terminalId, ready: true, remedy: 'none', status: '端末は職員が操作します' }),
      ),
    abort: () => unwanted.abort(),
    closed,
    close: () => {
      gone.abort();
      return Promise.resolve();
    },
  };
}
