/**
 * A port made of a stream: events in, pulled bytes out. Used for our end of a line (port.ts) and by virtual
 * terminals for the far end.
 */
import type { Duplex } from 'node:stream';
import type { Chunk, Port } from './port.ts';
import { TerminalError } from './terminal.ts';

const WRITE_TIMEOUT_MS = 2_000;
/** A line that nobody reads is held back here; far above any dialogue's needs. */
const UNREAD_MAX_BYTES = 262_144;

/** What differs between a serial port, a socket and a pty. */
interface StreamLine {
  line: Port['line'];
  isOpen: () => boolean;
  /** Lets go of the line; called once. `closed` resolves when this has. */
  release: () => Promise<void>;
}

/** Turns a stream of events into a port that is read by pulling. The stream belongs to the port from here on. */
export function createStreamPort(stream: Duplex, { line, isOpen, release }: StreamLine): Port {
  const { promise: closed, resolve: markClosed } = Promise.withResolvers<void>();
  const reader = createReader(stream);
  const writer = createWriter(stream);
  let ended: Promise<void> | undefined;

  // A serial port that is unplugged during a write fires `error` once and `close` twice: this runs once.
  const end = (): Promise<void> => {
    ended ??= release().then(markClosed);
    reader.end();
    writer.end();
    return ended;
  };
  for (const event of ['close', 'end', 'error']) stream.on(event, () => void end());

  return {
    line,
    closed,
    read: reader.read,
    interrupt: reader.interrupt,
    write(bytes) {
      if (ended !== undefined || !isOpen()) {
        return Promise.reject(new TerminalError('the line is closed', false));
      }
      return writer.write(bytes);
    },
    async close() {
      await end();
    },
  };
}

interface Reader {
  read: (timeoutMs: number) => Promise<Chunk>;
  interrupt: () => void;
  end: () => void;
}

function createReader(stream: Duplex): Reader {
  let unread: Buffer[] = [];
  let unreadBytes = 0;
  let gone = false;
  let answer: ((chunk?: Chunk) => void) | undefined;

  stream.on('data', (bytes: Buffer) => {
    unread.push(bytes);
    unreadBytes += bytes.length;
    if (unreadBytes > UNREAD_MAX_BYTES) stream.pause();
    answer?.();
  });

  const take = (): Chunk | undefined => {
    if (unreadBytes === 0) return gone ? { kind: 'closed' } : undefined;
    const bytes = Buffer.concat(unread);
    unread = [];
    unreadBytes = 0;
    if (stream.isPaused()) stream.resume();
    return { kind: 'bytes', bytes };
  };

  return {
    read(timeoutMs) {
      if (answer !== undefined) throw new Error('a port has one reader at a time');
      const ready = take() ?? (timeoutMs <= 0 ? ({ kind: 'timeout' } as const) : undefined);
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        let look: NodeJS.Immediate | undefined;
        // A process that had no turn for a while finds its timers over first, and only then what has arrived meanwhile.
        const timer = setTimeout(() => {
          look = setImmediate(() => answer?.());
        }, timeoutMs);
        answer = (chunk = take() ?? { kind: 'timeout' }) => {
          clearTimeout(timer);
          clearImmediate(look);
          answer = undefined;
          resolve(chunk);
        };
      });
    },
    interrupt() {
      answer?.({ kind: 'interrupted' });
    },
    end() {
      gone = true;
      answer?.();
    },
  };
}

function createWriter(stream: Duplex): { write(bytes: Buffer): Promise<void>; end(): void } {
  const inFlight = new Set<(error: TerminalError) => void>();
  return {
    /** After an unplug neither the callback of write() nor drain() ever fires: the time-out is ours. */
    write(bytes) {
      return new Promise((resolve, reject) => {
        const settle = (error?: TerminalError): void => {
          clearTimeout(timer);
          inFlight.delete(settle);
          if (error) reject(error);
          else resolve();
        };
        const timer = setTimeout(() => {
          settle(new TerminalError('the line takes no bytes', true));
        }, WRITE_TIMEOUT_MS);
        inFlight.add(settle);
        stream.write(bytes, (cause) => {
          settle(cause ? new TerminalError('the line broke while writing', true, { cause }) : undefined);
        });
      });
    },
    end() {
      for (const fail of inFlight) fail(new TerminalError('the line broke while writing', true));
    },
  };
}
