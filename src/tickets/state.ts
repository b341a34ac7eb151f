/** What becomes of a charge ticket, as one table. Pure: the same on the counter and in PostgreSQL's projection. */
import type { PaymentState } from '../payments/lifecycle.ts';

/** `held`: a payment for it is under way, or nobody knows what became of it. The last four are the end. */
export type TicketState = 'open' | 'held' | 'paid' | 'cash' | 'exempt' | 'cancelled';

/** What can happen to a ticket. */
type Act =
  | 'armed'
  | 'unknown'
  | 'approved'
  | 'returned'
  | 'not_paid'
  | 'counted_cash'
  | 'counted_nothing'
  | 'withdrawn'
  | 'cancelled';

/**
 * State and act → next state; what is missing changes nothing. A declined payment leaves the ticket open, an unknown one
 * holds it. What is found paid later is paid, whatever was believed before; given back whole it is open again, as cash is
 * that was withdrawn: the matter has still to be paid for, or another sale closes it.
 */
const NEXT: Readonly<Record<TicketState, Partial<Record<Act, TicketState>>>> = {
  open: {
    armed: 'held',
    approved: 'paid',
    counted_cash: 'cash',
    counted_nothing: 'exempt',
    cancelled: 'cancelled',
  },
  held: { unknown: 'held', approved: 'paid', not_paid: 'open' },
  paid: { returned: 'open' },
  cash: { withdrawn: 'open' },
  exempt: { withdrawn: 'open' },
  cancelled: {},
};

/** A sale that carries the ticket, or the ticket's cancellation, at its place in the journal. */
export type TicketUse = { sequence: number } &
  /** `isReturned`: all of it was given back, at the terminal. */
  (
    | { kind: 'payment'; state: PaymentState; isReturned: boolean }
    | { kind: 'counted'; tender: 'cash' | 'nothing'; isWithdrawn: boolean }
    | { kind: 'cancellation' }
  );

/** The state of a ticket after all that was done with it. */
export function foldTicket(uses: readonly TicketUse[]): TicketState {
  const inOrder = uses.toSorted((a, b) => a.sequence - b.sequence);
  return inOrder.flatMap(actsOf).reduce<TicketState>((state, act) => NEXT[state][act] ?? state, 'open');
}

const PAYMENT_ACT: Readonly<Record<PaymentState, Act>> = {
  armed: 'armed',
  unknown: 'unknown',
  approved: 'approved',
  declined: 'not_paid',
  cancelled: 'not_paid',
  not_charged: 'not_paid',
  not_sent: 'not_paid',
};

function actsOf(use: TicketUse): Act[] {
  switch (use.kind) {
    case 'payment':
      return ['armed', PAYMENT_ACT[use.state], ...(use.isReturned ? (['returned'] as const) : [])];
    case 'counted':
      return [`counted_${use.tender}`, ...(use.isWithdrawn ? (['withdrawn'] as const) : [])];
    case 'cancellation':
      return ['cancelled'];
  }
}

/** Whether it can be used no more. */
export const isClosed = (state: TicketState): boolean => state !== 'open' && state !== 'held';

export const TICKET_STATE_NAMES: Readonly<Record<TicketState, string>> = {
  open: '未処理',
  held: '確認中',
  paid: '支払済',
  cash: '現金',
  exempt: '0円',
  cancelled: '取り消し',
};
