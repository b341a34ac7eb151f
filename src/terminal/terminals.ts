/**
 * The counter's terminals by id: connects, connects again when the line is gone, and lets one operation at a time
 * have the connection.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Driver } from './driver.ts';
import type { AskClerk } from './prompt.ts';
import type { Health, Method, Terminal } from './terminal.ts';

/** A terminal as the configuration names it. */
export interface TerminalSetup {
  id: string;
  driver: Driver;
  /** What this terminal is for, where the settings narrow what its model can take. */
  methods?: readonly Method[];
  /** A new connection, each time. @throws TerminalError */
  connect: (ask: AskClerk) => Promise<Terminal>;
}

/** `lost`: set aside by a person; whatever hangs on its line is not spoken to. */
export type Connection = 'connecting' | 'ready' | 'busy' | 'disconnected' | 'lost';

/** The sole right to speak to a terminal until it is released. */
export interface Claim {
  terminal: Terminal;
  release(): void;
}

export interface Terminals {
  list(): readonly TerminalSetup[];
  connection(id: string): { state: Connection; detail: string | null };
  /** What is connected under this id, busy or not; undefined: nothing, or there is no such terminal. */
  connected(id: string): { terminalId: string | null; canRefund: boolean } | undefined;
  /** Takes the terminal, or says why it can't be had now. */
  claim(id: string): Claim | 'busy' | 'disconnected';
  /** Asks the running dialogue to stop; a wish. */
  abort(id: string): void;
  start(): void;
  stop(): Promise<void>;
}

/** How soon a lost terminal is looked for, and how often an idle one is asked. */
interface Pace {
  firstRetryMs: number;
  /** A terminal that is plugged in again is in use again within ten seconds: this pause, and its answer to us. */
  longestRetryMs: number;
  /** ZVT PA00P015 §2.56: a terminal uses the enquiry to start its timed jobs; once a minute or faster. */
  healthEveryMs: number;
  /** How long a terminal may take over our leave at a planned stop. */
  leaveMs: number;
}

export const PACE: Pace = {
  firstRetryMs: 250,
  longestRetryMs: 3_000,
  healthEveryMs: 30_000,
  leaveMs: 2_000,
};

/** Why it can't be had, by how it is reached; for the clerk. */
const LOST: Readonly<Record<Driver['reach'], { gone: string; silent: string }>> = {
  line: {
    gone: '端末とのケーブルが外れているか、電源が切れています。ケーブルと電源を確かめてください。',
    silent: '端末が応答しません。ケーブルと電源を確かめてください。',
  },
  service: {
    gone: '決済会社との通信が切れています。ネットワークを確かめてください。',
    silent: '決済会社につながりません。ネットワークとカードリーダー、設定を確かめてください。',
  },
  clerk: { gone: '端末の画面が閉じられました。', silent: '端末を使えません。設定を確かめてください。' },
};

interface Slot {
  setup: TerminalSetup;
  state: Connection;
  detail: string | null;
  terminal: Terminal | undefined;
}

interface Hooks {
  /** How a terminal without a link asks the clerk. */
  askFor: (id: string) => AskClerk;
  onChange: (id: string) => void;
  /** Called with each new connection, before it can be claimed. */
  onConnected: (setup: TerminalSetup, terminal: Terminal) => Promise<void>;
  /** Called once per connection, when it can be claimed. */
  onReady: (id: string) => void;
  /** What an idle terminal said when it was asked how it is. */
  onHealth: (setup: TerminalSetup, health: Health) => void;
  onError: (id: string, error: unknown) => void;
}

/** Connects to none before `start`. @param pace how soon a lost one is tried again */
export function createTerminals(
  setups: readonly TerminalSetup[],
  hooks: Hooks,
  pace: Pace = PACE,
): Terminals {
  const slots = setups.map((setup): Slot => ({
    setup,
    state: 'connecting',
    detail: null,
    terminal: undefined,
  }));
  const stopping = new AbortController();
  let loops: Promise<void>[] = [];

  const slotOf = (id: string): Slot => {
    const slot = slots.find(({ setup }) => setup.id === id);
    if (slot === undefined) throw new Error(`no terminal ${id}`);
    return slot;
  };

  return {
    list: () => setups,
    connection(id) {
      const { state, detail } = slotOf(id);
      return { state, detail };
    },
    connected(id) {
      const terminal = slots.find(({ setup }) => setup.id === id)?.terminal;
      if (terminal === undefined) return undefined;
      return { terminalId: terminal.terminalId, canRefund: terminal.authorizeRefund !== undefined };
    },
    claim: (id) => claimSlot(slotOf(id), hooks),
    abort(id) {
      slotOf(id).terminal?.abort();
    },
    start() {
      loops = slots.map((slot) => keepConnected(slot, hooks, pace, stopping.signal));
    },
    async stop() {
      stopping.abort();
      // A dialogue that runs is broken off; an idle terminal is taken leave of by its loop.
      await Promise.all(slots.map(async ({ state, terminal }) => state === 'busy' && terminal?.close()));
      await Promise.all(loops);
    },
  };
}

