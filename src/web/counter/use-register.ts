/** The register: the sale on the screen with everything that a touch or a key can do to it. */
import { useState, type Dispatch } from 'react';
import type { PaymentView } from '../../payments/view.ts';
import { Unreachable } from '../shared/api.ts';
import { newId } from '../shared/new-id.ts';
import type { Tender } from '../../counted/counted.ts';
import { needsEntry } from '../../fees/questions.ts';
import { priceBasket, type PricedBasket } from './basket.ts';
import { brandChoices, type BrandChoice } from './brand-choices.ts';
import type { LiveEvent, LiveState } from './live.ts';
import {
  countingHindrance,
  entryHindrance,
  findHindrance,
  isFree,
  personHindrance,
  terminalHindrance,
  ticketHindrance,
  type Hindrance,
} from './readiness.ts';
import type { PendingSale, Sale, SaleAction } from './sale.ts';
import { basketOf, ticketOf } from './sale-basket.ts';
import { screenId } from '../shared/screen.ts';
import { liveToPress } from '../turns/turn-words.ts';
import { useTurn, type TurnAtTerminal } from '../turns/use-turn.ts';
import { askCancel, openSlip } from './service.ts';
import { stepOf, type PayStep } from './step.ts';
import { askedWith } from './ticket.ts';
import { useFrontQuestion, type FrontQuestion } from './use-front-question.ts';
import { useCounting } from './use-counting.ts';
import type { Reference } from './use-reference.ts';
import { useSettled } from './use-settled.ts';

export interface Register {
  sale: Sale;
  /** The recorded payment that is on the screen. */
  payment: PaymentView | null;
  step: PayStep;
  basket: PricedBasket;
  choices: BrandChoice[];
  hindrance: Hindrance | undefined;
  /** Where this screen stands among those that share the terminal. */
  turn: TurnAtTerminal;
  /** Why cash can't be recorded just now; undefined: it can. */
  cashHindrance: string | undefined;
  /** Records the basket without a terminal. */
  count: (tender: Tender) => void;
  /** What terminals without a link want to know. */
  questions: FrontQuestion;
  /** The last wish to cancel did not reach the service. */
  cancelFailed: boolean;
  /** What the large button and Enter do. */
  primary: () => void;
  /** What the second button and Escape do. */
  escape: () => void;
  /** Begins the next sale though no terminal is free: it can be counted in cash. */
  next: () => void;
  print: () => void;
  /** Begins the next sale first, where the last one is paid. */
  change: (action: SaleAction) => void;
}

export interface ScreenState {
  /** Nobody is signed in: nothing is rung up. */
  isLocked: boolean;
  /** A dialog is open, from which the clerk may have asked a terminal for something. */
  hasDialog: boolean;
}

export function useRegister(
  reference: Reference,
  live: LiveState,
  tellLive: Dispatch<LiveEvent>,
  sale: Sale,
  dispatch: Dispatch<SaleAction>,
  screen: ScreenState,
  reload: () => void,
): Register {
  const { stage } = sale;
  const payment = stage.at === 'payment' ? (live.payments.get(stage.pending.request.id) ?? null) : null;
  const step = stepOf(sale, payment);
  const priced = usePricedSale(sale, reference, live, screen, step);
  const { basket, turn, hindrance } = priced;
  const comes = screen.hasDialog || basket.lines.length === 0;
  const questions = useFrontQuestion(live, payment, step, { ...screen, comes });
  const counting = useCounting(sale, basket.totalYen, live.counted, { dispatch, tellLive, reload });
  const cancel = useCancel(payment, live.connection === 'lost', tellLive);
  const { whenSettled, touch } = useSettled(step, step === 'ringing');

  // Whoever leaves a result has seen it, also where it was unknown before.
  const leave = (action: SaleAction): void => {
    if (payment !== null) tellLive({ type: 'cleared_seen', id: payment.id });
    dispatch(action);
  };
  const deeds = deedsOf(step, {
    pay: () => {
      if (turn.canWait) turn.wait();
      if (hindrance !== undefined) return;
      const pending = pendingSale(sale, basket);
      if (isFree(basket)) counting.count('nothing');
      else if (pending !== undefined) dispatch({ type: 'pay_pressed', pending });
    },
    clear: () => dispatch({ type: 'basket_cleared' }),
    cancel: cancel.ask,
    next: () => leave(nextOf(step)),
    nextIfFree: () => {
      if (terminalHindrance(live.terminals) === undefined) leave({ type: 'next_sale' });
    },
    back: () => leave({ type: 'back_to_basket', keepMethod: payment?.state !== 'declined' }),
  });
  return {
    sale,
    payment,
    step,
    ...priced,
    cashHindrance: cashHindranceOf(reference, live, sale, basket, screen, counting.busy),
    count: (tender) => whenSettled(() => counting.count(tender)),
    questions,
    cancelFailed: cancel.failed,
    primary: () => whenSettled(deeds.primary),
    escape: () => whenSettled(deeds.escape),
    next: () => whenSettled(() => leave(nextOf(step))),
    print: () => printSlip(payment),
    change: (action) =>
      touch(() => {
        if (step === 'paid') leave(nextOf(step));
        dispatch(entryFirst(action, reference, sale.window));
      }),
  };
}

