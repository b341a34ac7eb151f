/** Authorisation, reversal and refund (PA00P015 §2.2, §2.9, §2.15): the dialogues in which money moves. */
import {
  TerminalError,
  type Commit,
  type Ending,
  type KeepText,
  type Mirror,
  type OnProgress,
  type Void,
} from '../../src/terminal/terminal.ts';
import { controlOf } from './apdu.ts';
import { refusalOf } from './codes.ts';
import { ABORT, reversal, type MirrorTag } from './commands.ts';
import {
  answerEnd,
  answerTo,
  ask,
  countMessages,
  isEnd,
  isPrint,
  next,
  readCommandAnswer,
  recordingOf,
  tellStep,
  type AbortWish,
  type Session,
} from './dialogue.ts';
import { reply } from './link.ts';
import { readAborted, readAnswer } from './messages.ts';
import { createPaper } from './paper.ts';
import { answerRecorded, type Recording } from './recording.ts';
import { TIMING } from './timing.ts';

interface PaymentListener {
  commit: Commit;
  onProgress: OnProgress;
  keepText: KeepText | undefined;
  abortWish: AbortWish;
}

/** What a running payment has seen. */
interface Running {
  /** The last status information; the same again is a repetition. */
  recording: Recording | undefined;
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
export async function holdPayment(
  session: Session,
  command: Buffer,
  listener: PaymentListener,
): Promise<Ending> {
  const answer = await ask(session, command);
  if (answer.kind === 'refused') return aborted(answer.resultCode);
  listener.onProgress({ step: 'sent', hint: null });
  const running: Running = {
    recording: undefined,
    isPaid: false,
    abort: 'unsent',
    t4Ms: session.t4Ms,
    t4Passed: false,
  };
  try {
    return await untilEnded(session, listener, running);
  } catch (error) {
    throw afterCommand(error);
  } finally {
    // Whoever hears how it ended must not find a record still on its way.
    await running.recording?.settled;
  }
}

/** The line may be certain that nothing left of what it was given last; the command had left long before. */
function afterCommand(error: unknown): unknown {
  if (!(error instanceof TerminalError) || error.moneyMayHaveMoved) return error;
  return new TerminalError('the line broke within a payment', true, { cause: error });
}

async function untilEnded(session: Session, listener: PaymentListener, running: Running): Promise<Ending> {
  const { link } = session;
  const paper = createPaper(listener.keepText, session.charset);
  const count = countMessages();
  for (;;) {
    if (listener.abortWish.wanted) await sendAbort(session, running);
    const message = await next(link, running.t4Ms);
    if (message === 'interrupted') continue;
    if (message === 'timeout') {
      await giveUpWaiting(session, running);
      continue;
    }
    const control = controlOf(message);
    count(control);
    if (isEnd(control)) {
      await answerEnd(session, message);
      await paper.finish();
      return control === '060f' ? { kind: 'completed' } : aborted(readAborted(message).resultCode);
    }
    if (control === '040f') {
      await takeAnswer(session, message, listener.commit, running);
      continue;
    }
    // An answer to a command can only be the one to our abort.
    const toAbort = readCommandAnswer(message);
    if (toAbort?.kind === 'refused') running.abort = 'refused';
    if (toAbort !== undefined) continue;
    if (control === '04ff') takeStep(session, message, listener.onProgress, running);
    if (isPrint(control)) await paper.take(message);
    await reply(link, answerTo(control));
  }
}

function aborted(resultCode: string): Ending {
  return { kind: 'aborted', verdict: refusalOf(resultCode), resultCode };
}

/**
 * A status information: durably recorded first, then acknowledged (§2.2.8: the acknowledgement is what makes the
 * terminal store the payment). If the record can't be made the terminal is told to reverse.
 */
async function takeAnswer(
  session: Session,
  message: Buffer,
  commit: Commit,
  running: Running,
): Promise<void> {
  running.t4Ms = session.t4Ms;
  const answer = readAnswer(message);
  running.recording = recordingOf(message, running.recording, () => commit(answer));
  const told = await answerRecorded(session.link, running.recording, session.answerMs);
  if (told !== 'later') running.isPaid = told === 'acknowledge' && answer.verdict === 'approved';
}

/** A step for the clerk's screen; it may also give the terminal more time (§3.7). */
function takeStep(session: Session, message: Buffer, onProgress: OnProgress, running: Running): void {
  running.t4Ms = Math.max(session.t4Ms, tellStep(message, onProgress).t4Ms ?? 0);
  if (running.abort === 'refused') running.abort = 'unsent';
}

/**
 * Abort (§2.23) is a wish: the register is not master here, a terminal may refuse it once its host is involved, and
 * the dialogue goes on until the terminal ends it. After an acknowledged approval there is nothing to stop.
 */
async function sendAbort({ link }: Session, running: Running): Promise<void> {
  if (running.abort !== 'unsent' || running.isPaid) return;
  running.abort = 'sent';
  await link.send(ABORT);
}

/** T4 has passed: one abort, a short wait, and then only a query can tell. @throws TerminalError */
async function giveUpWaiting(session: Session, running: Running): Promise<void> {
  if (running.t4Passed) throw new TerminalError('the terminal has fallen silent within a payment (T4)', true);
  running.t4Passed = true;
  running.t4Ms = Math.min(running.t4Ms, TIMING.afterAbortMs);
  await sendAbort(session, running);
}

/**
 * What a command says about the newest receipt that is in our journal: something only where the terminal defers its
 * reversal, and only what the caller decided (§4).
 */
export function mirrorFor({ autoReversal }: Session, mirror: Mirror | undefined): MirrorTag {
  return autoReversal === 'deferred' ? (mirror ?? null) : null;
}

/**
 * The reversal of what a terminal has reported, or why none may be sent. A receipt number has four digits and is
 * unique for one terminal until that is settled; another's would cancel another resident's payment.
 */
export function reversalOf(
  session: Session,
  { of, amountYen, settledSince, mirror }: Void,
  terminalId: string | null,
): Buffer | Extract<Ending, { kind: 'not_sent' }> {
  const { receiptNumber } = of;
  const notSent = (reason: string) => ({ kind: 'not_sent', reason }) as const;
  if (of.verdict !== 'approved') return notSent('what was not approved can not be cancelled');
  if (receiptNumber === null || !/^(?!0000)\d{4}$/.test(receiptNumber)) {
    return notSent('the terminal reported no receipt number');
  }
  if (settledSince === true) return notSent('the terminal has been settled since: only a refund is left');
  if (of.terminalId !== null && terminalId !== null && of.terminalId !== terminalId) {
    return notSent(`receipt ${receiptNumber} is of terminal ${of.terminalId}, not of ${terminalId}`);
  }
  if (of.amountYen !== null && of.amountYen !== amountYen) {
    return notSent(`receipt ${receiptNumber} is of ${of.amountYen} yen, not of ${amountYen}`);
  }
  return reversal(session.password, receiptNumber, amountYen, mirrorFor(session, mirror));
}
