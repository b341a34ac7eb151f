/** What a terminal's slip says: its number and its time. */
import { Input, Label, TextField } from 'react-aria-components';
import { DateEntry } from '../shared/date-entry.tsx';
import { TimeEntry } from '../shared/time-entry.tsx';

export interface SlipFacts {
  slipNumber: string;
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM`, as slips print it. */
  time: string;
}

export const isSlipWhole = ({ slipNumber, date, time }: SlipFacts): boolean =>
  /^\d{1,12}$/.test(slipNumber) && date !== '' && time !== '';

/** Slips are printed in Japan. ISO 8601, UTC. */
export const takenAtOf = ({ date, time }: SlipFacts): string =>
  new Date(`${date}T${time}:00+09:00`).toISOString();

export function SlipFields(props: {
  facts: SlipFacts;
  /** The last day that can be entered. */
  today: string;
  numberLabel: string;
  onChange: (facts: SlipFacts) => void;
}) {
  const { facts, today, onChange } = props;
  return (
    <>
      <TextField
        className="entry-row"
        value={facts.slipNumber}
        onChange={(typed) => onChange({ ...facts, slipNumber: typed.normalize('NFKC') })}
        autoComplete="off"
        autoFocus
      >
        <Label>{props.numberLabel}</Label>
        <Input inputMode="numeric" maxLength={12} />
      </TextField>
      <DateEntry
        label="伝票の日付"
        value={facts.date}
        today={today}
        onChange={(date) => onChange({ ...facts, date })}
      />
      <TimeEntry label="伝票の時刻" value={facts.time} onChange={(time) => onChange({ ...facts, time })} />
    </>
  );
}
