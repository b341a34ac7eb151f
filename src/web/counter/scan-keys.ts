/**
 * A scanner that types as a keyboard, told from hands by its speed. Pure: keystrokes with their times in, what they were
 * out. Letters stand for buttons at the counter, so keys wait for a moment until it is known whose they are.
 */

/** No hand strikes keys in such a row: scanners take 1 to 20 ms a key. */
export const GAP_MS = 50;
/** Fewer in a row may be two hands at once. */
const FEWEST = 4;
/** So many without an Enter at the end are a scanner's too. */
const FEWEST_WITHOUT_END = 8;

/** By the key's place, so that neither Caps Lock nor an input method changes anything. Undefined: no character of a code. */
export function characterOf(code: string): string | undefined {
  const named = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(code);
  return (
    named?.[1] ??
    named?.[2] ??
    ({ Period: '.', NumpadDecimal: '.', Minus: '-', NumpadSubtract: '-' } as const)[code]
  );
}

export interface Run {
  text: string;
  /** When the last key was struck, in ms. */
  at: number;
}

export const NO_RUN: Run = { text: '', at: -Infinity };

/** A key that is struck too late begins a run of its own. */
export function struck(run: Run, character: string, at: number): Run {
  return { text: at - run.at <= GAP_MS ? run.text + character : character, at };
}

/** Whether an Enter that comes now is the end of what a scanner typed, and must press nothing. */
export const isScannersEnd = ({ text, at }: Run, now: number): boolean =>
  text.length >= FEWEST && now - at <= GAP_MS;

/** Whether a run that nothing has followed was a scanner's. */
export const wasScanner = ({ text }: Run): boolean => text.length >= FEWEST_WITHOUT_END;
