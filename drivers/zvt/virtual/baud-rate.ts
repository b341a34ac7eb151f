/**
 * The rate of a serial line (PA00P015 §2.57). A pty carries bytes at any rate, but it knows which one the register has
 * set: where that is not the terminal's own, each hears nothing but noise of the other.
 */
import type { Port } from '../../../src/terminal/port.ts';

/** Code of 08 40 → bauds. */
export const BAUD_RATES: ReadonlyMap<number, number> = new Map([
  [0x00, 9_600],
  [0x01, 19_200],
  [0x06, 57_600],
  [0x07, 115_200],
]);

export interface BaudRate {
  /** What it has after a start, whatever was agreed before. */
  now: number;
  /** Agreed, and in force from then on (`performance.now()`). */
  next?: { rate: number; fromMs: number };
}

export const AFTER_START: BaudRate = { now: 9_600 };

/** The bauds in force at this moment. */
export function rateIn({ now, next }: BaudRate): number {
  return next !== undefined && performance.now() >= next.fromMs ? next.rate : now;
}

/** Neither ACK, NAK nor DLE. */
const NOISE = 0xf8;

/** A line on which the two hear each other only while their rates are the same. */
export function createRatedPort(port: Port, isSameRate: () => Promise<boolean>): Port {
  const carried = async (bytes: Buffer): Promise<Buffer> =>
    (await isSameRate()) ? bytes : Buffer.alloc(bytes.length, NOISE);
  return {
    line: port.line,
    closed: port.closed,
    interrupt: () => port.interrupt(),
    close: () => port.close(),
    write: async (bytes) => port.write(await carried(bytes)),
    async read(timeoutMs) {
      const chunk = await port.read(timeoutMs);
      return chunk.kind === 'bytes' ? { kind: 'bytes', bytes: await carried(chunk.bytes) } : chunk;
    },
  };
}
