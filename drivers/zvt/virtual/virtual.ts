/**
 * A virtual ZVT terminal: the far end of the line, with its own book of what it really took and a page to play the
 * resident. It shares messages and framing with the driver, and nothing else: it never sees the register's records.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Port } from '../../../src/terminal/port.ts';
import { createLink } from '../link.ts';
import { sellAlone, type AloneSale } from './alone.ts';
import { AFTER_START, createRatedPort, rateIn } from './baud-rate.ts';
import { openBook, type Book, type BookEntry } from './book.ts';
import { createFaultPlan, faultsSchema, type FaultInput } from './faults.ts';
import { createFaultyPort } from './faulty-port.ts';
import { openLine, type Line } from './line.ts';
import { restart, VIRTUAL_TIMING, type Machine, type VirtualTiming } from './machine.ts';
import { createResident, scriptSchema, type ResidentAct, type ScriptInput } from './resident.ts';
import { createScreen, describe } from './screen.ts';
import { openServer } from './server.ts';
import { changeSettings, DEFAULT_SETTINGS, type SettingsChange } from './settings.ts';
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
  /** ISO 4217 numeric: the only one that it takes. Unset: yen and euros, as the register says. */
  currency?: string;
  /** Six digits; the register's has to be the same. */
  password?: string;
  timing?: Partial<VirtualTiming>;
  settings?: SettingsChange;
}

export interface VirtualTerminal {
  /** Where the register finds it, as `parseAddress` reads it. */
  address: string;
  http: string;
  state(): VirtualState;
  /** What it really took, oldest first. */
  book(): readonly BookEntry[];
  /** False if the terminal does not wait for that just now. */
  resident(act: ResidentAct): boolean;
  /** A sale without the register; undefined if the terminal can't take it just now. */
  sellAlone(sale: AloneSale): BookEntry | undefined;
  /** What the resident does at the next sales. */
  plan(steps: ScriptInput['steps'], repeat?: boolean): void;
  /** What shall go wrong; replaces what was planned. */
  planFaults(faults: FaultInput[]): void;
  /** Changes how it behaves from the next command on. */
  change(settings: SettingsChange): void;
  /** What whoever comes next has in their purse, in yen; null: everybody's is full. */
  fillPurse(yen: number | null): void;
  pullCable(): Promise<void>;
  /** Also switches it on again after a loss of power. */
  plugCable(): Promise<void>;
  /** The line and the registration go; the book stays. */
  losePower(backAfterMs?: number): Promise<void>;
  /** Started anew, without the line knowing: it has to be registered with again. */
  forgetRegister(): void;
  /** Emits `change` whenever `state()` has changed. */
  readonly changes: EventEmitter;
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
}

const DEFAULT_TERMINAL_ID = '99000001';
const DEFAULT_PASSWORD = '000000';

/** @throws if the line or the port of its page can't be had */
export async function startVirtualTerminal(options: VirtualOptions): Promise<VirtualTerminal> {
  mkdirSync(options.dataDir, { recursive: true });
  const machine = createMachine(options, openBook(options.dataDir));
  const connections = new Set<Promise<void>>();
  const line = await openLine(options.listen, options.dataDir, (port, registerRate) => {
    const isSameRate = async (): Promise<boolean> =>
      !machine.settings.mindsBaudRate || (await registerRate?.()) === rateIn(machine.baudRate);
    const rated = registerRate === undefined ? port : createRatedPort(port, isSameRate);
    const served = servePort(machine, rated).finally(() => {
      connections.delete(served);
    });
    connections.add(served);
  });
  const cable = createCable(machine, line);

  const { promise: stopped, resolve: markStopped } = Promise.withResolvers<void>();
  const shutDown = async (): Promise<void> => {
    cable.stop();
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
    resident: (act) => takeAct(machine, act),
    sellAlone: (sale) => sellAlone(machine, sale),
    plan(steps, repeat = false) {
      machine.resident.plan(scriptSchema.parse({ steps, repeat }));
      machine.screen.touch();
    },
    planFaults(faults) {
      machine.faults.plan(faultsSchema.parse({ faults }).faults);
      machine.screen.touch();
    },
    change(settings) {
      machine.settings = changeSettings(machine.settings, settings);
      machine.screen.touch();
    },
    fillPurse: (yen) => fillPurse(machine, yen),
    pullCable: () => cable.pull(),
    plugCable: () => cable.plug(),
    losePower: (backAfterMs) => machine.losePower(backAfterMs),
    forgetRegister() {
      restart(machine);
      machine.screen.touch();
    },
    changes,
    stop: () => (stopping ??= shutDown()),
    stopped,
  };
  const server = await openServer(virtual, machine.screen, options.httpPort);
  return { ...virtual, http: server.url };
}

