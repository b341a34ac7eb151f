/** Recording a sale without a terminal: one press, one record, however often it has to be sent, and over a reload. */
import { useEffect, useEffectEvent, useRef, useState, type Dispatch } from 'react';
import type { CountedRequest, CountedSale, Tender } from '../../counted/counted.ts';
import { Unreachable } from '../shared/api.ts';
import { newId } from '../shared/new-id.ts';
import { recall, remember } from '../shared/storage.ts';
import type { LiveEvent } from './live.ts';
import type { Sale, SaleAction } from './sale.ts';
import { basketOf, ticketOf } from './sale-basket.ts';
import { countSale, findCounted } from './service.ts';
import { askedWith, ticketRefusal } from './ticket.ts';

const PENDING = 'madoguchi.pending-count';

/** What was pressed and had no answer when the page was left. */
export function recallCounting(): CountedRequest | undefined {
  const known = recall(PENDING);
  return typeof known === 'object' && known !== null && 'tender' in known
    ? (known as CountedRequest)
    : undefined;
}

export interface Counting {
  busy: boolean;
  count: (tender: Tender) => void;
}

interface Hands {
  dispatch: Dispatch<SaleAction>;
  tellLive: Dispatch<LiveEvent>;
  /** A price has changed meanwhile. */
  reload: () => void;
}

/** @param counted what is on record today, as the stream tells it */
export function useCounting(
  sale: Sale,
  totalYen: number,
  counted: readonly CountedSale[],
  { dispatch, tellLive, reload }: Hands,
): Counting {
  const [busy, setBusy] = useState(false);
  const unanswered = useUnanswered();
  const asked = (tender: Tender) => askedFor(sale, totalYen, tender);

  const conclude = (recorded: CountedSale): void => {
    const known = unanswered.get();
    unanswered.keep(undefined);
    tellLive({ type: 'counted', counted: recorded });
    // Whoever has begun to ring up something else keeps that.
    if (known !== undefined && isSame(known, asked(known.tender))) {
      dispatch({ type: 'counted', id: recorded.id });
    }
  };
  const onTold = useEffectEvent(() => {
    const recorded = counted.find(({ id }) => id === unanswered.get()?.id);
    if (recorded !== undefined) conclude(recorded);
  });
  useEffect(() => onTold(), [counted]);
  useInterrupted(conclude, dispatch);

  async function run(request: CountedRequest): Promise<void> {
    setBusy(true);
    try {
      const answer = await countSale(request);
      unanswered.keep(undefined);
      if (answer.ok) {
        tellLive({ type: 'counted', counted: answer.value });
        dispatch({ type: 'counted', id: answer.value.id });
        return;
      }
      const [{ code }, message] = [answer.refusal, ticketRefusal(answer.refusal)];
      if (code === 'price_changed') reload();
      dispatch({ type: 'count_refused', notice: { code, message } });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      // The stream may have told of the record already.
      if (unanswered.get()?.id !== request.id) return;
      dispatch({ type: 'count_refused', notice: { code: 'no_answer', message: NO_ANSWER } });
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    count(tender) {
      if (busy) return;
      const basket = asked(tender);
      const known = unanswered.get();
      const request = known !== undefined && isSame(known, basket) ? known : { ...basket, id: newId() };
      // Kept before it is sent.
      unanswered.keep(request);
      void run(request);
    },
  };
}

function askedFor(sale: Sale, totalYen: number, tender: Tender): Omit<CountedRequest, 'id'> {
  const { window } = sale;
  return { window, lines: basketOf(sale), totalYen, tender, ...askedWith(ticketOf(sale)) };
}

const isSame = (known: CountedRequest, basket: Omit<CountedRequest, 'id'>): boolean =>
  JSON.stringify({ ...known, id: '' }) === JSON.stringify({ ...basket, id: '' });

interface Unanswered {
  get: () => CountedRequest | undefined;
  keep: (request: CountedRequest | undefined) => void;
}

/** Pressed and not answered: the same basket keeps its id, so that a second press is not a second sale. */
function useUnanswered(): Unanswered {
  const known = useRef<CountedRequest | undefined>(undefined);
  const [unanswered] = useState<Unanswered>(() => ({
    get: () => known.current ?? recallCounting(),
    keep(request) {
      known.current = request;
      remember(PENDING, request);
    },
  }));
  return unanswered;
}

/** The reload has cut the answer off: the service is asked whether the record was made. */
function useInterrupted(conclude: (recorded: CountedSale) => void, dispatch: Dispatch<SaleAction>): void {
  const ask = useEffectEvent(async (id: string): Promise<void> => {
    try {
      const answer = await findCounted(id);
      if (answer.ok) conclude(answer.value);
      else if (answer.refusal.code === 'not_found') {
        dispatch({ type: 'count_refused', notice: { code: 'not_arrived', message: NOT_COUNTED } });
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      dispatch({ type: 'count_refused', notice: { code: 'no_answer', message: NO_ANSWER } });
    }
  });
  useEffect(() => {
    const id = recallCounting()?.id;
    if (id !== undefined) void ask(id);
  }, []);
}

const NO_ANSWER =
  'サービスの答えがありません。記録できたかどうか、まだ分かりません。もう一度押してください。同じ会計が二重に記録されることはありません。';
const NOT_COUNTED =
  '画面を開き直す前に押した記録は、まだ届いていません。受け取っていたら、もう一度押してください。同じ会計が二重に記録されることはありません。';
