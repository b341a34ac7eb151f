/** What a seed decides, beyond single throws: weighted choices, shares of a whole number, ids. */
import type { Random } from '../virtual/random.ts';

/** One of them, as often as its weight says. */
export function pickWeighted<T>(random: Random, from: readonly (readonly [T, number])[]): T {
  const total = from.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [each, weight] of from) {
    left -= weight;
    if (left < 0) return each;
  }
  const last = from.findLast(([, weight]) => weight > 0);
  if (last === undefined) throw new Error('nothing to choose from');
  return last[0];
}

/** A whole number shared out by weight, to the last one (largest remainders). */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((all, share) => all + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, rest: share - Math.floor(share) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** A UUID (version 4) that the seed decides. */
export function uuidOf(random: Random): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => random.below(256)));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
