/**
 * START. Who works at the counters, and what each may do. Pure: the screens read it too.
 *
 * Staff are kept in PostgreSQL (register.ts) and reach the counters with the snapshot of the reference data, so that
 * signing in works without network. A PIN is known as its argon2id hash only.
 */

/**
 * `cashier` rings up at any window, `daycare` and `bicycle` at theirs; `treasurer` is the 出納員, who answers for the
 * counter's money; `accounting` reconciles; `administrator` looks after staff and settings and takes no money.
 */
export const ROLES = ['cashier', 'daycare', 'bicycle', 'accounting', 'treasurer', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export interface StaffMember {
  /** 職員番号: as printed on the record; never given to another person. */
  number: string;
  nameJa: string;
  roles: readonly Role[];
  /** The windows at which this person works; null: all that the roles allow. */
  windows: readonly string[] | null;
  /** argon2id, in PHC form. */
  pinHash: string;
  /** ISO 8601, UTC: tries before it are forgotten. */
  pinSetAt: string;
  isActive: boolean;
}

/** Too many wrong PINs: this number can't be used there until then. */
export interface Lock {
  /** A counter's id; null: the office. */
  counter: string | null;
  /** ISO 8601, UTC. */
  until: string;
}

/** A person as the administrator sees them: without the PIN's hash. */
export interface StaffView extends Omit<StaffMember, 'pinHash'> {
  /** As far as the counters' records have arrived. */
  locks: readonly Lock[];
}

/** A version of a person, as their history shows it. */
export interface StaffVersion extends Pick<StaffMember, 'nameJa' | 'roles' | 'windows' | 'isActive'> {
  version: number;
  /** ISO 8601, UTC. */
  at: string;
  /** 職員番号 of who wrote it, or `setup`, `sample`. */
  changedBy: string;
  /** What became of the PIN with it: set anew, a lock of it released, nothing. */
  pin: 'set' | 'released' | null;
}

/** What the sign-in page shows before anybody has signed in. */
export interface SignInPage {
  /** Of a trial or training: whom one may sign in as, and the PIN of all of them. */
  samples: readonly Pick<StaffMember, 'number' | 'nameJa' | 'roles'>[];
  samplePin: string | null;
  /** Nobody looks after the staff yet: where the first administrator is registered. Null: somebody does. */
  setUpAt: 'here' | 'office' | null;
}

/** Who is asking: a member of staff, or a script with the API token. */
export interface Person {
  /** 職員番号, or `api`. */
  number: string;
  name: string;
  roles: readonly (Role | 'api')[];
  windows: readonly string[] | null;
}

/** A script: may do what access.ts says of `api`; never a second person, never anybody's administrator. */
export const API: Person = { number: 'api', name: 'API', roles: ['api'], windows: null };

export const personOf = ({ number, nameJa, roles, windows }: StaffMember): Person => ({
  number,
  name: nameJa,
  roles,
  windows,
});

/** Whether somebody who was let in before still would be. */
export const isStillStaff = ({ number }: Person, staff: readonly StaffMember[]): boolean =>
  number === API.number || staff.some((member) => member.number === number && member.isActive);

/** Who sets a terminal aside and puts another in its place, and who lets tablets in. */
export const KEEPERS: readonly Role[] = ['treasurer', 'administrator'];

/** Whether a person takes money at all; at which windows says `mayUseWindow`. */
export const TAKES_MONEY: readonly (Role | 'api')[] = ['cashier', 'daycare', 'bicycle', 'treasurer', 'api'];

const HOME: Partial<Record<Role, string>> = { daycare: 'daycare', bicycle: 'bicycle' };
const EVERYWHERE: readonly (Role | 'api')[] = ['cashier', 'treasurer', 'accounting', 'administrator', 'api'];

/** Whether a window is this person's, by roles and by assignment. */
export function mayUseWindow({ roles, windows }: Person, window: string): boolean {
  const byRole = roles.some((role) => EVERYWHERE.includes(role) || HOME[role as Role] === window);
  return byRole && (windows === null || windows.includes(window));
}

export const ROLE_NAMES: Record<Role, string> = {
  cashier: '会計（窓口）',
  daycare: '保育所',
  bicycle: '駐輪場',
  accounting: '会計課',
  treasurer: '出納員',
  administrator: '管理者',
};

/** What each role is for, as the administrator reads it when giving one. */
export const ROLE_DUTIES: Record<Role, string> = {
  cashier: 'どの窓口でも会計をします。',
  daycare: '保育の窓口だけで会計をします。',
  bicycle: '駐輪場の窓口だけで会計をします。',
  accounting: '突合・料金表・返金を扱います。会計はしません。',
  treasurer: '毎朝窓口を開き、会計と、ほかの人の操作の確認をします。',
  administrator: '職員・料金表・端末を管理します。会計はしません。',
};

/** Who did it, as an event has it: the name as it was that day, and the 職員番号. */
export interface Signature {
  clerk: string;
  /** Events of before there were log-ins of staff have the name alone. */
  staff?: string;
}

export const signatureOf = ({ name, number }: Person): Signature => ({ clerk: name, staff: number });
