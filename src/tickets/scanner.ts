/**
 * A scanner on a serial line. What it reads is told to the screens and kept nowhere: it may be anything that a resident
 * holds up. It is opened again for as long as it takes, wherever it is plugged in.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenPort, Port } from '../terminal/port.ts';
import { LONGEST_TEXT } from './scan.ts';

export interface Scanner {
  /** Resolves when the line is closed. */
  stop(): Promise<void>;
}

const REOPEN_AFTER_MS = 2_000;
const LOOK_MS = 60_000;
/** A scanner sends a line at once: what stands still half-way was cut off. */
const REST_MS = 500;

/** Reads lines for as long as it runs. `onLine` gets each line without its end. */
export function startScanner(options: { open: OpenPort; onLine: (line: string) => void }): Scanner {
  const stopping = new AbortController();
  let port: Port | undefined;
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        port = await options.open();
        await readLines(port, stopping.signal, options.onLine);
      } catch {
        // Not plugged in: looked for again below, for as long as it takes.
      } finally {
        await port?.close();
        port = undefined;
      }
      await delay(REOPEN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      port?.interrupt();
      await running;
    },
  };
}

async function readLines(port: Port, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  const lines = createLineReader(onLine);
  while (!signal.aborted) {
    const chunk = await port.read(lines.isWithin() ? REST_MS : LOOK_MS);
    if (chunk.kind === 'closed') return;
    if (chunk.kind === 'timeout') lines.rest();
    if (chunk.kind === 'bytes') lines.take(chunk.bytes);
  }
}

/** Bytes in, lines out. What is longer than any ticket is thrown away up to its end. */
export function createLineReader(onLine: (line: string) => void): {
  take: (bytes: Buffer) => void;
  /** Nothing came for a while: what has begun will not be ended. */
  rest: () => void;
  isWithin: () => boolean;
} {
  let line = '';
  let isTooLong = false;
  const end = (): void => {
    if (!isTooLong && line !== '') onLine(line);
    line = '';
    isTooLong = false;
  };
  return {
    take(bytes) {
      for (const character of bytes.toString('latin1')) {
        if (character === '\r' || character === '\n') end();
        else if (line.length < LONGEST_TEXT) line += character;
        else isTooLong = true;
      }
    },
    rest() {
      line = '';
      isTooLong = false;
    },
    isWithin: () => line !== '' || isTooLong,
  };
}
