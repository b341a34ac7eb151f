/** Opens what the counter keeps of its tablets, and finds how the LAN reaches it. */
import { join } from 'node:path';
import type { Journal } from '../journal/journal.ts';
import type { Tls } from '../tls/tls.ts';
import type { LanReach } from './routes.ts';
import { openSightings } from './sightings.ts';
import { createTablets, type Tablets } from './tablets.ts';

/** The tablets of one counter; when each was last seen is kept in `dataDir`, beside the journal. */
export function openTablets(options: {
  journal: Journal;
  dataDir: string;
  now: () => Date;
  onError: (what: string, error: unknown) => void;
}): Tablets {
  const sightings = openSightings(join(options.dataDir, 'tablets-seen.json'), options.onError);
  return createTablets({ ...options, sightings });
}

/** At `port`, by the names of the certificate. */
export const reachOf = (tls: Tls, port: number): LanReach => ({
  urls: () => tls.names().map((name) => `https://${name}:${port}`),
  authority: tls.authority,
  fingerprint: () => tls.fingerprint(),
});
