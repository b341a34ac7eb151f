/** Chance that a seed decides, so that every run can be had again. */

export interface Random {
  /** From 0 to 1, 1 excluded. */
  next: () => number;
  /** A whole number below `limit`. */
  below(limit: number): number;
  /** True as often as `share` says. */
  chance(share: number): boolean;
  pick<const T>(from: readonly [T, ...T[]]): T;
}

/** mulberry32: small, fast, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}
