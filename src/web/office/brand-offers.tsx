/** At which windows a brand is offered and when, as it is entered: always, never, or in periods, of which a window may have several. */
import { Button } from 'react-aria-components';
import { dayBefore } from '../../business-date.ts';
import type { Brand, BrandOffer, FeeWindow } from '../../fees/catalogue.ts';
import { DayInput } from '../shared/day-input.tsx';
import { textOf } from '../shared/form.ts';

type Offered = 'always' | 'periods' | 'never';

interface WindowOffers {
  offered: Offered;
  /** What the fields begin with; the form has what they hold. */
  periods: readonly { id: number; from: string; until: string }[];
}

/** By window. */
export type OfferedAt = Readonly<Record<string, WindowOffers>>;

const OPEN_PERIOD = { id: 0, from: '', until: '' };
const MOST_PERIODS = 12;

/** A new brand is offered nowhere until somebody says where. */
export function offeredFrom(brand: Brand | undefined, windows: readonly FeeWindow[]): OfferedAt {
  return Object.fromEntries(windows.map(({ code }) => [code, offersAt(brand, code)]));
}

function offersAt(brand: Brand | undefined, window: string): WindowOffers {
  if (brand?.offers.length === 0) return { offered: 'always', periods: [OPEN_PERIOD] };
  const its = brand?.offers.filter((offer) => (offer.window ?? window) === window) ?? [];
  if (its.length === 0 || isNowhere(brand)) return { offered: 'never', periods: [OPEN_PERIOD] };
  if (its.some(({ from, until }) => from === null && until === null)) {
    return { offered: 'always', periods: [OPEN_PERIOD] };
  }
  const periods = its.map(({ from, until }, id) => ({ id, from: from ?? '', until: until ?? '' }));
  return { offered: 'periods', periods };
}

/** No rule at all means everywhere: nowhere is one period that is over, at every window. */
const nowhere = (today: string): BrandOffer[] => [{ window: null, from: null, until: dayBefore(today) }];
const isNowhere = (brand: Brand | undefined): boolean =>
  brand?.offers.length === 1 && brand.offers.every(({ window, from }) => window === null && from === null);

export function OfferFields(props: {
  windows: readonly FeeWindow[];
  today: string;
  offered: OfferedAt;
  onChange: (offered: OfferedAt) => void;
}) {
  const { windows, offered, onChange } = props;
  return (
    <>
      {windows.map((window) => {
        const offers = offered[window.code];
        return (
          offers !== undefined && (
            <WindowField
              key={window.code}
              window={window}
              today={props.today}
              offers={offers}
              onChange={(next) => onChange({ ...offered, [window.code]: next })}
            />
          )
        );
      })}
      <p className="form-note">
        窓口ごとに決めたときは、あとから加えた窓口では、ここで使えるようにするまで使えません。
      </p>
    </>
  );
}

interface FieldProps {
  window: FeeWindow;
  today: string;
  offers: WindowOffers;
  onChange: (offers: WindowOffers) => void;
}

function WindowField({ window, today, offers, onChange }: FieldProps) {
  const { offered, periods } = offers;
  const id = `offered-${window.code}`;
  const next = Math.max(0, ...periods.map((period) => period.id)) + 1;
  return (
    <div className="offer-field" role="group" aria-label={window.nameJa}>
      <div>
        <label htmlFor={id}>{window.nameJa}</label>
        <select
          id={id}
          value={offered}
          onChange={({ target }) => onChange({ ...offers, offered: target.value as Offered })}
        >
          <option value="always">いつでも使う</option>
          <option value="periods">期間を決めて使う</option>
          <option value="never">使わない</option>
        </select>
      </div>
      {offered === 'periods' && (
        <ol className="offer-periods" aria-label={`${window.nameJa}の期間`}>
          {periods.map((period, index) => (
            <li key={period.id}>
              <Period
                window={window}
                today={today}
                period={period}
                onRemove={
                  periods.length === 1
                    ? undefined
                    : () => onChange({ ...offers, periods: periods.filter((each) => each !== period) })
                }
                number={index + 1}
              />
            </li>
          ))}
          {periods.length < MOST_PERIODS && (
            <li>
              <Button
                className="button"
                aria-label={`${window.nameJa}に期間を足す`}
                onPress={() => onChange({ ...offers, periods: [...periods, { ...OPEN_PERIOD, id: next }] })}
              >
                期間を足す
              </Button>
            </li>
          )}
        </ol>
      )}
    </div>
  );
}

function Period(props: {
  window: FeeWindow;
  today: string;
  period: WindowOffers['periods'][number];
  /** From 1, as it is counted aloud. */
  number: number;
  /** Undefined: it is the only one. */
  onRemove: (() => void) | undefined;
}) {
  const { window, today, period, onRemove } = props;
  const name = nameOf(window.code, period.id);
  return (
    <>
      <DayInput name={`from ${name}`} label="この日から" today={today} value={period.from} />
      <DayInput name={`until ${name}`} label="この日まで" today={today} value={period.until} />
      {onRemove !== undefined && (
        <Button
          className="quiet"
          aria-label={`${window.nameJa}の${String(props.number)}番目の期間を外す`}
          onPress={onRemove}
        >
          外す
        </Button>
      )}
    </>
  );
}

const nameOf = (window: string, id: number): string => `${window} ${String(id)}`;

/** A text: why it can't be that. */
export function offersIn(
  form: FormData,
  offered: OfferedAt,
  windows: readonly FeeWindow[],
  today: string,
): BrandOffer[] | string {
  const offers: BrandOffer[] = [];
  for (const { code, nameJa } of windows) {
    const at = offered[code];
    if (at === undefined || at.offered === 'never') continue;
    if (at.offered === 'always') {
      offers.push({ window: code, from: null, until: null });
      continue;
    }
    const periods = at.periods
      .map(({ id }) => ({
        window: code,
        from: textOf(form, `from ${nameOf(code, id)}`) || null,
        until: textOf(form, `until ${nameOf(code, id)}`) || null,
      }))
      .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
    const fault = periodFault(periods);
    if (fault !== undefined) return `${nameJa}の窓口：${fault}`;
    offers.push(...periods);
  }
  if (offers.length === 0) return nowhere(today);
  const isEverywhere = windows.every(({ code }) => offered[code]?.offered === 'always');
  return isEverywhere ? [] : offers;
}

/** Of periods in the order of their first days. */
function periodFault(periods: readonly BrandOffer[]): string | undefined {
  const backwards = periods.some(({ from, until }) => (from ?? '') > (until ?? '9999-12-31'));
  if (backwards) return '終わりの日が始まりの日より前です。日を直してください。';
  const overlaps = periods.some((period, index) => {
    const before = periods[index - 1];
    return before !== undefined && (before.until ?? '9999-12-31') >= (period.from ?? '');
  });
  return overlaps ? '期間が重なっています。日を直すか、1つの期間にまとめてください。' : undefined;
}
