/** The ends of a line that is no device: bytes go from one to the other in virtual time, and time-outs with them. */
import type { Chunk, Port } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';

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
