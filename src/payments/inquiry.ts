/**
 * Asks what became of unknown payments, for as long as it takes: the terminal for its last transaction, the service for
 * its order. Never a timer's verdict, never a replay.
 *
 * That a terminal holds nothing, in its memory or in its totals, is no evidence: it may have settled by itself since,
 * unseen, and have forgotten with its period what it took.
 */
import type { Journal } from '../journal/journal.ts';
import type { Driver } from '../terminal/driver.ts';
import { TerminalError, type Finding, type Terminal, type TerminalAnswer } from '../terminal/terminal.ts';
import type { Terminals } from '../terminal/terminals.ts';
import { findMismatch } from './dialogue.ts';
import type { Ledger } from './ledger.ts';
import type { Devices } from './devices.ts';
import type { EvidenceSource } from './evidence.ts';
import type { Payment } from './lifecycle.ts';
import { hasSettledSince } from './periods.ts';

/** Pauses between queries of a machine: then every half hour. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000, 1_800_000] as const;

export interface Inquiries {
  /** Asks this terminal now if it can be asked, else as soon as it can. */
  wake(terminal: string): void;
  /** Ends the asking; a query that is on its way is waited for. */
  stop(): Promise<void>;
}

export interface InquiryOptions {
  journal: Journal;
  ledger: Ledger;
  terminals: Terminals;
  devices: Pick<Devices, 'isOfAnother'>;
  onAsked: (terminal: string) => void;
  onError: (error: unknown) => void;
  /** A record could not be made: the process has to end. */
  onFatal: (error: unknown) => void;
}

/** How often a payment was asked about since its terminal came back, and when it may be again. */
type Attempts = Map<string, { count: number; notBefore: number }>;

/** Asks nothing before it is woken. */
export function createInquiries(options: InquiryOptions): Inquiries {
  // Each terminal is asked for itself: one that takes its time, or a clerk's, keeps no other from answering.
  const rounds = new Map(options.terminals.list().map(({ id }) => [id, createRounds(id, options)]));
  return {
    wake: (terminal) => rounds.get(terminal)?.wake(),
    async stop() {
      await Promise.all([...rounds.values()].map((each) => each.stop()));
    },
  };
}

