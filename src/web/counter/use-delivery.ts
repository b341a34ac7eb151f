/** Sends a pressed sale, keeps it over a reload, and tells the reducers what came back. */
import { useEffect, useEffectEvent, type Dispatch } from 'react';
import { Unreachable, type Refusal } from '../shared/api.ts';
import { recall, remember } from '../shared/storage.ts';
import { deliver, type Delivery } from './deliver.ts';
import type { LiveEvent } from './live.ts';
import type { PendingSale, Sale, SaleAction } from './sale.ts';
import { findPayment, sendPayment } from './service.ts';
import { ticketRefusal } from './ticket.ts';

const PENDING = 'madoguchi.pending-sale';

/** The sale that was on its way or on the screen when the page was left. */
export function recallPending(): PendingSale | undefined {
  const known = recall(PENDING);
  return typeof known === 'object' && known !== null && 'request' in known
    ? (known as PendingSale)
    : undefined;
}

export function useDelivery(
  sale: Sale,
  dispatch: Dispatch<SaleAction>,
  tellLive: Dispatch<LiveEvent>,
  onPriceChanged: () => void,
): void {
  const { stage } = sale;
  const kept = stage.at === 'basket' ? undefined : stage.pending;
  const sending = stage.at === 'sending' ? stage.pending : undefined;

  // Kept before it is sent: effects run in this order.
  useEffect(() => void remember(PENDING, kept), [kept]);

  const conclude = useEffectEvent((delivery: Delivery) => {
    switch (delivery.kind) {
      case 'recorded':
        tellLive({ type: 'answered', payment: delivery.payment });
        dispatch({ type: 'recorded' });
        break;
      case 'refused':
        if (delivery.refusal.code === 'price_changed') onPriceChanged();
        dispatch(refusedAction(delivery.refusal));
        break;
      case 'not_arrived':
        dispatch({ type: 'refused', notice: NOT_ARRIVED });
        break;
      case 'stopped':
        break;
    }
  });

  useEffect(() => {
    if (sending === undefined) return undefined;
    const stop = new AbortController();
    void deliver(sending, {
      send: sendPayment,
      find: findPayment,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: () => Date.now(),
      onTrouble: () => dispatch({ type: 'troubled' }),
      signal: stop.signal,
    }).then((delivery) => {
      if (!stop.signal.aborted) conclude(delivery);
    });
    return () => stop.abort();
  }, [sending, dispatch]);
}

/** The stream tells of today and of what is open; a payment of another day is asked for. */
export function useMissingPayment(id: string | undefined, tellLive: Dispatch<LiveEvent>): void {
  useEffect(() => {
    if (id === undefined) return undefined;
    let wanted = true;
    const ask = async (): Promise<void> => {
      try {
        const answer = await findPayment(id);
        if (wanted && answer.ok) tellLive({ type: 'answered', payment: answer.value });
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
      }
    };
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [id, tellLive]);
}

const ASK_AGAIN_MS = 2_000;

const NOT_ARRIVED = {
  code: 'not_arrived',
  message:
    'この会計はサービスに届いていませんでした。支払いは始まっていません。内容を確かめて、もう一度押してください。',
};

function refusedAction(refusal: Refusal): SaleAction {
  const { code, details } = refusal;
  const message = ticketRefusal(refusal);
  return code === 'same_sale_unknown'
    ? { type: 'another_resident_asked', message, unknownId: String(details['paymentId']) }
    : { type: 'refused', notice: { code, message } };
}
