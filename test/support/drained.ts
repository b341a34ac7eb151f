/** Journals as they arrive in PostgreSQL: written event by event, drained and projected like a counter's own. */
import type { Kysely } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { join } from 'node:path';
import type { Database } from '../../src/db/schema.ts';
import { createArchive, type Project } from '../../src/journal/archive.ts';
import { drainBatch } from '../../src/journal/drain.ts';
import { openJournal, type Journal } from '../../src/journal/journal.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { projectCounted } from '../../src/counted/projection.ts';
import { projectOnce } from '../../src/once/projection.ts';
import { projectPayments } from '../../src/payments/projection.ts';
import type { TerminalTotals } from '../../src/terminal/terminal.ts';
import { makeFolder } from './folder.ts';
import { MUNICIPALITY } from './postgres-cluster.ts';
import { answerOf, armedSale } from './sale.ts';

export interface TestCounter {
  journal: Journal;
  /** Everything that has been recorded, into PostgreSQL. */
  drain(): Promise<void>;
  record(id: string, event: OperationEvent): void;
  /** A whole sale; its id. */
  sell(sale: {
    amountYen: number;
    businessDate: string;
    brand?: string;
    method?: 'credit' | 'debit' | 'emoney' | 'qr';
    outcome?: 'approved' | 'declined' | 'unknown';
  }): string;
  readTotals(
    purpose: 'opening' | 'check' | 'closing' | 'settlement',
    businessDate: string,
    rows: TerminalTotals['rows'],
  ): void;
  /** 日計: its totals, and the period that follows. */
  settle(businessDate: string, rows: TerminalTotals['rows']): void;
  /** The terminal's own, which tells no totals. */
  settleByItself(): void;
  /** Totals and checkpoint. */
  close(businessDate: string, rows: TerminalTotals['rows']): void;
}

const project: Project = async (trx, key, ids) => {
  await projectPayments(trx, key, ids);
  await projectCounted(trx, key, ids);
  await projectOnce(trx, key, ids);
};

export function openTestCounter(
  t: TestContext,
  db: Kysely<Database>,
  counter = '01',
  municipality = MUNICIPALITY,
): TestCounter {
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { municipality, counter, book: 'trial' },
    () => new Date(),
  );
  t.after(() => journal.close());
  journal.append('journal_opened', null, { book: 'trial' });
  const record: TestCounter['record'] = (id, { type, payload }) => void journal.append(type, id, payload);
  const readTotals: TestCounter['readTotals'] = (purpose, businessDate, rows) => {
    const totalYen = rows.reduce((sum, { amountYen }) => sum + amountYen, 0);
    const totals: TerminalTotals = { terminalId: '52500041', rows, totalYen, raw: '060f' };
    journal.append('totals', null, { terminal: '1', model: 'test', businessDate, purpose, totals });
  };
  const begin = (because: 'settled' | 'own'): void =>
    void journal.append('period_began', null, { terminal: '1', because });
  return {
    journal,
    record,
    readTotals,
    settle(businessDate, rows) {
      readTotals('settlement', businessDate, rows);
      begin('settled');
    },
    settleByItself: () => begin('own'),
    async drain() {
      for (;;) {
        const step = await drainBatch(createArchive(db, project), journal);
        if ('stopped' in step) throw new Error(step.stopped);
        if (step.arrived === journal.head.sequence) return;
      }
    },
    sell({ amountYen, businessDate, brand = 'visa', method = 'credit', outcome = 'approved' }) {
      const id = randomUUID();
      const [line] = armedSale().lines;
      if (line === undefined) throw new Error('the sample sale has no line');
      const lines = [{ ...line, unitPriceYen: amountYen, amountYen }];
      record(id, { type: 'armed', payload: armedSale({ amountYen, lines, businessDate, method }) });
      if (outcome === 'unknown') {
        record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
        return id;
      }
      const answer = answerOf(outcome, { amountYen, method, brand });
      record(id, { type: 'answer', payload: { answer, refused: null } });
      record(id, { type: 'ended', payload: { kind: 'completed' } });
      return id;
    },
    close(businessDate, rows) {
      readTotals('closing', businessDate, rows);
      journal.append('closed', null, { businessDate, clerk: '市民 花子' });
    },
  };
}
