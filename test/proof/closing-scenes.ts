/** Closings, as scenes: the terminal's totals are read, it is settled, and what stands on record must be so. */
import { faultsSchema, type FaultInput } from '../../drivers/zvt/virtual/faults.ts';
import type { Closing } from '../../src/closing/closing.ts';
import type { TerminalTotals } from '../../src/terminal/terminal.ts';
import { PACE } from '../../src/terminal/terminals.ts';
import { saleOf } from './clerk.ts';
import { nameOf, open, sellBefore, SETTINGS, type Scene, type Setting } from './scenes.ts';
import type { World } from './world.ts';

export function createClosingScenes(): Scene[] {
  const [first, second = first] = SETTINGS;
  return [
    closingScene(second, 'a closing'),
    numberedAnewScene(first),
    closingScene(second, 'a closing whose host is down at first', [{ fault: 'host_down', command: '0650' }]),
    saleMeanwhileScene(second),
    ownSettlementScene(first),
  ];
}

const TWO_SALES: Pick<Scene, 'kind' | 'prepare' | 'ends'> = {
  kind: 'closing',
  async prepare(world) {
    await open(world);
    await sellBefore(world, 1);
    await sellBefore(world, 2);
  },
  ends: ['approved', 'approved'],
};

/** 締め: totals, 日計, and the day's checkpoint. The clerk presses again until it is closed. */
function closingScene(setting: Setting, what: string, faults: FaultInput[] = []): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, what),
    begin(world) {
      world.farEnd.machine.faults.plan(faultsSchema.parse({ faults }).faults);
      world.clerk.close();
    },
    check: checkClosing,
  };
}

/** A resident comes while the day is being closed: the sale is before the 日計 or after the closing, never in between. */
function saleMeanwhileScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, 'a closing, and a sale pressed meanwhile'),
    begin(world) {
      world.farEnd.machine.resident.plan({
        steps: [{ do: { act: 'present', brand: 'visa' }, afterMs: 100 }],
        repeat: true,
      });
      world.clerk.close();
      world.later(10, () => world.clerk.press(saleOf('meanwhile', 3)));
    },
    check: checkClosing,
    ends: ['approved', 'approved', 'approved'],
  };
}

/** After the 日計 receipts begin at 0001: a sale of the first one's amount has its number, too. */
function numberedAnewScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, 'a closing, and a sale that has the number and the amount of one before it'),
    begin(world) {
      numberAnew(world);
      world.clerk.close();
      const sellOnceClosed = (): void => {
        if (isClosed(world)) world.clerk.press(saleOf('the same again', 1));
        else world.later(500, sellOnceClosed);
      };
      sellOnceClosed();
    },
    isOver: ({ judge }) => [...judge.deeds()].length === 3,
    check: checkClosing,
    ends: ['approved', 'approved', 'approved'],
  };
}

/**
 * The terminal settles by itself, at the first idle moment that it is asked how it is, and numbers anew; then somebody
 * pays what was paid under that number, and the counter closes.
 */
function ownSettlementScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(
      setting,
      'a settlement of the terminal’s own, the same number and amount again, and the closing',
    ),
    begin(world) {
      numberAnew(world);
      world.farEnd.machine.settings.endOfDayDue = true;
      world.later(HEALTH_IS_ASKED_WITHIN_MS, () => world.clerk.press(saleOf('the same again', 1)));
      world.later(HEALTH_IS_ASKED_WITHIN_MS + 10, () => world.clerk.close());
    },
    isOver: (world) => isClosed(world) && [...world.judge.deeds()].length === 3,
    ends: ['approved', 'approved', 'approved'],
    // It tells no totals: what it has settled is a difference then, or named as compared with nothing.
    check: checkCounts,
  };
}

/** As many terminals do it; the next resident has a card ready. */
function numberAnew({ farEnd: { machine } }: World): void {
  machine.settings.restartsReceipts = true;
  machine.resident.plan({
    steps: [{ do: { act: 'present', brand: 'visa' }, afterMs: 100 }],
    repeat: true,
  });
}

const isClosed = ({ counter }: World): boolean =>
  counter !== undefined && counter.journal.eventsOfType('closed').length > 0;

const HEALTH_IS_ASKED_WITHIN_MS = PACE.healthEveryMs + 5_000;

/** Every closing says what was on record. */
function checkCounts({ counter, judge }: World): void {
  const closed = counter?.journal.eventsOfType('closed') ?? [];
  if (closed.length === 0) judge.report('unresolved', 'the day was not closed');
  for (const { sequence, payload } of closed) {
    const { count, totalYen } = payload as Closing;
    const paid = [...judge.deeds()].filter(
      ({ onRecord }) => onRecord.state === 'approved' && onRecord.sequence < sequence,
    );
    const paidYen = sumOf(paid.map(({ onRecord }) => onRecord.armed.amountYen));
    if (count === paid.length && totalYen === paidYen) continue;
    judge.report(
      'wrongFinals',
      `closed with ${count} of ${totalYen} yen; on record: ${paid.length}, ${paidYen}`,
    );
  }
}

/** And what the terminal has settled is on record: it could not be had again. */
function checkClosing(world: World): void {
  checkCounts(world);
  const { counter, farEnd, judge } = world;
  const settledYen = sumOf(farEnd.book.entries().map(({ settled, amount }) => (settled ? amount : 0)));
  const keptYen = sumOf(settlementsOf(counter).map(({ totalYen }) => totalYen));
  if (keptYen !== settledYen)
    judge.report('lost', `${settledYen} yen were settled, and totals of ${keptYen} are on record`);
}

/** Of each period that we have settled, the last totals of it that are on record. */
function settlementsOf(counter: World['counter']): TerminalTotals[] {
  const journal = counter?.journal;
  const read = journal?.eventsOfType('totals') ?? [];
  const began = (journal?.eventsOfType('period_began') ?? []).filter(
    ({ payload }) => (payload as { because: string }).because === 'settled',
  );
  return began.flatMap(({ sequence }) => {
    const last = read.findLast((each) => each.sequence < sequence);
    return last === undefined ? [] : [(last.payload as { totals: TerminalTotals }).totals];
  });
}

const sumOf = (yen: readonly number[]): number => yen.reduce((sum, each) => sum + each, 0);
