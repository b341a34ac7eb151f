/** Authorisation (PA00P015 §2.2): the dialogue in which money moves. */
import {
  TerminalError,
  type Commit,
  type Ending,
  type Progress,
  type Sale,
} from '../../src/terminal/terminal.ts';
import { controlOf, decodeApdu } from './apdu.ts';
import { refusalOf, stepOf } from './codes.ts';
import { abortCode, answerTo, ask, next, readCommandAnswer, sendLast, type Session } from './dialogue.ts';
import type { Link } from './link.ts';
import { ABORT, authorisation, NOT_TAKEN, readAnswer, readIntermediate, TAKEN } from './messages.ts';
import { TIMING } from './timing.ts';

/** Somebody wants the sale to stop; kept by the terminal, read here between two messages. */
export interface AbortWish {
  wanted: boolean;
}

/** What a running sale has seen. */
interface Running {
  /** The last status information and what the terminal was told; the same bytes again are a repetition. */
  last: { message: Buffer; response: Buffer } | undefined;
  /** An approval has been acknowledged. */
  isPaid: boolean;
  /** A refused abort is wished again at the terminal's next step. */
  abort: 'unsent' | 'sent' | 'refused';
  t4Ms: number;
  t4Passed: boolean;
}

/**
 * The first byte that leaves is the command's: whatever could be asked beforehand was asked when the terminal was
 * connected. The command is never sent twice by the program; if its answer is lost, only a query tells.
 * @throws TerminalError; and whatever `commit` threw, after the terminal has been told to reverse
 */
export async function authorizeSale(
  session: Session,
  sale: Sale,
  commit: Commit,
  onProgress: (progress: Progress) => void,
  abortWish: AbortWish,
): Promise<Ending> {
  const { link } = session;
  const answer = await ask(session, authorisation(sale.amountYen));
  if (answer.kind === 'refused') return aborted(answer.resultCode);
  onProgress({ step: 'sent', hint: null });

  const running: Running = {
    last: undefined,
    isPaid: false,
    abort: 'unsent',
    t4Ms: session.t4Ms,
    t4Passed: false,
  };
  for (;;) {
    if (abortWish.wanted) await sendAbort(link, running);
    const message = await next(link, running.t4Ms);
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      await giveUpWaiting(link, running);
      continue;
    }
    const control = controlOf(message);
    if (control === '060f' || control === '061e') {
      await sendLast(link, TAKEN);
      return control === '060f' ? { kind: 'completed' } : aborted(abortCode(message));
    }
    if (control === '040f') {
      running.t4Ms = session.t4Ms;
      await takeAnswer(link, message, commit, running);
    }
    // An answer to a command can only be the one to our abort.
    const reply = readCommandAnswer(message);
    if (reply?.kind === 'refused') running.abort = 'refused';
    if (reply !== undefined || control === '040f') continue;
    if (control === '04ff') showStep(message, onProgress, running, session.t4Ms);
    await link.send(answerTo(control));
  }
}

function aborted(resultCode: string): Ending {
  return { kind: 'aborted', verdict: refusalOf(resultCode), resultCode };
}

/**
 * A status information: durably recorded first, then acknowledged (§2.2.8: the acknowledgement is what makes the
 * terminal store the payment). If the record can't be made the terminal is told to reverse.
 */
async function takeAnswer(link: Link, message: Buffer, commit: Commit, running: Running): Promise<void> {
  if (running.last?.message.equals(message) !== true) {
    const answer = readAnswer(message);
    let decision: ReturnType<Commit>;
    try {
      decision = commit(answer);
    } catch (cause) {
      await sendLast(link, NOT_TAKEN);
      throw cause;
    }
    const isTaken = decision === 'acknowledge';
    running.last = { message, response: isTaken ? TAKEN : NOT_TAKEN };
    running.isPaid = isTaken && answer.verdict === 'approved';
  }
  await link.send(running.last.response);
}

/** A step for the clerk's screen; it may also give the terminal more time (§3.7). */
function showStep(
  message: Buffer,
  onProgress: (progress: Progress) => void,
  running: Running,
  t4Ms: number,
): void {
  const { status, t4Ms: wishedMs, hint } = readIntermediate(decodeApdu(message)?.data ?? Buffer.alloc(0));
  running.t4Ms = Math.max(t4Ms, wishedMs ?? 0);
  if (running.abort === 'refused') running.abort = 'unsent';
  onProgress({ step: stepOf(status), hint });
}

/**
 * Abort (§2.23) is a wish: the register is not master here, a terminal may refuse it once its host is involved, and
 * the dialogue goes on until the terminal ends it. After an acknowledged approval there is nothing to stop.
 */
async function sendAbort(link: Link, running: Running): Promise<void> {
  if (running.abort !== 'unsent' || running.isPaid) return;
  running.abort = 'sent';
  await link.send(ABORT);
}

/** T4 has passed: one abort, a short wait, and then only a query can tell. @throws TerminalError */
async function giveUpWaiting(link: Link, running: Running): Promise<void> {
  if (running.t4Passed) throw new TerminalError('the terminal has fallen silent within a payment (T4)', true);
  running.t4Passed = true;
  running.t4Ms = Math.min(running.t4Ms, TIMING.afterAbortMs);
  await sendAbort(link, running);
}
