/**
 * What is sold once, between counters: PostgreSQL says which counter has it. A claim is of one sale; where that came to
 * nothing, another counter may take it over, and nobody has to wait for a timer.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';

export interface CityClaims {
  /** Undefined: all of them are this sale's, or the city could not be asked. Otherwise what another counter has. */
  claim(keys: readonly string[], saleId: string): Promise<{ key: string; counter: string } | undefined>;
  /** Who has it now; undefined: nobody, or the city could not be asked (`reached` tells). */
  look(key: string): Promise<{ reached: boolean; counter: string | undefined }>;
  /** Never throws. */
  release(saleId: string): Promise<void>;
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

export function createCityClaims(options: {
  db: Kysely<Database>;
  municipality: string;
  counter: string;
  /** False: PostgreSQL did not answer the last time; it is not waited for. */
  isReachable: () => boolean;
  onError: (error: unknown) => void;
}): CityClaims {
  const { db, municipality, counter } = options;
  const own = { municipality, counter };
  /** What it answers within a resident's patience; undefined: nothing. */
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    if (!options.isReachable()) return undefined;
    const patience = new AbortController();
    const late = new Promise<undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      patience.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    const answer = question().catch((error: unknown) => {
      if (error instanceof TakenElsewhere) throw error;
      options.onError(error);
      return undefined;
    });
    return Promise.race([answer, late]).finally(() => patience.abort());
  };

  return {
    async claim(keys, saleId) {
      try {
        await ask(() => claimAll(db, { ...own, saleId }, keys));
        return undefined;
      } catch (error) {
        if (!(error instanceof TakenElsewhere)) throw error;
        return { key: error.key, counter: error.counter };
      }
    },
    async look(key) {
      const found = await ask(async () => ({ counter: await findOther(db, { municipality, counter, key }) }));
      return { reached: found !== undefined, counter: found?.counter };
    },
    async release(saleId) {
      await ask(() =>
        db
          .updateTable('once_claims')
          .set({ released: true })
          .where('municipality', '=', municipality)
          .where('counter', '=', counter)
          .where('operation_id', '=', saleId)
          .execute(),
      );
    },
  };
}

/** All of them or none. In one order, so that two counters don't wait for each other. @throws TakenElsewhere */
async function claimAll(
  db: Kysely<Database>,
  { municipality, counter, saleId }: { municipality: string; counter: string; saleId: string },
  keys: readonly string[],
): Promise<void> {
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
