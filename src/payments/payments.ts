/**
 * START. Takes payments: checks what the screen asks for, writes it down, holds the dialogue, and asks the terminal
 * about everything that stayed unknown. What a payment is, is decided in lifecycle.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { businessDateOf } from '../business-date.ts';
import { maskCardNumbersIn } from '../card-mask.ts';
import { AppError } from '../errors.ts';
import type { BeforeSale } from '../fees/basket.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { Journal } from '../journal/journal.ts';
import type { Live, PaymentProgress, TerminalStatus } from '../live.ts';
import type { Once } from '../once/once.ts';
import { offersOf, type Offer } from '../terminal/offer.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import type { Progress } from '../terminal/terminal.ts';
import type { Claim, Terminals, TerminalSetup } from '../terminal/terminals.ts';
import { createAfterwards, type Afterwards, type Hands } from './afterwards.ts';
import { carriesApproval, type ApproversFor } from './approvals.ts';
import { claimOneOf, statusOf } from './claims.ts';
import { checkSale, findOffers, hashOf, refuseRepeat, type SaleRequest } from './checks.ts';
import { createClockWatch, refuseDoubtfulClock, type ClockWatch } from './clock.ts';
import { boardOf, countedOn } from './day.ts';
import { runOperation } from './dialogue.ts';
import { createInquiries, type Inquiries } from './inquiry.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Devices } from './devices.ts';
import type { Payment, Recorded } from './lifecycle.ts';
import type { OperationEvent } from './operation-events.ts';
import { createLostTerminals, type LostTerminals } from './lost.ts';
import { connectTerminals } from './periods.ts';
import type { EndPromise } from './returns.ts';
import { createSettlementDesk, type Periods, type SettlementDesk } from './settlement.ts';
import { createRecordedPrompts, type Prompts } from './prompts.ts';
import type { PaymentView } from './view.ts';
import { viewedDesk, type ViewedDesk } from './viewed-desk.ts';
import { createViews } from './views.ts';

export interface Payments {
  /** @throws AppError; a refused request records nothing. */
  take(request: SaleRequest, clerk: Person): PaymentView;
  /** A wish; the terminal's answer decides. @throws AppError */
  cancel(id: string, clerk: Person): PaymentView;
  find(id: string): PaymentView | undefined;
  /** Newest first. */
  onDate(businessDate: string): PaymentView[];
  /** The approved payments whose money counts on this date: a late one on the day on which it was found. */
  postedOn(businessDate: string): PaymentView[];
  /** Today's payments and those of earlier days that are unknown or undecided, newest first. */
  board(): PaymentView[];
  /** @throws AppError where no sale may be recorded now: record stopped, counter not open, clock in doubt */
  refuseNow(): void;
  /** Whether a payment of today that stands, or may, carries a second person's approval. */
  usesApproval(approval: string): boolean;
  progress(): PaymentProgress[];
  terminalStatus(): TerminalStatus[];
  readonly terminals: Terminals;
  /** Terminals that are gone, and what comes in their place. */
  readonly lost: LostTerminals;
  /** Whether this computer's clock may date a payment. */
  readonly clock: ClockWatch;
  /** What terminals without a link want to know from the clerk. */
  readonly prompts: Pick<Prompts, 'open' | 'reply'>;
  /** What people do about a payment whose result is unknown, or was found late. */
  readonly desk: ViewedDesk;
  /** What people do about a sale that is over. */
  readonly afterwards: Afterwards;
  /** For the closing of the day. */
  readonly settlement: SettlementDesk;
  /** Armed on a terminal after a place in the journal, oldest first. */
  onTerminalAfter(terminal: string, sequence: number): PaymentView[];
  /** What is on record about a payment, oldest first. */
  history(id: string): Recorded<OperationEvent>[];
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
  /** False before the 出納員 has opened the counter: no sale may be taken yet. */
  isOpen: () => boolean;
  approversFor: ApproversFor;
  beforeSale: BeforeSale;
  once: Pick<Once, 'markFor' | 'keysOf' | 'reserve' | 'inTurn'>;
  endPromise: EndPromise;
  /** From this amount on a void or refund needs a second person, in yen. */
  secondPersonFromYen: number;
  onError: (message: string, error: unknown) => void;
  /** A record could not be made: the process has to end. */
  onFatal: (error: unknown) => void;
}