/** One terminal's unknown payments, asked about one after the other. */
function createRounds(terminal: string, options: InquiryOptions): { wake(): void; stop(): Promise<void> } {
  const attempts: Attempts = new Map();
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const unknowns = (): Payment[] =>
    options.ledger
      .unsettled()
      .filter(({ state, armed }) => state === 'unknown' && armed.terminal === terminal);
  const dueAt = ({ id }: Payment): number => attempts.get(id)?.notBefore ?? 0;

  const round = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      for (const payment of unknowns()) {
        if (!isStopped && dueAt(payment) <= performance.now()) await ask(payment, attempts, options);
      }
    }
    const next = Math.min(...unknowns().map(dueAt));
    if (!isStopped && next < Infinity) timer = setTimeout(run, Math.max(0, next - performance.now()));
  };
  const run = (): void => {
    clearTimeout(timer);
    isWanted = true;
    if (isStopped || running !== undefined) return;
    running = round()
      .catch(options.onFatal)
      .finally(() => {
        running = undefined;
        if (isWanted) run();
      });
  };

  return {
    wake() {
      // A terminal that has just come back is asked at once, and the pauses begin anew.
      attempts.clear();
      run();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One attempt. A terminal that does not answer has established nothing, and nothing is recorded. */
async function ask(payment: Payment, attempts: Attempts, options: InquiryOptions): Promise<void> {
  const { ledger, terminals } = options;
  const setup = terminals.list().find(({ id }) => id === payment.armed.terminal);
  const count = attempts.get(payment.id)?.count ?? 0;
  const pauseMs = PAUSES_MS[Math.min(count, PAUSES_MS.length - 1)] ?? 0;
  const noteAsked = (untilNextMs: number): void =>
    void attempts.set(payment.id, { count: count + 1, notBefore: performance.now() + untilNextMs });
  noteAsked(pauseMs);
  if (setup === undefined || options.devices.isOfAnother(payment)) return;
  if (isForgotten(payment, ledger, setup.driver.remembers)) return;
  const claim = terminals.claim(setup.id);
  if (typeof claim === 'string') return;
  try {
    const { source, finding } = await establish(payment, claim.terminal, setup.driver, options);
    if (finding.kind === 'in_progress') return;
    ledger.record(payment.id, {
      type: 'evidence',
      payload: {
        source,
        finding: finding.kind,
        reason: finding.kind === 'approved' ? 'the terminal has stored it' : finding.reason,
        answer: finding.kind === 'approved' ? finding.answer : null,
      },
    });
    // Whoever wished for this answer while it was on its way has it. A person who has answered is asked again when
    // somebody wishes so, not by the clock.
    noteAsked(setup.driver.reach === 'clerk' ? Infinity : pauseMs);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    options.onError(error);
  } finally {
    claim.release();
    options.onAsked(payment.armed.terminal);
  }
}

/** A later sale has taken its place in a terminal that remembers only the last: there is nobody left to ask. */
function isForgotten(payment: Payment, ledger: Ledger, remembers: Driver['remembers']): boolean {
  return remembers === 'last' && !ledger.isNewestOnTerminal(payment);
}

/** The evidence that this terminal can give, in the order of its weight. */
async function establish(
  payment: Payment,
  terminal: Terminal,
  { remembers, reach }: Pick<Driver, 'remembers' | 'reach'>,
  { journal, ledger }: InquiryOptions,
): Promise<{ source: EvidenceSource; finding: Finding }> {
  const { armed } = payment;
  // Behind a service it is the provider's own record that answers.
  const asked = reach === 'service' ? 'provider_api' : 'terminal_query';
  const bySource = (
    source: EvidenceSource,
    finding: Finding,
  ): { source: EvidenceSource; finding: Finding } => ({
    source,
    finding,
  });
  const isAnother =
    armed.terminalId !== null && terminal.terminalId !== null && armed.terminalId !== terminal.terminalId;
  // Where each operation is found by its own id, the terminal's successor can ask for it too.
  if (isAnother && remembers === 'last') {
    const reason = `terminal ${armed.terminalId} had the sale; ${terminal.terminalId} is connected now`;
    return bySource(asked, { kind: 'inconclusive', reason });
  }
  const previous = ledger.lastStoredBefore(payment);
  const of = armed.kind === 'sale' ? undefined : ledger.find(armed.of)?.answer;
  const found = await terminal.findTransaction({
    operationId: payment.id,
    kind: armed.kind,
    ...(of && { of }),
    amountYen: armed.amountYen,
    armedAt: payment.armedAt,
    answer: payment.answer,
    reference: payment.reference,
    previous: previous?.answer ?? null,
    settledSince: hasSettledSince(journal, armed.terminal, { sequence: previous?.sequence ?? 0 }),
  });
  if (found.kind === 'approved') {
    const doubt = findDoubt(payment, found.answer, terminal, remembers, ledger);
    return bySource(asked, doubt === null ? found : { kind: 'inconclusive', reason: doubt });
  }
  return bySource(asked, found);
}

/**
 * Why a stored payment that looks like ours is no proof. One stored payment proves one sale, never two; a terminal that
 * finds each by its own id can not mistake one for the other, and a void names the payment that it has undone.
 */
function findDoubt(
  payment: Payment,
  answer: TerminalAnswer,
  terminal: Terminal,
  remembers: Driver['remembers'],
  ledger: Ledger,
): string | null {
  const { armed } = payment;
  const expectedId = remembers === 'each' ? armed.terminalId : terminal.terminalId;
  const mismatch = findMismatch(answer, armed, expectedId);
  if (mismatch !== null || remembers === 'each' || armed.kind === 'void') return mismatch;
  if (isSameTransaction(payment.answer, answer)) return null;
  const isRival = (other: Payment): boolean =>
    other.id !== payment.id &&
    other.state === 'unknown' &&
    other.armed.terminal === armed.terminal &&
    other.armed.kind !== 'void' &&
    // What a terminal has stored does not say whether it was a sale or a refund; its amount is ours.
    (other.armed.kind === armed.kind || other.armed.amountYen === armed.amountYen);
  return ledger.unsettled().some(isRival)
    ? 'another payment of this terminal is unknown too: it may be that one'
    : null;
}

/** Both were told by this terminal: in the dialogue of the operation itself, under a number that no other one has, and now. */
function isSameTransaction(told: TerminalAnswer | null, stored: TerminalAnswer): boolean {
  if (told?.verdict !== 'approved') return false;
  const isSame = (a: string | null, b: string | null): boolean => a !== null && a === b;
  return isSame(told.traceNumber, stored.traceNumber) && isSame(told.receiptNumber, stored.receiptNumber);
}
