/**
 * Asks what became of unknown payments, for as long as it takes: the terminal's last transaction first, its totals
 * second. Never a timer's verdict, never a replay.
 */
import type { Journal } from '../journal/journal.ts';
import {
  TerminalError,
  type Finding,
  type Terminal,
  type TerminalAnswer,
  type TerminalTotals,
  type TotalsGrain,
} from '../terminal/terminal.ts';
import type { Terminals } from '../terminal/terminals.ts';
import type { Ledger } from './ledger.ts';
import type { EvidenceSource, Payment } from './lifecycle.ts';

/** Pauses between queries (reliability.md): then every half hour. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000, 1_800_000] as const;

export interface Inquiries {
  /** Asks now where the terminal can be asked, else as soon as it can. */
  wake(): void;
  /** Ends the asking; a query that is on its way is waited for. */
  stop(): Promise<void>;
}

export interface InquiryOptions {
  journal: Journal;
  ledger: Ledger;
  terminals: Terminals;
  onAsked: (terminal: string) => void;
  onError: (error: unknown) => void;
  /** A record could not be made: the process has to end. */
  onFatal: (error: unknown) => void;
}

/** How often a payment was asked about since its terminal came back, and when it may be again. */
type Attempts = Map<string, { count: number; notBefore: number }>;

export function createInquiries(options: InquiryOptions): Inquiries {
  const attempts: Attempts = new Map();
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const unknowns = (): Payment[] => options.ledger.unsettled().filter(({ state }) => state === 'unknown');
  const dueAt = ({ id }: Payment): number => attempts.get(id)?.notBefore ?? 0;

  const round = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      for (const payment of unknowns()) {
        if (!isStopped && dueAt(payment) <= Date.now()) await ask(payment, attempts, options);
      }
    }
    const next = Math.min(...unknowns().map(dueAt));
    if (!isStopped && next < Infinity) timer = setTimeout(run, Math.max(0, next - Date.now()));
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
  const count = attempts.get(payment.id)?.count ?? 0;
  const pauseMs = PAUSES_MS[Math.min(count, PAUSES_MS.length - 1)] ?? 0;
  attempts.set(payment.id, { count: count + 1, notBefore: Date.now() + pauseMs });
  const setup = terminals.list().find(({ id }) => id === payment.armed.terminal);
  const claim = setup === undefined ? 'disconnected' : terminals.claim(setup.id);
  if (setup === undefined || typeof claim === 'string') return;
  try {
    const { source, finding } = await establish(payment, claim.terminal, setup.driver.totals, options);
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
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    options.onError(error);
  } finally {
    claim.release();
    options.onAsked(payment.armed.terminal);
  }
}

/** The evidence that this terminal can give, in the order of its weight. */
async function establish(
  payment: Payment,
  terminal: Terminal,
  grain: TotalsGrain,
  context: Pick<InquiryOptions, 'journal' | 'ledger'>,
): Promise<{ source: EvidenceSource; finding: Finding }> {
  const { ledger } = context;
  const later = ledger.onTerminalAfter(payment.armed.terminal, payment.sequence);
  let finding: Finding = { kind: 'inconclusive', reason: 'a later sale has taken its place in the terminal' };
  // A terminal that remembers only its last transaction can't be asked about an earlier one.
  if (later.length === 0) {
    finding = await terminal.findTransaction({
      operationId: payment.id,
      amountYen: payment.armed.amountYen,
      armedAt: payment.armedAt,
      answer: payment.answer,
      previous: ledger.lastStoredBefore(payment)?.answer ?? null,
    });
  } else if (!(await terminal.checkHealth()).ready) {
    finding = { kind: 'in_progress', reason: 'the terminal is not ready' };
  }
  if (finding.kind !== 'inconclusive') return { source: 'terminal_query', finding };
  const byTotals = await weighTotals(payment, terminal, grain, context);
  return byTotals.kind === 'inconclusive'
    ? { source: 'terminal_query', finding }
    : { source: 'terminal_totals', finding: byTotals };
}

/** The terminal's totals now against those that the journal last holds plus what is known to have been paid since. */
async function weighTotals(
  payment: Payment,
  terminal: Terminal,
  grain: TotalsGrain,
  { journal, ledger }: Pick<InquiryOptions, 'journal' | 'ledger'>,
): Promise<Finding> {
  const base = lastTotals(journal, payment);
  if (base === undefined) return { kind: 'inconclusive', reason: 'no totals are known from before the sale' };
  const known = ledger.onTerminalAfter(payment.armed.terminal, base.sequence);
  const paidYen = known
    .filter(({ state }) => state === 'approved')
    .reduce((sum, { armed }) => sum + armed.amountYen, 0);
  const paidCount = known.filter(({ state }) => state === 'approved').length;
  const alone = known.every(({ id, state }) => id === payment.id || state !== 'unknown');
  const now = await terminal.reportTotals();
  const count = wrapped(countOf(now) - countOf(base.totals), grain.countModulus);
  const amountYen = now.totalYen - base.totals.totalYen;
  if (amountYen === paidYen && count === wrapped(paidCount, grain.countModulus)) {
    return { kind: 'not_charged', reason: `the terminal's totals hold ${paidCount} sales, and none more` };
  }
  const withThis = paidYen + payment.armed.amountYen;
  if (alone && amountYen === withThis && count === wrapped(paidCount + 1, grain.countModulus)) {
    const told = payment.answer?.verdict === 'approved' ? payment.answer : undefined;
    return { kind: 'approved', answer: told ?? answerFromTotals(payment, now) };
  }
  return { kind: 'inconclusive', reason: 'the totals do not fit either way' };
}

function lastTotals(
  journal: Journal,
  payment: Payment,
): { sequence: number; totals: TerminalTotals } | undefined {
  return journal
    .eventsOfType('totals')
    .map(({ sequence, payload }) => ({
      sequence,
      ...(payload as { terminal: string; totals: TerminalTotals }),
    }))
    .findLast(({ sequence, terminal }) => sequence < payment.sequence && terminal === payment.armed.terminal);
}

function countOf(totals: TerminalTotals): number {
  return totals.rows.reduce((sum, row) => sum + row.count, 0);
}

function wrapped(count: number, modulus: number | null): number {
  return modulus === null ? count : ((count % modulus) + modulus) % modulus;
}

/** All that totals can say of a payment: that the terminal holds it, and its amount. */
function answerFromTotals(payment: Payment, totals: TerminalTotals): TerminalAnswer {
  return {
    verdict: 'approved',
    resultCode: '',
    amountYen: payment.armed.amountYen,
    currency: null,
    method: null,
    brand: null,
    brandName: null,
    terminalId: totals.terminalId,
    receiptNumber: null,
    traceNumber: null,
    approvalCode: null,
    terminalTime: null,
    raw: totals.raw,
  };
}
