/** COPY FROM STDIN: the quickest way into a table, for rows that are many. */
import type pg from 'pg';

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
  const iterator = chunks[Symbol.iterator]() as Iterator<string | Buffer, undefined>;
  const pump = (connection: CopyConnection): void => {
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
  client.query({
    submit: (connection: CopyConnection) => connection.query(`COPY ${target} FROM STDIN`),
    handleCopyInResponse: pump,
    handleError: reject,
    handleReadyForQuery: () => resolve(),
    handleCommandComplete: ignore,
    handleRowDescription: ignore,
    handleDataRow: ignore,
    handlePortalSuspended: ignore,
    handleEmptyQuery: ignore,
    handleCopyData: ignore,
  } as unknown as pg.Submittable);
  await promise;
}
