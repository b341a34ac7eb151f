/**
 * What became of a payment whose dialogue was lost (PA00P015 §2.2.9): the terminal is asked for the last payment it
 * has stored, and that is compared with what we meant to take. Nothing is ever sent again.
 */
import {
  TerminalError,
  type Finding,
  type Inquiry,
  type TerminalAnswer,
} from '../../src/terminal/terminal.ts';
import { controlOf, decodeApdu } from './apdu.ts';
import { BUSY_STATUS } from './codes.ts';
import { answerStranger, ask, exchange, isEnd, next, plainSilenceMs, type Session } from './dialogue.ts';
import { ABORT, repeatReceipt, STATUS_ENQUIRY } from './commands.ts';
import { readAnswer, readTerminalStatus } from './messages.ts';
import { TIMING } from './timing.ts';

/** @throws TerminalError when the terminal does not answer: nothing is established then. */
export async function findTransaction(session: Session, inquiry: Inquiry): Promise<Finding> {
  if (!(await stopWhatRuns(session))) {
    return { kind: 'in_progress', reason: 'the terminal is still busy' };
  }
  const statuses: Buffer[] = [];
  const shown = await exchange(session, repeatReceipt(session.password), {
    takeStatus: (message) => void statuses.push(message),
    silenceMs: plainSilenceMs(session),
  });
  if (shown.kind !== 'completed') {
    if (shown.resultCode === BUSY_STATUS)
      return { kind: 'in_progress', reason: 'the terminal is still busy' };
    // That there is nothing to repeat proves nothing: with a settlement that nobody saw it may have been forgotten.
    return inconclusive(`the terminal shows no last payment (code ${shown.resultCode})`);
  }
  const last = statuses.at(-1);
  if (last === undefined) return inconclusive('the terminal repeated no status information');
  const found = compareWithIntent(inquiry, readAnswer(last));
  if (found.kind !== 'not_charged' || session.autoReversal !== 'none') return found;
  return inconclusive(
    `${found.reason}, but this terminal may have forgotten one that the card was charged for`,
  );
}

/**
 * Wishes that a running payment stop (a refusal means that it is beyond return), then waits until the terminal is
 * idle. False if it still is not. @throws TerminalError
 *
 * What runs is listened to rather than asked about: it tells its end by itself, and each enquiry would need a yes of
 * ours, which a slow line can make the one to its approval.
 */
export async function stopWhatRuns(session: Session): Promise<boolean> {
  const deadline = performance.now() + TIMING.busyMaxMs;
  const { kind } = await ask(session, ABORT);
  if (kind === 'refused') await hearItsEnd(session);
  while ((await readStatus(session)) === BUSY_STATUS) {
    if (performance.now() >= deadline) return false;
    await hearItsEnd(session);
  }
  return true;
}

/** Listens for a while to a dialogue that is not ours, to its end at most. @throws TerminalError */
async function hearItsEnd(session: Session): Promise<void> {
  const deadline = performance.now() + TIMING.busyListenMs;
  for (let leftMs: number = TIMING.busyListenMs; leftMs > 0; leftMs = deadline - performance.now()) {
    const message = await next(session.link, leftMs);
    if (!Buffer.isBuffer(message)) continue;
    await answerStranger(session, message);
    if (isEnd(controlOf(message))) return;
  }
}

/**
 * Status enquiry (§2.56): two hex digits. Moves no money. A terminal may first do its timed jobs, but not in silence.
 * @throws TerminalError
 */
export async function readStatus(session: Session): Promise<string> {
  const enquired = await exchange(session, STATUS_ENQUIRY, { silenceMs: plainSilenceMs(session) });
  if (enquired.kind !== 'completed') return enquired.resultCode;
  const status = readTerminalStatus(decodeApdu(enquired.completion)?.data ?? Buffer.alloc(0));
  if (status === undefined) throw new TerminalError('a status enquiry was answered without a status', true);
  return status;
}

function inconclusive(reason: string): Finding {
  return { kind: 'inconclusive', reason };
}

/**
 * `found`: the last payment that the terminal has stored. It is ours only if everything fits, and ours was not taken
 * only if the last stored one is known to be older; all else is for other evidence and for people.
 *
 * Numbers alone prove nothing: many terminals begin them anew with each settlement, and may have settled unseen, by
 * themselves or by somebody's hand. Only with a time do they tell one payment from another.
 */
export function compareWithIntent(inquiry: Inquiry, found: TerminalAnswer): Finding {
  const { answer, previous } = inquiry;
  if (found.verdict !== 'approved') {
    return inconclusive(`the terminal repeated a result that is no approval (${found.resultCode})`);
  }
  if (answer?.verdict === 'approved' && isSamePayment(found, answer))
    return { kind: 'approved', answer: found };
  if (inquiry.kind === 'void') return compareWithVoid(inquiry, found);
  if (previous !== null && isSamePayment(found, previous)) {
    return { kind: 'not_charged', reason: 'the last payment stored is the one before' };
  }
  if (found.undoneTrace !== undefined) return inconclusive('the last one stored is a reversal');
  return compareByFacts(inquiry, found);
}

