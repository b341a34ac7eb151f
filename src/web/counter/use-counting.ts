/** Recording a sale without a terminal: one press, one record, however often it has to be sent. */
import { useRef, useState, type Dispatch } from 'react';
import type { CountedRequest, Tender } from '../../counted/counted.ts';
import { Unreachable } from '../shared/api.ts';
import type { LiveEvent } from './live.ts';
import { basketOf, type Sale, type SaleAction } from './sale.ts';
import { countSale } from './service.ts';

export interface Counting {
  busy: boolean;
  count: (tender: Tender) => void;
}

export function useCounting(
  sale: Sale,
  totalYen: number,
  dispatch: Dispatch<SaleAction>,
  tellLive: Dispatch<LiveEvent>,
  onPriceChanged: () => void,
): Counting {
  const [busy, setBusy] = useState(false);
  /** Pressed and not answered: the same basket keeps its id, so that a second press is not a second sale. */
  const unanswered = useRef<CountedRequest | null>(null);

  async function run(request: CountedRequest): Promise<void> {
    setBusy(true);
    try {
      const answer = await countSale(request);
      unanswered.current = null;
      if (answer.ok) {
        tellLive({ type: 'counted', counted: answer.value });
        dispatch({ type: 'counted', id: answer.value.id });
        return;
      }
      const { code, message } = answer.refusal;
      if (code === 'price_changed') onPriceChanged();
      dispatch({ type: 'count_refused', notice: { code, message } });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      dispatch({ type: 'count_refused', notice: { code: 'no_answer', message: NO_ANSWER } });
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    count(tender) {
      const basket = { window: sale.window, lines: basketOf(sale), totalYen, tender };
      const known = unanswered.current;
      const isSame =
        known !== null && JSON.stringify({ ...known, id: '' }) === JSON.stringify({ ...basket, id: '' });
      const request = isSame ? known : { ...basket, id: crypto.randomUUID() };
      unanswered.current = request;
      if (!busy) void run(request);
    },
  };
}

const NO_ANSWER =
  'サービスの答えがありません。記録できたかどうか、まだ分かりません。もう一度押してください。同じ会計が二重に記録されることはありません。';
