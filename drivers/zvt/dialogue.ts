/**
 * What all dialogues with a terminal share (PA00P016 §5.2): a command, its answer within T3, the terminal's own
 * messages, each answered with 80 00 00, and the completion or abort that gives the master right back.
 */
import { TerminalError } from '../../src/terminal/terminal.ts';
import { controlOf, decodeApdu } from './apdu.ts';
import type { Link } from './link.ts';
import { NOT_SUPPORTED, NOT_TAKEN, readAnswer, readResultCode, TAKEN } from './messages.ts';

export interface Session {
  link: Link;
  /** Six digits. */
  password: string;
  t3Ms: number;
  t4Ms: number;
}

/** The answer to a command: 80 xx and 84 00 mean taken, any other 84 carries a code. */
type Answer = { kind: 'taken' } | { kind: 'refused'; resultCode: string };

/** How a dialogue without money went. `statuses`: the 04 0F that it brought. */
export type Exchange =
  | { kind: 'completed'; completion: Buffer; statuses: Buffer[] }
  | { kind: 'aborted' | 'refused'; resultCode: string };

/**
 * Sends a command and waits for its answer. What an earlier dialogue left behind is answered on the way, and first
 * of all whatever has come in already: it must not be taken for a part of this dialogue.
 * @throws TerminalError
 */
export async function ask({ link, t3Ms }: Session, command: Buffer): Promise<Answer> {
  for (let left = await link.receive(0); left.kind === 'apdu'; left = await link.receive(0)) {
    await answerStranger(link, left.apdu);
  }
  await link.send(command);
  const deadline = performance.now() + t3Ms;
  for (;;) {
    const message = await next(link, deadline - performance.now());
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      throw new TerminalError(`no answer to ${controlOf(command)} within ${t3Ms} ms (T3)`, true);
    }
    const answer = readCommandAnswer(message);
    if (answer !== undefined) return answer;
    await answerStranger(link, message);
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
 * terminal reverses it, and what it has stored in the end is for 06 20 to say.
 */
async function answerStranger(link: Link, message: Buffer): Promise<void> {
  const control = controlOf(message);
  if (readCommandAnswer(message) !== undefined) return;
  const verdict = control === '040f' ? readAnswer(message).verdict : 'cancelled';
  const isOver = verdict === 'declined' || verdict === 'cancelled';
  await link.send(isOver ? answerTo(control) : NOT_TAKEN);
}

/** The answer to a message that asks nothing of us but to be taken, and to one that asks too much. */
export function answerTo(control: string): Buffer {
  return TAKEABLE.has(control) ? TAKEN : NOT_SUPPORTED;
}

/** Status, intermediate status, completion, abort, print line and text block, date and time (§3.1 to §3.7). */
const TAKEABLE = new Set(['040f', '04ff', '060f', '061e', '06d1', '06d3', '0401']);

/**
 * Holds a dialogue that moves no money, to its end.
 * @param takesStatus whether a 04 0F may belong to it: after 06 00 and 05 01 it can only be a payment's
 * @param t4Ms the longest silence; each message of the terminal starts it anew
 * @throws TerminalError
 */
export async function exchange(
  session: Session,
  command: Buffer,
  takesStatus: boolean,
  t4Ms = session.t4Ms,
): Promise<Exchange> {
  const { link } = session;
  const answer = await ask(session, command);
  if (answer.kind === 'refused') return answer;
  const statuses: Buffer[] = [];
  for (;;) {
    const message = await next(link, t4Ms);
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      throw new TerminalError(`${controlOf(command)} did not end within ${t4Ms} ms (T4)`, true);
    }
    const control = controlOf(message);
    if (control === '060f') {
      await sendLast(link, TAKEN);
      return { kind: 'completed', completion: message, statuses };
    }
    if (control === '061e') {
      await sendLast(link, TAKEN);
      return { kind: 'aborted', resultCode: abortCode(message) };
    }
    if (control === '040f' && takesStatus) {
      statuses.push(message);
      await link.send(TAKEN);
    } else await answerStranger(link, message);
  }
}

/** The result code of 06 1E. */
export function abortCode(message: Buffer): string {
  return readResultCode(decodeApdu(message)?.data ?? Buffer.alloc(0));
}

/**
 * Sends what can change nothing for us any more, and lets a line that breaks here be: a dialogue that has ended stays
 * ended, even if the terminal does not hear that we know (§2.2.9).
 */
export async function sendLast(link: Link, message: Buffer): Promise<void> {
  try {
    await link.send(message);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    await link.close();
  }
}
