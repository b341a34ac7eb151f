/** The opening of the counter in the morning, by the 出納員. */
import { businessDateOf } from '../business-date.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person } from '../staff/staff.ts';

/** Who opened the counter, for which day. */
export interface Opening {
  businessDate: string;
  at: string;
  clerk: string;
}

export interface OpeningDesk {
  /** Whether sales may be taken today. */
  isOpen(): boolean;
  /** Opens today; once: asked again, it answers with the first. */
  open(person: Person): Opening;
  /** Today's; undefined: nobody has opened, or nobody needs to. */
  today(): Opening | undefined;
}

/** A live counter takes payments only on a day on which the 出納員 has opened it; a trial and a training are always open. */
export function createOpeningDesk(journal: Journal, now: () => Date): OpeningDesk {
  let newest = findNewest(journal);
  const today = (): Opening | undefined =>
    newest?.businessDate === businessDateOf(now()) ? newest : undefined;
  return {
    today,
    isOpen: () => journal.book !== 'live' || today() !== undefined,
    open(person) {
      const known = today();
      if (known !== undefined) return known;
      const payload = { businessDate: businessDateOf(now()), ...signatureOf(person) };
      const { at } = journal.append('counter_opened', null, payload);
      newest = { businessDate: payload.businessDate, at, clerk: person.name };
      return newest;
    },
  };
}

function findNewest(journal: Journal): Opening | undefined {
  const event = journal.eventsOfType('counter_opened').at(-1);
  if (event === undefined) return undefined;
  const { businessDate, clerk } = event.payload as Omit<Opening, 'at'>;
  return { businessDate, at: event.at, clerk };
}