/** As it can be sent just now, with the screens that share the terminal. */
function usePricedSale(
  sale: Sale,
  reference: Reference,
  live: LiveState,
  screen: ScreenState,
  step: PayStep,
): Pick<Register, 'basket' | 'choices' | 'turn' | 'hindrance'> {
  const found = liveToPress(live, screenId());
  const { hindrance, ...priced } = priceSale(sale, reference, found, screen);
  const ringing = { hindrance, isRinging: step === 'ringing' };
  return { ...priced, ...useTurn(found, priced.basket.totalYen, ringing) };
}

/** The basket at today's prices, what may be chosen for it, and why it can't be sent just now. */
function priceSale(
  sale: Sale,
  reference: Reference,
  live: LiveState,
  { isLocked }: ScreenState,
): Pick<Register, 'basket' | 'choices' | 'hindrance'> {
  const { session, brands, day } = reference;
  const { window } = sale;
  const basket = priceBasket(basketOf(sale), reference.fees.get(window) ?? [], day);
  const { totalYen } = basket;
  return {
    basket,
    choices: brandChoices(sale.method, session.offers, brands, { window, on: day.on, totalYen }),
    hindrance:
      personHindrance(session, isLocked) ??
      ticketHindrance(ticketOf(sale)) ??
      entryHindrance(basket) ??
      (isFree(basket) ? countingHindrance(live) : findHindrance(sale, basket, live, session.offers)),
  };
}

/** A fee that has to know something before it costs anything is asked about first; a one-time ticket is known as one. */
function entryFirst(action: SaleAction, reference: Reference, window: string): SaleAction {
  if (action.type !== 'fee_added') return action;
  const item = reference.fees.get(window)?.find(({ code }) => code === action.code);
  if (item === undefined) return action;
  if (needsEntry(item.inputs)) return { type: 'entry_opened', code: action.code, index: null };
  return item.unitRule === 'per_24_h' ? { ...action, isOneTime: true } : action;
}

const nextOf = (step: PayStep): SaleAction =>
  step === 'paid' ? { type: 'next_sale', isPaid: true } : { type: 'next_sale' };

/** A short word in the place of the button's. */
function cashHindranceOf(
  { session }: Reference,
  live: LiveState,
  sale: Sale,
  basket: Register['basket'],
  { isLocked }: ScreenState,
  busy: boolean,
): string | undefined {
  const hindrance =
    personHindrance(session, isLocked) ??
    countingHindrance(live) ??
    ticketHindrance(ticketOf(sale)) ??
    entryHindrance(basket);
  if (hindrance !== undefined) return hindrance.label;
  if (busy) return '記録しています';
  return basket.totalYen === 0 ? '現金（記録のみ）' : undefined;
}

function printSlip(payment: PaymentView | null): void {
  if (payment?.state === 'approved') openSlip(payment.id);
}

type Deed = () => void;

/** What the large button (Enter) and the second one (Escape) do on each face of the column. */
function deedsOf(
  step: PayStep,
  can: Record<'pay' | 'clear' | 'cancel' | 'next' | 'nextIfFree' | 'back', Deed>,
): { primary: Deed; escape: Deed } {
  const nothing = (): void => undefined;
  switch (step) {
    case 'ringing':
      return { primary: can.pay, escape: can.clear };
    case 'paying':
      return { primary: nothing, escape: can.cancel };
    case 'unknown':
      return { primary: can.nextIfFree, escape: nothing };
    case 'paid':
      return { primary: can.next, escape: nothing };
    case 'not_paid':
      return { primary: can.back, escape: can.next };
  }
}

/** The id is made here, once per press, and stays this sale's own whatever happens on the way. */
function pendingSale(sale: Sale, basket: Register['basket']): PendingSale | undefined {
  const { method, brand } = sale;
  const ticket = ticketOf(sale);
  if (method === null) return undefined;
  return {
    pressedAt: new Date().toISOString(),
    ticket,
    request: {
      id: newId(),
      window: sale.window,
      lines: basket.lines.map(({ asked }) => asked),
      totalYen: basket.totalYen,
      method,
      ...(brand === null ? {} : { brand }),
      ...askedWith(ticket),
    },
  };
}

function useCancel(
  payment: PaymentView | null,
  isCutOff: boolean,
  tellLive: Dispatch<LiveEvent>,
): { ask: () => void; failed: boolean } {
  const [failedFor, setFailedFor] = useState<string | null>(null);
  async function ask(id: string): Promise<void> {
    setFailedFor(null);
    try {
      // A refusal means that it has ended meanwhile: the stream tells how.
      const answer = await askCancel(id);
      if (answer.ok) tellLive({ type: 'answered', payment: answer.value });
      else if (answer.refusal.code === 'not_signed_in') setFailedFor(id);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setFailedFor(id);
    }
  }
  return {
    ask: () => {
      if (payment?.state === 'armed' && !payment.cancelRequested && !isCutOff) void ask(payment.id);
    },
    failed: payment !== null && failedFor === payment.id,
  };
}
