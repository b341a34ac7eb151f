/**
 * A counter's tries and sign-outs, as events of its journal: they are there after a restart, and the office sees them.
 */
import type { Journal } from '../journal/journal.ts';
import type { Try, TryBook } from './gate.ts';
import type { SignOuts } from './sessions.ts';

const RIGHT = 'pin_accepted';
const WRONG = 'pin_refused';
const OUT = 'signed_out';

/** The tries of a counter, in its journal: a restart gives nobody five more. */
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
    const { staff, pinSetAt } = payload as { staff: string; pinSetAt: string };
    add(staff, { at, isRight: type === RIGHT, pinSetAt });
  }
  return {
    of: ({ number }) => book.get(number) ?? [],
    note({ number, nameJa, pinSetAt }, isRight, purpose) {
      const payload = { staff: number, name: nameJa, purpose, pinSetAt };
      const { at } = journal.append(isRight ? RIGHT : WRONG, null, payload);
      add(number, { at, isRight, pinSetAt });
    },
  };
}

/** Of the counter's own screen, or of one tablet. */
export function createJournalSignOuts(journal: Journal, tablet?: string): SignOuts {
  const counts = new Map<string, number>();
  const add = (number: string): void => void counts.set(number, (counts.get(number) ?? 0) + 1);
  for (const { payload } of journal.eventsOfType(OUT)) {
    const out = payload as { staff: string; tablet?: string };
    if (out.tablet === tablet) add(out.staff);
  }
  return {
    of: (number) => counts.get(number) ?? 0,
    note({ number, name }) {
      journal.append(OUT, null, { staff: number, name, ...(tablet === undefined ? {} : { tablet }) });
      add(number);
    },
  };
}
