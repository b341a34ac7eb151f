/** A journal with sales in it, and the way up to PostgreSQL for all of it. */
import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { createArchive } from '../../src/journal/archive.ts';
import { drainBatch } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import { answerOf, armedSale } from '../support/sale.ts';
import { IDENTITY, NOW } from './with-db.ts';

/** Of counter 01, by a clock that stands. */
export const open = (path: string): Journal => openJournal(path, IDENTITY, NOW);

/** One sale, approved: three events. */
export function sell(journal: Journal, id: string): void {
  journal.append('armed', id, armedSale());
  journal.append('answer', id, { answer: answerOf('approved'), refused: null });
  journal.append('ended', id, { kind: 'completed' });
}

/** Until all has arrived; what goes wrong on the way is tried again. */
export async function drainAll(
  db: Kysely<Database>,
  journal: Journal,
  onError: () => void = () => undefined,
): Promise<void> {
  const archive = createArchive(db, projectPayments);
  for (;;) {
    try {
      const step = await drainBatch(archive, journal);
      assert.ok('arrived' in step, JSON.stringify(step));
      if (step.arrived === journal.head.sequence) return;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      onError();
    }
  }
}
