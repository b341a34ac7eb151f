/** The day's list on this screen: read again whenever the service says that there is another one. */
import { useEffect, useState } from 'react';
import type { StayView } from '../../daycare/daycare.ts';
import type { DaycareStatus } from '../../live.ts';
import { Unreachable } from '../shared/api.ts';
import type { Reference } from '../counter/use-reference.ts';
import { readStays } from './service.ts';

/** The window that has a list of its day. */
export const DAYCARE = 'daycare';

/** A network that drops a request now and then has carried the next one. */
const READ_AGAIN_AFTER_MS = 2_000;

export interface DayStays {
  /** False: nothing was read yet, so nobody may say that no child is here. */
  isRead: boolean;
  stays: readonly StayView[];
  /** The service's sentence where it has no list; null: it has. */
  fault: string | null;
  /** Undefined: not on the list, or its label is erased. */
  labelOf: (stay: string | undefined) => string | undefined;
}

/** Null: this person has no daycare window, and is told nothing of it. */
export function useStays({ windows, session }: Reference, { version }: DaycareStatus): DayStays | null {
  const isMine =
    windows.some(({ code }) => code === DAYCARE) &&
    session.clerk.roles.some((role) => ['cashier', 'daycare', 'treasurer'].includes(role));
  const [read, setRead] = useState<ReadList>({ isRead: false, stays: [], fault: null });
  const who = session.clerk.number;
  useEffect(() => {
    if (!isMine) return undefined;
    let wanted = true;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      void readList().then((list) => {
        if (!wanted || list === 'refused') return;
        if (list === 'unreachable') again = setTimeout(ask, READ_AGAIN_AFTER_MS);
        else setRead(list);
      });
    };
    ask();
    return () => {
      wanted = false;
      clearTimeout(again);
    };
  }, [isMine, version, who]);
  if (!isMine) return null;
  const labelOf = (id: string | undefined): string | undefined =>
    read.stays.find((stay) => stay.id === id)?.label ?? undefined;
  return { ...read, labelOf };
}

type ReadList = Pick<DayStays, 'isRead' | 'stays' | 'fault'>;

/** What is shown stays until there is another list; refused is whoever is not signed in any more. */
async function readList(): Promise<ReadList | 'refused' | 'unreachable'> {
  try {
    const answer = await readStays();
    if (answer.ok) return { isRead: true, stays: answer.value, fault: null };
    const { code, message } = answer.refusal;
    if (code === 'daycare_unusable') return { isRead: true, stays: [], fault: message };
    // A fault of the service's, which the next time may be over; anything else is a no.
    return code === 'internal' ? 'unreachable' : 'refused';
  } catch (error) {
    if (error instanceof Unreachable) return 'unreachable';
    throw error;
  }
}
