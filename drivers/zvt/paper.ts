/**
 * What a terminal wants printed, on its way to whoever keeps it. The text is stored first and acknowledged then, and
 * printed whenever a printer can: an unacknowledged line would reverse the payment (PA00P015 §2.2.8), so neither an
 * empty paper tray nor a failing store may refuse one.
 */
import type { KeepText } from '../../src/terminal/terminal.ts';
import { controlOf } from './apdu.ts';
import { messageIdOf } from './message-ids.ts';
import { readPrintedBlock, readPrintedLine } from './receipts.ts';
import { TIMING } from './timing.ts';

export interface Paper {
  /** Keeps the text of 06 D1 or 06 D3; resolves when it may be acknowledged, never rejects. */
  take(message: Buffer): Promise<void>;
  /** For the end of a dialogue: waits for what is still being kept. @throws what went wrong with it */
  finish(): Promise<void>;
}

/** @param charset what the terminal agreed to */
export function createPaper(keepText: KeepText | undefined, charset: number | undefined): Paper {
  let isGoingOn: Promise<void> = Promise.resolve();
  let failure: { cause: unknown } | undefined;
  let last: Buffer | undefined;

  const keep = async (message: Buffer): Promise<void> => {
    const read = controlOf(message) === '06d1' ? readPrintedLine : readPrintedBlock;
    try {
      await keepText?.(read(message, charset));
    } catch (cause) {
      failure ??= { cause };
    }
  };
  return {
    async take(message) {
      // Equal lines are normal; only an id tells a repetition.
      if (messageIdOf(message) !== undefined && last?.equals(message) === true) return;
      last = message;
      isGoingOn = isGoingOn.then(() => keep(message));
      await within(isGoingOn, TIMING.textWaitMs);
    },
    async finish() {
      await isGoingOn;
      if (failure !== undefined) throw failure.cause;
    },
  };
}

/** Resolves with the promise, or when the time is up. */
export async function within(promise: Promise<void>, ms: number): Promise<void> {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, passed]);
  clearTimeout(timer);
}
