/** What whoever helps on the telephone wants to know of a counter: versions, where its record stands, its last trace. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { platform, release } from 'node:os';
import type { Journal } from '../journal/journal.ts';

/** What `GET /api/support` answers; how things are just now is in the stream of events. */
export interface Support {
  facts: readonly { nameJa: string; value: string }[];
  traces: readonly LastTrace[];
}

/** The end of a terminal's line trace, masked by its driver as it was written. */
export interface LastTrace {
  terminal: string;
  /** Null: none is kept, or there is nothing in it yet. */
  lines: readonly string[] | null;
}

export interface SupportSources {
  journal: Journal;
  terminals: readonly { id: string; model: string; traceFile: string | undefined }[];
  catalogueVersion: () => string;
}

const TRACE_LINES = 40;
/** More than that many lines are long. */
const TRACE_BYTES = 16_384;

/** What a person is asked for on the telephone: no person, no key, no amount. */
export function describeSupport({ journal, terminals, catalogueVersion }: SupportSources): Support {
  const { sequence, at, hash } = journal.head;
  return {
    facts: [
      { nameJa: '窓口の版', value: readVersion() },
      { nameJa: 'Node.js', value: `${process.version} (${platform()} ${release()})` },
      { nameJa: '団体・カウンター', value: `${journal.municipality} ${journal.counter} (${journal.book})` },
      { nameJa: '記録の番号', value: journal.journalId },
      { nameJa: '最後の記録', value: `${sequence} ${at ?? ''} ${hash.slice(0, 12)}` },
      { nameJa: '料金表の版', value: catalogueVersion() },
      ...terminals.map(({ id, model }) => ({ nameJa: `端末 ${id}`, value: model })),
    ],
    traces: terminals.map(({ id, traceFile }) => ({
      terminal: id,
      lines: traceFile === undefined ? null : readLastLines(traceFile),
    })),
  };
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Null where it can't be read: help must not depend on it. */
function readLastLines(path: string): string[] | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TRACE_BYTES);
    const end = Buffer.alloc(size - from);
    readSync(file, end, 0, end.length, from);
    const lines = end
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    // What was cut in the middle is no line.
    return (from === 0 ? lines : lines.slice(1)).slice(-TRACE_LINES);
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
