/** Which charge ticket the basket closes, and how it is taken away again. */
import { Button } from 'react-aria-components';
import type { SaleAction } from './sale.ts';
import type { SaleTicket } from './ticket.ts';

export function TicketBox(props: {
  ticket: SaleTicket;
  change: (action: SaleAction) => void;
  onCancel: () => void;
}) {
  const { ticket, change, onCancel } = props;
  return (
    <div className="ticket">
      <p>
        <b>会計票 {ticket.reference}</b>
        {!ticket.isSure && (
          <span className="ticket-doubt">
            市の記録につながらず、ほかのカウンターで支払い済みか分かりません。支払い済みなら「はずす」を押してください。
          </span>
        )}
      </p>
      {!ticket.isSure && (
        <label className="ticket-vouch">
          <input
            type="checkbox"
            checked={ticket.isVouched}
            onChange={({ target }) => change({ type: 'ticket_vouched', isVouched: target.checked })}
          />
          ほかで支払っていないと、お客様に確かめた
        </label>
      )}
      <Button className="quiet" onPress={() => change({ type: 'ticket_removed' })}>
        はずす
      </Button>
      <Button className="quiet" onPress={onCancel}>
        票を取り消す
      </Button>
    </div>
  );
}
