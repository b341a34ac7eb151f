/**
 * Statements that a provider's service gives by itself: asked for at night and by a button. Whatever was taken before is
 * not asked for again, and the same file twice changes nothing; what breaks off goes on the next time.
 */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import type { FailedPayout, StatementSource } from '../../terminal/statements.ts';
import type { Service } from '../../terminal/driver.ts';
import { TerminalError } from '../../terminal/terminal.ts';
import { bringFile } from './bring.ts';
import { readFormats } from './declared.ts';
import type { FetchOutcome, FetchView } from './view.ts';

/** Where statements are fetched from. */
export interface StatementService {
  /** The driver's name, which tells one service from another. */
  model: string;
  source: StatementSource;
  service: Service;
}

export interface Fetching {
  /** Asks now; null: no service is set up. What it took is not compared yet. */
  fetch: (cause: 'night' | 'person') => Promise<FetchOutcome | null>;
  /** Null: no service is set up. */
  read: () => Promise<FetchView | null>;
}

/** An office that was off for a season finds everything again; what is known costs a line of a list. */
const LOOKED_BACK_MS = 100 * 86_400_000;
const BROKEN =
  '取得の途中で止まりました。取り込んだ分は残っています。次の夜に、また続きを取得します。次の夜も止まるときは、管理者に伝えてください。原因はサービスの記録（madoguchi.log）に残っています。';
const NO_ANSWER =
  'サービスに届きませんでした。ネットワークとキーを確かめてください。次の夜に、また続きを取得します。';

/** Asks nobody before `fetch`. @param options `payouts` undefined: no service is set up */
export function openFetching(options: {
  db: Kysely<Database>;
  municipality: string;
  payouts: StatementService | undefined;
  now: () => Date;
  log: Logger;
}): Fetching {
  const { db, municipality, payouts, log } = options;
  if (payouts === undefined) return { fetch: () => Promise.resolve(null), read: () => Promise.resolve(null) };
  return {
    async fetch(cause) {
      const outcome = await fetchOnce({ ...options, payouts });
      await db
        .insertInto('statement_fetches')
        .values({
          ...{ municipality, source: payouts.model, cause },
          ...{ is_complete: outcome.isComplete, outcome: JSON.stringify(outcome) },
        })
        .execute();
      log.info({ source: payouts.model, cause, ...outcome }, 'statements fetched');
      return outcome;
    },
    async read() {
      const last = await db
        .selectFrom('statement_fetches')
        .select(['at', 'outcome'])
        .where('municipality', '=', municipality)
        .where('source', '=', payouts.model)
        .orderBy('fetch_id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return {
        nameJa: payouts.source.nameJa,
        last: last === undefined ? null : { at: last.at, ...(last.outcome as FetchOutcome) },
      };
    },
  };
}

async function fetchOnce({
  db,
  municipality,
  payouts: { model, source, service },
  now,
  log,
}: Parameters<typeof openFetching>[0] & { payouts: StatementService }): Promise<FetchOutcome> {
  const format = (await readFormats(db, municipality)).find(
    ({ definition }) => definition.code === source.format,
  );
  const outcome: FetchOutcome = { isComplete: false, taken: 0, refused: 0, failed: 0, notes: [] };
  if (format === undefined)
    return {
      ...outcome,
      notes: [`フォーマット ${source.format} がありません。明細の画面で作ってください。`],
    };
  const known = await readKnownNames(db, municipality, source.format, format.version);
  try {
    const { notes, failed } = await source.fetch(
      service,
      { since: new Date(now().getTime() - LOOKED_BACK_MS), isKnown: (name) => known.has(name) },
      async ({ name, bytes }) => {
        const { kind } = await bringFile(db, municipality, businessDateOf(now()), {
          ...{ name, bytes, format: format.definition, formatVersion: format.version },
          ...{ origin: 'service', by: { number: 'service', name: source.nameJa } },
        });
        if (kind === 'imported') outcome.taken += 1;
        if (kind === 'refused') outcome.refused += 1;
      },
    );
    return { ...outcome, isComplete: true, failed: await noteFailed(db, municipality, model, failed), notes };
  } catch (error) {
    const isAway = error instanceof TerminalError;
    if (isAway) log.warn({ err: error }, 'the service that has the statements did not answer');
    else log.error({ err: error }, 'statements could not be fetched');
    return { ...outcome, notes: [isAway ? NO_ANSWER : BROKEN] };
  }
}

/** Kept for ever, each once, however often it is told. @returns how many are new */
async function noteFailed(
  db: Kysely<Database>,
  municipality: string,
  source: string,
  failed: readonly FailedPayout[],
): Promise<number> {
  if (failed.length === 0) return 0;
  const rows = failed.map(({ id, yen, due, isCanceled, reason }) => ({
    ...{ municipality, source, payout_id: id, yen, due, is_canceled: isCanceled, reason },
  }));
  const written = await db
    .insertInto('failed_payouts')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('payout_id')
    .execute();
  return written.length;
}

/** Taken, or refused as this very version reads them: a newer version of the format tries again. */
async function readKnownNames(
  db: Kysely<Database>,
  municipality: string,
  format: string,
  version: number,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('statement_files')
    .select('name')
    .where('municipality', '=', municipality)
    .where('origin', '=', 'service')
    .where('format', '=', format)
    .where((eb) => eb.or([eb('status', 'in', ['received', 'late']), eb('format_version', '=', version)]))
    .execute();
  return new Set(rows.map(({ name }) => name));
}
