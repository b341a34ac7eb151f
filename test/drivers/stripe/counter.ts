/** A counter with the Stripe driver, for tests that are about Stripe alone. */
import { randomUUID } from 'node:crypto';
import type { Timing } from '../../../drivers/stripe/timing.ts';
import type {
  Ending,
  Finding,
  Inquiry,
  KeepReference,
  Progress,
  Terminal,
  TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import { HASTY, SECRET, startVirtual, type Virtual } from './far-end.ts';
import { forward, openRelay, type Said } from './relay.ts';

interface Line {
  kind: 'sale' | 'void';
  amountYen: number;
  state: 'stored' | 'reversed';
}

export interface Sold {
  operationId: string;
  armedAt: string;
  ending: Ending | TerminalError;
  answers: TerminalAnswer[];
  steps: Progress['step'][];
  reference: string | null;
}

export interface Counter {
  virtual: Virtual;
  terminal: Terminal;
  fault: (...faults: object[]) => Promise<void>;
  resident: (...steps: object[]) => Promise<void>;
  sell: (amountYen: number, how?: { operationId?: string; keepReference?: KeepReference }) => Promise<Sold>;
  giveBack: (of: TerminalAnswer, operationId?: string) => Promise<Sold>;
  /** What became of it, asked on a new connection until the service has time. */
  find: (sold: Sold, about?: Partial<Inquiry>) => Promise<Finding>;
  /** What its book holds since this counter came. */
  book: () => Promise<Line[]>;
}

export async function openCounter(
  t: Cleanup,
  options: { issuerMs?: number; timing?: Partial<Timing>; virtual?: Virtual } = {},
): Promise<Counter> {
  const virtual = options.virtual ?? (await startVirtual(t, options));
  const before = (await virtual.book()).length;
  const timing = { ...HASTY, ...options.timing };
  const hold = async (
    operationId: string,
    dialogue: (sold: Omit<Sold, 'ending'>) => Promise<Ending>,
  ): Promise<Sold> => {
    const sold = {
      ...{ operationId, armedAt: new Date().toISOString(), reference: null as string | null },
      ...{ answers: [], steps: [] },
    };
    try {
      return { ...sold, ending: await dialogue(sold), reference: sold.reference };
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      return { ...sold, ending: error };
    }
  };
  const counter: Counter = {
    virtual,
    terminal: await virtual.connect(timing),
    fault: (...faults) => virtual.tell('/faults', { faults }),
    resident: (...steps) => virtual.tell('/script', { steps: steps.map((step) => ({ do: step })) }),
    sell: (amountYen, { operationId = randomUUID(), keepReference } = {}) =>
      hold(operationId, (sold) =>
        counter.terminal.authorizeSale(
          { operationId, amountYen, method: 'credit', brand: null },
          (answer) => {
            sold.answers.push(answer);
            return 'acknowledge';
          },
          ({ step }) => sold.steps.push(step),
          undefined,
          keepReference ??
            ((reference) => {
              sold.reference = reference;
            }),
        ),
      ),
    giveBack: (of, operationId = randomUUID()) =>
      hold(operationId, (sold) =>
        counter.terminal.authorizeVoid(
          { operationId, amountYen: of.amountYen ?? 0, of },
          (answer) => {
            sold.answers.push(answer);
            return 'acknowledge';
          },
          ({ step }) => sold.steps.push(step),
        ),
      ),
    async find({ operationId, armedAt, reference }, about = {}) {
      await counter.terminal.close();
      counter.terminal = await virtual.connect(timing);
      for (;;) {
        const inquiry = { operationId, armedAt, reference, amountYen: 400, answer: null, previous: null };
        const found = await counter.terminal.findTransaction({ ...inquiry, ...about });
        if (found.kind !== 'in_progress') return found;
      }
    },
    book: async () => (await virtual.book()).slice(before) as Line[],
  };
  return counter;
}

/**
 * The same Stripe, with the test on the way to it: `asked` is what has left the counter, as `POST process_payment_intent`.
 * @param act hands a request on with `pass`, and answers it; undefined: the answer is lost
 */
export async function onTheWay(
  t: Cleanup,
  virtual: Virtual,
  act: (asked: string, pass: () => Promise<Said>) => Promise<Said | undefined> = (_, pass) => pass(),
): Promise<{ virtual: Virtual; asked: string[] }> {
  const asked: string[] = [];
  const relay = await openRelay((request) => {
    const what = `${request.method} ${request.path.replace(/[?].*/, '').split('/').at(-1) ?? ''}`;
    asked.push(what);
    return act(what, () => forward(virtual.url, request));
  });
  t.after(() => relay.close());
  const connect: Virtual['connect'] = async (timing = HASTY) => {
    const terminal = await stripe.connect({ url: relay.url, secret: SECRET }, { timing });
    t.after(() => terminal.close());
    return terminal;
  };
  return { virtual: { ...virtual, connect }, asked };
}

/** An answer with some of its fields changed. */
export const withFields = ({ body, ...said }: Said, fields: object): Said => ({
  ...said,
  body: JSON.stringify({ ...(JSON.parse(body) as object), ...fields }),
});

/** In a word: how it ended. */
export function endOf({ ending }: Sold): string {
  if (ending instanceof TerminalError) return ending.moneyMayHaveMoved ? 'may have moved' : 'did not move';
  return ending.kind === 'aborted' ? `${ending.verdict} ${ending.resultCode}` : ending.kind;
}
