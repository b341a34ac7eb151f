/** Long reading that gives way: a large file is read in slices, and between two of them whoever asks is answered. */
import { setImmediate } from 'node:timers/promises';

/** How far it is, in lines; `of` is 0 as long as nobody knows how many there are. */
export interface Slice {
  done: number;
  of: number;
}

/** Work that may rest wherever it yields. It stays pure: who drives it decides what happens meanwhile. */
export type InSlices<Result> = Generator<Slice, Result, undefined>;

/** Lines between two rests: some 20 ms of reading. */
const SLICE = 1_000;

/** Whether it is time to rest, at the line with this index. */
export const isSliceEnd = (index: number): boolean => index % SLICE === SLICE - 1;

const UNTOLD = (): void => undefined;

/**
 * Drives it to its end, and lets the event loop turn after each slice.
 * @throws what the work throws
 */
export async function givingWay<Result>(
  work: InSlices<Result>,
  onSlice: (slice: Slice) => void = UNTOLD,
): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    onSlice(step.value);
    await setImmediate();
  }
}

/** All of it without a rest: for what is small. */
export function atOnce<Result>(work: InSlices<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Something of each of these, with rests. */
export function* inSlices<Item, Result>(
  items: readonly Item[],
  of: (item: Item, index: number) => Result,
): InSlices<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (isSliceEnd(index)) yield { done: 0, of: 0 };
    results.push(of(item, index));
  }
  return results;
}
