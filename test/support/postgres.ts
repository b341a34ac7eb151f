/**
 * A database of its own for one test. `npm test` starts one cluster for all files and names it in the environment; a
 * file that is run by itself starts one of its own.
 */
import { after } from 'node:test';
import type { Cleanup } from './cleanup.ts';
import { openDatabaseOn, startTestCluster, type TestCluster, type TestDatabase } from './postgres-cluster.ts';

export { MUNICIPALITY, type TestDatabase } from './postgres-cluster.ts';

let own: Promise<TestCluster> | undefined;

after(async () => (await own)?.stop());

/** Migrated and with the sample fees; or `empty`, which only its owner can use. Gone after the test. */
export async function openTestDatabase(
  t: Cleanup,
  content: 'sample' | 'empty' = 'sample',
): Promise<TestDatabase> {
  const clusterUrl = process.env['MADOGUCHI_TEST_PG'] ?? (await (own ??= startTestCluster())).url;
  return openDatabaseOn(clusterUrl, t, content);
}
