/**
 * What the office finds in the providers' statements about payments of this counter. The office edits no journal: the
 * counter looks whether there is a new comparison, and records what it says as evidence. PostgreSQL away: it looks later.
 */
import type { Kysely } from 'kysely';
import type { Database } from './db/schema.ts';
import type { Journal } from './journal/journal.ts';
import type { StatementFinding } from './payments/evidence.ts';
import type { ViewedDesk } from './payments/viewed-desk.ts';
import { findNewestRun, readFindings } from './reconcile/books/findings.ts';

const LOOK_EVERY_MS = 60_000;

export interface StatementWatch {
  /** Now, as somebody at the counter wishes to know. Never throws. */
  look(): Promise<void>;
  /** What is under way has ended when it resolves. */
  stop(): Promise<void>;
}

/**
 * Looks into each newer run of the matching for what it found of this journal's payments, and puts it on their
 * record.
 */
export function watchStatements(options: {
  db: Kysely<Database>;
  journal: Journal;
  payments: { desk: Pick<ViewedDesk, 'hearStatement'> };
  onError: (what: string, error: unknown) => void;
  /** A record could not be made: the process has to end. */
  onFatal: (error: unknown) => void;
}): StatementWatch {
  const { db, journal } = options;
  let seen: number | undefined;
  let looking: Promise<void> | undefined;
  const read = async (): Promise<readonly StatementFinding[]> => {
    const newest = await findNewestRun(db, journal.municipality);
    if (newest === seen) return [];
    const findings = await readFindings(db, journal);
    seen = newest;
    return findings;
  };
  const lookOnce = async (): Promise<void> => {
    let findings: readonly StatementFinding[];
    try {
      findings = await read();
    } catch (error) {
      options.onError('the statements could not be looked at; they are later', error);
      return;
    }
    try {
      if (findings.length > 0) options.payments.desk.hearStatement(findings);
    } catch (error) {
      options.onFatal(error);
    }
  };
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
