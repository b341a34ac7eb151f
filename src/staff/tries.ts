/** A counter's tries, as events of its journal: they are there after a restart, and the office sees them. */
import type { Journal } from '../journal/journal.ts';
import type { Try, TryBook } from './gate.ts';

const RIGHT = 'pin_accepted';
const WRONG = 'pin_refused';

export function createJournalTries(journal: Journal): TryBook {
  const book = new Map<string, Try[]>();
  const add = (number: string, each: Try): void => {
    // What came before a right one counts no more.
    book.set(number, each.isRight ? [each] : [...(book.get(number) ?? []), each]);
  };
  const past = [...journal.eventsOfType(RIGHT), ...journal.eventsOfType(WRONG)].sort(
    (a, b) => a.sequence - b.sequence,
  );
  for (const { at, type, payload } of past) {
    add((payload as { staff: string }).staff, { at, isRight: type === RIGHT });
  }
  return {
    of: (number) => book.get(number) ?? [],
    note({ number, nameJa }, isRight, purpose) {
      const payload = { staff: number, name: nameJa, purpose };
      const { at } = journal.append(isRight ? RIGHT : WRONG, null, payload);
      add(number, { at, isRight });
    },
  };
}
