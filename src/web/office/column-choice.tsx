/** Which column, by its name; in fixed records, which bytes; and where nothing says it in the lines, which cell above them. */
import { useState } from 'react';
import type { FileLook } from '../../reconcile/statements/view.ts';
import { isPlace, isPlaceAbove, type Draft } from './format-draft.ts';

/** A cell of the preamble is told from a column by this. */
const ABOVE = 'above ';

export function ColumnChoice(props: {
  label: string;
  /** Empty: none. */
  value: string;
  draft: Draft;
  look: FileLook | null;
  /** What no column means. */
  none?: string;
  /** Of fixed records, bytes of one line are a place, too: `1:64-73`. */
  mayBeAbove?: boolean;
  /** Shows what the last record has there, as totals do. */
  ofLast?: boolean;
  onChange: (from: string) => void;
}) {
  const { label, value, draft, look } = props;
  const columns = look?.columns ?? [];
  if (draft.layout.kind === 'fixed' || columns.length === 0) return <PlaceEntry {...props} key={value} />;
  const isKnown = value === '' || columns.some(({ from }) => from === value);
  return (
    <select aria-label={label} value={value} onChange={({ target }) => props.onChange(target.value)}>
      <option value="">{props.none ?? '（使わない）'}</option>
      {!isKnown && <option value={value}>{value}（このファイルにない列）</option>}
      {columns.map(({ from, nameJa, last }) => (
        <option key={from} value={from}>
          {props.ofLast === true && last !== '' ? `${nameJa}：${last}` : nameJa}
        </option>
      ))}
    </select>
  );
}

/** As ColumnChoice, and the cells above the lines as well. */
export function ColumnOrAbove(props: {
  label: string;
  column: string;
  above: string;
  draft: Draft;
  look: FileLook | null;
  onChange: (place: { column: string } | { above: string }) => void;
}) {
  const { label, column, above, draft, look } = props;
  const common = look?.common ?? [];
  if (common.length === 0 && above === '')
    return (
      <ColumnChoice
        {...{ label, draft, look, value: column }}
        onChange={(from) => props.onChange({ column: from })}
      />
    );
  const value = above === '' ? column : `${ABOVE}${above}`;
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ target }) =>
        props.onChange(
          target.value.startsWith(ABOVE)
            ? { above: target.value.slice(ABOVE.length) }
            : { column: target.value },
        )
      }
    >
      <option value="">（使わない）</option>
      <optgroup label="明細の列">
        {(look?.columns ?? []).map(({ from, nameJa }) => (
          <option key={from} value={from}>
            {nameJa}
          </option>
        ))}
      </optgroup>
      <optgroup label="明細の外">
        {common.map(({ from, nameJa, value: said }) => (
          <option key={from} value={`${ABOVE}${from}`}>
            {nameJa}：{said}
          </option>
        ))}
        {above !== '' && !common.some(({ from }) => from === above) && (
          <option value={`${ABOVE}${above}`}>{above}</option>
        )}
      </optgroup>
    </select>
  );
}

/** Bytes of a fixed record, `2-9`; without a file, whatever the column is called. */
function PlaceEntry(props: {
  label: string;
  value: string;
  draft: Draft;
  mayBeAbove?: boolean;
  onChange: (from: string) => void;
}) {
  const [typed, setTyped] = useState(props.value);
  const isFixed = props.draft.layout.kind === 'fixed';
  const plain = typed.normalize('NFKC').trim();
  const isWrong = isFixed && plain !== '' && !isPlace(plain) && !(props.mayBeAbove && isPlaceAbove(plain));
  return (
    <input
      aria-label={props.label}
      aria-invalid={isWrong}
      value={typed}
      maxLength={80}
      placeholder={isFixed ? (props.mayBeAbove ? '例 1:64-73' : '例 2-9') : ''}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => {
        if (!isWrong && plain !== props.value) props.onChange(plain);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
