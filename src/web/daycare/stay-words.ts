/** A stay in the basket and in words. Pure. */
import type { DropReason, SaleState, Stay, StayEntry, StayView } from '../../daycare/daycare.ts';
import type { AskedLine, PricingFault } from '../../fees/pricing.ts';
import { formatDate } from '../shared/format.ts';
import type { SignKind } from '../shared/payment-words.ts';

/** What was entered of it, and nothing of what the service has made of that. */
export function entryOf(stay: Stay): StayEntry {
  const { label, caredOn, care, meals, arrivedAt, plannedAt, pickedUpAt } = stay;
  return { label, caredOn, class: stay.class, care, meals, arrivedAt, plannedAt, pickedUpAt };
}

/** Which child of the basket a stay is: days of one label are one child's, another label is the next. */
export function childOf(stay: Stay, stays: readonly Stay[], basket: readonly AskedLine[]): number {
  const known = basket.flatMap(({ care }) => care ?? []);
  const isSame = (id: string): boolean => {
    const other = stays.find((each) => each.id === id);
    return id === stay.id || (stay.label !== null && other?.label === stay.label);
  };
  return (
    known.find((care) => isSame(care.stay))?.child ?? 1 + Math.max(0, ...known.map(({ child }) => child))
  );
}

/** When the stay ends as it would be charged now; null: it has to be entered. `time` is now, `HH:MM`. */
export function untilOf(
  stay: Pick<Stay, 'pickedUpAt' | 'plannedAt' | 'caredOn'>,
  today: string,
  time: string,
): string | null {
  return stay.pickedUpAt ?? (stay.caredOn === today ? time : stay.plannedAt);
}

export const isInBasket = (stay: Pick<Stay, 'id'>, basket: readonly AskedLine[]): boolean =>
  basket.some(({ care }) => care?.stay === stay.id);

/** `8:30`; of a time as it is stored. */
export const clockOf = (time: string): string => time.replace(/^0/, '');

/** `8:30 〜 17:00（予定）`, with the day where it is not today. */
export function timesOf(stay: Stay, today: string): string {
  const day =
    stay.caredOn === today ? '' : `${formatDate(stay.caredOn, new Date(`${today}T00:00:00+09:00`))} `;
  const end =
    stay.pickedUpAt !== null
      ? clockOf(stay.pickedUpAt)
      : stay.plannedAt === null
        ? ''
        : `${clockOf(stay.plannedAt)}（予定）`;
  return `${day}${clockOf(stay.arrivedAt)} 〜 ${end}`.trim();
}

export const PAYMENT_WORDS: Record<Exclude<SaleState, 'none'>, readonly [SignKind, string]> = {
  paying: ['run', '支払いの途中'],
  unknown: ['ask', '結果を確かめています'],
  paid: ['ok', '支払済'],
};

export const DROP_WORDS: Record<DropReason, string> = {
  entered_wrongly: '入力まちがい',
  did_not_come: '来なかった',
  billed: '納付書で請求する',
  free: '料金はいただかない',
};

export function faultWords(fault: PricingFault): string {
  switch (fault.fault) {
    case 'bad_input':
      return `「${fault.labelJa}」を確かめてください。お迎えがお預かりより前になっていませんか。`;
    case 'no_price':
      return `${fault.nameJa}は、この日の料金がありません。`;
    case 'unknown_item':
      return '選んだ料金が、いまの料金表にありません。預かりの種類を選び直してください。';
    case 'unknown_ground':
      return '減免の理由を選び直してください。';
  }
}

/** What tells the fees apart: `一時保育 3歳未満 半日` is 半日 beside `一時保育 3歳未満 1日`. */
export function shortNames(
  items: readonly { code: string; nameJa: string }[],
): (readonly [code: string, nameJa: string])[] {
  const words = items.map(({ nameJa }) => nameJa.split(/[ 　]/));
  const [first = []] = words;
  let same = 0;
  while (
    same < first.length - 1 &&
    words.every((each) => each.length > same + 1 && each[same] === first[same])
  ) {
    same += 1;
  }
  return items.map(({ code }, index) => [
    code,
    words[index]?.slice(items.length > 1 ? same : 0).join(' ') ?? '',
  ]);
}

/** Who is still to be paid for, those of today first; then what is paid. Within each by day and arrival. */
export function inListOrder(stays: readonly StayView[]): {
  open: StayView[];
  owed: StayView[];
  paid: StayView[];
} {
  return {
    open: stays.filter(({ label, payment }) => label !== null && payment !== 'paid'),
    owed: stays.filter(({ label, payment }) => label === null && payment !== 'paid'),
    paid: stays.filter(({ payment }) => payment === 'paid'),
  };
}
