/**
 * What the desk holds, what of it is shown, and the case that is looked at. That case is in the address, so that a reload
 * and a colleague's link lead to it, whatever list it is in.
 */
import { useState } from 'react';
import type { CaseView } from '../../reconcile/desk/view.ts';
import { EVERYTHING, isWanted, type Filter } from './desk-filters.tsx';
import { addressOf, lead, usePlace } from './place.ts';
import { readCase, readDesk } from './service.ts';
import { useAnswer } from './use-answer.ts';

const NONE = { open: 0, closed: 0 } as const;
const NO_CASE = Promise.resolve({ ok: true as const, value: null });
/** How many more of a list are read at once; more at the bottom of it. */
export const PAGE = { open: 1000, closed: 100 } as const;

export function useDesk(person: { number: string }) {
  const [most, setMost] = useState<{ open: number; closed: number }>(PAGE);
  const [search, setSearch] = useState('');
  // By one key: while more of a list is read, or another word is searched for, what is there stays.
  const desk = useAnswer('cases', () => readDesk(most, search));
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const { open = [], closed = [], found: many = NONE } = desk.value ?? {};
  const which: 'open' | 'closed' = filter.state === 'closed' ? 'closed' : 'open';
  const more = {
    which,
    read: which === 'closed' ? closed.length : open.length,
    of: many[which],
    onMore(): void {
      setMost({ ...most, [which]: most[which] + PAGE[which] });
      desk.askAgain();
    },
  };
  const shown = (filter.state === 'closed' ? closed : open).filter((each) =>
    isWanted(each, filter, person.number),
  );
  const { chosenId, left, choose, move, stay, relist } = useChosen(shown, desk.value !== null);
  const done = filter.state === 'closed' ? undefined : closed.find(({ caseId }) => caseId === left);
  // By the case alone: while it is read again after an act, the panel stays, and a key that comes then is not lost.
  const detail = useAnswer(`case ${String(chosenId)}`, () =>
    chosenId === null ? NO_CASE : readCase(chosenId),
  );
  const case_ = chosenId !== null && detail.value?.caseId === chosenId ? detail.value : null;
  const searchFor = (wanted: string): void => {
    if (wanted === search) return;
    relist();
    setSearch(wanted);
    desk.askAgain();
  };
  const filterBy = (wanted: Filter): void => {
    setFilter(wanted);
    // One that was looked at among the closed ones has not been closed just now.
    if (case_?.state === 'resolved') choose(null);
    else relist();
  };
  return {
    ...{ desk, detail, case_, filter, setFilter: filterBy, searchFor },
    ...{ shown, chosenId, done, choose, move, stay, more },
  };
}

/** Of what is shown, or whatever the address names: a link may lead to a case of another list, or beyond what is read. */
function useChosen(shown: readonly CaseView[], isRead: boolean) {
  const asked = usePlace().asked.get('case');
  const named = asked !== null && /^[1-9]\d*$/.test(asked) ? Number(asked) : null;
  // The one that stood in the list, with its place: when it has left, the next one stands there.
  const [stood, setStood] = useState<{ caseId: number; at: number } | null>(null);
  const found = shown.findIndex(({ caseId }) => caseId === named);
  const left = named !== null && found === -1 && stood?.caseId === named ? named : null;
  const isElsewhere = named !== null && found === -1 && left === null;
  const at = found === -1 ? Math.min(left === null ? 0 : (stood?.at ?? 0), shown.length - 1) : found;
  const chosenId = isElsewhere ? (isRead ? named : null) : (shown[at]?.caseId ?? null);
  const choose = (caseId: number | null, place = shown.findIndex((each) => each.caseId === caseId)): void => {
    setStood(caseId === null || place === -1 ? null : { caseId, at: place });
    lead(
      addressOf('reconciliation', { view: 'desk', ...(caseId !== null && { case: String(caseId) }) }),
      true,
    );
  };
  const move = (step: number): void => {
    const next = Math.min(Math.max((isElsewhere ? -1 : at) + step, 0), shown.length - 1);
    choose(shown[next]?.caseId ?? null, next);
  };
  const stay = (): void => choose(chosenId);
  /** Another list is wanted: what stood in this one may stand there too, and what did not is put away. */
  const relist = (): void => choose(isElsewhere ? null : chosenId);
  return { chosenId, left, choose, move, stay, relist };
}