const LAST_WORD_MS = 5_000;

/** What the functions below share. */
interface Parts {
  options: PaymentsOptions;
  ledger: Ledger;
  terminals: Terminals;
  inquiries: Inquiries;
  clock: ClockWatch;
  dialogues: Map<string, Promise<void>>;
  offers: readonly Offer[];
  /** How far each running dialogue is. */
  progress: Map<string, PaymentProgress>;
  settlement: SettlementDesk;
}

/** Puts the counter's payments together; no terminal is spoken to before `start`. */
export function createPayments(options: PaymentsOptions): Payments {
  const { journal, live, now } = options;
  const { view, touchedBy, forget } = createViews(options, () => ledger);
  const publishTerminal = (id: string): void => live.publish('terminal', statusOf(parts, id));
  const ledger = createLedger(journal, (payment) => {
    touchedBy(payment).forEach(forget);
    // The acknowledgement to the terminal goes first: screens follow.
    setImmediate(() => {
      for (const each of touchedBy(payment)) live.publish('payment', view(each));
    });
  });
  const prompts = createRecordedPrompts(journal, ledger, (open) => live.publish('prompts', open));
  const clock = createClockWatch(options);
  const { all, devices, periods, terminals } = connectTerminals(options, clock, {
    askFor: (terminal) => prompts.askFor(terminal),
    onChange: publishTerminal,
    onReady: (id) => parts.inquiries.wake(id),
  });
  const inquiries = createInquiries({
    ...options,
    ledger,
    terminals,
    devices,
    onAsked: publishTerminal,
    onError: (error) => options.onError('inquiry', error),
  });
  const dialogues: Parts['dialogues'] = new Map();
  const progress: Parts['progress'] = new Map();
  const settlement = createSettlementDesk({ journal, ledger, periods });
  const held = { clock, offers: offersOf(options.terminals), dialogues, progress, settlement };
  const parts: Parts = { options, ledger, terminals, inquiries, ...held };

  return {
    terminals,
    prompts,
    clock,
    take: (request, clerk) => view(takeSale(parts, request, clerk)),
    cancel: (id, clerk) => view(requestCancel(parts, id, clerk)),
    find: (id) => [ledger.find(id)].flatMap((payment) => payment ?? []).map(view)[0],
    onDate: (businessDate) => ledger.onDate(businessDate).map(view),
    postedOn: (businessDate) => countedOn(ledger, businessDate).map(view),
    board: () => boardOf(ledger, businessDateOf(now())).map(view),
    refuseNow: () => refuseUnready(parts),
    usesApproval: (approval) => carriesApproval(ledger, businessDateOf(now()), approval),
    progress: () => [...parts.progress.values()],
    terminalStatus: () => terminals.list().map(({ id }) => statusOf(parts, id)),
    desk: viewedDesk(parts, view),
    lost: lostOf(parts, all, { devices, periods }),
    settlement,
    onTerminalAfter: (terminal, sequence) => ledger.onTerminalAfter(terminal, sequence).map(view),
    afterwards: createAfterwards(parts, handsOf(parts, view)),
    history: (id) => ledger.history(id),
    start: () => startAll(parts),
    stop: () => stopAll(parts),
  };
}

function lostOf(parts: Parts, all: Terminals, known: { devices: Devices; periods: Periods }): LostTerminals {
  const onChange = (id: string): void => {
    parts.options.live.publish('terminal', statusOf(parts, id));
    parts.inquiries.wake(id);
  };
  return createLostTerminals({ ...parts.options, ledger: parts.ledger, terminals: all, ...known, onChange });
}

