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
            市の記録に確かめられません。ほかの窓口で支払っていないか、お客様に確かめてください。
          </span>
        )}
      </p>
      <Button className="quiet" onPress={() => change({ type: 'ticket_removed' })}>
        はずす
      </Button>
      <Button className="quiet" onPress={onCancel}>
        票を取り消す
      </Button>
    </div>
  );
}
