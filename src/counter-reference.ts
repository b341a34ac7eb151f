/** The snapshot of the reference data: pulled while PostgreSQL answers, kept in the journal for when it does not. */
import { sql, type Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from './db/schema.ts';
import { readCatalogue } from './fees/fees.ts';
import { DEFAULT_SETTINGS, type Catalogue } from './fees/catalogue.ts';
import { canonicalJson } from './journal/chain.ts';
import type { Journal } from './journal/journal.ts';
import { readStaff } from './staff/register.ts';
import type { StaffMember } from './staff/staff.ts';

const PULL_EVERY_MS = 60_000;
const EMPTY: Catalogue = {
  version: 'none',
  windows: [],
  items: [],
  brands: [],
  grounds: [],
  settings: DEFAULT_SETTINGS,
};

export interface CounterReference {
  catalogue: () => Catalogue;
  /** With the PINs' hashes: signing in needs no network. */
  staff: () => readonly StaffMember[];
  stop: () => void;
}

/** As it is kept. A journal of before the staff has the catalogue alone. */
interface Snapshot extends Catalogue {
  staff?: readonly StaffMember[];
}

/**
 * The newest snapshot on record, and how to pull a newer one; without a connection the kept one serves on. @param
 * hearDatabase what PostgreSQL's clock says, at each pull
 */
export async function openReference(
  journal: Journal,
  db: Kysely<Database>,
  log: Logger,
  hearDatabase: (theirs: Date) => void,
): Promise<CounterReference> {
  const kept = keptSnapshot(journal);
  let { staff = [], ...catalogue } = kept;
  const pull = async (): Promise<void> => {
    try {
      hearDatabase(await readClock(db));
      const newest = await readCatalogue(db, journal.municipality);
      const people = await readStaff(db, journal);
      if (newest.version === catalogue.version && canonicalJson(people) === canonicalJson(staff)) return;
      journal.saveReference({ ...newest, staff: people });
      catalogue = newest;
      staff = people;
    } catch (error) {
      log.warn({ err: error }, 'fees and staff could not be pulled; the last ones stay');
    }
  };
  await pull();
  const timer = setInterval(() => void pull(), PULL_EVERY_MS);
  return { catalogue: () => catalogue, staff: () => staff, stop: () => clearInterval(timer) };
}

/** PostgreSQL's own clock. */
async function readClock(db: Kysely<Database>): Promise<Date> {
  const { rows } = await sql<{ at: string }>`SELECT clock_timestamp() AS at`.execute(db);
  return new Date(rows[0]?.at ?? NaN);
}

/** A snapshot of before fees were rules can't be priced: the counter waits for the first pull. */
function keptSnapshot(journal: Journal): Snapshot {
  const kept = journal.reference() as Partial<Snapshot> | undefined;
  return kept?.settings === undefined ? { ...EMPTY, staff: kept?.staff ?? [] } : (kept as Snapshot);
}
