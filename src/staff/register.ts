/** The staff in PostgreSQL. A change is a new version of the person's row; nobody is ever deleted. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Book } from '../book.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { hashPin, type TryBook } from './gate.ts';
import type { SignOuts } from './sessions.ts';
import { SAMPLE_PIN, SAMPLE_STAFF } from './sample.ts';
import type { Role, StaffMember, StaffVersion } from './staff.ts';

/** Whose staff: a live book has no sample people. */
export interface StaffOf {
  municipality: string;
  book: Book;
}

/** What an administrator writes down about a person. */
export interface StaffEntry {
  nameJa: string;
  roles: readonly Role[];
  windows: readonly string[] | null;
  isActive: boolean;
  /** Undefined: stays as it is; a new person needs one. */
  pin?: string | undefined;
}

const SHORTEST_PIN = 6;

/** Everybody's newest version, by number. */
export async function readStaff(
  db: Kysely<Database>,
  { municipality, book }: StaffOf,
): Promise<StaffMember[]> {
  let query = db
    .selectFrom('staff')
    .distinctOn('number')
    .select([
      'number',
      'name_ja as nameJa',
      'roles',
      'windows',
      'pin_hash as pinHash',
      'pin_set_at as pinSetAt',
      'is_active as isActive',
    ])
    .where('municipality', '=', municipality)
    .orderBy('number')
    .orderBy('version', 'desc');
  if (book === 'live') query = query.where('is_sample', '=', false);
  return query.execute();
}

/** Undefined: nobody has the number. */
export async function findStaff(
  db: Kysely<Database>,
  of: StaffOf,
  number: string,
): Promise<StaffMember | undefined> {
  return (await readStaff(db, of)).find((member) => member.number === number);
}

/** Nobody can change staff yet: the first-run set-up may make the administrator. */
export const needsSetUp = (staff: readonly StaffMember[]): boolean => !staff.some(isAdministrator);

const isAdministrator = ({ roles, isActive }: StaffMember): boolean =>
  isActive && roles.includes('administrator');

/**
 * The one-time set-up of an installation: its first administrator.
 * @throws AppError `already_set_up`, `weak_pin`
 */
export async function setUpAdministrator(
  db: Kysely<Database>,
  of: StaffOf,
  { number, nameJa, pin }: { number: string; nameJa: string; pin: string },
): Promise<StaffMember> {
  return changeStaff(db, of, async (trx, staff) => {
    if (!needsSetUp(staff)) throw new AppError('already_set_up');
    const entry: StaffEntry = { nameJa, roles: ['administrator'], windows: null, isActive: true, pin };
    return writeVersion(trx, of, { number, entry, by: 'setup' });
  });
}

/**
 * A new person, or the next version of a known one.
 * @throws AppError `staff_number_taken`, `not_found`, `weak_pin`, `last_administrator`
 */
export async function saveStaff(
  db: Kysely<Database>,
  of: StaffOf,
  change: { number: string; isNew: boolean; entry: StaffEntry; by: string },
): Promise<StaffMember> {
  const { number, isNew } = change;
  return changeStaff(db, of, async (trx, staff) => {
    const known = staff.find((member) => member.number === number);
    if (isNew && known !== undefined) throw new AppError('staff_number_taken', { number });
    if (!isNew && known === undefined) throw new AppError('not_found');
    const saved = await writeVersion(trx, of, change);
    const others = staff.filter((member) => member.number !== number);
    // Thrown in the transaction, so that nothing of it stays.
    if (needsSetUp([...others, saved])) throw new AppError('last_administrator');
    return saved;
  });
}

/** The tries of a number count anew, everywhere: a lock is over. The PIN stays. @throws AppError `not_found` */
export async function releaseLock(
  db: Kysely<Database>,
  of: StaffOf,
  { number, by }: { number: string; by: string },
): Promise<void> {
  await changeStaff(db, of, async (trx, staff) => {
    const member = staff.find((each) => each.number === number);
    if (member === undefined) throw new AppError('not_found');
    await writeVersion(trx, of, { number, entry: member, by, isRelease: true });
  });
}

/** Newest first. */
export async function readStaffHistory(
  db: Kysely<Database>,
  { municipality }: StaffOf,
  number: string,
): Promise<StaffVersion[]> {
  const rows = await db
    .selectFrom('staff')
    .select([
      'version',
      'at',
      'changed_by',
      'name_ja',
      'roles',
      'windows',
      'is_active',
      'pin_hash',
      'pin_set_at',
    ])
    .where('municipality', '=', municipality)
    .where('number', '=', number)
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row, index) => {
    const before = rows[index + 1];
    const isReleased = before !== undefined && before.pin_set_at !== row.pin_set_at;
    return {
      version: row.version,
      at: row.at,
      changedBy: row.changed_by,
      nameJa: row.name_ja,
      roles: row.roles,
      windows: row.windows,
      isActive: row.is_active,
      pin: before?.pin_hash === row.pin_hash ? (isReleased ? 'released' : null) : 'set',
    };
  });
}

