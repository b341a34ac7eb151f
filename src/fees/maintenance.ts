/**
 * Changes of the catalogue, in the office: every one is a new version with who, when, why and a second person. Nothing
 * is edited in place: a price holds from a day on and takes effect by itself, an entry ends with its last day.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { canonicalJson } from '../journal/chain.ts';
import {
  classCodesOf,
  type Entry,
  type EntryKind,
  type EntryOf,
  type FeeItem,
  type FeeSettings,
  type TableKind,
} from './catalogue.ts';
import type { CsvFault } from './csv.ts';
import { readEntries } from './fees.ts';
import {
  changesAPrice,
  confirmAll,
  revise,
  rewritesPast,
  type DraftRevision,
  type EntryVersion,
} from './revision.ts';

/** Who changes something, and who confirms it. */
export interface Changers {
  by: { number: string; name: string };
  second: { number: string; name: string };
}

/** A version that follows the one that the person saw; `base` 0: the entry is new. */
interface Draft<Kind extends EntryKind> {
  code: string;
  base: number;
  reason: string;
  make: (before: EntryOf[Kind] | undefined) => EntryOf[Kind];
}

/**
 * Publishes revisions of items together: all of them or none.
 * @throws AppError `revision_in_past`, `no_price_changes`, `entry_changed` if there is a newer version, `not_found`, `bad_request`
 */
export async function reviseItems(
  db: Kysely<Database>,
  municipality: string,
  drafts: readonly DraftRevision[],
  today: string,
  people: Changers,
): Promise<void> {
  if (drafts.some(({ revision }) => revision.from < today)) throw new AppError('revision_in_past');
  const make =
    ({ revision }: DraftRevision) =>
    (item: FeeItem | undefined): FeeItem => {
      if (item === undefined) throw new AppError('not_found');
      const classes = classCodesOf(item);
      const isItsOwn = revision.prices.every((price) => classes.includes(price.class));
      if (!isItsOwn) throw new AppError('bad_request');
      const revised = revise(item, revision);
      if (!changesAPrice(item, revised)) throw new AppError('no_price_changes', { nameJa: item.nameJa });
      return revised;
    };
  // By their days: whether a later one changes anything is said beside the one before it.
  const inTurn = drafts.toSorted((a, b) => a.revision.from.localeCompare(b.revision.from));
  const changes = inTurn.map((draft) => ({ ...draft, reason: draft.revision.reason, make: make(draft) }));
  await publish(db, municipality, 'item', changes, people);
}

/** Every price of these items becomes one that the city has confirmed. @throws AppError `entry_changed`, `not_found` */
export async function confirmItems(
  db: Kysely<Database>,
  municipality: string,
  items: readonly { code: string; base: number }[],
  people: Changers,
): Promise<void> {
  const make = (item: FeeItem | undefined): FeeItem => {
    if (item === undefined) throw new AppError('not_found');
    return confirmAll(item);
  };
  const changes = items.map((item) => ({ ...item, reason: '料金の確認', make }));
  await publish(db, municipality, 'item', changes, people);
}

/** The next version of a brand, a ground or a window, or a new one. @throws AppError `entry_changed` */
export async function changeEntry<Kind extends Exclude<TableKind, 'item'>>(
  db: Kysely<Database>,
  municipality: string,
  kind: Kind,
  change: { base: number; reason: string; definition: EntryOf[Kind] },
  people: Changers,
): Promise<void> {
  const { base, reason, definition } = change;
  const { code } = definition as { code: string };
  await publish(db, municipality, kind, [{ code, base, reason, make: () => definition }], people);
}

/** @throws AppError `entry_changed` if somebody else has changed them since `base` */
export async function changeSettings(
  db: Kysely<Database>,
  municipality: string,
  { base, settings, reason }: { base: number; settings: FeeSettings; reason: string },
  people: Changers,
): Promise<void> {
  const change = { code: 'settings', base, reason, make: () => settings };
  await publish(db, municipality, 'settings', [change], people);
}

