/**
 * A virtual ZVT terminal: the far end of the line, with its own book of what it really took and a page to play the
 * resident. It shares messages and framing with the driver, and nothing else: it never sees the register's records.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createLink } from '../link.ts';
import { openBook, type BookEntry } from './book.ts';
import { openLine } from './line.ts';
import { VIRTUAL_TIMING, type Machine, type VirtualTiming } from './machine.ts';
import { createResident, type ResidentAct, type Script } from './resident.ts';
import { createScreen } from './screen.ts';
import { openServer } from './server.ts';
import { stateOf, type VirtualState } from './state.ts';
import { serve } from './terminal.ts';

interface VirtualOptions {
  /** Where its book is kept, and on Linux the name of its line. */
  dataDir: string;
  /** `pty` or `tcp:PORT`; 0: any free port. */
  listen: string;
  /** 0: any free port. */
  httpPort: number;
  /** Eight digits. */
  terminalId?: string;
  /** ISO 4217 numeric, until a register says otherwise. */
  currency?: string;
  timing?: Partial<VirtualTiming>;
}

export interface VirtualTerminal {
  /** Where the register finds it, as `parseAddress` reads it. */
  address: string;
  http: string;
  state(): VirtualState;
  /** What it really took, oldest first. */
  book(): readonly BookEntry[];
  /** False if the terminal does not wait for a card just now. */
  resident(act: ResidentAct): boolean;
  /** What the resident does at the next sales. */
  plan(steps: (Omit<Script['steps'][number], 'afterMs'> & { afterMs?: number })[], repeat?: boolean): void;
  pullCable(): Promise<void>;
  plugCable(): Promise<void>;
  /** As after a loss of power: it has to be registered with anew. */
  forgetRegister(): void;
  /** Emits `change` whenever `state()` has changed. */
  readonly changes: EventEmitter;
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
}

const DEFAULT_TERMINAL_ID = '99000001';

/** @throws if the line or the port of its page can't be had */
export async function startVirtualTerminal(options: VirtualOptions): Promise<VirtualTerminal> {
  mkdirSync(options.dataDir, { recursive: true });
  const machine = createMachine(options);
  const connections = new Set<Promise<void>>();
  const line = await openLine(options.listen, options.dataDir, (port) => {
    const served = serve(machine, createLink(port, machine.timing.link)).finally(() => {
      connections.delete(served);
    });
    connections.add(served);
  });
  const moveCable = async (move: 'pull' | 'plug'): Promise<void> => {
    await line[move]();
    machine.screen.touch();
  };
  machine.pullCable = () => moveCable('pull');

  const { promise: stopped, resolve: markStopped } = Promise.withResolvers<void>();
  const shutDown = async (): Promise<void> => {
    await line.pull();
    await Promise.all(connections);
    await server.close();
    machine.book.close();
    markStopped();
  };
  let stopping: Promise<void> | undefined;
  const changes = new EventEmitter();
  machine.screen.subscribe(() => changes.emit('change'));
  const virtual: Omit<VirtualTerminal, 'http'> = {
    address: line.address,
    state: () => stateOf(machine, line),
    book: () => machine.book.entries(),
    resident(act) {
      if (!machine.isWaitingForCard) return false;
      machine.act = act;
      machine.wake();
      return true;
    },
    plan(steps, repeat = false) {
      machine.resident.plan({ steps: steps.map((step) => ({ afterMs: 0, ...step })), repeat });
      machine.screen.touch();
    },
    pullCable: () => moveCable('pull'),
    plugCable: () => moveCable('plug'),
    forgetRegister() {
      machine.registeredAs = undefined;
      machine.screen.touch();
    },
    changes,
    stop: () => (stopping ??= shutDown()),
    stopped,
  };
  const server = await openServer(virtual, machine.screen, options.httpPort);
  return { ...virtual, http: server.url };
}

function createMachine(options: VirtualOptions): Machine {
  const currency = options.currency ?? '392';
  return {
    terminalId: options.terminalId ?? DEFAULT_TERMINAL_ID,
    password: '000000',
    timing: { ...VIRTUAL_TIMING, ...options.timing },
    book: openBook(options.dataDir),
    resident: createResident(),
    screen: createScreen(currency),
    registeredAs: undefined,
    act: undefined,
    isWaitingForCard: false,
    wake: () => undefined,
    pullCableAt: undefined,
    pullCable: () => Promise.resolve(),
  };
}
