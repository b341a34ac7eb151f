/** The day's list on this screen: read again whenever the service says that there is another one. */
import { useEffect, useState } from 'react';
import type { StayView } from '../../daycare/daycare.ts';
import type { DaycareStatus } from '../../live.ts';
import { Unreachable } from '../shared/api.ts';
import type { Reference } from '../counter/use-reference.ts';
import { readStays } from './service.ts';

/** The window that has a list of its day. */
export const DAYCARE = 'daycare';

export interface DayStays {
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
  const [read, setRead] = useState<Pick<DayStays, 'stays' | 'fault'>>({ stays: [], fault: null });
  const who = session.clerk.number;
  useEffect(() => {
    if (!isMine) return undefined;
    let wanted = true;
    void readList().then((list) => {
      if (wanted && list !== null) setRead(list);
    });
    return () => {
      wanted = false;
    };
  }, [isMine, version, who]);
  if (!isMine) return null;
  const labelOf = (id: string | undefined): string | undefined =>
    read.stays.find((stay) => stay.id === id)?.label ?? undefined;
  return { ...read, labelOf };
}

/** Null: nothing came back; what is shown stays, and the stream's next word asks again. */
async function readList(): Promise<Pick<DayStays, 'stays' | 'fault'> | null> {
  try {
    const answer = await readStays();
    if (answer.ok) return { stays: answer.value, fault: null };
    return answer.refusal.code === 'daycare_unusable' ? { stays: [], fault: answer.refusal.message } : null;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}
