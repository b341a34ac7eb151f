/** Work of which only one may run at a time in the whole city, on books that stand still while it looks at them. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';

/**
 * The lock is of the session and is taken first: what the one before has written is in the snapshot. Then everything is
 * read from that one snapshot, so that a file or a payment that arrives meanwhile is in all of the work or in none of it.
 */
export async function oneAtATime<Result>(
  db: Kysely<Database>,
  lock: string,
  work: (trx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (held) => {
    await sql`SELECT pg_advisory_lock(hashtextextended(${lock}, 0))`.execute(held);
    try {
      return await held.transaction().setIsolationLevel('repeatable read').execute(work);
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtextextended(${lock}, 0))`.execute(held);
    }
  });
}
