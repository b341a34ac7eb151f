/** A time of day: four digits, or a touch for now and for five minutes more or less. The same on every browser, in 24 hours. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { tokyoTime } from './format.ts';
import { minutesLater, readTime } from './read-time.ts';
import { FieldFault } from './field-fault.tsx';

const STEP_MINUTES = 5;

export function TimeEntry(props: {
  label: string;
  /** `HH:MM`, or empty. */
  value: string;
  /** Empty while what is typed is no time. */
  onChange: (value: string) => void;
  isFirst?: boolean;
  isRequired?: boolean;
}) {
  const { label, value } = props;
  const [typed, setTyped] = useState(value);
  // Set from outside or by a touch: what was typed stands no more.
  const text = readTime(typed) === value ? typed : value;
  const set = (time: string): void => {
    setTyped(time);
    props.onChange(time);
  };
  return (
    <TextField
      className="entry-row"
      value={text}
      onChange={(next) => {
        setTyped(next);
        props.onChange(readTime(next));
      }}
      onBlur={() => setTyped(value)}
      isRequired={props.isRequired ?? false}
      autoFocus={props.isFirst ?? false}
      autoComplete="off"
      inputMode="numeric"
    >
      <Label>{label}</Label>
      <span className="time-entry">
        <Input maxLength={5} placeholder="--:--" />
        <Step label={label} value={value} minutes={-STEP_MINUTES} onPress={set} />
        <Step label={label} value={value} minutes={STEP_MINUTES} onPress={set} />
        <Button
          className="button"
          aria-label={`${label}をいまの時刻にする`}
          onPress={() => set(tokyoTime(new Date()))}
        >
          いま
        </Button>
      </span>
      <FieldFault />
    </TextField>
  );
}

function Step(props: { label: string; value: string; minutes: number; onPress: (time: string) => void }) {
  const { minutes, value } = props;
  const [word, way] = minutes < 0 ? ['−', '早く'] : ['＋', '遅く'];
  const count = Math.abs(minutes);
  return (
    <Button
      className="button"
      aria-label={`${props.label}を${count}分${way}する`}
      isDisabled={value === ''}
      onPress={() => props.onPress(minutesLater(value, minutes))}
    >
      {word}
      {count}分
    </Button>
  );
}
