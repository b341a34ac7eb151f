/** A counter's side of a sale against a virtual terminal on a real line. */
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { startVirtualTerminal, type VirtualTerminal } from '../../../drivers/zvt/virtual/virtual.ts';
import type { VirtualTiming } from '../../../drivers/zvt/virtual/machine.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { parseAddress, portOpener } from '../../../src/terminal/port.ts';
import type {
  Commit,
  Ending,
  Finding,
  Inquiry,
  Progress,
  Terminal,
  TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { makeFolder } from '../../support/folder.ts';

/** The lines a virtual terminal can have on this machine. */
export const LINES = process.platform === 'linux' ? ['pty', 'tcp:0'] : ['tcp:0'];

/** Nobody is waited for but the register. */
export const AT_ONCE: Partial<VirtualTiming> = {
  readMs: 0,
  issuerMs: 0,
  residentMs: 10_000,
  acknowledgeMs: 300,
  repeatMs: 0,
  link: { t1Ms: 200, t2Ms: 100, transmissions: 3 },
};

interface Sold {
  ending: Ending;
  answers: TerminalAnswer[];
  steps: Progress['step'][];
}

interface Counter {
  virtual: VirtualTerminal;
  terminal: Required<Terminal>;
  /** Closes the connection if it is open, and connects anew. */
  reconnect(options?: unknown): Promise<Required<Terminal>>;
  sell(amountYen: number, commit?: Commit): Promise<Sold>;
  /** What the register would ask about a sale that it knows nothing of but the amount. */
  ask(about: Partial<Inquiry> & { amountYen: number }): Promise<Finding>;
}

export async function openCounter(
  t: TestContext,
  listen: string,
  timing: Partial<VirtualTiming> = {},
  dataDir = makeFolder(t),
): Promise<Counter> {
  const virtual = await startVirtualTerminal({
    dataDir,
    listen,
    httpPort: 0,
    timing: { ...AT_ONCE, ...timing },
  });
  const address = parseAddress(virtual.address);
  if (address === undefined) throw new Error(virtual.address);
  const connect = (options: unknown = {}): Promise<Required<Terminal>> =>
    zvt.connect(portOpener(address), options);
  let armedAt = new Date().toISOString();

  const counter: Counter = {
    virtual,
    terminal: await connect(),
    async reconnect(options) {
      await counter.terminal.close();
      counter.terminal = await connect(options);
      return counter.terminal;
    },
    async sell(amountYen, commit = () => 'acknowledge') {
      const answers: TerminalAnswer[] = [];
      const steps: Progress['step'][] = [];
      armedAt = new Date().toISOString();
      const ending = await counter.terminal.authorizeSale(
        { operationId: 'sale', amountYen, method: 'credit', brand: null },
        (answer) => {
          answers.push(answer);
          return commit(answer);
        },
        ({ step }) => steps.push(step),
      );
      return { ending, answers, steps };
    },
    ask: (about) =>
      counter.terminal.findTransaction({
        operationId: 'sale',
        armedAt,
        answer: null,
        previous: null,
        ...about,
      }),
  };
  t.after(async () => {
    await counter.terminal.close();
    await virtual.stop();
  });
  return counter;
}

/** Resolves once the virtual terminal waits for a card. */
export async function cardIsAwaited(virtual: VirtualTerminal): Promise<void> {
  await untilState(virtual, ({ waiting }) => waiting);
}

/** Resolves once the virtual terminal's published state is as wanted; it is told of every change. */
export async function untilState(
  virtual: VirtualTerminal,
  isSo: (state: ReturnType<VirtualTerminal['state']>) => boolean,
): Promise<void> {
  while (!isSo(virtual.state())) await once(virtual.changes, 'change');
}

/** The states in the virtual terminal's book, oldest first. */
export const bookStates = (virtual: VirtualTerminal): string[] => virtual.book().map(({ state }) => state);
