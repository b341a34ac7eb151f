/**
 * What a scanner reads: a charge ticket fills the basket; a sticker goes into the entry that asks for one, or to what was rung up
 * last without its number, or is looked up.
 */
import { useEffect, useEffectEvent, useRef, useState, type Dispatch, type SetStateAction } from 'react';
import { scanOf, type Scan } from '../../tickets/scan.ts';
import { Unreachable, type Answer } from '../shared/api.ts';
import type { TicketView } from '../../tickets/tickets.ts';
import { priceBasket, withoutSticker } from './basket.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { LiveState } from './live.ts';
import type { Sale, SaleAction } from './sale.ts';
import { basketOf, ticketOf } from './sale-basket.ts';
import { presentTicket } from './service.ts';
import { saleTicketOf, ticketRefusal } from './ticket.ts';
import type { ListenForScans } from './use-scan-keys.ts';
import { sellsStickers, type Reference } from './use-reference.ts';
import type { Register, ScreenState } from './use-register.ts';

export interface TicketReader {
  busy: boolean;
  /** Null: the ticket is in the basket; otherwise what to tell the clerk. */
  take: (text: string) => Promise<string | null>;
}

const NO_ANSWER =
  'サービスの答えがないため、会計票を読み取れませんでした。何も記録していません。もう一度読み取ってください。';
const NOT_NOW = '会計の途中です。この会計が終わってから、もう一度会計票を読み取ってください。';

export function useTicket(
  sale: Sale,
  { step, change }: Pick<Register, 'step' | 'change'>,
  reference: Reference,
  live: LiveState,
  screen: ScreenState & { listen: ListenForScans; setDialog: Dispatch<SetStateAction<OpenDialog>> },
): TicketReader {
  const [busy, setBusy] = useState(false);
  const isRingingUp = sale.stage.at === 'basket' && !screen.isLocked;
  // A ticket that is read while the last one's result stands there begins the next sale, as a touch on a fee does.
  const canTake = isRingingUp || (step === 'paid' && !screen.isLocked);

  async function take(text: string): Promise<string | null> {
    if (!canTake || busy) return NOT_NOW;
    // The same ticket, read twice in a row.
    if (step !== 'paid' && ticketOf(sale)?.text === text) return null;
    setBusy(true);
    try {
      const answer = await presentTicket(text);
      if (!answer.ok) return ticketRefusal(answer.refusal);
      change(takenAction(answer, text, reference));
      return null;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return NO_ANSWER;
    } finally {
      setBusy(false);
    }
  }

  /** With nothing rung up somebody wants to know whose it is; while something is being looked up that goes on. */
  const tieOrLookUp = (number: string): void => {
    const items = reference.fees.get(sale.window) ?? [];
    const index = withoutSticker(basketOf(sale), ticketOf(sale)?.count ?? 0, items);
    if (index >= 0 && !screen.hasDialog) change({ type: 'sticker_tied', index, number });
    else screen.setDialog(lookUp(number));
  };

  const obey = ({ kind, text }: Scan): void => {
    if (kind === 'sticker') {
      if (sale.entry !== null) change({ type: 'sticker_scanned', number: text });
      else if (isRingingUp && sellsStickers(reference, [sale.window])) tieOrLookUp(text);
      return;
    }
    void take(text).then((fault) => {
      if (fault !== null) change({ type: 'count_refused', notice: { code: 'ticket', message: fault } });
    });
  };
  const obeyNow = useEffectEvent(obey);
  const round = useRef(live.scan?.round ?? 0);
  useEffect(() => {
    if (live.scan === null || live.scan.round === round.current) return;
    round.current = live.scan.round;
    obeyNow(live.scan);
  }, [live.scan]);

  const { listen } = screen;
  useEffect(
    () =>
      listen((line) => {
        const scan = scanOf(line);
        if (scan !== undefined) obeyNow(scan);
      }),
    [listen],
  );

  return { busy, take };
}

/** A dialog in which something is being entered is not taken away. */
const lookUp =
  (number: string) =>
  (open: OpenDialog): OpenDialog =>
    open === null || open.show === 'sticker' ? { show: 'sticker', number } : open;

/** Lines that have still to know something are asked about at once. */
function takenAction(
  { value }: Extract<Answer<TicketView>, { ok: true }>,
  text: string,
  reference: Reference,
): SaleAction {
  const { missing } = priceBasket(value.lines, reference.fees.get(value.window) ?? [], reference.day);
  return {
    type: 'ticket_taken',
    ticket: saleTicketOf(value, text),
    lines: value.lines,
    missing: missing[0]?.index ?? null,
  };
}