function takeSale(parts: Parts, request: SaleRequest, clerk: Person): Payment {
  const { options, ledger } = parts;
  const known = ledger.find(request.id);
  if (known !== undefined) {
    if (known.armed.requestHash !== hashOf(request)) throw new AppError('same_id_other_body');
    return known;
  }
  if (options.journal.eventsOf(request.id).length > 0) throw new AppError('same_id_other_body');
  refuseUnready(parts);
  const businessDate = businessDateOf(options.now());
  const catalogue = options.catalogue();
  const approverOf = options.approversFor({ window: request.window, clerk, businessDate });
  const sale = checkSale(request, catalogue, options.journal.book, businessDate, approverOf);
  const candidates = findOffers(parts.offers, request, sale);
  refuseRepeat(request, sale, ledger);
  const mark = options.once.markFor(request, businessDate);
  const { terminal, claim } = claimOneOf(parts, candidates);
  try {
    options.beforeSale(request.id, request.lines);
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
        ...signatureOf(clerk),
        requestHash: hashOf(request),
        ...mark,
      },
    });
    parts.dialogues.set(payment.id, holdDialogue(parts, payment, claim));
    return payment;
  } catch (error) {
    claim.release();
    throw error;
  }
}

const handsOf = (parts: Parts, view: Hands['view']): Hands => ({
  view,
  refuseUnready: () => refuseUnready(parts),
  hold: (payment, claim) => void parts.dialogues.set(payment.id, holdDialogue(parts, payment, claim)),
});

/** No money moves before the counter is ready to record it under the right date. @throws AppError */
function refuseUnready({ options, clock, settlement }: Parts): void {
  if (settlement.isHeld()) throw new AppError('closing_now');
  if (options.isRecordStopped()) throw new AppError('record_stopped');
  if (!options.isOpen()) throw new AppError('counter_not_open');
  refuseDoubtfulClock(clock);
}

async function holdDialogue(parts: Parts, payment: Payment, claim: Claim): Promise<void> {
  const { live, onFatal } = parts.options;
  const onProgress = (progress: Progress): void => {
    // A terminal's own words for its display go to the screen without a record in between.
    const reached = { paymentId: payment.id, progress: maskCardNumbersIn(progress) };
    parts.progress.set(payment.id, reached);
    live.publish('progress', reached);
  };
  try {
    const { ledger, options } = parts;
    const ended = await runOperation({ ledger, journal: options.journal }, payment, claim, onProgress);
    const terminalTime = ended.answer?.terminalTime;
    if (terminalTime != null) parts.clock.hearTerminal(payment.armed.terminal, terminalTime);
    if (ended.state === 'unknown') parts.inquiries.wake(payment.armed.terminal);
  } catch (error) {
    onFatal(error);
  } finally {
    parts.progress.delete(payment.id);
    parts.dialogues.delete(payment.id);
  }
}

function requestCancel(parts: Parts, id: string, clerk: Person): Payment {
  const payment = parts.ledger.find(id);
  if (payment === undefined) throw new AppError('not_found');
  if (payment.state !== 'armed') throw new AppError('not_cancellable');
  const asked = payment.cancelRequested
    ? payment
    : parts.ledger.record(id, { type: 'cancel_requested', payload: signatureOf(clerk) });
  parts.terminals.abort(payment.armed.terminal);
  return asked;
}

/** What an earlier run left open was interrupted; its terminal takes no sale until it has been asked. */
function startAll({ ledger, terminals }: Parts): void {
  for (const { id, state } of ledger.unsettled()) {
    if (state !== 'armed') continue;
    const reason = 'the service stopped in the middle of the dialogue';
    ledger.record(id, { type: 'interrupted', payload: { reason } });
  }
  terminals.start();
}

async function stopAll({ dialogues, terminals, inquiries }: Parts): Promise<void> {
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
