/** The ends of a line that is no device: bytes go from one to the other in virtual time, and time-outs with them. */
import type { Chunk, Port } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import type { Owner, VirtualTime } from './time.ts';

export interface End {
  port: Port;
  deliver: (bytes: Buffer) => void;
  hangUp: () => void;
}

/** One end of a line, as `createStreamPort` makes it of a stream. */
export function createEnd(line: Port['line'], send: (bytes: Buffer) => void, onClose: () => void): End {
  const { promise: closed, resolve: markClosed } = Promise.withResolvers<void>();
  let unread: Buffer[] = [];
  let isOver = false;
  let answer: ((chunk: Chunk) => void) | undefined;
  const take = (): Chunk | undefined => {
    if (unread.length === 0) return isOver ? { kind: 'closed' } : undefined;
    const bytes = unread.length === 1 && unread[0] !== undefined ? unread[0] : Buffer.concat(unread);
    unread = [];
    return { kind: 'bytes', bytes };
  };
  const wake = (): void => {
    const chunk = answer && take();
    if (chunk !== undefined) answer?.(chunk);
  };
  const hangUp = (): void => {
    isOver = true;
    wake();
    markClosed();
  };
  return {
    deliver(bytes) {
      if (isOver) return;
      unread.push(bytes);
      wake();
    },
    hangUp,
    port: {
      line,
      closed,
      read(timeoutMs) {
        if (answer !== undefined) throw new Error('a port has one reader at a time');
        const ready = take() ?? (timeoutMs <= 0 ? ({ kind: 'timeout' } as const) : undefined);
        if (ready !== undefined) return Promise.resolve(ready);
        return new Promise((resolve) => {
          const timer = setTimeout(() => answer?.({ kind: 'timeout' }), timeoutMs);
          answer = (chunk) => {
            clearTimeout(timer);
            answer = undefined;
            resolve(chunk);
          };
        });
      },
      interrupt: () => answer?.({ kind: 'interrupted' }),
      write(bytes) {
        if (isOver) return Promise.reject(new TerminalError('the line is closed', false));
        send(bytes);
        return Promise.resolve();
      },
      close() {
        if (!isOver) onClose();
        hangUp();
        return Promise.resolve();
      },
    },
  };
}

/** A line that can be pulled out and plugged in again; each time it is opened it is a new connection. */
export interface VirtualLine {
  /** @throws TerminalError while it is pulled out */
  open(): Promise<Port>;
  pull(): void;
  plug(): void;
}

/** Bytes take so long from one end to the other. */
const LATENCY_MS = 1;

/** @param onPort a connection has come to the far end */
export function createLine(
  time: VirtualTime,
  owners: { near: Owner; far: Owner },
  onPort: (port: Port) => void,
): VirtualLine {
  let isPlugged = true;
  let ends: { near: End; far: End } | undefined;
  const cut = (): void => {
    const gone = ends;
    ends = undefined;
    if (gone === undefined) return;
    time.after(LATENCY_MS, owners.near, () => gone.near.hangUp());
    time.after(LATENCY_MS, owners.far, () => gone.far.hangUp());
  };
  const connect = (): { near: End; far: End } => {
    const near = createEnd(
      'stream',
      (bytes) => time.after(LATENCY_MS, owners.far, () => far.deliver(bytes)),
      () => cut(),
    );
    const far = createEnd(
      'stream',
      (bytes) => time.after(LATENCY_MS, owners.near, () => near.deliver(bytes)),
      () => undefined,
    );
    return { near, far };
  };
  return {
    open() {
      if (!isPlugged) return Promise.reject(new TerminalError('the terminal is not plugged in', false));
      cut();
      const made = connect();
      ends = made;
      time.after(0, owners.far, () => onPort(made.far.port));
      return Promise.resolve(made.near.port);
    },
    pull() {
      isPlugged = false;
      cut();
    },
    plug() {
      isPlugged = true;
    },
  };
}
