/** From a stay to the basket: what it would cost now, and the one touch at pick-up. */
import { chargeOf, type Charge } from '../../daycare/charge.ts';
import type { StayView } from '../../daycare/daycare.ts';
import type { AskedLine, PricedItem, PricingDay, PricingFault } from '../../fees/pricing.ts';
import type { SaleAction } from '../counter/sale.ts';
import { refusalTo } from '../shared/api.ts';
import { tokyoTime } from '../shared/format.ts';
import { changeStay } from './service.ts';
import { childOf, isInBasket, untilOf } from './stay-words.ts';
import type { DayStays } from './use-stays.ts';

export interface DayListProps {
  day: DayStays;
  items: readonly PricedItem[];
  pricing: PricingDay;
  basket: readonly AskedLine[];
  now: Date;
  onChange: (action: SaleAction) => void;
}

const NO_ANSWER =
  'サービスの答えがありません。お迎えの時刻が残ったかどうか分かりません。会計はこのまま続けられます。';

export interface Charging {
  /** Undefined: its end is not known. */
  chargeNow: (stay: StayView) => Charge | PricingFault | undefined;
  /** One touch: the time, and everything that is to be paid, in the basket. */
  pickUp: (stay: StayView) => void;
  /** What is in the basket follows what was changed. */
  chargeAnew: (stay: StayView) => void;
}

export function createCharging(
  { day, items, pricing, basket, now, onChange }: DayListProps,
  tell: (message: string | null) => void,
  ask: (stay: StayView) => void,
): Charging {
  const chargeUntil = (stay: StayView, until: string): Charge | PricingFault =>
    chargeOf(stay, { until, child: childOf(stay, day.stays, basket) }, items, pricing);
  const chargeNow = (stay: StayView): Charge | PricingFault | undefined => {
    const until = untilOf(stay, pricing.on, tokyoTime(now));
    return until === null ? undefined : chargeUntil(stay, until);
  };
  const keepTime = async (stay: StayView, pickedUpAt: string): Promise<void> => {
    tell(await refusalTo(() => changeStay(stay.id, { pickedUpAt }), NO_ANSWER));
  };
  return {
    chargeNow,
    pickUp(stay) {
      const until = untilOf(stay, pricing.on, tokyoTime(new Date()));
      const charge = until === null ? undefined : chargeUntil(stay, until);
      if (until === null || charge === undefined || 'fault' in charge) {
        ask(stay);
        return;
      }
      tell(null);
      if (charge.lines.length > 0) onChange({ type: 'stay_charged', stay: stay.id, lines: charge.lines });
      if (stay.pickedUpAt === null) void keepTime(stay, until);
    },
    chargeAnew(stay) {
      if (!isInBasket(stay, basket)) return;
      const charge = chargeNow(stay);
      if (charge !== undefined && !('fault' in charge)) {
        onChange({ type: 'stay_charged', stay: stay.id, lines: charge.lines });
      }
    },
  };
}
