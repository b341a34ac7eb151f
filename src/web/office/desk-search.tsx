/** One field that finds a case among all of them, also among those that are not read. */
import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { KeyCap } from '../shared/key-cap.tsx';

/** Typing goes on for so long before the service is asked. */
const PAUSE_MS = 150;

/** @param props.onSearch what is wanted now; empty: everything */
export function DeskSearch(props: {
  field: RefObject<HTMLInputElement | null>;
  onSearch: (search: string) => void;
}) {
  const { field } = props;
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const search = useEffectEvent(() => props.onSearch(wanted));
  useEffect(() => {
    const timer = setTimeout(() => search(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <TextField
      className="head-field desk-search"
      value={typed}
      onChange={setTyped}
      maxLength={100}
      onKeyDown={({ key, nativeEvent }) => {
        if (nativeEvent.isComposing || (key !== 'Enter' && key !== 'Escape')) return;
        if (key === 'Escape') setTyped('');
        // From here on the desk's keys speak to what was found.
        field.current?.blur();
      }}
    >
      <Label>
        探す（番号・金額・名前・コメント） <KeyCap>/</KeyCap>
      </Label>
      <Input ref={field} />
    </TextField>
  );
}
