/** What is asked about a stay, a row each: who, which care, when. */
import { Input, Label, TextField } from 'react-aria-components';
import { afterHoursFee, chargeOf, classesOf, feesFor, isOfTheDay } from '../../daycare/charge.ts';
import type { StayEntry } from '../../daycare/daycare.ts';
import type { PricedItem, PricingDay } from '../../fees/pricing.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { FieldFault } from '../shared/field-fault.tsx';
import { formatYen } from '../shared/format.ts';
import { TimeEntry } from '../shared/time-entry.tsx';
import { faultWords, shortNames } from './stay-words.ts';

/** Care after hours alone has no fee of care: an empty choice is one that is still to be made. */
const AFTER_HOURS_ONLY = '-';

export interface FieldsProps {
  entry: StayEntry;
  items: readonly PricedItem[];
  pricing: PricingDay;
  onChange: (changes: Partial<StayEntry>) => void;
}

export function LabelField(props: { value: string; isNew: boolean; onChange: (label: string) => void }) {
  return (
    <TextField
      className="entry-row"
      value={props.value}
      onChange={props.onChange}
      isRequired
      autoFocus={props.isNew}
      autoComplete="off"
      maxLength={20}
    >
      <Label>番号か呼び名</Label>
      <Input placeholder="名前は入れないでください" />
      <FieldFault />
    </TextField>
  );
}

/** The class, and what is offered for it. */
export function CareFields({ entry, items, pricing, onChange }: FieldsProps) {
  const offered = (provides: 'temporary_care' | 'meal'): PricedItem[] =>
    items.filter(
      (item) =>
        item.priceYen !== null &&
        isOfTheDay(item, pricing) &&
        feesFor([item], provides, entry.class).length > 0,
    );
  const late = afterHoursFee(items, entry.class, pricing);
  const meals = offered('meal');
  return (
    <>
      <Choices
        legend="区分"
        name="class"
        value={entry.class}
        choices={classesOf(items).map(({ code, nameJa }) => [code, nameJa])}
        onChange={(code) => onChange({ class: code, care: entry.care === null ? null : '', meals: [] })}
      />
      <Choices
        legend="預かり"
        name="care"
        value={entry.care ?? AFTER_HOURS_ONLY}
        choices={[
          ...shortNames(offered('temporary_care')),
          ...(late === undefined ? [] : ([[AFTER_HOURS_ONLY, '時間外だけ']] as const)),
        ]}
        onChange={(code) => onChange({ care: code === AFTER_HOURS_ONLY ? null : code })}
      />
      {meals.length > 0 && <Meals entry={entry} items={meals} onChange={onChange} />}
    </>
  );
}

/** Few choices, each a button of its own: one touch, and nothing hidden. */
function Choices(props: {
  legend: string;
  name: string;
  value: string;
  choices: readonly (readonly [code: string, nameJa: string])[];
  onChange: (code: string) => void;
}) {
  return (
    <div className="entry-row" role="radiogroup" aria-label={props.legend}>
      <span className="entry-legend">{props.legend}</span>
      <span>
        {props.choices.map(([code, nameJa]) => (
          <label key={code} className="choice">
            <input
              type="radio"
              name={props.name}
              required
              checked={props.value === code}
              onChange={() => props.onChange(code)}
            />
            {nameJa}
          </label>
        ))}
      </span>
    </div>
  );
}

function Meals({ entry, items, onChange }: Omit<FieldsProps, 'pricing'>) {
  const set = (code: string, isWanted: boolean): void =>
    onChange({ meals: [...entry.meals.filter((each) => each !== code), ...(isWanted ? [code] : [])] });
  return (
    <div className="entry-row" role="group" aria-label="食事">
      <span className="entry-legend">食事</span>
      <span>
        {items.map(({ code, nameJa }) => (
          <label key={code} className="choice">
            <input
              type="checkbox"
              checked={entry.meals.includes(code)}
              onChange={({ target }) => set(code, target.checked)}
            />
            {nameJa}
          </label>
        ))}
      </span>
    </div>
  );
}

export function TimeFields({ entry, pricing, onChange }: Omit<FieldsProps, 'items'>) {
  const orNull = (time: string): string | null => (time === '' ? null : time);
  return (
    <>
      <DateEntry
        label="利用日"
        value={entry.caredOn}
        today={pricing.on}
        onChange={(caredOn) => onChange({ caredOn })}
        isFirst={entry.caredOn === ''}
      />
      <TimeEntry
        label="お預かりの時刻"
        value={entry.arrivedAt}
        onChange={(arrivedAt) => onChange({ arrivedAt })}
        isRequired
      />
      <TimeEntry
        label="お迎えの予定"
        value={entry.plannedAt ?? ''}
        onChange={(time) => onChange({ plannedAt: orNull(time) })}
      />
      <TimeEntry
        label="お迎えの時刻"
        value={entry.pickedUpAt ?? ''}
        onChange={(time) => onChange({ pickedUpAt: orNull(time) })}
      />
    </>
  );
}

/** What it comes to with the times as they are entered. */
export function EntryCharge({ entry, items, pricing }: Omit<FieldsProps, 'onChange'>) {
  const until = entry.pickedUpAt ?? entry.plannedAt;
  const isOpen = until === null || entry.care === '' || entry.arrivedAt === '' || entry.caredOn === '';
  if (isOpen) {
    return (
      <p className="entry-price" role="status">
        <span>お迎えの時刻か予定が分かると、料金が出ます</span>
      </p>
    );
  }
  const stay = { ...entry, id: '', listedOn: pricing.on, saleId: null };
  const charge = chargeOf(stay, { until, child: 1 }, items, pricing);
  return (
    <p className="entry-price" role="status">
      {'fault' in charge ? (
        <span>{faultWords(charge)}</span>
      ) : (
        <>
          <span>{entry.pickedUpAt === null ? '予定どおりのお迎えなら' : 'このお迎えで'}</span>
          <strong>{formatYen(charge.totalYen)}</strong>
        </>
      )}
    </p>
  );
}
