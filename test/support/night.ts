/** A night's work in a process of its own, which a test can kill: `node night.ts URL INSTANT`. Prints what became of it. */
import { openDb } from '../../src/db/db.ts';
import { runNight } from '../../src/reconcile/night.ts';
import { nightSteps } from '../../src/reconcile/office.ts';
import { testGrain } from './grain.ts';
import { MUNICIPALITY } from './postgres-cluster.ts';

const [, , url = '', instant = ''] = process.argv;
const now = new Date(instant);
const onLost = (error: Error): void => {
  throw error;
};
const db = openDb(url, onLost, MUNICIPALITY);
const steps = nightSteps(
  db,
  MUNICIPALITY,
  () => testGrain,
  () => now,
);
const outcome = await runNight(db, MUNICIPALITY, { now, cause: 'night', office: 'killed', steps });
process.stdout.write(`${outcome.kind}\n`);
await db.destroy();
