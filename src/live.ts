/** What the screens are shown as it happens: a snapshot on connecting, then the changes. */
import type { CountedSale } from './counted/counted.ts';
import type { PaymentView } from './payments/view.ts';
import type { Scan } from './tickets/scan.ts';
import type { Prompt } from './terminal/prompt.ts';
import type { Progress } from './terminal/terminal.ts';

/** One terminal, as the status bar shows it. */
export interface TerminalStatus {
  id: string;
  nameJa: string;
  /** `locked`: an unknown payment is being asked about; no new sale until one query has been answered. */
  state: 'connecting' | 'ready' | 'busy' | 'locked' | 'disconnected' | 'lost';
  detail: string | null;
}

/** Whether the journal has reached PostgreSQL. */
export interface RecordStatus {
  /** `stopped`: another journal is known under this counter's id; no sale is taken until that is cleared up. */
  state: 'synced' | 'behind' | 'offline' | 'stopped';
  /** Events that PostgreSQL does not hold yet; null: it has not been reached since the start. */
  pending: number | null;
  detail: string | null;
  /** Of `offline`: since when PostgreSQL does not answer, as it was noticed (ISO 8601, UTC); otherwise null. */
  since: string | null;
}

/** This computer's clock and another one that it does not agree with, in ISO 8601, UTC. */
export interface ClockFault {
  /** `journal`: the newest event on record is later than now. */
  source: 'journal' | 'database' | 'terminal';
  ours: string;
  theirs: string;
}

/** How far a running payment is. */
export interface PaymentProgress {
  paymentId: string;
  progress: Progress;
}

/** A question of a terminal without a link, open until the clerk has answered it. */
export interface OpenPrompt {
  id: string;
  /** The terminal's number at this counter. */
  terminal: string;
  prompt: Prompt;
}

/** How the daycare window's list of the day is, without any of it: whoever may see it asks for it (daycare/stays.ts). */
export interface DaycareStatus {
  /** Another one: there is something new to ask for. */
  version: number;
  /** Stays that nobody has paid. */
  owed: number;
}

/** A screen that waits for a terminal. */
export interface WaitingScreen {
  /** The screen's own id, new with each page. */
  screen: string;
  name: string;
  clerk: string;
  amountYen: number;
  /** ISO 8601, UTC. */
  since: string;
}

/** Which screen's payments are under way, and who is next; first come, first served. */
export interface TurnsStatus {
  holding: { paymentId: string; screen: string; name: string }[];
  waiting: WaitingScreen[];
}

/** Which terminal a closing is at; shown on every screen of the counter. */
export interface ClosingProgress {
  terminal: string;
  step: 'totals' | 'settlement';
  /** From 1 to `of`: which of the terminals. */
  number: number;
  of: number;
}

export interface Snapshot {
  payments: PaymentView[];
  /** Today's sales without a terminal, newest first. */
  counted: CountedSale[];
  progress: PaymentProgress[];
  prompts: OpenPrompt[];
  terminals: TerminalStatus[];
  record: RecordStatus;
  /** Null: the clock may date a payment. */
  clock: ClockFault | null;
  daycare: DaycareStatus;
  turns: TurnsStatus;
  /** Null: no terminal is being read or settled. */
  closing: ClosingProgress | null;
}

/** The event's name is the SSE event name, its value the JSON in `data`. */
export interface Changes {
  payment: PaymentView;
  counted: CountedSale;
  progress: PaymentProgress;
  /** All that are open. */
  prompts: OpenPrompt[];
  terminal: TerminalStatus;
  record: RecordStatus;
  clock: ClockFault | null;
  daycare: DaycareStatus;
  turns: TurnsStatus;
  closing: ClosingProgress | null;
  /** Read by a scanner on a serial line, for whichever screen is ringing up. */
  scan: Scan;
}

type Listener = <K extends keyof Changes>(name: K, value: Changes[K]) => void;

export interface Live {
  publish: Listener;
  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
}

/** Nobody is listening yet; who subscribes late is told nothing of before. */
export function createLive(): Live {
  const listeners = new Set<Listener>();
  return {
    publish(name, value) {
      for (const listener of listeners) listener(name, value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
