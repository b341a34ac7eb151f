/**
 * START. The fee catalogue in PostgreSQL, and the snapshot of it that a counter works from.
 *
 * A counter never asks PostgreSQL for a price: it pulls the whole catalogue as one versioned snapshot, with the prices
 * of the days to come, and prices from that (pricing.ts): a revision takes effect at midnight without network too.
 * Every change is a new version of an entry (maintenance.ts); nothing is edited in place.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import { DEFAULT_SETTINGS, type Catalogue, type Entry, type EntryKind, type EntryOf } from './catalogue.ts';
import { readSampleFees } from './sample.ts';

const VERSION_DIGITS = 12;

/** The catalogue as it is now, read in one snapshot. Items, windows and brands are in the order of the screen. */
export async function readCatalogue(db: Kysely<Database>, municipality: string): Promise<Catalogue> {
  const content = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => readContent(trx, municipality));
  return { version: versionOf(content), ...content };
}

async function readContent(
  trx: Transaction<Database>,
  municipality: string,
): Promise<Omit<Catalogue, 'version'>> {
  const list = async <Kind extends EntryKind>(kind: Kind): Promise<EntryOf[Kind][]> =>
    (await readEntries(trx, municipality, kind)).map(({ definition }) => definition);
  const [settings = DEFAULT_SETTINGS] = await list('settings');
  return {
    windows: await list('window'),
    items: await list('item'),
    brands: await list('brand'),
    grounds: await list('ground'),
    settings,
  };
}

/** The newest version of every entry of a kind, in the order of the screen. */
export async function readEntries<Kind extends EntryKind>(
  trx: Kysely<Database>,
  municipality: string,
  kind: Kind,
): Promise<Entry<Kind>[]> {
  const rows = await trx
    .selectFrom('catalogue_entries')
    .distinctOn('code')
    .select(['code', 'version', 'position', 'definition'])
    .where('municipality', '=', municipality)
    .where('kind', '=', kind)
    .orderBy('code')
    .orderBy('version', 'desc')
    .execute();
  // Written by this room alone, as catalogue.ts has it.
  const entries = rows as Entry<Kind>[];
  return entries.sort((a, b) => a.position - b.position || (a.code < b.code ? -1 : 1));
}

/** The same content has the same version everywhere; any change makes another. */
export function versionOf(content: Omit<Catalogue, 'version'>): string {
  const { windows, items, brands, grounds, settings } = content;
  return sha256(canonicalJson({ windows, items, brands, grounds, settings })).slice(0, VERSION_DIGITS);
}

/**
 * Puts the sample fee table into a municipality that has none; what is there stays as it is. For trial and training.
 * Safe when several start at once. True: this call put it there.
 */
export async function seedSampleFees(db: Kysely<Database>, municipality: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('seed sample fees'))`.execute(trx);
    const known = await trx
      .selectFrom('catalogue_entries')
      .select('code')
      .where('municipality', '=', municipality)
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return false;
    const { windows, items, brands, grounds } = readSampleFees();
    const rows = (kind: EntryKind, entries: readonly { code: string }[]) =>
      entries.map((definition, index) => ({
        municipality,
        kind,
        code: definition.code,
        version: 1,
        position: index + 1,
        definition: JSON.stringify(definition),
        reason: 'sample',
        changed_by: 'sample',
        changed_by_name: 'sample',
      }));
    await trx
      .insertInto('catalogue_entries')
      .values([
        ...rows('window', windows),
        ...rows('item', items),
        ...rows('brand', brands),
        ...rows('ground', grounds),
      ])
      .execute();
    return true;
  });
}
