/** What a page is asked for above its table: a day, one of several. */
import { useId } from 'react';
import { DayInput } from '../shared/day-input.tsx';

/** A day; an empty field leaves the last one. */
export function DayField(props: {
  label: string;
  today: string;
  value: string;
  max?: string;
  /** `isFurther`: in place of a day that the same typing gave before. */
  onChange: (day: string, isFurther: boolean) => void;
}) {
  return (
    <DayInput
      {...props}
      className="head-field"
      hasSteps
      onChange={(next, isFurther) => {
        if (next !== '') props.onChange(next, isFurther);
      }}
    />
  );
}

export function ChoiceField(props: {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, nameJa: string])[];
  isDisabled?: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="head-field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        disabled={props.isDisabled ?? false}
        onChange={({ target }) => props.onChange(target.value)}
      >
        {props.choices.map(([value, nameJa]) => (
          <option key={value} value={value}>
            {nameJa}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Of windows, the choices; with one for all of them where that makes sense. */
export const windowChoices = (
  windows: readonly { code: string; nameJa: string }[],
  isAllOffered: boolean,
): (readonly [string, string])[] => [
  ...(isAllOffered ? ([['', 'すべて']] as const) : []),
  ...windows.map(({ code, nameJa }) => [code, nameJa] as const),
];
