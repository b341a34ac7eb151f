/**
 * A status information on its way into the journal while the terminal waits (PA00P015 §2.2.8). What is recorded at
 * once is answered at once. A slow disk gains time with 84 9C, upon which the terminal says the same again two
 * seconds later; but its own patience (BMP 01, 30 s unless set otherwise) is never used up.
 */
import { TerminalError, type Decision } from '../../src/terminal/terminal.ts';
import { ASK_AGAIN, NOT_TAKEN } from './commands.ts';
import { reply, sayLast, type Link } from './link.ts';
import { TAKEN } from './messages.ts';
import { within } from './paper.ts';
import { TIMING } from './timing.ts';

type Outcome = { decision: Decision } | { cause: unknown };

export interface Recording {
  message: Buffer;
  startedMs: number;
  outcome: Outcome | undefined;
  /** The terminal was asked to say it again, which it may do under a new message id. */
  isAskedAgain: boolean;
  /** Resolves when there is an outcome; never rejects. */
  settled: Promise<void>;
}

/** Has `record` put a status information on record, and waits for nothing: whatever it throws is in the outcome. */
export function startRecording(message: Buffer, record: () => Decision | Promise<Decision>): Recording {
  const recording: Recording = {
    message,
    startedMs: performance.now(),
    outcome: undefined,
    isAskedAgain: false,
    settled: Promise.resolve(),
  };
  const fail = (cause: unknown): void => {
    recording.outcome = { cause };
  };
  const decide = (decision: Decision): void => {
    recording.outcome = { decision };
  };
  try {
    const decided = record();
    if (typeof decided === 'string') decide(decided);
    else recording.settled = decided.then(decide, fail);
  } catch (cause) {
    fail(cause);
  }
  return recording;
}

/**
 * Answers the terminal as far as the record has got. `later`: it has been asked to say it again.
 * @param patienceMs how long the terminal waits for an answer before it reverses
 * @throws what the record threw, or a TerminalError if it takes too long; the terminal has been told to reverse
 */
export async function answerRecorded(
  link: Link,
  recording: Recording,
  patienceMs: number,
): Promise<Decision | 'later'> {
  const latestMs = recording.startedMs + patienceMs - Math.min(TIMING.commitReserveMs, patienceMs / 5);
  const leftMs = latestMs - performance.now();
  const isLastChance = leftMs <= TIMING.commitWaitMs;
  if (recording.outcome === undefined && leftMs > 0) {
    await within(recording.settled, Math.min(TIMING.commitWaitMs, leftMs));
  }
  const { outcome } = recording;
  if (outcome === undefined) {
    if (!isLastChance) {
      recording.isAskedAgain = true;
      await reply(link, ASK_AGAIN);
      return 'later';
    }
    await sayLast(link, link.send(NOT_TAKEN));
    throw new TerminalError('the record was not made in time; the terminal was told to reverse', true);
  }
  if ('cause' in outcome) {
    await sayLast(link, link.send(NOT_TAKEN));
    throw outcome.cause;
  }
  await (outcome.decision === 'acknowledge' ? reply(link, TAKEN) : link.send(NOT_TAKEN));
  return outcome.decision;
}