async function publish<Kind extends EntryKind>(
  db: Kysely<Database>,
  municipality: string,
  kind: Kind,
  drafts: readonly Draft<Kind>[],
  people: Changers,
): Promise<void> {
  await withEntries(db, async (trx) => {
    const known = await readEntries(trx, municipality, kind);
    const last = Math.max(0, ...known.map(({ position }) => position));
    const versionsOf = new Map(known.map(({ code, version }) => [code, version]));
    const newest = new Map(known.map((entry) => [entry.code, entry]));
    const versions = drafts.map(({ code, base, reason, make }, index) => {
      if ((versionsOf.get(code) ?? 0) !== base) throw new AppError('entry_changed');
      // Two drafts of one entry follow one another.
      const before = newest.get(code);
      const entry = { code, version: before?.version ?? 0, position: before?.position ?? last + index + 1 };
      const definition = make(before?.definition);
      newest.set(code, { ...entry, version: entry.version + 1, definition });
      return { ...entry, definition, reason };
    });
    await insertVersions(trx, municipality, kind, versions, people);
  });
}

/** The entries of a file, and where in it each begins. */
export interface FileEntries<Kind extends TableKind> {
  entries: readonly EntryOf[Kind][];
  lineOf: ReadonlyMap<string, number>;
}

/**
 * Takes the entries of a file: what is new or differs becomes a version, what is equal none, what is missing stays.
 * All or nothing. Returns the codes that changed. @throws AppError `table_faulty`
 */
export async function importEntries<Kind extends TableKind>(
  db: Kysely<Database>,
  municipality: string,
  file: FileEntries<Kind> & { kind: Kind; reason: string; today: string },
  people: Changers,
): Promise<string[]> {
  return withEntries(db, async (trx) => {
    const known = await readEntries(trx, municipality, file.kind);
    const changed = changesOf(known, file.entries);
    refusePast(known, changed, file);
    const versions = changed.map((entry) => ({ ...entry, reason: file.reason }));
    await insertVersions(trx, municipality, file.kind, versions, people);
    return changed.map(({ code }) => code);
  });
}

/** What of a file is new or differs, with the version that it follows. Pure. */
export function changesOf<Kind extends TableKind>(
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

/** A file may not say that something else was charged on a day that has passed. @throws AppError `table_faulty` */
export function refusePast<Kind extends TableKind>(
  known: readonly Entry<Kind>[],
  changed: readonly Entry<Kind>[],
  { kind, lineOf, today }: Pick<FileEntries<Kind>, 'lineOf'> & { kind: Kind; today: string },
): void {
  if (kind !== 'item') return;
  const faults = changed.flatMap(({ code, definition }): CsvFault[] => {
    const before = known.find((each) => each.code === code)?.definition as FeeItem | undefined;
    if (before === undefined || !rewritesPast(before, definition as FeeItem, today)) return [];
    const line = lineOf.get(code) ?? 1;
    const message = `${code} の確認済みの料金が、過ぎた日の分まで変わります。前の行に valid_to を書き、新しい料金は valid_from が今日からの行を加えてください。`;
    return [{ line, column: 'price_yen', message }];
  });
  if (faults.length > 0) throw new AppError('table_faulty', { faults });
}

/** Newest first. */
export async function readHistory<Kind extends EntryKind>(
  db: Kysely<Database>,
  municipality: string,
  kind: Kind,
  code: string,
): Promise<EntryVersion<Kind>[]> {
  const rows = await db
    .selectFrom('catalogue_entries')
    .select(['version', 'at', 'changed_by_name', 'confirmed_by_name', 'reason', 'definition'])
    .where('municipality', '=', municipality)
    .where('kind', '=', kind)
    .where('code', '=', code)
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row) => ({
    version: row.version,
    at: row.at,
    changedBy: row.changed_by_name,
    confirmedBy: row.confirmed_by_name,
    reason: row.reason,
    // Written by this room alone, as catalogue.ts has it.
    definition: row.definition as EntryOf[Kind],
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
  entries: readonly (Entry<Kind> & { reason: string })[],
  { by, second }: Changers,
): Promise<void> {
  if (entries.length === 0) return;
  await trx
    .insertInto('catalogue_entries')
    .values(
      entries.map(({ code, version, position, definition, reason }) => ({
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
