/** What a terminal's slip says: its number and its time. */
import { Input, Label, TextField } from 'react-aria-components';

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
  const { facts, onChange } = props;
  return (
    <div className="slip-fields">
      <TextField
        value={facts.slipNumber}
        onChange={(typed) => onChange({ ...facts, slipNumber: typed.normalize('NFKC') })}
        autoComplete="off"
      >
        <Label>{props.numberLabel}</Label>
        <Input inputMode="numeric" maxLength={12} />
      </TextField>
      <TextField type="date" value={facts.date} onChange={(date) => onChange({ ...facts, date })}>
        <Label>伝票の日付</Label>
        <Input max={props.today} />
      </TextField>
      <TextField type="time" value={facts.time} onChange={(time) => onChange({ ...facts, time })}>
        <Label>伝票の時刻</Label>
        <Input />
      </TextField>
    </div>
  );
}
