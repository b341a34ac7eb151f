/**
 * What is sold once, between counters: PostgreSQL says which counter has it. A claim is of one sale; where that came to
 * nothing, another counter may take it over, and nobody has to wait for a timer.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { readUses } from './sticker-uses.ts';
import type { StickerUse } from './stickers.ts';

export type ClaimAnswer =
  | { kind: 'claimed' }
  /** Another counter has this one, or may have it; nothing was claimed. */
  | { kind: 'taken'; key: string; counter: string }
  /** Nobody answered in time: it may be claimed or not. */
  | { kind: 'unreached' };

export interface CityClaims {
  /** All of them for this sale, or none. */
  claim(keys: readonly string[], saleId: string): Promise<ClaimAnswer>;
  /** Which other counter has it now; undefined: none, or the city could not be asked (`reached` tells). */
  look(key: string): Promise<{ reached: boolean; counter: string | undefined }>;
  /** What the sale has claimed besides these is given up. Never throws. */
  keepOnly(saleId: string, keys: readonly string[]): Promise<void>;
  /**
   * Gives up what this counter has claimed and never recorded: it died in between, or the answer came too late. Only while
   * all that it has recorded has arrived, and no sale is between its claim and its record. Never throws.
   */
  releaseOrphans(): Promise<void>;
  /** What the other counters have recorded about a sticker, oldest first; undefined: the city could not be asked. */
  stickerUses(number: string, year: number): Promise<StickerUse[] | undefined>;
}

/** A resident waits: longer than this a counter goes by its own record. */
const PATIENCE_MS = 1_500;

/** Thrown to undo what the transaction has claimed already. */
class TakenElsewhere extends Error {
  readonly key: string;
  readonly counter: string;
  constructor(key: string, counter: string) {
    super(`${key} is at counter ${counter}`);
    this.key = key;
    this.counter = counter;
  }
}

interface CityOptions {
  db: Kysely<Database>;
  municipality: string;
  counter: string;
  /** False: PostgreSQL did not answer the last time; it is not waited for. */
  isReachable: () => boolean;
  /** Whether PostgreSQL holds all that this counter has recorded, and takes it for the counter's own. */
  isSynced: () => boolean;
  onError: (error: unknown) => void;
}

/** The claims of one counter in PostgreSQL; what an earlier run may have left is cleared with the first look. */
export function createCityClaims(options: CityOptions): CityClaims {
  const { db, municipality, counter } = options;
  const own = { municipality, counter };
  /** An earlier run, or an answer that came too late, may have left a claim without a sale. */
  let mayHaveOrphans = true;
  const ask = patiently(options);

  return {
    async claim(keys, saleId) {
      try {
        const answer = await ask(() => claimAll(db, { ...own, saleId }, keys));
        if (answer === undefined) mayHaveOrphans = true;
        return answer ?? { kind: 'unreached' };
      } catch (error) {
        if (!(error instanceof TakenElsewhere)) throw error;
        return { kind: 'taken', key: error.key, counter: error.counter };
      }
    },
    async look(key) {
      const found = await ask(async () => ({ counter: await findOther(db, { municipality, counter, key }) }));
      return { reached: found !== undefined, counter: found?.counter };
    },
    async keepOnly(saleId, keys) {
      const done = await ask(async () => {
        await sql`
          UPDATE once_claims SET released = true
          WHERE municipality = ${municipality} AND counter = ${counter} AND operation_id = ${saleId}
            AND NOT released AND key <> ALL(${[...keys]})`.execute(db);
        return true;
      });
      if (done === undefined) mayHaveOrphans = true;
    },
    async releaseOrphans() {
      if (!mayHaveOrphans || !options.isSynced()) return;
      const done = await ask(async () => {
        await sql`
          UPDATE once_claims c SET released = true
          WHERE municipality = ${municipality} AND counter = ${counter} AND NOT released AND NOT EXISTS (
            SELECT FROM once_uses u
            WHERE u.municipality = c.municipality AND u.counter = c.counter
              AND u.operation_id = c.operation_id AND u.key = c.key AND NOT u.dropped)`.execute(db);
        return true;
      });
      if (done === true) mayHaveOrphans = false;
    },
    stickerUses: (number, year) =>
      ask(async () =>
        (await readUses(db, municipality, { number, year })).filter((use) => use.counter !== counter),
      ),
  };
}

/** Asks what is answered within a resident's patience; undefined: nothing. */
function patiently({ isReachable, onError }: Pick<CityOptions, 'isReachable' | 'onError'>) {
  return async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    if (!isReachable()) return undefined;
    const patience = new AbortController();
    const late = new Promise<undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      patience.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    const answer = question().catch((error: unknown) => {
      if (error instanceof TakenElsewhere) throw error;
      onError(error);
      return undefined;
    });
    return Promise.race([answer, late]).finally(() => patience.abort());
  };
}

/** All of them or none. In one order, so that two counters don't wait for each other. @throws TakenElsewhere */
async function claimAll(
  db: Kysely<Database>,
  { municipality, counter, saleId }: { municipality: string; counter: string; saleId: string },
  keys: readonly string[],
): Promise<ClaimAnswer> {
  await db.transaction().execute(async (trx) => {
    for (const key of keys.toSorted()) {
      const { rows } = await sql<{ key: string }>`
        INSERT INTO once_claims (municipality, key, counter, operation_id) VALUES (${municipality}, ${key}, ${counter}, ${saleId})
        ON CONFLICT (municipality, key) DO UPDATE
          SET counter = excluded.counter, operation_id = excluded.operation_id, released = false, at = now()
          WHERE once_claims.counter = excluded.counter OR once_is_free(once_claims)
        RETURNING key`.execute(trx);
      if (rows.length > 0) continue;
      const other = await findOther(trx, { municipality, counter, key });
      throw new TakenElsewhere(key, other ?? '');
    }
  });
  return { kind: 'claimed' };
}

/** The other counter whose sale has it, or may have. */
async function findOther(
  db: Kysely<Database>,
  { municipality, counter, key }: { municipality: string; counter: string; key: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ counter: string }>`
    SELECT counter FROM once_claims
    WHERE municipality = ${municipality} AND key = ${key} AND counter <> ${counter} AND NOT once_is_free(once_claims)`.execute(
    db,
  );
  return rows[0]?.counter;
}
