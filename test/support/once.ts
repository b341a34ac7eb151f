/** For counters that sell nothing which is sold once. */
import type { Once } from '../../src/once/once.ts';

export const NOTHING_ONCE: Once = {
  inTurn: (_sale, act) => act(),
  reserve: () => Promise.resolve(),
  release: () => Promise.resolve(),
  markFor: () => ({}),
  keysOf: () => ({}),
  holders: () => [],
  tidy: () => Promise.resolve(),
};
