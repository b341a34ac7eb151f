/** Which sales of this counter carry what is sold once: an index of the journal, which is its only source. */
import type { Journal } from '../journal/journal.ts';

export interface Uses {
  /** The sales that carry the key now, oldest first. */
  carriersOf(key: string): readonly string[];
  /** Those that have ever carried such a key: a correction may have put something else in its place. */
  everCarriersOf(isWanted: (key: string) => boolean): readonly string[];
  /** What a sale carries now; empty: nothing, or there is no such sale. */
  keysOf(saleId: string): readonly string[];
}

/** The uses in a journal; what was recorded since is read at each look. */
export function createUses(journal: Pick<Journal, 'onceAfter' | 'head'>): Uses {
  const ever = new Map<string, Set<string>>();
  const now = new Map<string, readonly string[]>();
  let seen = 0;
  /** What was recorded since the last look is read first. */
  const catchUp = (): void => {
    for (const { operationId, keys } of journal.onceAfter(seen)) {
      now.set(operationId, keys);
      for (const key of keys) ever.set(key, (ever.get(key) ?? new Set()).add(operationId));
    }
    seen = journal.head.sequence;
  };
  return {
    carriersOf(key) {
      catchUp();
      return [...(ever.get(key) ?? [])].filter((id) => now.get(id)?.includes(key));
    },
    everCarriersOf(isWanted) {
      catchUp();
      return [...new Set([...ever].flatMap(([key, ids]) => (isWanted(key) ? [...ids] : [])))];
    },
    keysOf(saleId) {
      catchUp();
      return now.get(saleId) ?? [];
    },
  };
}
