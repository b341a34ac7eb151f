/**
 * What all dialogues with a terminal share (PA00P016 §5.2): a command, its answer within T3, the terminal's own
 * messages, each answered with 80 00 00, and the completion or abort that gives the master right back.
 */
import { TerminalError, type Decision, type KeepText, type OnProgress } from '../../src/terminal/terminal.ts';
import { controlOf, decodeApdu } from './apdu.ts';
import { stepOf } from './codes.ts';
import { ABORT, NOT_SUPPORTED, NOT_TAKEN, type RegistrationWishes } from './commands.ts';
import { reply, sayLast, type Link } from './link.ts';
import { isRepetition, isSaidAgain } from './message-ids.ts';
import { readAborted, readAnswer, readIntermediate, readResultCode, TAKEN } from './messages.ts';
import { createPaper } from './paper.ts';
import { answerRecorded, startRecording, type Recording } from './recording.ts';
import { TIMING } from './timing.ts';

/**
 * What a terminal does with an approval that nobody acknowledged; which one holds, its acquirer knows.
 * `immediate`: reverses it at once (§2.2.8). `deferred`: waits for the next command's tag 1F1F (§4).
 * `none`: forgets it without a reversal, so that the card may have been charged all the same.
 */
export type AutoReversal = 'immediate' | 'deferred' | 'none';

export interface Session {
  /** The line as it was opened, for a registration. */
  line: Link;
  /** The line as dialogues use it: with message ids where the terminal has them. */
  link: Link;
  /** Six digits. */
  password: string;
  t3Ms: number;
  t4Ms: number;
  /** The terminal's own patience for the answer to a status information. */
  answerMs: number;
  autoReversal: AutoReversal;
  wishes: RegistrationWishes;
  /** The character set that the terminal agreed to (tag 14). */
  charset: number | undefined;
  /** The terminal has closed its day by itself, and nobody has been told yet. */
  hasClosedDay: boolean;
  /** The 06 0F or 06 1E that was answered last, as long as nothing else has come since. */
  answeredEnd: Buffer | undefined;
}

/** 04 FF: the automatic end of day starts (§3.7), for example within a status enquiry. */
const CLOSES_DAY = 0x0f;

/** The answer to a command: 80 xx and 84 00 mean taken, any other 84 carries a code. */
type Answer = { kind: 'taken' } | { kind: 'refused'; resultCode: string };

/** How a dialogue without money went. `completion`: the whole 06 0F. */
export type Exchange =
  { kind: 'completed'; completion: Buffer } | { kind: 'aborted' | 'refused'; resultCode: string };

/** More than the longest dialogue, a day's report line by line; who says more is mad, and would fill the journal. */
const MESSAGES_MAX = 5_000;
/** A result is said again every two seconds for half a minute at most (§3.1), and a wrong PIN brings another. */
const RESULTS_MAX = 100;

/** Counts what a terminal says within one dialogue. @throws TerminalError when it is too much to be true */
export function countMessages(): (control: string) => void {
  let messages = 0;
  let results = 0;
  return (control) => {
    messages += 1;
    if (control === '040f') results += 1;
    if (messages > MESSAGES_MAX || results > RESULTS_MAX) {
      throw new TerminalError('the terminal does not come to an end', true);
    }
  };
}

/** Somebody wants a dialogue to stop; kept by the terminal, read between two messages. */
export interface AbortWish {
  wanted: boolean;
}

/** Who is told of what a dialogue brings. */
export interface Listener {
  /**
   * A status information, before it is acknowledged. Left out where none belongs to the dialogue: after 06 00 and
   * 05 01 it can only be a payment's. @throws if it can't be recorded; it is refused then, and the error let out
   */
  takeStatus?: (message: Buffer) => void | Promise<void>;
  onProgress?: OnProgress;
  keepText?: KeepText | undefined;
  abortWish?: AbortWish;
  /** The longest silence, T4 if left out; each message of the terminal starts it anew. */
  silenceMs?: number;
}

/**
 * Sends a command and waits for its answer. What an earlier dialogue left behind is answered on the way, and first
 * of all whatever has come in already: it must not be taken for a part of this dialogue.
 * @param t3Ms a time that is part of the command replaces T3 (PA00P016 §5.2.5)
 * @throws TerminalError
 */
export async function ask(session: Session, command: Buffer, t3Ms = session.t3Ms): Promise<Answer> {
  const { link } = session;
  const patience = performance.now() + t3Ms;
  for (let left = await link.receive(0); left.kind === 'apdu'; left = await link.receive(0)) {
    if (performance.now() >= patience) throw new TerminalError('the line never falls silent', false);
    await answerStranger(session, left.apdu);
  }
  await link.send(command);
  const deadline = performance.now() + t3Ms;
  for (;;) {
    // A line that floods us always has a next message: T3 ends all the same.
    const message = performance.now() < deadline ? await next(link, deadline - performance.now()) : 'timeout';
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      throw new TerminalError(`no answer to ${controlOf(command)} within ${t3Ms} ms (T3)`, true);
    }
    const answer = readCommandAnswer(message);
    if (answer !== undefined) return answer;
    await answerStranger(session, message);
  }
}

/** Undefined if the message is no answer to a command. */
export function readCommandAnswer(message: Buffer): Answer | undefined {
  const control = controlOf(message);
  if (control.startsWith('80') || control === '8400') return { kind: 'taken' };
  if (!control.startsWith('84')) return undefined;
  // A registration with a wrong currency is refused with `84 1E xx 6F` (§2.1): the code is in the data.
  const data = decodeApdu(message)?.data ?? Buffer.alloc(0);
  const resultCode = control === '841e' && data.length > 0 ? readResultCode(data) : control.slice(2);
  return { kind: 'refused', resultCode };
}

