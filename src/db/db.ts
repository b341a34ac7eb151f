/** The connection to PostgreSQL, with every value in the form that the rest of the house uses. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { teachCopy } from './copy.ts';
import { MUNICIPALITY_SETTING } from './own-rows.ts';
import type { Database } from './schema.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/**
 * How long a statement may take. `prompt`: somebody waits for it; `patient`: books of millions of rows are compared.
 * The server gives up first, so that the connection is usable again; our own limit is for a server that is gone.
 */
const STATEMENT_TIMEOUT_MS = { prompt: 25_000, patient: 600_000 };
/** Temporary tables of a million rows stay in memory; the server takes it only as they grow. Before the first of them. */
export const ROOM_FOR_BOOKS = '-c temp_buffers=512MB';
const GONE_AFTER_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 10;

/**
 * Opens a pool; connects when it is first asked. `destroy()` closes it.
 * `onLost`: a connection was cut (a restarted server, a pulled cable). The pool replaces it; without a listener pg
 * ends the process.
 * `municipality`: whose rows these connections see and write (own-rows.ts); left out: an owner's, or nobody's.
 */
export function openDb(
  url: string,
  onLost: (error: Error) => void,
  municipality?: string,
  pace: keyof typeof STATEMENT_TIMEOUT_MS = 'prompt',
): Kysely<Database> {
  const settings = [
    ...(municipality === undefined ? [] : [`-c ${MUNICIPALITY_SETTING}=${municipality}`]),
    ...(pace === 'patient' ? [ROOM_FOR_BOOKS] : []),
  ];
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'madoguchi',
    max: MAX_CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS[pace],
    query_timeout: STATEMENT_TIMEOUT_MS[pace] + GONE_AFTER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...(settings.length === 0 ? {} : { options: settings.join(' ') }),
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
  });
  pool.on('error', onLost);
  pool.on('connect', teachCopy);
  // A connection that is cut between two statements of a transaction is not idle, and would end the process too
  // (measured); the next statement on it fails, which is where it is answered.
  pool.on('connect', (client) => client.on('error', onLost));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * `date` stays `YYYY-MM-DD` (pg would make it a Date at local midnight: the day before in UTC), an instant becomes
 * ISO 8601 in UTC, and a bigint a number.
 */
const PARSERS: Record<number, (text: string) => unknown> = {
  [pg.types.builtins.DATE]: (text) => text,
  [pg.types.builtins.TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
  [pg.types.builtins.INT8]: safeInteger,
};

function parserFor(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return (
    PARSERS[oid] ??
    (pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown)(oid, format)
  );
}

/** @throws beyond 2^53 - 1, rather than being off by one. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} is too large for a safe integer`);
  return value;
}
