/**
 * Changes of the catalogue, in the office: every one is a new version with who and when, and a second person wherever
 * money changes. Prices are never edited: a revision holds from a day on, and takes effect by itself.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { canonicalJson } from '../journal/chain.ts';
import type { FeeItem, FeeSettings } from './catalogue.ts';
import { readEntries, type Entry, type EntryKind, type EntryOf } from './fees.ts';
import { confirmAll, revise, type ItemVersion, type Revision } from './revision.ts';

/** Who changes something, and who confirms it. */
export interface Changers {
  by: { number: string; name: string };
  second: { number: string; name: string };
}

/**
 * Writes the next version of an item. `base` is the version that the person saw.
 * @throws AppError `entry_changed` if there is a newer one, `not_found`, `revision_in_past`
 */
export async function changeItem(
  db: Kysely<Database>,
  municipality: string,
  change: { code: string; base: number; reason: string; today: string; revision: Revision | 'confirm' },
  people: Changers,
): Promise<void> {
  const { code, base, reason, revision, today } = change;
  if (revision !== 'confirm' && revision.from < today) throw new AppError('revision_in_past');
  await withEntries(db, async (trx) => {
    const entry = (await readEntries(trx, municipality, 'item')).find((each) => each.code === code);
    if (entry === undefined) throw new AppError('not_found');
    if (entry.version !== base) throw new AppError('entry_changed');
    const item = entry.definition;
    const classes: (string | null)[] =
      item.classes.length === 0 ? [null] : item.classes.map((each) => each.code);
    if (revision !== 'confirm' && revision.prices.some((price) => !classes.includes(price.class)))
      throw new AppError('bad_request');
    const definition = revision === 'confirm' ? confirmAll(item) : revise(item, revision);
    await insertVersions(trx, municipality, 'item', [{ ...entry, definition }], reason, people);
  });
}

/**
 * Takes the entries of a file: what is new or differs becomes a version, what is equal none, what is missing stays.
 * All or nothing. Returns the codes that changed.
 */
export async function importEntries<Kind extends 'item' | 'brand' | 'ground' | 'window'>(
  db: Kysely<Database>,
  municipality: string,
  kind: Kind,
  entries: readonly EntryOf[Kind][],
  people: Changers,
): Promise<string[]> {
  return withEntries(db, async (trx) => {
    const changed = changesOf(await readEntries(trx, municipality, kind), entries);
    await insertVersions(trx, municipality, kind, changed, 'CSV', people);
    return changed.map(({ code }) => code);
  });
}

/** What of a file is new or differs, with the version that it follows. Pure. */
export function changesOf<Kind extends 'item' | 'brand' | 'ground' | 'window'>(
  known: readonly Entry<Kind>[],
  entries: readonly EntryOf[Kind][],
): Entry<Kind>[] {
  const last = Math.max(0, ...known.map(({ position }) => position));
  return entries.flatMap((definition, index): Entry<Kind>[] => {
    const { code } = definition as { code: string };
    const before = known.find((each) => each.code === code);
    if (before === undefined) return [{ code, version: 0, position: last + index + 1, definition }];
    return canonicalJson(before.definition) === canonicalJson(definition) ? [] : [{ ...before, definition }];
  });
}

/** @throws AppError `entry_changed` if somebody else has changed them since `base` */
export async function changeSettings(
  db: Kysely<Database>,
  municipality: string,
  change: { base: number; settings: FeeSettings },
  people: Changers,
): Promise<void> {
  await withEntries(db, async (trx) => {
    const [known] = await readEntries(trx, municipality, 'settings');
    if ((known?.version ?? 0) !== change.base) throw new AppError('entry_changed');
    const entry = { code: 'settings', version: change.base, position: 1, definition: change.settings };
    await insertVersions(trx, municipality, 'settings', [entry], 'settings', people);
  });
}

/** Newest first. */
export async function readHistory(
  db: Kysely<Database>,
  municipality: string,
  code: string,
): Promise<ItemVersion[]> {
  const rows = await db
    .selectFrom('catalogue_entries')
    .select(['version', 'at', 'changed_by_name', 'confirmed_by_name', 'reason', 'definition'])
    .where('municipality', '=', municipality)
    .where('kind', '=', 'item')
    .where('code', '=', code)
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row) => ({
    version: row.version,
    at: row.at,
    changedBy: row.changed_by_name,
    confirmedBy: row.confirmed_by_name,
    reason: row.reason,
    definition: row.definition as FeeItem,
  }));
}

/** One change of the catalogue at a time. */
function withEntries<T>(db: Kysely<Database>, act: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('change the catalogue'))`.execute(trx);
    return act(trx);
  });
}

async function insertVersions<Kind extends EntryKind>(
  trx: Transaction<Database>,
  municipality: string,
  kind: Kind,
  entries: readonly Entry<Kind>[],
  reason: string,
  { by, second }: Changers,
): Promise<void> {
  if (entries.length === 0) return;
  await trx
    .insertInto('catalogue_entries')
    .values(
      entries.map(({ code, version, position, definition }) => ({
        municipality,
        kind,
        code,
        version: version + 1,
        position,
        definition: JSON.stringify(definition),
        reason,
        changed_by: by.number,
        changed_by_name: by.name,
        confirmed_by: second.number,
        confirmed_by_name: second.name,
      })),
    )
    .execute();
}
