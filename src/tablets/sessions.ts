/**
 * Who is signed in on which tablet. Each has sessions of its own: a cookie that is carried to another one is worth
 * nothing there, and whoever signs out, or is locked out by idling, is signed out on that tablet alone.
 */
import { DAYCARE_WINDOW } from '../daycare/daycare.ts';
import { AppError } from '../errors.ts';
import { createSessions, type Credentials, type Sessions } from '../staff/sessions.ts';
import { mayUseWindow, type Person, type StaffMember } from '../staff/staff.ts';
import { createJournalSignOuts } from '../staff/tries.ts';
import type { Journal } from '../journal/journal.ts';
import type { Tablet } from './tablets.ts';

/** The windows at which tablets are used. */
const WINDOWS = [DAYCARE_WINDOW];

/** Sessions on paired tablets: each tablet's are its own, and end with its pairing. */
export function createTabletSessions(options: {
  journal: Journal;
  secret: string;
  findMember: (number: string) => StaffMember | undefined;
  tabletOf: (credentials: Credentials) => Tablet | undefined;
  now: () => Date;
}): Sessions {
  const { journal, tabletOf } = options;
  const byTablet = new Map<string, Sessions>();
  const on = (credentials: Credentials): Sessions => {
    const id = tabletOf(credentials)?.id;
    if (id === undefined) throw new AppError('not_paired');
    const known = byTablet.get(id);
    if (known !== undefined) return known;
    const made = createSessions({
      ...options,
      role: 'tablet',
      screen: id,
      // A script has no business on a tablet.
      apiToken: undefined,
      isSecure: true,
      signOuts: createJournalSignOuts(journal, id),
    });
    byTablet.set(id, made);
    return made;
  };
  return {
    isToken: () => false,
    signIn: (member, before) => on(before).signIn(member, before),
    signOut: (before) => on(before).signOut(before),
    async find(credentials) {
      const person = await on(credentials).find(credentials);
      return person && atTablet(person);
    },
  };
}

/** Whoever works at other windows too does so at the counter. */
const atTablet = (person: Person): Person => ({
  ...person,
  windows: WINDOWS.filter((window) => mayUseWindow(person, window)),
});
