/** When each tablet was last here, in a small file of its own: too often for the journal, and worth no flush. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Sightings } from './tablets.ts';

const WRITTEN_EVERY_MS = 5 * 60_000;

/** A file that is lost or torn costs the times alone. */
export function openSightings(path: string, onError: (what: string, error: unknown) => void): Sightings {
  const seen = new Map(Object.entries(readSeen(path)));
  let writtenAt = 0;
  return {
    of: (id) => seen.get(id) ?? null,
    note(id, at) {
      seen.set(id, at);
      if (Math.abs(Date.parse(at) - writtenAt) < WRITTEN_EVERY_MS) return;
      writtenAt = Date.parse(at);
      try {
        writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(seen)), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        onError('when tablets were last here could not be kept', error);
      }
    },
  };
}

function readSeen(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch {
    // Not there yet, or torn: it is written again with the next sighting.
    return {};
  }
}