/** One change at a time: two administrators who take the role from one another would leave none. */
async function changeStaff<T>(
  db: Kysely<Database>,
  of: StaffOf,
  change: (trx: Transaction<Database>, staff: readonly StaffMember[]) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('staff'))`.execute(trx);
    return change(trx, await readStaff(trx, of));
  });
}

async function writeVersion(
  trx: Transaction<Database>,
  { municipality, book }: StaffOf,
  {
    number,
    entry,
    by,
    isRelease = false,
  }: { number: string; entry: StaffEntry; by: string; isRelease?: boolean },
): Promise<StaffMember> {
  // A live book does not read its database's sample people, and their numbers are taken all the same.
  const last = await trx
    .selectFrom('staff')
    .select(['version', 'pin_hash', 'pin_set_at', 'is_sample'])
    .where('municipality', '=', municipality)
    .where('number', '=', number)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isSample = book !== 'live';
  if (last !== undefined && last.is_sample && !isSample) throw new AppError('staff_number_taken', { number });
  const { pin } = entry;
  if (pin === undefined && last === undefined) throw new AppError('weak_pin');
  if (pin !== undefined) refuseWeakPin(pin, number);
  const row = {
    municipality,
    number,
    version: (last?.version ?? 0) + 1,
    changed_by: by,
    name_ja: entry.nameJa,
    roles: [...entry.roles],
    windows: entry.windows === null ? null : [...entry.windows],
    pin_hash: pin === undefined ? (last?.pin_hash ?? '') : await hashPin(pin),
    pin_set_at: pin === undefined && !isRelease ? (last?.pin_set_at ?? '') : new Date().toISOString(),
    is_active: entry.isActive,
    is_sample: isSample,
  };
  await trx.insertInto('staff').values(row).execute();
  return {
    number,
    nameJa: row.name_ja,
    roles: row.roles,
    windows: row.windows,
    pinHash: row.pin_hash,
    pinSetAt: row.pin_set_at,
    isActive: row.is_active,
  };
}

/** Short, with the number in it, a run of the same, rising or falling characters, or the one that every trial shows. */
function refuseWeakPin(pin: string, number: string): void {
  const steps = new Set(
    Array.from(pin.slice(1), (each, index) => each.charCodeAt(0) - pin.charCodeAt(index)),
  );
  const isRun = steps.size === 1 && [-1, 0, 1].some((step) => steps.has(step));
  const isWeak = pin.length < SHORTEST_PIN || pin === SAMPLE_PIN || pin.includes(number) || isRun;
  if (isWeak) throw new AppError('weak_pin', { shortest: SHORTEST_PIN });
}

/** Puts the sample people into a municipality that has nobody. Safe when several start at once. */
export async function seedSampleStaff(db: Kysely<Database>, municipality: string): Promise<void> {
  await changeStaff(db, { municipality, book: 'trial' }, async (trx, staff) => {
    if (staff.length > 0) return;
    const pinHash = await hashPin(SAMPLE_PIN);
    const rows = SAMPLE_STAFF.map(({ number, nameJa, roles }) => ({
      municipality,
      number,
      version: 1,
      changed_by: 'sample',
      name_ja: nameJa,
      roles: [...roles],
      windows: null,
      pin_hash: pinHash,
      pin_set_at: new Date().toISOString(),
      is_active: true,
      is_sample: true,
    }));
    await trx.insertInto('staff').values(rows).execute();
  });
}

/** The office's tries. */
export function createOfficeTries(db: Kysely<Database>, municipality: string): TryBook {
  return {
    of: async ({ number }) => {
      const newest = await db
        .selectFrom('staff_tries')
        .select(['at', 'is_right as isRight', 'pin_set_at as pinSetAt'])
        .where('municipality', '=', municipality)
        .where('number', '=', number)
        .orderBy('at', 'desc')
        .limit(50)
        .execute();
      return newest.reverse();
    },
    async note({ number, pinSetAt }, isRight, purpose) {
      const row = { municipality, number, is_right: isRight, purpose, pin_set_at: pinSetAt };
      await db.insertInto('staff_tries').values(row).execute();
    },
  };
}

/** The office's sign-outs. */
export function createOfficeSignOuts(db: Kysely<Database>, municipality: string): SignOuts {
  return {
    of: async (number) => {
      const { count } = await db
        .selectFrom('staff_sign_outs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('municipality', '=', municipality)
        .where('number', '=', number)
        .executeTakeFirstOrThrow();
      return count;
    },
    async note({ number }) {
      await db.insertInto('staff_sign_outs').values({ municipality, number }).execute();
    },
  };
}
