/** From which day until which an acquirer settles: two are each other's successors, and never both at once. */
import { useState } from 'react';
import type { Acquirer } from '../../reconcile/books/acquirer.ts';
import { readDate } from '../shared/read-date.ts';
import { without } from './format-draft.ts';

export function AcquirerPeriod(props: {
  typed: Acquirer;
  today: string;
  onChange: (typed: Acquirer) => void;
}) {
  const { typed, today } = props;
  const set = (name: 'since' | 'until', day: string | null): void =>
    props.onChange(day === null ? without(typed, name) : { ...typed, [name]: day });
  return (
    <>
      <div className="acquirer-fields">
        <DayField
          label="受け持つ最初の日（空なら前から）"
          first={typed.since ?? ''}
          today={today}
          onChange={(day) => set('since', day)}
        />
        <DayField
          label="受け持つ最後の日（空なら当分）"
          first={typed.until ?? ''}
          today={today}
          onChange={(day) => set('until', day)}
        />
      </div>
      <p className="form-note">
        決済会社が変わるときは、前の会社に最後の日を入れ、新しい会社に最初の日を入れます。最後の日までの売上は、あとから届く明細でも、前の会社の明細と比べます。
      </p>
    </>
  );
}

/** A day or nothing; what is neither is kept as such, so that nobody confirms another day than is shown. */
function DayField(props: {
  label: string;
  first: string;
  today: string;
  onChange: (day: string | null) => void;
}) {
  const [typed, setTyped] = useState(props.first.replaceAll('-', '/'));
  const day = readDate(typed, props.today);
  return (
    <label>
      {props.label}
      <input
        value={typed}
        placeholder="年/月/日"
        inputMode="numeric"
        autoComplete="off"
        onChange={({ target }) => {
          setTyped(target.value);
          props.onChange(
            target.value.trim() === '' ? null : readDate(target.value, props.today) || target.value,
          );
        }}
        onBlur={() => {
          if (day !== '') setTyped(day.replaceAll('-', '/'));
        }}
      />
    </label>
  );
}
