/**
 * Nobody may read 同期済み while PostgreSQL is gone. The drain speaks with it only when there is something to send, so in
 * between somebody asks whether it is still there: one statement that reads no table and writes nothing.
 */
import type { Drain } from './drain.ts';

const BEAT_MS = 3_000;
/** A cable that was pulled says nothing at all: no answer within this is none. */
const ANSWER_WITHIN_MS = 3_000;

export interface HeartbeatOptions {
  drain: Pick<Drain, 'status' | 'noteSilence'>;
  /** Asks PostgreSQL for anything. */
  ask: () => Promise<unknown>;
  /** Both in milliseconds. */
  pace?: { beatMs: number; answerWithinMs: number };
}

/** Begins to beat; what it returns ends that. */
export function startHeartbeat({ drain, ask, pace }: HeartbeatOptions): { stop: () => void } {
  const { beatMs, answerWithinMs } = pace ?? { beatMs: BEAT_MS, answerWithinMs: ANSWER_WITHIN_MS };
  let isAsking = false;
  const beat = async (): Promise<void> => {
    // In every other state the drain asks by itself.
    if (isAsking || drain.status.state !== 'synced') return;
    isAsking = true;
    const late = setTimeout(() => drain.noteSilence(new Error('PostgreSQL gives no answer')), answerWithinMs);
    try {
      await ask();
    } catch (error) {
      drain.noteSilence(error);
    } finally {
      clearTimeout(late);
      isAsking = false;
    }
  };
  const timer = setInterval(() => void beat(), beatMs);
  return { stop: () => clearInterval(timer) };
}
