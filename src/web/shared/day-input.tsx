/** A day in a form or above a list, typed as 年/月/日 on every browser; the browsers' own fields speak the computer's language. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { FieldFault } from './field-fault.tsx';
import { formatDate } from './format.ts';
import { daysAfter } from '../../business-date.ts';
import { readDate } from './read-date.ts';

interface DayInputProps {
  label: string;
  today: string;
  /** `YYYY-MM-DD`, or empty. */
  value: string;
  /**
   * Empty while what is typed is no day that fits. `isFurther`: this typing has given a day before, as `11/2` on the way
   * to `11/27`; Enter, a step or leaving the field end it.
   */
  onChange?: (day: string, isFurther: boolean) => void;
  /** A form has it under this name, as `YYYY-MM-DD`. */
  name?: string;
  min?: string;
  max?: string;
  isRequired?: boolean;
  autoFocus?: boolean;
  /** With touches for the day before and the next. */
  hasSteps?: boolean;
  className?: string;
}

const shown = (day: string): string => day.replaceAll('-', '/');

/** What stands in the field, and which day it is. */
function useTypedDay({ today, value, min, max, onChange }: DayInputProps) {
  const [typed, setTyped] = useState(shown(value));
  const [last, setLast] = useState(value);
  const [isFurther, setFurther] = useState(false);
  // Set from outside: what was typed stands no more.
  if (last !== value) {
    setLast(value);
    if (value !== '' && readDate(typed, today) !== value) {
      setTyped(shown(value));
      setFurther(false);
    }
  }
  const fits = (day: string): boolean => day !== '' && (min ?? day) <= day && day <= (max ?? day);
  const day = readDate(typed, today);
  const give = (next: string, isFurtherThan: boolean): void =>
    onChange?.(fits(next) ? next : '', isFurtherThan);
  return {
    ...{ typed, day, fits },
    type: (next: string): void => {
      const read = readDate(next, today);
      setTyped(next);
      if (fits(read)) setFurther(true);
      give(read, isFurther);
    },
    set: (next: string): void => {
      setTyped(shown(next));
      setFurther(false);
      give(next, false);
    },
    end: (): void => setFurther(false),
    leave: (): void => {
      setFurther(false);
      if (fits(day)) setTyped(shown(day));
    },
  };
}

export function DayInput(props: DayInputProps) {
  const { today, value, isRequired = false } = props;
  const { typed, day, fits, type, set, end, leave } = useTypedDay(props);
  const step = (by: 1 | -1): string => daysAfter(fits(day) ? day : value || today, by);
  return (
    <TextField
      className={props.className ?? 'day-input'}
      value={typed}
      onChange={type}
      onKeyDown={({ key }) => {
        if (key === 'Enter') end();
      }}
      onBlur={leave}
      isRequired={isRequired}
      autoFocus={props.autoFocus ?? false}
      autoComplete="off"
      inputMode="numeric"
      validate={(text) => (text === '' || fits(readDate(text, today)) ? null : faultOf(props))}
    >
      <Label>{props.label}</Label>
      <span className="day-entry">
        <Input maxLength={10} placeholder="年/月/日" />
        {props.hasSteps === true && (
          <>
            <Button className="button" onPress={() => set(step(-1))}>
              前の日
            </Button>
            <Button className="button" isDisabled={!fits(step(1))} onPress={() => set(step(1))}>
              次の日
            </Button>
          </>
        )}
        <output>{fits(day) ? formatDate(day).slice(-3) : ''}</output>
      </span>
      {props.name !== undefined && <input type="hidden" name={props.name} value={fits(day) ? day : ''} />}
      <FieldFault />
    </TextField>
  );
}

function faultOf({ min, max }: DayInputProps): string {
  const range = [
    min === undefined ? '' : `${shown(min)} から`,
    max === undefined ? '' : `${shown(max)} まで`,
  ];
  const words = range.filter((each) => each !== '').join('、');
  return words === '' ? '年/月/日 で入れてください。' : `${words}の日を、年/月/日 で入れてください。`;
}
