/**
 * START. Takes payments: checks what the screen asks for, writes it down, holds the dialogue, and asks the terminal
 * about everything that stayed unknown. What a payment is, is decided in lifecycle.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { Catalogue } from '../fees/pricing.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { Journal } from '../journal/journal.ts';
import type { Live, PaymentProgress, TerminalStatus } from '../live.ts';
import { offersOf, type Offer } from '../terminal/offer.ts';
import type { Progress, Terminal, TerminalTotals } from '../terminal/terminal.ts';
import { createTerminals, type Claim, type Terminals, type TerminalSetup } from '../terminal/terminals.ts';
import { checkSale, findOffers, refuseRepeat, type SaleRequest } from './checks.ts';
import { runSale } from './dialogue.ts';
import { createInquiries, type Inquiries } from './inquiry.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import { viewOf, type PaymentView } from './view.ts';

export interface Payments {
  /** @throws AppError; a refused request records nothing. */
  take(request: SaleRequest, clerk: string): PaymentView;
  /** A wish; the terminal's answer decides. @throws AppError */
  cancel(id: string, clerk: string): PaymentView;
  find(id: string): PaymentView | undefined;
  /** Newest first. */
  onDate(businessDate: string): PaymentView[];
  /** Today's payments and those of earlier days that are still unknown, newest first. */
  board(): PaymentView[];
  progress(): PaymentProgress[];
  terminalStatus(): TerminalStatus[];
  readonly terminals: Terminals;
  /** Marks what an earlier run left open as interrupted, then connects the terminals. */
  start(): void;
  /** Asks a running dialogue to end, waits for it for a while, then lets go: start-up asks about the rest. */
  stop(): Promise<void>;
}

export interface PaymentsOptions {
  journal: Journal;
  terminals: readonly TerminalSetup[];
  catalogue: () => Catalogue;
  live: Live;
  now: () => Date;
  surveyUrl: (paymentId: string) => string | null;
  /** True while the record is stopped: no sale may be taken at all. */
  isRecordStopped: () => boolean;
  onRecorded: () => void;
  onError: (message: string, error: unknown) => void;
  /** A record could not be made: the process has to end. */
  onFatal: (error: unknown) => void;
}

const LAST_WORD_MS = 5_000;
/** What a time server may correct without a word. */
const CLOCK_SLACK_MS = 5_000;

/** What the functions below share. */
interface Desk {
  options: PaymentsOptions;
  ledger: Ledger;
  terminals: Terminals;
  inquiries: Inquiries;
  dialogues: Map<string, Promise<void>>;
  offers: readonly Offer[];
  /** How far each running dialogue is. */
  progress: Map<string, PaymentProgress>;
}

export function createPayments(options: PaymentsOptions): Payments {
  const { journal, live, now } = options;
  const explainResult = (terminal: string, code: string): string | null =>
    options.terminals.find(({ id }) => id === terminal)?.driver.explainResult(code) ?? null;
  const view = (payment: Payment): PaymentView =>
    viewOf(payment, { surveyUrl: options.surveyUrl, explainResult });
  const publishTerminal = (id: string): void => live.publish('terminal', statusOf(desk, id));
  const ledger = createLedger(journal, (payment) => {
    // The acknowledgement to the terminal goes first: screens and the drain follow.
    setImmediate(() => {
      live.publish('payment', view(payment));
      options.onRecorded();
    });
  });
  const terminals = createTerminals(options.terminals, {
    askFor: () => () => Promise.reject(new Error('no clerk to ask')),
    onChange: publishTerminal,
    async onConnected(setup, terminal) {
      await recordOpeningTotals(journal, setup, terminal, now());
      options.onRecorded();
    },
    onReady: () => desk.inquiries.wake(),
    onHealth({ id }, { hasClosedDay }) {
      if (hasClosedDay !== true) return;
      // Its totals and receipt numbers begin anew: what came before must not be compared with what comes after.
      journal.append('period_began', null, { terminal: id });
      options.onRecorded();
    },
    onError: (id, error) => options.onError(`terminal ${id}`, error),
  });
  const inquiries = createInquiries({
    journal,
    ledger,
    terminals,
    now,
    onAsked: publishTerminal,
    onError: (error) => options.onError('inquiry', error),
    onFatal: options.onFatal,
  });
  const offers = offersOf(options.terminals);
  const dialogues: Desk['dialogues'] = new Map();
  const desk: Desk = { options, ledger, terminals, inquiries, offers, dialogues, progress: new Map() };

  return {
    terminals,
    take: (request, clerk) => view(takeSale(desk, request, clerk)),
    cancel: (id, clerk) => view(requestCancel(desk, id, clerk)),
    find(id) {
      const payment = ledger.find(id);
      return payment && view(payment);
    },
    onDate: (businessDate) => ledger.onDate(businessDate).map(view),
    board() {
      const today = ledger.onDate(businessDateOf(now()));
      const earlier = ledger.unsettled().filter(({ id }) => today.every((payment) => payment.id !== id));
      return [...today, ...earlier.reverse()].map(view);
    },
    progress: () => [...desk.progress.values()],
    terminalStatus: () => terminals.list().map(({ id }) => statusOf(desk, id)),
    start: () => startDesk(desk),
    stop: () => stopDesk(desk),
  };
}

