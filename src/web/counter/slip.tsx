/** The basket: what is charged, line by line. */
import { Button } from 'react-aria-components';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { detailsOf, MOST_OF_ONE_FEE, type PricedBasketLine } from './basket.ts';
import type { SaleAction } from './sale.ts';

export function Slip(props: {
  windowName: string;
  lines: readonly PricedBasketLine[];
  labelOf?: ((stay: string | undefined) => string | undefined) | undefined;
  canRestore: boolean;
  dispatch: (action: SaleAction) => void;
}) {
  const { lines, dispatch } = props;
  return (
    <div className="slip">
      <div className="slip-head">
        <h2>会計　{props.windowName}</h2>
        {lines.length > 0 && (
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
      </div>
      {lines.length === 0 ? (
        <p className="slip-empty">左の料金を押すと、ここに並びます。</p>
      ) : (
        // Scrolls by keyboard too.
        <ul className="lines" tabIndex={0} aria-label="会計の内容">
          {lines.map((line) => (
            <SlipLine
              key={line.index}
              line={line}
              label={props.labelOf?.(line.asked.care?.stay)}
              dispatch={dispatch}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function SlipLine(props: {
  line: PricedBasketLine;
  label: string | undefined;
  dispatch: (action: SaleAction) => void;
}) {
  const { line, dispatch } = props;
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
      <span className="line-unit">
        {formatYen(line.unitPriceYen)}／{item.unit}
        <Button
          className="quiet"
          aria-label={`変更・減免 ${item.nameJa}`}
          onPress={() => dispatch({ type: 'entry_opened', code: item.code, index })}
        >
          変更・減免
        </Button>
      </span>
      <span className="stepper" role="group" aria-label={`${item.nameJa}の数`}>
        <Button
          aria-label={`${item.nameJa}を1つ減らす`}
          onPress={() => dispatch({ type: 'line_changed', index, by: -1 })}
        >
          −
        </Button>
        <output>{quantity}</output>
        <Button
          aria-label={`${item.nameJa}を1つ増やす`}
          isDisabled={single || quantity >= MOST_OF_ONE_FEE}
          onPress={() => dispatch({ type: 'line_changed', index, by: 1 })}
        >
          ＋
        </Button>
      </span>
      <span className="line-amount">{formatYen(line.amountYen)}</span>
    </li>
  );
}
