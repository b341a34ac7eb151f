/** What may stand over the counter's screen. */
import type { Dispatch } from 'react';
import { AnotherResidentDialog } from './another-resident.tsx';
import { CashNotice } from './cash-notice.tsx';
import { ClosingDialog } from './closing-dialog.tsx';
import { CountedDialog } from './counted-notice.tsx';
import { LineEntry } from './line-entry.tsx';
import { EarlierPayments } from './earlier-payments.tsx';
import type { LiveEvent, LiveState } from './live.ts';
import { PaymentDetails } from './payment-details.tsx';
import type { Sale, SaleAction } from './sale.ts';
import { basketOf } from './sale-basket.ts';
import { KEEPERS } from '../../staff/staff.ts';
import type { StickerUse } from '../../once/stickers.ts';
import { Unreachable } from '../shared/api.ts';
import { StickerSearch } from '../shared/sticker-search.tsx';
import { findPayment, readSticker } from './service.ts';
import { SlipEntryDialog } from './slip-entry.tsx';
import { SupportDialog } from './support-dialog.tsx';
import { TabletsDialog } from '../tablets/tablets-dialog.tsx';
import { ScreenName } from '../turns/screen-name.tsx';
import { TicketDialogs, type TicketDialogName } from './ticket-dialogs.tsx';
import { unknownRuleOf, type Reference } from './use-reference.ts';
import type { TicketReader } from './use-ticket.ts';
import { unknownWords } from './unknown-words.ts';

export type OpenDialog =
  | { show: 'payment'; id: string }
  | { show: 'counted'; id: string }
  | { show: 'closing'; businessDate?: string }
  | { show: 'earlier' }
  | { show: 'slip_entry' }
  | { show: 'sticker'; number: string }
  | TicketDialogName
  | { show: 'sign_in' }
  | { show: 'support' }
  | { show: 'cash_notice' }
  | { show: 'screen_name' }
  | { show: 'tablets' }
  | null;

interface DialogsProps {
  dialog: OpenDialog;
  onOpen: (dialog: OpenDialog) => void;
  onClose: () => void;
  reference: Reference;
  live: LiveState;
  tellLive: Dispatch<LiveEvent>;
  sale: Sale;
  dispatch: Dispatch<SaleAction>;
  reader: TicketReader;
  now: Date;
}

export function CounterDialogs(props: DialogsProps) {
  const { dialog, onClose, reference, dispatch } = props;
  const { session } = reference;
  if (props.sale.stage.at === 'another_resident') return <RepeatDialog {...props} stage={props.sale.stage} />;
  if (props.sale.entry !== null) {
    return <EntryDialog sale={props.sale} reference={reference} dispatch={dispatch} />;
  }
  if (dialog === null) return null;
  switch (dialog.show) {
    case 'closing':
      return <ClosingOf {...props} businessDate={dialog.businessDate ?? session.today} />;
    case 'earlier':
      return (
        <EarlierPayments
          reference={reference}
          tellLive={props.tellLive}
          onOpen={(id) => props.onOpen({ show: 'payment', id })}
          onClose={onClose}
        />
      );
    case 'slip_entry':
      return <SlipEntryDialog reference={reference} onClose={onClose} />;
    case 'sticker':
      return <StickerDialog {...props} number={dialog.number} />;
    case 'ticket':
    case 'cancel_ticket':
      return <TicketDialogs {...props} dialog={dialog} />;
    case 'support':
      return (
        <SupportDialog
          session={session}
          live={props.live}
          now={props.now}
          onCashNotice={() => props.onOpen({ show: 'cash_notice' })}
          onClose={onClose}
        />
      );
    case 'screen_name':
      return <ScreenName onClose={onClose} />;
    case 'tablets':
      return (
        <TabletsDialog
          mayKeep={KEEPERS.some((role) => session.clerk.roles.includes(role))}
          onClose={onClose}
        />
      );
    case 'cash_notice':
      return <CashNotice session={session} onClose={onClose} />;
    // Beside the payment, never over it: see clerk-switch.tsx.
    case 'sign_in':
      return null;
    case 'counted': {
      const sale = props.live.counted.find(({ id }) => id === dialog.id);
      return sale && <CountedDialog sale={sale} today={session.today} onClose={onClose} />;
    }
    case 'payment':
      return <PaymentDialog {...props} id={dialog.id} />;
  }
}