function move(slot: Slot, hooks: Hooks, state: Connection, detail: string | null = null): void {
  if (slot.state === state && slot.detail === detail) return;
  slot.state = state;
  slot.detail = detail;
  hooks.onChange(slot.setup.id);
}

function claimSlot(slot: Slot, hooks: Hooks): Claim | 'busy' | 'disconnected' {
  const { terminal } = slot;
  if (slot.state === 'busy') return 'busy';
  if (slot.state !== 'ready' || terminal === undefined) return 'disconnected';
  move(slot, hooks, 'busy');
  return {
    terminal,
    release() {
      // The connection may have gone meanwhile, and another come in its place.
      if (slot.terminal === terminal && slot.state === 'busy') move(slot, hooks, 'ready');
    },
  };
}

/** Takes leave of an idle terminal before a planned stop, where it has a leave-taking and is not slow about it. */
async function leave(slot: Slot, hooks: Hooks, terminal: Terminal, withinMs: number): Promise<void> {
  if (!terminal.logOff || typeof claimSlot(slot, hooks) === 'string') return;
  const enough = new AbortController();
  const left = terminal.logOff().finally(() => enough.abort());
  await Promise.race([left, pause(withinMs, enough.signal)]);
  // What comes of it later is of no interest: the line is closed next.
  left.catch(() => undefined);
}

/** Keeps one terminal connected until the service stops. */
async function keepConnected(slot: Slot, hooks: Hooks, pace: Pace, stopping: AbortSignal): Promise<void> {
  const { setup } = slot;
  const { gone, silent } = LOST[setup.driver.reach];
  let retryMs = pace.firstRetryMs;
  while (!stopping.aborted) {
    try {
      const terminal = await setup.connect(hooks.askFor(setup.id));
      try {
        await hooks.onConnected(setup, terminal);
        slot.terminal = terminal;
        retryMs = pace.firstRetryMs;
        move(slot, hooks, 'ready');
        hooks.onReady(setup.id);
        const ended = await watch(slot, hooks, terminal, pace, stopping);
        if (ended === 'stopping') await leave(slot, hooks, terminal, pace.leaveMs);
      } finally {
        slot.terminal = undefined;
        await terminal.close();
      }
      move(slot, hooks, 'disconnected', gone);
    } catch (error) {
      hooks.onError(setup.id, error);
      move(slot, hooks, 'disconnected', silent);
    }
    await pause(retryMs, stopping);
    retryMs = Math.min(retryMs * 2, pace.longestRetryMs);
  }
}

/**
 * Until the line is gone or the service stops; asks an idle terminal how it is, so that a dead line is found before a sale is.
 * @throws TerminalError when it does not answer
 */
async function watch(
  slot: Slot,
  hooks: Hooks,
  terminal: Terminal,
  pace: Pace,
  stopping: AbortSignal,
): Promise<'gone' | 'stopping'> {
  const over = new AbortController();
  const end = (): void => over.abort();
  void terminal.closed.then(end);
  stopping.addEventListener('abort', end);
  // The stop may have come while the terminal was being connected: who listens from now on hears nothing of it.
  if (stopping.aborted) end();
  try {
    for (;;) {
      await pause(pace.healthEveryMs, over.signal);
      if (over.signal.aborted) return stopping.aborted ? 'stopping' : 'gone';
      const claim = claimSlot(slot, hooks);
      if (typeof claim === 'string') continue;
      try {
        let health = await terminal.checkHealth();
        if (health.remedy === 'restore' && terminal.restore) health = await terminal.restore(() => undefined);
        hooks.onHealth(slot.setup, health);
      } finally {
        claim.release();
      }
    }
  } finally {
    stopping.removeEventListener('abort', end);
  }
}

/** Waits, or less if the signal says so. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