/**
 * A reversal names the trace of what it has cancelled. Whether a terminal repeats reversals at all, it does not say,
 * so that any other payment proves nothing. A reversal may be asked for once more: the terminal cancels nothing twice
 * (§10, B4).
 */
function compareWithVoid({ of, amountYen }: Inquiry, found: TerminalAnswer): Finding {
  const { undoneTrace } = found;
  const isOurs =
    undoneTrace !== undefined && undoneTrace === of?.traceNumber && found.amountYen === amountYen;
  return isOurs
    ? { kind: 'approved', answer: found }
    : inconclusive(
        'the last one stored is not the reversal; the terminal refuses a second one of the same receipt',
      );
}

function compareByFacts(inquiry: Inquiry, found: TerminalAnswer): Finding {
  const { answer, amountYen } = inquiry;
  // A settlement that is known of begins the numbers anew.
  const previous = inquiry.settledSince === true ? null : inquiry.previous;
  const armedMs = Date.parse(inquiry.armedAt);
  const foundMs = instantOf(found.terminalTime, armedMs);
  const isOlder = foundMs !== undefined && foundMs < armedMs - TIMING.clockDriftMs;
  const isTooEarly = foundMs !== undefined && foundMs < armedMs - TIMING.clockSlackMs;
  const isTooLate = foundMs !== undefined && foundMs > armedMs + TIMING.lastMomentMs;
  if (isOlder && found.amountYen !== amountYen) {
    return { kind: 'not_charged', reason: 'the last payment stored is older and of another amount' };
  }
  if (answer?.verdict === 'approved') {
    return isNumberedAfter(answer, found) === true && isOlderThan(found, answer)
      ? { kind: 'not_charged', reason: 'the last payment stored is older than the one that was announced' }
      : inconclusive('the last payment stored is another than the one that was announced');
  }
  const misfits = [
    found.amountYen !== amountYen && 'amount',
    found.currency !== null && found.currency !== '392' && 'currency',
    (isTooEarly || isTooLate) && 'time',
    previous?.terminalId != null && found.terminalId !== previous.terminalId && 'terminal',
    previous !== null && isNumberedAfter(found, previous) === false && 'number',
    foundMs === undefined && 'time',
  ].filter((misfit) => misfit !== false);
  return misfits.length === 0
    ? { kind: 'approved', answer: found }
    : inconclusive(`the last payment stored does not fit: ${misfits.join(', ')}`);
}

/** The same time, and receipt and trace numbers and amount equal where both say something; they must say a number. */
function isSamePayment(one: TerminalAnswer, other: TerminalAnswer): boolean {
  const numbers = ['receiptNumber', 'traceNumber'] as const;
  const facts = [...numbers, 'amountYen', 'terminalId'] as const;
  return (
    one.terminalTime !== null &&
    one.terminalTime === other.terminalTime &&
    numbers.some((key) => one[key] !== null && other[key] !== null) &&
    facts.every((key) => one[key] === null || other[key] === null || one[key] === other[key])
  );
}

/** Whether `later` was numbered after `earlier`, trace and receipt alike; both wrap. Undefined if they do not say. */
function isNumberedAfter(later: TerminalAnswer, earlier: TerminalAnswer): boolean | undefined {
  const judged = [
    isAhead(later.traceNumber, earlier.traceNumber, 1_000_000),
    isAhead(later.receiptNumber, earlier.receiptNumber, 10_000),
  ].filter((ahead) => ahead !== undefined);
  return judged.length === 0 ? undefined : judged.every((ahead) => ahead);
}

function isAhead(later: string | null, earlier: string | null, modulus: number): boolean | undefined {
  if (later === null || earlier === null) return undefined;
  const distance = (Number(later) - Number(earlier) + modulus) % modulus;
  return distance > 0 && distance < modulus / 2;
}

function isOlderThan(one: TerminalAnswer, other: TerminalAnswer): boolean {
  return one.terminalTime !== null && other.terminalTime !== null && one.terminalTime <= other.terminalTime;
}

/** A terminal's clock shows Japan's time without a year: the year that brings it closest to `nearMs` is meant. */
function instantOf(terminalTime: string | null, nearMs: number): number | undefined {
  if (terminalTime === null) return undefined;
  const year = new Date(nearMs).getUTCFullYear();
  const candidates = [year - 1, year, year + 1].map((each) => Date.parse(`${each}-${terminalTime}+09:00`));
  return candidates
    .filter((candidate) => !Number.isNaN(candidate))
    .sort((one, other) => Math.abs(one - nearMs) - Math.abs(other - nearMs))[0];
}