/** Speaks with a register until the line is gone. */
export function servePort(machine: Machine, port: Port): Promise<void> {
  return serve(machine, createLink(createFaultyPort(port, machine), machine.timing.link));
}

/** Pulls and plugs, by hand or as planned; the machine is given the ways to do that. */
export function createCable(machine: Machine, line: Pick<Line, 'pull' | 'plug'>) {
  let later: NodeJS.Timeout | undefined;
  const plug = async (): Promise<void> => {
    clearTimeout(later);
    if (machine.isOff) machine.book.recover();
    machine.isOff = false;
    await line.plug();
    machine.screen.touch();
  };
  const pull = async (backAfterMs?: number): Promise<void> => {
    await line.pull();
    machine.screen.touch();
    if (backAfterMs !== undefined) later = setTimeout(() => void plug(), backAfterMs);
  };
  machine.pullCable = pull;
  machine.losePower = (backAfterMs) => {
    machine.isOff = true;
    restart(machine);
    return pull(backAfterMs);
  };
  return {
    plug,
    pull: () => pull(),
    stop() {
      clearTimeout(later);
    },
  };
}

/** What the resident does now; touching again may also settle a payment that was left pending (処理未了). */
function takeAct(machine: Machine, act: ResidentAct): boolean {
  const { book, screen } = machine;
  const isRetouch = screen.display.phase === 'retouch';
  const fits = isRetouch ? ['touch_again', 'walk_away', 'stop'].includes(act.act) : act.act !== 'touch_again';
  if (machine.isWaitingForCard) {
    if (!fits) return false;
    machine.act = act;
    machine.wake();
    return true;
  }
  const pending = book.entries().findLast(({ state }) => state === 'pending');
  if (act.act !== 'touch_again' || pending === undefined) return false;
  if (act.charged) book.store(pending);
  else book.reverse(pending, 'もう一度タッチされ、支払われていないと分かりました');
  if (machine.isInDialogue) screen.touch();
  else screen.show(act.charged ? 'approved' : 'declined', { detail: describe(pending) });
  return true;
}

function fillPurse(machine: Machine, yen: number | null): void {
  machine.purse = yen === null ? null : { yen, since: new Date().toISOString() };
  machine.screen.touch();
}

/** Yen first: what is shown before a register has said anything. */
const CURRENCIES = ['392', '978'];

/** The terminal without a line, a page and a place for its book. */
export function createMachine(
  options: Pick<VirtualOptions, 'terminalId' | 'currency' | 'password' | 'timing' | 'settings'>,
  book: Book,
): Machine {
  const currencies = options.currency === undefined ? CURRENCIES : [options.currency];
  return {
    terminalId: options.terminalId ?? DEFAULT_TERMINAL_ID,
    password: options.password ?? DEFAULT_PASSWORD,
    timing: { ...VIRTUAL_TIMING, ...options.timing },
    currencies,
    book,
    resident: createResident(),
    screen: createScreen(currencies[0] ?? ''),
    faults: createFaultPlan(),
    settings: changeSettings(DEFAULT_SETTINGS, options.settings ?? {}),
    purse: null,
    registeredAs: undefined,
    messageId: undefined,
    baudRate: AFTER_START,
    command: undefined,
    isInDialogue: false,
    act: undefined,
    isWaitingForCard: false,
    wake: () => undefined,
    pullCableAt: undefined,
    pullCable: () => Promise.resolve(),
    losePower: () => Promise.resolve(),
    isOff: false,
  };
}
