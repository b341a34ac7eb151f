/** What a key means at the counter. By the key's place (`code`), so that a Japanese input method changes nothing. */

export type Command =
  | { do: 'fee_more'; index: number }
  | { do: 'fee_less'; index: number }
  | { do: 'last_less' }
  | { do: 'method'; index: number }
  | { do: 'brand'; index: number }
  | { do: 'cash' }
  | { do: 'primary' }
  | { do: 'escape' }
  | { do: 'print' };

export interface Keystroke {
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
}

/** Shown on the buttons. */
export const FEE_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export const METHOD_KEYS = ['Q', 'W', 'E', 'R'] as const;
export const CASH_KEY = 'T';
export const BRAND_KEYS = ['A', 'S', 'D', 'F', 'G', 'H', 'J', 'K', 'L'] as const;

const SINGLE: Readonly<Record<string, Command>> = {
  Enter: { do: 'primary' },
  NumpadEnter: { do: 'primary' },
  Escape: { do: 'escape' },
  KeyP: { do: 'print' },
  KeyT: { do: 'cash' },
  Minus: { do: 'last_less' },
  NumpadSubtract: { do: 'last_less' },
};

export function commandOf(key: Keystroke): Command | undefined {
  if (key.ctrlKey || key.altKey || key.metaKey || key.repeat) return undefined;
  const single = SINGLE[key.code];
  if (single !== undefined) return single;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(key.code)?.[1];
  if (digit !== undefined) return { do: key.shiftKey ? 'fee_less' : 'fee_more', index: Number(digit) - 1 };
  const letter = /^Key([A-Z])$/.exec(key.code)?.[1] ?? '';
  const method = METHOD_KEYS.findIndex((candidate) => candidate === letter);
  if (method >= 0) return { do: 'method', index: method };
  const brand = BRAND_KEYS.findIndex((candidate) => candidate === letter);
  return brand >= 0 ? { do: 'brand', index: brand } : undefined;
}
