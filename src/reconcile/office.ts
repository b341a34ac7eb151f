/** The reconciliation at work in an office: the night, what arrives late, and the cases that follow each comparison. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { matchDue } from './books/run.ts';
import type { Fetching } from './statements/fetching.ts';
import { followCases, type Followed } from './desk/cases.ts';
import { findDueDays } from './due.ts';
import { noteFailure, readLastNight, runNight, type NightSteps } from './night.ts';
import { startNightly, type Nightly } from './nightly.ts';
import { reconcileDue, type GrainOf } from './reconcile.ts';

export interface Reconciling {
  nightly: Nightly;
  /** The night's work, unless it is done: for a database that came later than the office. */
  catchUp: () => Promise<unknown>;
  /** What is done every ten minutes: a night that was not done or failed, or else a closing that came late. */
  late: () => Promise<unknown>;
  /** What a person asks for: the terminals' edge with the cases after it, and the night where it is not done. */
  reconcileNow: () => ReturnType<typeof reconcileDue>;
  follow: () => Promise<Followed>;
  /** Does it; what fails is noted, told on the morning page, and tried again with the night's work. Rejects as it does. */
  noting: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** The nights begin at once, and do nothing before `isReady`. */
export function openReconciling(options: {
  db: Kysely<Database>;
  municipality: string;
  grainOf: GrainOf;
  /** Statements that a provider's service gives by itself. */
  fetching: Fetching;
  isReady: () => boolean;
  now: () => Date;
  log: Logger;
}): Reconciling {
  const { db, municipality, grainOf, fetching, isReady, now, log } = options;
  const today = (): string => businessDateOf(now());
  const office = `${hostname()} ${String(process.pid)} ${randomUUID().slice(0, 8)}`;
  const follow = (): Promise<Followed> => followCases(db, municipality, now());
  const steps = nightSteps(db, municipality, grainOf, now);
  const { noting, noteAgain } = openNoting({ db, municipality, office, now, log });
  const compareDue: Reconciling['reconcileNow'] = () =>
    noting(async () => {
      const outcome = await reconcileDue(db, municipality, grainOf, today());
      await follow();
      return outcome;
    });
  const reconcileNow: Reconciling['reconcileNow'] = async () => {
    const outcome = await compareDue();
    await runNight(db, municipality, { now: now(), cause: 'start', office, steps });
    return outcome;
  };
  const compareLate = async (): Promise<void> => {
    if ((await findDueDays(db, municipality)).length > 0) await compareDue();
  };
  const late = async (): Promise<void> => {
    if (!isReady()) return;
    await noteAgain();
    const last = await readLastNight(db, municipality, now());
    if (last?.state === 'done' || last?.state === 'running') await compareLate();
    else log.info(await runNight(db, municipality, { now: now(), cause: 'late', office, steps }), 'night');
  };
  const night = async (cause: 'night' | 'start'): Promise<void> => {
    if (!isReady()) return;
    // Before the night's comparison; a service that does not answer keeps the night from nothing.
    const fetched = await fetching.fetch('night').catch((error: unknown) => {
      log.error({ err: error }, 'statements could not be fetched');
      return null;
    });
    const outcome = await runNight(db, municipality, { now: now(), cause, office, steps });
    log.info(outcome, 'night');
    if (outcome.kind === 'done_before') await compareLate();
    const news = fetched === null ? 0 : fetched.taken + fetched.refused + fetched.failed;
    // At a start, too: the plug may have been pulled behind a file that was taken, before it was compared.
    if (outcome.kind !== 'done' && (news > 0 || cause === 'start')) {
      await noting(async () => {
        await matchDue(db, municipality, today(), 'statement');
        await follow();
      });
    }
  };
  const nightly = startNightly({ night, late }, log);
  return {
    ...{ nightly, reconcileNow, follow, noting },
    catchUp: () => nightly.run(() => night('start')),
    late: () => nightly.run(late),
  };
}

/** Failures into the ledger of the nights; one that PostgreSQL could not take is kept, and noted the next time. */
function openNoting({
  db,
  municipality,
  office,
  now,
  log,
}: Pick<Parameters<typeof openReconciling>[0], 'db' | 'municipality' | 'now' | 'log'> & { office: string }): {
  noting: Reconciling['noting'];
  noteAgain: () => Promise<void>;
} {
  let unnoted: { error: unknown } | null = null;
  const note = async (error: unknown): Promise<void> => {
    unnoted = { error };
    await noteFailure(db, municipality, { now: now(), office, error });
    unnoted = null;
  };
  return {
    async noting(work) {
      try {
        return await work();
      } catch (error) {
        await note(error).catch((again: unknown) => log.warn({ err: again }, 'a failure could not be noted'));
        throw error;
      }
    },
    async noteAgain() {
      if (unnoted !== null) await note(unnoted.error);
    },
  };
}

/** What a night does, in its order. */
export function nightSteps(
  db: Kysely<Database>,
  municipality: string,
  grainOf: GrainOf,
  now: () => Date,
): NightSteps {
  const today = (): string => businessDateOf(now());
  return {
    terminals: async () => {
      const { reconciled, waiting } = await reconcileDue(db, municipality, grainOf, today());
      return { reconciled, waiting: waiting.map(({ sentence }) => sentence) };
    },
    books: () => matchDue(db, municipality, today(), 'night'),
    cases: () => followCases(db, municipality, now()),
  };
}
