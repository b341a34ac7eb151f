/** A day: digits, or a touch for the day before, the next and today. The same on every browser, with its weekday. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { FieldFault } from './field-fault.tsx';
import { formatDate } from './format.ts';
import { daysAfter } from '../../business-date.ts';
import { readDate } from './read-date.ts';

export function DateEntry(props: {
  label: string;
  /** `YYYY-MM-DD`, or empty. */
  value: string;
  today: string;
  /** Empty while what is typed is no day. */
  onChange: (value: string) => void;
  isFirst?: boolean;
}) {
  const { label, value, today } = props;
  const shown = value.replaceAll('-', '/');
  const [typed, setTyped] = useState(shown);
  // Set from outside or by a touch: what was typed stands no more.
  const text = readDate(typed, today) === value ? typed : shown;
  const set = (date: string): void => {
    setTyped(date.replaceAll('-', '/'));
    props.onChange(date);
  };
  return (
    <TextField
      className="entry-row"
      value={text}
      onChange={(next) => {
        setTyped(next);
        props.onChange(readDate(next, today));
      }}
      onBlur={() => setTyped(shown)}
      isRequired
      autoFocus={props.isFirst ?? false}
      autoComplete="off"
      inputMode="numeric"
    >
      <Label>{label}</Label>
      <span className="time-entry">
        <Input maxLength={10} placeholder="年/月/日" />
        <DayButton word="前の日" label={label} onPress={() => set(daysAfter(value || today, -1))} />
        <DayButton word="次の日" label={label} onPress={() => set(daysAfter(value || today, 1))} />
        <DayButton word="今日" label={label} onPress={() => set(today)} />
        <output>{value === '' ? '' : formatDate(value).slice(-3)}</output>
      </span>
      <FieldFault />
    </TextField>
  );
}

function DayButton({ word, label, onPress }: { word: string; label: string; onPress: () => void }) {
  return (
    <Button className="button" aria-label={`${label}を${word}にする`} onPress={onPress}>
      {word}
    </Button>
  );
}
