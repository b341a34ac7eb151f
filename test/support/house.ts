/** The whole program (house-process.ts) on a database of the run's own cluster. */
import type { Cleanup } from './cleanup.ts';
import { startHouseProcess, type House } from './house-process.ts';
import { openTestDatabase } from './postgres.ts';

export type { House } from './house-process.ts';

/** The database of a data folder, which each start in it finds again. */
interface Shared {
  url: string;
  /** Started on it, and not yet left. */
  houses: number;
  drop: () => unknown;
}

const databases = new Map<string, Promise<Shared>>();

/**
 * Starts a house and waits until it has printed its addresses. Stopped after the test, whatever became of it. The
 * PostgreSQL that a trial brings along would take as much of a core again as all the rest of a start.
 */
export async function startHouse(
  t: Cleanup,
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<House> {
  if ('DATABASE_URL' in environment) return startHouseProcess(t, dataDir, environment);
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
  return startHouseProcess({ after: (stop) => void stops.push(stop) }, dataDir, {
    ...environment,
    DATABASE_URL: shared.url,
  });
}

async function openShared(): Promise<Shared> {
  let drop: Shared['drop'] = () => undefined;
  const { url } = await openTestDatabase({
    after(undo) {
      drop = undo;
    },
  });
  return { url, houses: 0, drop };
}