function takeSale(desk: Desk, request: SaleRequest, clerk: string): Payment {
  const { options, ledger } = desk;
  const requestHash = sha256(canonicalJson({ ...request, anotherResident: undefined }));
  const known = ledger.find(request.id);
  if (known !== undefined) {
    if (known.armed.requestHash !== requestHash) throw new AppError('same_id_other_body');
    return known;
  }
  if (options.isRecordStopped()) throw new AppError('record_stopped');
  refuseBackwardClock(options);
  const businessDate = businessDateOf(options.now());
  const sale = checkSale(request, options.catalogue(), options.journal.book, businessDate);
  const candidates = findOffers(desk.offers, request, sale);
  refuseRepeat(request, sale.totalYen, ledger);
  const { terminal, claim } = claimOneOf(desk, candidates);
  try {
    const payment = ledger.record(request.id, {
      type: 'armed',
      payload: {
        kind: 'sale',
        terminal,
        terminalId: claim.terminal.terminalId,
        window: request.window,
        windowNameJa: sale.windowNameJa,
        lines: sale.lines,
        amountYen: sale.totalYen,
        method: request.method,
        brand: request.brand ?? null,
        businessDate,
        catalogueVersion: sale.catalogueVersion,
        clerk,
        requestHash,
      },
    });
    desk.dialogues.set(payment.id, holdDialogue(desk, payment, claim));
    return payment;
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** A clock that was set back would put today's payments under yesterday's date. */
function refuseBackwardClock({ journal, now }: PaymentsOptions): void {
  const [last] = journal.eventsAfter(journal.head.sequence - 1, 1);
  if (last !== undefined && now().getTime() < Date.parse(last.at) - CLOCK_SLACK_MS) {
    throw new AppError('clock_behind', { lastRecordedAt: last.at });
  }
}

async function holdDialogue(desk: Desk, payment: Payment, claim: Claim): Promise<void> {
  const { live, onFatal } = desk.options;
  const onProgress = (progress: Progress): void => {
    const reached = { paymentId: payment.id, progress };
    desk.progress.set(payment.id, reached);
    live.publish('progress', reached);
  };
  try {
    const ended = await runSale(desk.ledger, payment, claim, onProgress);
    if (ended.state === 'unknown') desk.inquiries.wake();
  } catch (error) {
    onFatal(error);
  } finally {
    desk.progress.delete(payment.id);
    desk.dialogues.delete(payment.id);
  }
}

function requestCancel(desk: Desk, id: string, clerk: string): Payment {
  const payment = desk.ledger.find(id);
  if (payment === undefined) throw new AppError('not_found');
  if (payment.state !== 'armed') throw new AppError('not_cancellable');
  const asked = payment.cancelRequested
    ? payment
    : desk.ledger.record(id, { type: 'cancel_requested', payload: { clerk } });
  desk.terminals.abort(payment.armed.terminal);
  return asked;
}

/** What an earlier run left open was interrupted; its terminal takes no sale until it has been asked. */
function startDesk({ ledger, terminals }: Desk): void {
  for (const { id, state } of ledger.unsettled()) {
    if (state !== 'armed') continue;
    const reason = 'the service stopped in the middle of the dialogue';
    ledger.record(id, { type: 'interrupted', payload: { reason } });
  }
  terminals.start();
}

async function stopDesk({ dialogues, terminals, inquiries }: Desk): Promise<void> {
  if (dialogues.size > 0) for (const { id } of terminals.list()) terminals.abort(id);
  const patience = new AbortController();
  await Promise.race([
    Promise.all(dialogues.values()),
    delay(LAST_WORD_MS, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  // A query that waits for a silent terminal ends when its line does.
  const asked = inquiries.stop();
  await terminals.stop();
  await asked;
  await Promise.all(dialogues.values());
}

function statusOf({ ledger, terminals, offers }: Desk, id: string): TerminalStatus {
  const { state, detail } = terminals.connection(id);
  const nameJa = offers.find((offer) => offer.id === id)?.nameJa ?? id;
  const isLocked = state !== 'disconnected' && findLocking(ledger, id) !== undefined;
  return { id, nameJa, state: isLocked ? 'locked' : state, detail };
}

/** An unknown locks its terminal until one query has been answered: the next sale may destroy the evidence. */
function findLocking(ledger: Ledger, terminal: string): Payment | undefined {
  return ledger
    .unsettled()
    .find(({ armed, state, queries }) => armed.terminal === terminal && state === 'unknown' && queries === 0);
}

/** The first of them that can be had; if none can, the first one's reason. @throws AppError */
function claimOneOf(desk: Desk, candidates: readonly Offer[]): { terminal: string; claim: Claim } {
  let reason: AppError | undefined;
  for (const { id, nameJa } of candidates) {
    const claim = claimTerminal(desk, id, nameJa);
    if (!(claim instanceof AppError)) return { terminal: id, claim };
    reason ??= claim;
  }
  throw reason ?? new AppError('brand_unavailable');
}

function claimTerminal({ terminals, ledger }: Desk, id: string, terminal: string): Claim | AppError {
  const locking = findLocking(ledger, id);
  if (locking !== undefined) return new AppError('terminal_locked', { terminal, paymentId: locking.id });
  const claim = terminals.claim(id);
  if (claim === 'busy') return new AppError('terminal_busy', { terminal });
  if (claim === 'disconnected') return new AppError('terminal_disconnected', { terminal });
  return claim;
}

/** What the terminal held before our first sale, so that later totals can be told apart from it. */
async function recordOpeningTotals(
  journal: Journal,
  { id, driver }: TerminalSetup,
  terminal: Terminal,
  now: Date,
): Promise<void> {
  const known = journal
    .eventsOfType('totals')
    .map(({ payload }) => payload as { terminal: string; totals: TerminalTotals })
    .some((reading) => reading.terminal === id && reading.totals.terminalId === terminal.terminalId);
  if (known) return;
  const totals = await terminal.reportTotals();
  const businessDate = businessDateOf(now);
  const record = { terminal: id, model: driver.model, businessDate, purpose: 'opening', totals };
  journal.append('totals', null, record);
}
