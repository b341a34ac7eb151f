/** When nothing disturbs a counter any more: whether it is at rest, and what it has left open. */
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { Deed } from './judge.ts';
import type { World } from './world.ts';

/** In use again, nothing under way, and whatever is unknown has been asked about. */
export function isQuiet({ counter, clerk, cable, judge }: World): boolean {
  if (counter === undefined || clerk.waits || cable.path === undefined) return false;
  for (const { onRecord } of judge.deeds()) if (onRecord.state === 'armed') return false;
  const { drain, payments } = counter;
  return (
    drain.status.state === 'synced' &&
    payments.terminalStatus().every((terminal) => terminal.state === 'ready')
  );
}

/** Queries go on: what the first of them could not tell, a later one may. */
const PATIENCE_MS = 10 * 60_000;

/** Reports what stays unknown although the terminal could tell, and whatever the drain lost or doubled. */
export async function findUnresolved(world: World): Promise<void> {
  const { judge } = world;
  const unresolved = (): Deed[] =>
    [...judge.deeds()].filter((deed) => deed.onRecord.state === 'unknown' && isTellable(world, deed));
  if (unresolved().length > 0) await world.until(() => unresolved().length === 0, PATIENCE_MS);
  for (const { id, onRecord } of unresolved())
    judge.report('unresolved', `${id} is unknown: ${onRecord.reason}`);
  for (const { id, onRecord } of judge.deeds()) {
    if (onRecord.state === 'armed') judge.report('unresolved', `${id} is still armed`);
  }
  checkArchive(world);
}

/**
 * Whether the terminal can tell what became of it: not what only the card knows (処理未了), not what a terminal
 * without reversals has forgotten, and nothing if it has no payment to show.
 */
function isTellable({ options: { autoReversal }, farEnd }: World, { onRecord, taken }: Deed): boolean {
  const { forgetsSettled } = farEnd.machine.settings;
  if (!farEnd.book.entries().some((entry) => isShown(entry, forgetsSettled))) return false;
  const states = [...taken.values()].map(({ state }) => state);
  if (states.includes('pending')) return false;
  // That a void was not made no terminal tells; it makes none twice.
  if (onRecord.armed.kind === 'void') return states.includes('stored');
  return autoReversal !== 'none' || states.includes('stored');
}

const isShown = ({ state, settled }: BookEntry, forgetsSettled: boolean): boolean =>
  (state === 'stored' || state === 'pending') && !(settled && forgetsSettled);

/** Every event that was ever durable has arrived, once and in order, and the journal still ends with the last. */
export function checkArchive({ counter, archive, judge }: World): void {
  if (counter === undefined) return;
  const { journal, drain } = counter;
  if (drain.status.state !== 'synced') judge.report('unresolved', `the drain is ${drain.status.state}`);
  const { committed } = judge;
  const arrived = archive.eventsOf(journal.journalId);
  const isSame =
    arrived.length === committed.length && arrived.every(({ hash }, at) => hash === committed[at]);
  if (!isSame || journal.head.hash !== committed.at(-1))
    judge.report('lost', 'the city has another record than the counter');
}
