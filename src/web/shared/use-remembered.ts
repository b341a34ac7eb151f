/** A yes or no that this browser remembers. */
import { useState } from 'react';
import { recall, remember } from './storage.ts';

export function useRemembered(key: string, initial: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => {
    const known = recall(key);
    return typeof known === 'boolean' ? known : initial;
  });
  return [
    value,
    (next) => {
      remember(key, next);
      setValue(next);
    },
  ];
}
