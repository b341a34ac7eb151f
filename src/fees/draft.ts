/** The draft of the fees: revisions that nobody has published, for all who may change fees, on whatever computer. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import type { DraftRevision, FeeDraft } from './revision.ts';

const NONE: FeeDraft = { version: 0, revisions: [], changedBy: null, at: null };

/** The municipality's one draft; where nobody has begun one, an empty one of version 0. */
export async function readDraft(db: Kysely<Database>, municipality: string): Promise<FeeDraft> {
  const row = await db
    .selectFrom('fee_drafts')
    .selectAll()
    .where('municipality', '=', municipality)
    .executeTakeFirst();
  if (row === undefined) return NONE;
  const { version, changed_by_name: changedBy, at } = row;
  return { version, revisions: row.revisions as DraftRevision[], changedBy, at };
}

/** Takes the place of version `base`. @throws AppError `entry_changed` if somebody else has changed it since */
export async function saveDraft(
  db: Kysely<Database>,
  municipality: string,
  { base, revisions }: { base: number; revisions: readonly DraftRevision[] },
  by: { number: string; name: string },
): Promise<FeeDraft> {
  const change = {
    version: base + 1,
    revisions: JSON.stringify(revisions),
    ...{ changed_by: by.number, changed_by_name: by.name },
  };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('fee_drafts')
    .values({ municipality, ...change })
    .onConflict((conflict) =>
      conflict
        .column('municipality')
        .doUpdateSet({ ...change, at: sql<string>`now()` })
        .where('fee_drafts.version', '=', base),
    )
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) throw new AppError('entry_changed');
  return readDraft(db, municipality);
}
