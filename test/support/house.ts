/** The whole program (house-process.ts) on a database of the run's own cluster. */
import type { Cleanup } from './cleanup.ts';
import { waitForTerminal } from './clerk.ts';
import { makeFolder } from './folder.ts';
import { startHouseProcess, type House } from './house-process.ts';
import { openTestDatabase, type TestDatabase } from './postgres.ts';

export type { House } from './house-process.ts';

export interface HouseWithDatabase extends House {
  db: TestDatabase['db'];
}

/** The database of a data folder, which each start in it finds again. */
interface Shared extends Pick<TestDatabase, 'db' | 'url'> {
  /** Started on it, and not yet left. */
  houses: number;
  drop: () => unknown;
}

const databases = new Map<string, Promise<Shared>>();

/** A house in a new folder, once its first terminal is ready. */
export async function openHouse(
  t: Cleanup,
  environment: Record<string, string> & { DATABASE_URL?: never } = {},
): Promise<HouseWithDatabase> {
  const house = await startWithDatabase(t, makeFolder(t), environment);
  await waitForTerminal(house, 'ready');
  return house;
}

/**
 * Starts a house and waits until it has printed its addresses. Stopped after the test, whatever became of it. The
 * PostgreSQL that a trial brings along would take as much of a core again as all the rest of a start.
 */
export function startHouse(
  t: Cleanup,
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<House> {
  const start = 'DATABASE_URL' in environment ? startHouseProcess : startWithDatabase;
  return start(t, dataDir, environment);
}

async function startWithDatabase(
  t: Cleanup,
  dataDir: string,
  environment: Record<string, string>,
): Promise<HouseWithDatabase> {
  const opening = databases.get(dataDir) ?? openShared();
  databases.set(dataDir, opening);
  const shared = await opening;
  shared.houses += 1;
  // Undone in one order or the other: in both the database goes with the last house.
  const leave = async (): Promise<void> => {
    shared.houses -= 1;
    if (shared.houses > 0) return;
    databases.delete(dataDir);
    await shared.drop();
  };
  const stops: (() => unknown)[] = [];
  t.after(async () => {
    for (const stop of stops) await stop();
    await leave();
  });
  const house = await startHouseProcess({ after: (stop) => void stops.push(stop) }, dataDir, {
    ...environment,
    DATABASE_URL: shared.url,
  });
  return { ...house, db: shared.db };
}

async function openShared(): Promise<Shared> {
  let drop: Shared['drop'] = () => undefined;
  const { db, url } = await openTestDatabase({
    after(undo) {
      drop = undo;
    },
  });
  return { db, url, houses: 0, drop };
}
