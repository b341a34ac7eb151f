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
import { HASTY, startVirtual, type Virtual } from './far-end.ts';

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

/** In a word: how it ended. */
export function endOf({ ending }: Sold): string {
  if (ending instanceof TerminalError) return ending.moneyMayHaveMoved ? 'may have moved' : 'did not move';
  return ending.kind === 'aborted' ? `${ending.verdict} ${ending.resultCode}` : ending.kind;
}
