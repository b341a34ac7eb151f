/** One child's row: who, from when to when, what it comes to, and the one thing to do. */
import { Button } from 'react-aria-components';
import type { Charge } from '../../daycare/charge.ts';
import type { StayView } from '../../daycare/daycare.ts';
import type { PricingFault } from '../../fees/pricing.ts';
import { formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { clockOf, faultWords, PAYMENT_WORDS, timesOf } from './stay-words.ts';

export function StayRow(props: {
  stay: StayView;
  today: string;
  className: string;
  charge: Charge | PricingFault | undefined;
  inBasket: boolean;
  onPickUp: () => void;
  onTakeOut: () => void;
  onOpen: () => void;
}) {
  const { stay, inBasket } = props;
  const name = stay.label ?? props.className;
  const facts = [stay.label === null ? '' : props.className, timesOf(stay, props.today)].filter(
    (text) => text !== '',
  );
  return (
    <li className="stay" data-chosen={inBasket} data-kind={stay.payment === 'paid' ? 'ok' : undefined}>
      <span className="stay-who">
        {stay.payment === 'none' ? (
          <Button className="stay-name" onPress={props.onOpen}>
            {name}
            <span className="unseen">の預かりを変える</span>
          </Button>
        ) : (
          <b className="stay-name">{name}</b>
        )}
        <span className="stay-facts">{facts.join('　')}</span>
      </span>
      {stay.payment === 'none' ? (
        <>
          <ChargeNow charge={props.charge} />
          {inBasket ? (
            <Button className="button" aria-label={`${name}を会計から外す`} onPress={props.onTakeOut}>
              外す
            </Button>
          ) : (
            <PickUpButton stay={stay} name={name} charge={props.charge} onPress={props.onPickUp} />
          )}
        </>
      ) : (
        <span className="stay-state" data-kind={PAYMENT_WORDS[stay.payment][0]}>
          <Sign kind={PAYMENT_WORDS[stay.payment][0]} size="small" />
          {PAYMENT_WORDS[stay.payment][1]}
        </span>
      )}
    </li>
  );
}

/** `お迎え`: the time is now; once it is known the row goes to the basket with it. */
function PickUpButton(props: {
  stay: StayView;
  name: string;
  charge: Charge | PricingFault | undefined;
  onPress: () => void;
}) {
  const { pickedUpAt } = props.stay;
  const isFree = props.charge !== undefined && !('fault' in props.charge) && props.charge.lines.length === 0;
  if (pickedUpAt !== null && isFree) return <span className="stay-state">お迎え済み</span>;
  const word = pickedUpAt === null ? 'お迎え' : '会計へ';
  return (
    <Button className="button primary" aria-label={`${props.name} ${word}`} onPress={props.onPress}>
      {word}
    </Button>
  );
}

function ChargeNow({ charge }: { charge: Charge | PricingFault | undefined }) {
  if (charge === undefined) return <span className="stay-charge">お迎えの時刻を入れると分かります</span>;
  if ('fault' in charge) return <span className="stay-charge">{faultWords(charge)}</span>;
  const late = charge.priced.find(({ provides }) => provides === 'extended_care');
  return (
    <span className="stay-charge">
      <b>{charge.lines.length === 0 ? '料金なし' : formatYen(charge.totalYen)}</b>
      {late !== undefined && (
        <span>
          時間外 {late.quantity}×{late.unit}（{clockOf(late.care?.until ?? '')}まで）
        </span>
      )}
    </span>
  );
}
