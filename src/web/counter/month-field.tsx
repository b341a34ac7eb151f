/** From which month a pass holds; from December on, in which year too: the year of use need not be that of the sale. */
import type { InputSpec } from '../../fees/inputs.ts';

interface MonthProps {
  spec: InputSpec;
  value: string;
  onChange: (value: string) => void;
}

/** The fiscal year (年度, from April) of `YYYY-MM`. */
const yearOf = (month: string): number => Number(month.slice(0, 4)) - (Number(month.slice(5, 7)) < 4 ? 1 : 0);

export function MonthField({ spec, value, onChange }: MonthProps) {
  const years = [...Map.groupBy(spec.choices, ({ code }) => yearOf(code))];
  const chosen = yearOf(value === '' ? (spec.default ?? '') : value);
  const months = years.find(([year]) => year === chosen)?.[1] ?? spec.choices;
  return (
    <>
      {years.length > 1 && (
        <fieldset className="choices">
          <legend>利用する年度</legend>
          {years.map(([year, [first]], index) => (
            <label key={year} className="choice">
              <input
                type="radio"
                name={`${spec.code}-year`}
                checked={year === chosen}
                onChange={() => onChange(first?.code ?? '')}
              />
              {index === 0 ? '今年度' : '来年度'}（{year + 1}年3月まで）
            </label>
          ))}
        </fieldset>
      )}
      <div>
        <label htmlFor={`entry-${spec.code}`}>{spec.labelJa}</label>
        <select id={`entry-${spec.code}`} value={value} onChange={({ target }) => onChange(target.value)}>
          {months.map(({ code, nameJa }) => (
            <option key={code} value={code}>
              {nameJa}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}
