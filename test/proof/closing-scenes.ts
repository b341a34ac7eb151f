/** Closings and settlements, as scenes: the day's totals are read, or cleared, and what stands on record must be so. */
import type { Closing } from '../../src/closing/closing.ts';
import type { TerminalTotals } from '../../src/terminal/terminal.ts';
import { PACE } from '../../src/terminal/terminals.ts';
import type { Counter } from './counter.ts';
import { nameOf, open, sellBefore, SETTINGS, type Scene, type Setting } from './scenes.ts';
import type { World } from './world.ts';

export function createClosingScenes(): Scene[] {
  const [first, second = first] = SETTINGS;
  return [
    ...[first, second].flatMap((setting) => [closingScene(setting), settlementScene(setting)]),
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

/** 締め: the terminal's totals, which it keeps, and the day's checkpoint. */
function closingScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, 'a closing'),
    begin: (world) => world.clerk.close(),
    check: checkClosing,
  };
}

/** 日計 by command: the terminal clears its totals once it hears that we have them. No screen of the house sends it yet. */
function settlementScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, 'a settlement'),
    begin: (world) => world.clerk.once(settle),
    check: checkSettlement,
  };
}

/** The terminal settles by itself, at the first idle moment that it is asked how it is; then the counter closes. */
function ownSettlementScene(setting: Setting): Scene {
  return {
    ...setting,
    ...TWO_SALES,
    name: nameOf(setting, 'a settlement of the terminal’s own before the closing'),
    begin(world) {
      world.farEnd.machine.settings.endOfDayDue = true;
      world.later(HEALTH_IS_ASKED_WITHIN_MS, () => world.clerk.close());
    },
    isOver: ({ counter }) => counter !== undefined && counter.journal.eventsOfType('closed').length > 0,
    check: checkClosing,
  };
}

const HEALTH_IS_ASKED_WITHIN_MS = PACE.healthEveryMs + 5_000;

function settle({ payments, journal }: Counter): void {
  const claim = payments.terminals.claim('1');
  if (typeof claim === 'string') throw new Error(`the terminal is ${claim}`);
  const record = (totals: TerminalTotals): void =>
    void journal.append('totals', null, { terminal: '1', totals, purpose: 'settlement' });
  // Whoever died, or could not record, is seen by what is left.
  claim.terminal
    .settle?.({}, record, () => undefined)
    .catch(() => undefined)
    .finally(() => claim.release());
}

/** Every closing says what is on record, and its totals what the terminal had not settled. */
function checkClosing({ counter, farEnd, judge }: World): void {
  const closed = counter?.journal.eventsOfType('closed') ?? [];
  if (closed.length === 0) judge.report('unresolved', 'the day was not closed');
  const paid = [...judge.deeds()].filter(({ onRecord }) => onRecord.state === 'approved');
  const paidYen = sumOf(paid.map(({ onRecord }) => onRecord.armed.amountYen));
  for (const { payload } of closed) {
    const { count, totalYen } = payload as Closing;
    if (count === paid.length && totalYen === paidYen) continue;
    judge.report(
      'wrongFinals',
      `closed with ${count} of ${totalYen} yen; on record: ${paid.length}, ${paidYen}`,
    );
  }
  const openYen = sumOf(farEnd.book.open().map(({ amount }) => amount));
  const read = counter?.journal.eventsOfType('totals').at(-1)?.payload as
    { totals: TerminalTotals } | undefined;
  if (read?.totals.totalYen !== openYen) {
    judge.report(
      'wrongFinals',
      `the totals on record are ${read?.totals.totalYen} yen, the terminal's ${openYen}`,
    );
  }
}

/** What the terminal has cleared is on record: it could not be had again. */
function checkSettlement({ counter, farEnd, judge }: World): void {
  const settledYen = sumOf(farEnd.book.entries().map(({ settled, amount }) => (settled ? amount : 0)));
  const recorded = (counter?.journal.eventsOfType('totals') ?? []).map(
    ({ payload }) => payload as { purpose: string; totals: TerminalTotals },
  );
  const isKept = recorded.some(
    ({ purpose, totals }) => purpose === 'settlement' && totals.totalYen === settledYen,
  );
  if (settledYen > 0 && !isKept)
    judge.report('lost', `${settledYen} yen were settled, and no totals are on record`);
}

const sumOf = (yen: readonly number[]): number => yen.reduce((sum, each) => sum + each, 0);
