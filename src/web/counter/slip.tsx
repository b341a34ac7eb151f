/** The basket: what is charged, line by line. */
import { Button } from 'react-aria-components';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import {
  detailsOf,
  MOST_OF_ONE_FEE,
  type PricedBasket,
  type PricedBasketLine,
  type UnpricedLine,
} from './basket.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { SaleAction } from './sale.ts';
import type { SaleTicket } from './ticket.ts';
import { TicketBox } from './ticket-box.tsx';

interface SlipProps {
  windowName: string;
  basket: PricedBasket;
  ticket: SaleTicket | undefined;
  labelOf?: ((stay: string | undefined) => string | undefined) | undefined;
  onOpen: (dialog: OpenDialog) => void;
  canRestore: boolean;
  /** Charge tickets are read at the counter's own screen. */
  readsTickets: boolean;
  dispatch: (action: SaleAction) => void;
}

export function Slip(props: SlipProps) {
  const { ticket, dispatch } = props;
  const { lines, missing } = props.basket;
  return (
    <div className="slip">
      <SlipHead {...props} />
      {ticket !== undefined && (
        <TicketBox
          ticket={ticket}
          change={dispatch}
          onCancel={() => props.onOpen({ show: 'cancel_ticket', reference: ticket.reference })}
        />
      )}
      {lines.length === 0 && missing.length === 0 ? (
        <p className="slip-empty">料金を押すと、ここに並びます。</p>
      ) : (
        // Scrolls by keyboard too.
        <ul className="lines" tabIndex={0} aria-label="会計の内容">
          {lines.map((line) => (
            <SlipLine
              key={line.index}
              line={line}
              label={props.labelOf?.(line.asked.care?.stay)}
              isFixed={line.index < (ticket?.count ?? 0)}
              dispatch={dispatch}
            />
          ))}
          {missing.map((line) => (
            <MissingLine key={line.index} line={line} dispatch={dispatch} />
          ))}
        </ul>
      )}
    </div>
  );
}

function SlipHead(props: SlipProps) {
  const { ticket, dispatch } = props;
  const { lines } = props.basket;
  return (
    <div className="slip-head">
      <h2>会計　{props.windowName}</h2>
      {lines.length > 0 && ticket === undefined && (
        <Button
          className="quiet"
          onPress={() => dispatch({ type: 'basket_cleared' })}
          aria-keyshortcuts="Escape"
        >
          全部消す <KeyCap>Esc</KeyCap>
        </Button>
      )}
      {lines.length === 0 && props.canRestore && (
        <Button className="quiet" onPress={() => dispatch({ type: 'basket_restored' })}>
          消したものを戻す
        </Button>
      )}
      {/* At the end, where it does not move when the others come and go. */}
      {ticket === undefined && props.readsTickets && (
        <Button className="quiet slip-ticket" onPress={() => props.onOpen({ show: 'ticket' })}>
          会計票を読む
        </Button>
      )}
    </div>
  );
}

/** A ticket's line that costs nothing yet. */
function MissingLine({ line, dispatch }: { line: UnpricedLine; dispatch: (action: SaleAction) => void }) {
  const { item, index, labelJa } = line;
  return (
    <li className="line line-missing">
      <span className="line-name">
        {item.nameJa}
        <span className="line-details">「{labelJa}」がまだです</span>
      </span>
      <Button
        className="button"
        aria-label={`入力する ${item.nameJa}`}
        onPress={() => dispatch({ type: 'entry_opened', code: item.code, index })}
      >
        入力する
      </Button>
    </li>
  );
}

function SlipLine(props: {
  line: PricedBasketLine;
  label: string | undefined;
  /** As the ticket has it. */
  isFixed: boolean;
  dispatch: (action: SaleAction) => void;
}) {
  const { line, isFixed, dispatch } = props;
  const { item, quantity, index, priced } = line;
  const details = detailsOf(priced);
  const single = item.inputs.some(({ code }) => code === 'sticker') && quantity === 1;
  return (
    <li className="line">
      <span className="line-name">
        {props.label !== undefined && <b>{props.label}　</b>}
        {item.nameJa}
        {details !== '' && <span className="line-details">{details}</span>}
        {priced.exemption != null && (
          <span className="line-details">減免など：{priced.exemption.groundJa}</span>
        )}
      </span>
      <Button
        className="quiet line-change"
        aria-label={`変更・減免 ${item.nameJa}`}
        onPress={() => dispatch({ type: 'entry_opened', code: item.code, index })}
      >
        変更・減免
      </Button>
      <span className="line-unit">
        {formatYen(line.unitPriceYen)}／{item.unit}
      </span>
      <span className="stepper" role="group" aria-label={`${item.nameJa}の数`}>
        <Button
          aria-label={`${item.nameJa}を1つ減らす`}
          isDisabled={isFixed}
          onPress={() => dispatch({ type: 'line_changed', index, by: -1 })}
        >
          −
        </Button>
        <output>{quantity}</output>
        <Button
          aria-label={`${item.nameJa}を1つ増やす`}
          isDisabled={isFixed || single || quantity >= MOST_OF_ONE_FEE}
          onPress={() => dispatch({ type: 'line_changed', index, by: 1 })}
        >
          ＋
        </Button>
      </span>
      <span className="line-amount">{formatYen(line.amountYen)}</span>
    </li>
  );
}
