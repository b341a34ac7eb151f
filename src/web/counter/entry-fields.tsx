/** The fields of an entry: one for each kind of thing that a fee may have to know. */
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { InputSpec } from '../../fees/inputs.ts';
import type { PricingDay } from '../../fees/pricing.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { FieldFault } from '../shared/field-fault.tsx';
import { TimeEntry } from '../shared/time-entry.tsx';
import { MonthField } from './month-field.tsx';

interface FieldProps {
  spec: InputSpec;
  value: string;
  /** The day of the sale. */
  today: string;
  isFirst: boolean;
  onChange: (value: string) => void;
}

export function EntryField(props: FieldProps) {
  const { spec } = props;
  if (spec.kind === 'choice') return <ChoiceField {...props} />;
  if (spec.kind === 'month') return <MonthField {...props} />;
  if (spec.kind === 'count') return <CountField {...props} />;
  if (spec.kind === 'date') return <DateEntry {...props} label={spec.labelJa} />;
  if (spec.kind === 'time') {
    return (
      <TimeEntry
        label={spec.labelJa}
        value={props.value}
        onChange={props.onChange}
        isFirst={props.isFirst}
        isRequired={spec.isRequired}
      />
    );
  }
  return (
    <TextField
      type="text"
      value={props.value}
      onChange={props.onChange}
      isRequired={spec.isRequired}
      autoFocus={props.isFirst}
      autoComplete="off"
    >
      <Label>{spec.isRequired ? spec.labelJa : `${spec.labelJa}（なくてもよい）`}</Label>
      <Input maxLength={20} />
      <FieldFault />
    </TextField>
  );
}

/** Few choices, each a button of its own: one touch, and nothing hidden. */
function ChoiceField({ spec, value, isFirst, onChange }: FieldProps) {
  return (
    <fieldset className="choices">
      <legend>{spec.labelJa}</legend>
      {spec.choices.map(({ code, nameJa }, index) => (
        <label key={code} className="choice">
          <input
            type="radio"
            name={spec.code}
            checked={value === code}
            autoFocus={isFirst && index === 0}
            onChange={() => onChange(code)}
          />
          {nameJa}
        </label>
      ))}
    </fieldset>
  );
}

function CountField({ spec, value, isFirst, onChange }: FieldProps) {
  const count = Number(value);
  const step = (by: 1 | -1): void => onChange(String(Math.min(spec.max, Math.max(spec.min, count + by))));
  return (
    <div>
      <label htmlFor={`entry-${spec.code}`}>{spec.labelJa}</label>
      <span className="count-entry">
        <Button
          className="button"
          aria-label={`${spec.labelJa}を1つ減らす`}
          isDisabled={!(count > spec.min)}
          onPress={() => step(-1)}
        >
          −
        </Button>
        <input
          id={`entry-${spec.code}`}
          inputMode="numeric"
          pattern="[0-9]*"
          value={value}
          autoFocus={isFirst}
          onChange={({ target }) => onChange(target.value)}
        />
        <Button
          className="button"
          aria-label={`${spec.labelJa}を1つ増やす`}
          isDisabled={count >= spec.max}
          onPress={() => step(1)}
        >
          ＋
        </Button>
        <span>{spec.unitJa}</span>
      </span>
    </div>
  );
}

const KINDS = { reduction: '減免', exemption: '免除', official: '公用' } as const;

/** Whether it is charged: the ordinance's list, and what is for a public office. */
export function GroundField(props: { day: PricingDay; value: string; onChange: (value: string) => void }) {
  return (
    <div>
      <label htmlFor="entry-ground">料金</label>
      <select id="entry-ground" value={props.value} onChange={({ target }) => props.onChange(target.value)}>
        <option value="">通常の料金</option>
        {props.day.grounds.map(({ code, kind, nameJa, approval }) => (
          <option key={code} value={code}>
            {KINDS[kind]}　{nameJa}
            {approval === 'second_person' ? '（別の人の承認）' : ''}
          </option>
        ))}
      </select>
    </div>
  );
}
