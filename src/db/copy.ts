/** COPY FROM STDIN: the quickest way into a table, for rows that are many. */
import { CompiledQuery, type Kysely } from 'kysely';
import type pg from 'pg';
import type { Database } from './schema.ts';

/** Null is `\N`; tabs, line ends and backslashes are escaped, as COPY's text format has it. */
export function copyLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(plain).join('\t')}\n`;
}

const ESCAPES: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

function plain(value: string | number | boolean | null): string {
  if (value === null) return '\\N';
  return typeof value === 'string'
    ? value.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found)
    : String(value);
}

interface CopyConnection {
  stream: { writableNeedDrain: boolean; once(event: 'drain', listener: () => void): unknown };
  query(text: string): void;
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/**
 * One COPY, `target` being a table with or without columns. pg sends what a query object hands it; chunks wait for
 * the socket, so that memory holds one of them and not the whole.
 * @throws what PostgreSQL says
 */
export async function copyInto(
  client: pg.Client,
  target: string,
  chunks: Iterable<string | Buffer>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ignore = (): void => undefined;
  // With a limit of its own (`query_timeout`) pg puts what ends its clock here.
  const ended = (): void => (query as { callback?: () => void }).callback?.();
  const iterator = chunks[Symbol.iterator]() as Iterator<string | Buffer, undefined>;
  const pump = (connection: CopyConnection): void => {
    try {
      send(connection);
    } catch (error) {
      // The lines themselves could not be made: the server forgets what it has of them.
      connection.sendCopyFail(String(error));
    }
  };
  const send = (connection: CopyConnection): void => {
    for (;;) {
      const { done, value } = iterator.next();
      if (done === true) {
        connection.endCopyFrom();
        return;
      }
      connection.sendCopyFromChunk(typeof value === 'string' ? Buffer.from(value) : value);
      if (connection.stream.writableNeedDrain) {
        connection.stream.once('drain', () => pump(connection));
        return;
      }
    }
  };
  const query = {
    submit: (connection: CopyConnection) => connection.query(`COPY ${target} FROM STDIN`),
    handleCopyInResponse: pump,
    handleError: (error: Error) => {
      reject(error);
      ended();
    },
    handleReadyForQuery: () => {
      resolve();
      ended();
    },
    handleCommandComplete: ignore,
    handleRowDescription: ignore,
    handleDataRow: ignore,
    handlePortalSuspended: ignore,
    handleEmptyQuery: ignore,
    handleCopyData: ignore,
  };
  client.query(query as unknown as pg.Submittable);
  await promise;
}

/** Marks the lines of a COPY among a query's parameters: so it goes the way of every query, also in a transaction. */
const COPY = Symbol('lines of a COPY');

/** Copies lines (`copyLine`) into a table, or some columns of it, on the connection that `db` has: a transaction's. */
export async function copyRows(db: Kysely<Database>, target: string, lines: Iterable<string>): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(target, [COPY, lines]));
}

/** A connection of a pool learns what `copyRows` asks of it. */
export function teachCopy(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const copy = async (target: string, [, lines]: readonly unknown[]): Promise<unknown> => {
    await copyInto(client, target, lines as Iterable<string>);
    return { command: 'COPY', rowCount: null, rows: [] };
  };
  const isCopy = (values: unknown): values is readonly unknown[] =>
    Array.isArray(values) && values[0] === COPY;
  Object.assign(client, {
    query: (text: unknown, values?: unknown, ...rest: unknown[]) =>
      isCopy(values) ? copy(text as string, values) : query(text, values, ...rest),
  });
}
