/**
 * The line trace for the field: what register and terminal said to each other, kept in a file for whoever mends a
 * counter. Off unless a setting names the file. It ends by itself, also across restarts: the file says when it began.
 *
 * Masking is the driver's part, before anything comes here (`Driver.trace`): only it knows what a message holds.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One line of a trace. */
export interface TraceEntry {
  from: 'register' | 'terminal';
  /** A message, masked, in hex. */
  message?: string;
  /** What was no message, in a word, and how many bytes of it. */
  said?: 'ack' | 'nak' | 'damaged' | 'unreadable' | 'noise' | 'opened' | 'closed';
  bytes?: number;
}

/** Keeps an entry, or no longer. Never throws: a trace must not stop a payment. */
export type Trace = (entry: TraceEntry) => void;

interface TraceLimits {
  minutes: number;
  bytes: number;
}

const TRACE_LIMITS: TraceLimits = { minutes: 60, bytes: 5_000_000 };

interface TraceHooks {
  now: () => Date;
  /** Called once, when nothing more will be written, with the reason. */
  onEnd: (reason: string) => void;
  limits?: TraceLimits;
}

/**
 * Opens a trace, or goes on with one that has not come to its end.
 * @throws if the file can't be written, or exists and is no trace
 */
export function openTrace(path: string, { now, onEnd, limits = TRACE_LIMITS }: TraceHooks): Trace {
  const beganMs = existsSync(path) ? beginningOf(path) : undefined;
  const endMs = (beganMs ?? now().getTime()) + limits.minutes * 60_000;
  // Only its owner may read it: it is masked, and yet shows what a counter takes.
  const file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  let isOpen = true;

  const end = (reason: string): void => {
    isOpen = false;
    closeSync(file);
    onEnd(reason);
  };
  const write = (line: object): void => {
    const text = `${JSON.stringify(line)}\n`;
    if (bytes + text.length > limits.bytes) {
      end(`it has reached ${limits.bytes} bytes`);
      return;
    }
    try {
      bytes += writeSync(file, text);
    } catch (error) {
      end(String(error));
    }
  };
  if (beganMs === undefined) write({ trace: 'madoguchi', began: now().toISOString() });
  return (entry) => {
    if (!isOpen) return;
    const at = now();
    if (at.getTime() >= endMs) end(`${limits.minutes} minutes have passed`);
    else write({ at: at.toISOString(), ...entry });
  };
}

/** When an existing trace began, in ms. @throws if the file is no trace */
function beginningOf(path: string): number {
  const [first = ''] = readFileSync(path, 'latin1').split('\n', 1);
  const began = /^\{"trace":"madoguchi","began":"([^"]+)"\}$/.exec(first)?.[1];
  if (began === undefined) throw new Error(`${path} exists and is no trace; name another file`);
  return Date.parse(began);
}
