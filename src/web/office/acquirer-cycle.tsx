/** When an acquirer closes, sends its statement and pays. */
import { useState } from 'react';
import type { Acquirer } from '../../reconcile/books/acquirer.ts';
import { SHIFT_WORDS } from './acquirer-words.ts';

const DAILY: Acquirer['cycle'] = { kind: 'daily', payAfterBusinessDays: 3 };
const MONTHLY: Acquirer['cycle'] = {
  kind: 'monthly',
  closes: [31],
  payAfterMonths: 1,
  payDay: 31,
  shift: 'before',
};

export function AcquirerCycle({
  typed,
  onChange,
}: {
  typed: Acquirer;
  onChange: (change: Partial<Acquirer>) => void;
}) {
  const { cycle } = typed;
  return (
    <div className="acquirer-fields">
      <label>
        締め
        <select
          value={cycle.kind}
          onChange={({ target }) => onChange({ cycle: target.value === 'daily' ? DAILY : MONTHLY })}
        >
          <option value="monthly">月ごと</option>
          <option value="daily">毎日</option>
        </select>
      </label>
      {cycle.kind === 'daily' ? (
        <NumberField
          label="入金（営業日後）"
          value={cycle.payAfterBusinessDays}
          most={60}
          onChange={(payAfterBusinessDays) => onChange({ cycle: { ...cycle, payAfterBusinessDays } })}
        />
      ) : (
        <Monthly cycle={cycle} onChange={(next) => onChange({ cycle: next })} />
      )}
      <NumberField
        label="明細（締めの何営業日後まで）"
        value={typed.statementAfterBusinessDays}
        most={60}
        onChange={(statementAfterBusinessDays) => onChange({ statementAfterBusinessDays })}
      />
    </div>
  );
}

type MonthlyCycle = Extract<Acquirer['cycle'], { kind: 'monthly' }>;

function Monthly({ cycle, onChange }: { cycle: MonthlyCycle; onChange: (cycle: MonthlyCycle) => void }) {
  const [closes, setCloses] = useState(cycle.closes.join('、'));
  return (
    <>
      <label>
        締め日（31 は月末、読点で区切る）
        <input
          value={closes}
          onChange={({ target }) => {
            setCloses(target.value);
            onChange({
              ...cycle,
              closes: target.value
                .trim()
                .split(/[、,\s]+/)
                .map(Number),
            });
          }}
        />
      </label>
      <label>
        入金の月
        <select
          value={cycle.payAfterMonths}
          onChange={({ target }) => onChange({ ...cycle, payAfterMonths: Number(target.value) })}
        >
          {['当月', '翌月', '翌々月', '3か月後'].map((nameJa, months) => (
            <option key={nameJa} value={months}>
              {nameJa}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label="入金日（31 は月末）"
        value={cycle.payDay}
        most={31}
        onChange={(payDay) => onChange({ ...cycle, payDay })}
      />
      <label>
        入金日が休みのとき
        <select
          value={cycle.shift}
          onChange={({ target }) => onChange({ ...cycle, shift: target.value as MonthlyCycle['shift'] })}
        >
          {Object.entries(SHIFT_WORDS).map(([value, nameJa]) => (
            <option key={value} value={value}>
              {nameJa}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** A whole number from 0; what is none is kept as such, so that nobody confirms another number than is shown. */
export function NumberField(props: {
  label: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}) {
  return (
    <label>
      {props.label}
      <input
        type="text"
        inputMode="numeric"
        defaultValue={String(props.value)}
        onChange={({ target }) => {
          const value = Number(target.value);
          const isNumber = /^\d+$/.test(target.value.trim()) && value <= props.most;
          props.onChange(isNumber ? value : Number.NaN);
        }}
      />
    </label>
  );
}