/** The next message of the terminal. @throws TerminalError if the line is gone. */
export async function next(link: Link, timeoutMs: number): Promise<Buffer | 'timeout' | 'interrupted'> {
  const reception = await link.receive(Math.max(0, timeoutMs));
  if (reception.kind === 'closed') throw new TerminalError('the line broke within a dialogue', true);
  return reception.kind === 'apdu' ? reception.apdu : reception.kind;
}

/**
 * A message of a dialogue that is not ours any more. An approval has no record to go to: it is refused, so that the
 * terminal reverses it, and what it has stored in the end is for 06 20 to say. An end that was answered is not answered
 * again: the line held both its copies back, an ACK between them (which carries no number) made the second look new, and
 * the terminal may have begun the next dialogue, whose approval a second yes would acknowledge.
 */
export async function answerStranger(session: Session, message: Buffer): Promise<void> {
  const { link } = session;
  const control = controlOf(message);
  if (readCommandAnswer(message) !== undefined || session.answeredEnd?.equals(message) === true) return;
  session.answeredEnd = undefined;
  if (isEnd(control)) return answerEnd(session, message);
  const verdict = control === '040f' ? readAnswer(message).verdict : 'cancelled';
  const isOver = verdict === 'declined' || verdict === 'cancelled';
  if (isOver) await reply(link, answerTo(control));
  else await link.send(NOT_TAKEN);
}

/** Answers what gives the master right back: a dialogue that has ended stays ended, whatever becomes of the answer. */
export async function answerEnd(session: Session, end: Buffer): Promise<void> {
  const { link } = session;
  const said = reply(link, TAKEN).then((isAnswered) => {
    session.answeredEnd = isAnswered ? end : undefined;
  });
  await sayLast(link, said);
}

/** The answer to a message that asks nothing of us but to be taken, and to one that asks too much. */
export function answerTo(control: string): Buffer {
  return TAKEABLE.has(control) ? TAKEN : NOT_SUPPORTED;
}

/** Status, intermediate status, completion, abort, print line and text block, date and time (§3.1 to §3.7). */
const TAKEABLE = new Set(['040f', '04ff', '060f', '061e', '06d1', '06d3', '0401']);

/** The master right comes back to the register. */
export const isEnd = (control: string): boolean => control === '060f' || control === '061e';

export const isPrint = (control: string): boolean => control === '06d1' || control === '06d3';

/** The longest silence of a dialogue that waits for nobody; a terminal with a short T4 has no longer one here. */
export const plainSilenceMs = ({ t4Ms }: Session): number => Math.min(t4Ms, TIMING.plainSilenceMs);

/** Holds a dialogue that takes no money, to its end. @throws TerminalError; what the listener threw */
export async function exchange(
  session: Session,
  command: Buffer,
  listener: Listener = {},
): Promise<Exchange> {
  const { link } = session;
  const { silenceMs = session.t4Ms } = listener;
  const answer = await ask(session, command);
  if (answer.kind === 'refused') return answer;
  const paper = createPaper(listener.keepText, session.charset);
  let recording: Recording | undefined;
  const count = countMessages();
  let patienceMs = silenceMs;
  let abortSent = false;
  for (;;) {
    if (listener.abortWish?.wanted === true && !abortSent) {
      abortSent = true;
      await link.send(ABORT);
    }
    const message = await next(link, patienceMs);
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      throw new TerminalError(`${controlOf(command)}: silence for ${patienceMs} ms (T4)`, true);
    }
    const control = controlOf(message);
    count(control);
    if (isEnd(control)) {
      await answerEnd(session, message);
      await paper.finish();
      if (control === '060f') return { kind: 'completed', completion: message };
      return { kind: 'aborted', resultCode: readAborted(message).resultCode };
    }
    const { takeStatus } = listener;
    if (control === '040f' && takeStatus !== undefined) {
      recording = recordingOf(message, recording, () => recorded(takeStatus(message)));
      await answerRecorded(link, recording, session.answerMs);
      continue;
    }
    if (control === '04ff') {
      const { status, t4Ms } = tellStep(message, listener.onProgress);
      patienceMs = Math.max(silenceMs, t4Ms ?? 0);
      if (status === CLOSES_DAY) session.hasClosedDay = true;
    }
    if (isPrint(control)) await paper.take(message);
    await answerStranger(session, message);
  }
}

/** A failure to record stays one; all else is acknowledged. */
function recorded(taken: void | Promise<void>): Decision | Promise<Decision> {
  return taken === undefined ? 'acknowledge' : taken.then(() => 'acknowledge' as const);
}

/** The recording that is under way if the message is a repetition, a new one otherwise. */
export function recordingOf(
  message: Buffer,
  current: Recording | undefined,
  record: Parameters<typeof startRecording>[1],
): Recording {
  if (current === undefined) return startRecording(message, record);
  const isKnown =
    isRepetition(message, current.message) || (current.isAskedAgain && isSaidAgain(message, current.message));
  return isKnown ? current : startRecording(message, record);
}

/** A step for the screen (§3.7). @returns it, with the T4 that the terminal wishes, if it does */
export function tellStep(
  message: Buffer,
  onProgress: OnProgress | undefined,
): Pick<ReturnType<typeof readIntermediate>, 'status' | 't4Ms'> {
  const { status, t4Ms, hint } = readIntermediate(decodeApdu(message)?.data ?? Buffer.alloc(0));
  onProgress?.({ step: stepOf(status), hint });
  return { status, t4Ms };
}