/** A payment of another day is told to the list first, as one of 「前の日の支払い」 is. */
function StickerDialog(props: DialogsProps & { number: string }) {
  const { reference, number, live, tellLive, onOpen, onClose } = props;
  const { today, counterId } = reference.session;
  const openPayment = async (id: string): Promise<void> => {
    try {
      const answer = await findPayment(id);
      if (!answer.ok) return;
      tellLive({ type: 'answered', payment: answer.value });
      onOpen({ show: 'payment', id });
    } catch (error) {
      // The status bar says that the service is out of reach.
      if (!(error instanceof Unreachable)) throw error;
    }
  };
  const openerOf = ({ counter, saleId, tender }: StickerUse): (() => void) | null => {
    if (counter !== counterId) return null;
    if (tender === 'cashless') return () => void openPayment(saleId);
    const isListed = live.counted.some(({ id }) => id === saleId);
    return isListed ? () => onOpen({ show: 'counted', id: saleId }) : null;
  };
  return (
    <StickerSearch
      key={number}
      today={today}
      number={number}
      read={readSticker}
      openerOf={openerOf}
      onClose={onClose}
    />
  );
}

function ClosingOf(props: DialogsProps & { businessDate: string }) {
  const { live, reference, businessDate, onClose } = props;
  const { session } = reference;
  return (
    <ClosingDialog
      today={session.today}
      businessDate={businessDate}
      mayClose={session.clerk.roles.includes('treasurer')}
      progress={live.connection === 'lost' ? null : live.closing}
      isCutOff={live.connection === 'lost'}
      isAsked={live.prompts.some(({ prompt }) => prompt.operationId === null)}
      officeUrl={session.officeUrl}
      offers={session.offers}
      brandNames={reference.brandNames}
      owedStays={live.daycare.owed}
      onClose={onClose}
    />
  );
}

/** A basket like one whose result is unknown: first what is known of that one. */
function RepeatDialog(props: DialogsProps & { stage: Extract<Sale['stage'], { at: 'another_resident' }> }) {
  const { stage, reference, live, dispatch } = props;
  const unknown = live.payments.get(stage.unknownId);
  const goBack = (): void => dispatch({ type: 'back_to_basket', keepMethod: true });
  return (
    <AnotherResidentDialog
      message={stage.message}
      unknown={
        unknown && {
          payment: unknown,
          rule: unknownWords(unknown, unknownRuleOf(reference, unknown), false).rule,
        }
      }
      brandNames={reference.brandNames}
      onConfirm={() => dispatch({ type: 'another_resident_confirmed', at: new Date().toISOString() })}
      onLook={() => {
        goBack();
        props.onOpen({ show: 'payment', id: stage.unknownId });
      }}
      onBack={goBack}
    />
  );
}

function PaymentDialog({ id, reference, live, now, onClose }: DialogsProps & { id: string }) {
  const payment = live.payments.get(id);
  const pendingId = payment?.returned.pendingId ?? null;
  // Whoever has to answer about it, or about what is being given back of it, answers beside the terminal's page, not over it.
  const isAsked = live.prompts.some(
    ({ prompt: { operationId } }) => operationId !== null && [id, pendingId].includes(operationId),
  );
  return payment === undefined || isAsked ? null : (
    <PaymentDetails
      payment={payment}
      unknownRule={unknownRuleOf(reference, payment)}
      brandNames={reference.brandNames}
      brand={reference.brands.get(payment.brand ?? '')}
      today={reference.session.today}
      now={now}
      pending={pendingId === null ? undefined : live.payments.get(pendingId)}
      secondPersonFromYen={reference.session.secondPersonFromYen}
      isTablet={reference.session.tablet !== null}
      onClose={onClose}
    />
  );
}

/** The entry of a fee; a fee that is not sold any more has none. */
function EntryDialog(props: { sale: Sale; reference: Reference; dispatch: Dispatch<SaleAction> }) {
  const { sale, reference, dispatch } = props;
  const { entry, window } = sale;
  const item = reference.fees.get(window)?.find(({ code }) => code === entry?.code);
  if (entry === null || item === undefined) return null;
  return (
    <LineEntry
      window={window}
      item={item}
      line={entry.index === null ? undefined : basketOf(sale)[entry.index]}
      day={reference.day}
      scanned={entry.sticker}
      onEnter={(line) => dispatch({ type: 'line_entered', line })}
      onClose={() => dispatch({ type: 'entry_closed' })}
    />
  );
}
