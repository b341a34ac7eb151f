/** What the crash points are looked for in: one operation each, with whatever the terminal may make of it. */
import { faultsSchema, type FaultInput } from '../../drivers/zvt/virtual/faults.ts';
import type { ScriptStep } from '../../drivers/zvt/virtual/resident.ts';
import type { SaleRequest } from '../../src/payments/checks.ts';
import { returnOf, saleOf } from './clerk.ts';
import { PRICE_YEN } from './counter.ts';
import { holdBackYes } from './held-back.ts';
import { isQuiet } from './peace.ts';
import type { World, WorldOptions } from './world.ts';

export interface Scene extends Pick<
  WorldOptions,
  'line' | 'autoReversal' | 'messageIds' | 'databaseMs' | 'strike'
> {
  name: string;
  kind: 'sale' | 'return' | 'drain' | 'start' | 'closing';
  /** A service manager starts a dead service at once, a clerk switches the PC on after a while. */
  restartAfterMs: number;
  /** What is there before; nothing goes wrong yet. */
  prepare(world: World): Promise<void>;
  begin(world: World): void;
  /** What happens while the counter is down, just before it is started again. */
  whileDown?: (world: World) => void;
  /** Not only at rest, but done; left out: at rest is done. */
  isOver?: (world: World) => boolean;
  /** What else has to be so in the end. */
  check?: (world: World) => void;
  /** What is on record in the end if nothing goes wrong. */
  ends: string[];
}

export type Setting = Pick<Scene, 'line' | 'autoReversal' | 'messageIds' | 'restartAfterMs'>;

const VISA: ScriptStep['do'] = { act: 'present', brand: 'visa' };

/** What is on record in the end; it may depend on what the terminal does with an approval that nobody acknowledged. */
type Ends = string | Record<Setting['autoReversal'], string>;

interface Outcome {
  name: string;
  step: ScriptStep;
  sale?: Partial<SaleRequest>;
  ends: Ends;
  /** Played on every line and with every reversal. */
  isEverywhere?: true;
}

/** What residents do, and how it ends. */
const OUTCOMES: Outcome[] = [
  { isEverywhere: true, name: 'approved', step: step(VISA), ends: 'approved' },
  { name: 'declined', step: step({ act: 'refuse' }), ends: 'declined' },
  {
    name: 'too little on it',
    step: step({ act: 'insufficient', brand: 'waon' }),
    ...emoney('waon'),
    ends: 'declined',
  },
  { name: 'stopped by the resident', step: step({ act: 'stop' }), ends: 'cancelled' },
  {
    name: 'taken away early: pending',
    step: step({ act: 'leave_early', brand: 'waon' }),
    ...emoney('waon'),
    ends: 'unknown',
  },
  {
    name: 'taken away early: stored',
    step: step({ act: 'leave_early', brand: 'nanaco' }),
    ...emoney('nanaco'),
    ends: 'approved',
  },
  {
    name: 'taken away early: reversed',
    step: step({ act: 'leave_early', brand: 'id' }),
    ...emoney('id'),
    ends: { immediate: 'not_charged', deferred: 'not_charged', none: 'unknown' },
  },
  {
    isEverywhere: true,
    name: 'unplugged when approved',
    step: { ...step(VISA), pullCableAt: 'approved' },
    ends: { immediate: 'not_charged', deferred: 'approved', none: 'unknown' },
  },
  {
    name: 'unplugged when stored',
    step: { ...step(VISA), pullCableAt: 'stored' },
    ends: 'approved',
  },
];

interface ReturnOutcome {
  name: string;
  kind: 'void' | 'refund';
  faults?: FaultInput[];
  step?: ScriptStep;
  ends: Ends;
  isEverywhere?: true;
}

/** A void needs no card; a refund does. */
const RETURNS: ReturnOutcome[] = [
  { name: 'a void', kind: 'void', ends: 'approved' },
  { name: 'a void without the host', kind: 'void', faults: [{ fault: 'host_down' }], ends: 'declined' },
  {
    name: 'a void unplugged when approved',
    kind: 'void',
    faults: [{ fault: 'pull_cable', at: 'approved', command: '0630' }],
    ends: { immediate: 'unknown', deferred: 'approved', none: 'unknown' },
    isEverywhere: true,
  },
  {
    name: 'a void unplugged when stored',
    kind: 'void',
    faults: [{ fault: 'pull_cable', at: 'stored', command: '0630' }],
    ends: 'approved',
  },
  { name: 'a refund', kind: 'refund', step: step(VISA), ends: 'approved' },
  { name: 'a refund that is declined', kind: 'refund', step: step({ act: 'refuse' }), ends: 'declined' },
  {
    name: 'a refund unplugged when approved',
    kind: 'refund',
    step: { ...step(VISA), pullCableAt: 'approved' },
    ends: { immediate: 'not_charged', deferred: 'approved', none: 'unknown' },
  },
  {
    name: 'a refund unplugged when stored',
    kind: 'refund',
    step: { ...step(VISA), pullCableAt: 'stored' },
    ends: 'approved',
  },
];

function step(act: ScriptStep['do']): ScriptStep {
  return { do: act, afterMs: 100 };
}

function emoney(brand: string): { sale: Partial<SaleRequest> } {
  return { sale: { method: 'emoney', brand } };
}

export const SETTINGS: [Setting, ...Setting[]] = [
  { line: 'serial', autoReversal: 'immediate', messageIds: true, restartAfterMs: 300 },
  { line: 'stream', autoReversal: 'immediate', messageIds: false, restartAfterMs: 90_000 },
  { line: 'serial', autoReversal: 'deferred', messageIds: false, restartAfterMs: 300 },
  { line: 'stream', autoReversal: 'none', messageIds: true, restartAfterMs: 300 },
];

/** All of them, but closings (closing-scenes.ts). */
export function createScenes(): Scene[] {
  const [first, ...others] = SETTINGS;
  return [
    ...OUTCOMES.map((outcome) => saleScene(first, outcome)),
    firstStartScene(first),
    firstSaleScene(first, 'the very first sale of a terminal'),
    firstSaleScene(first, 'the very first sale of a terminal that settles unseen and forgets', settleUnseen),
    drainScene(first),
    ...RETURNS.map((outcome) => returnScene(first, outcome)),
    // Wherever the counter dies in them, money may have been taken that it has not heard of.
    ...SETTINGS.filter(({ line }) => line === 'serial').map((setting) => ({
      ...saleScene(setting, {
        name: 'an older yes is taken for an acknowledgement',
        step: step(VISA),
        ends: 'approved',
      }),
      strike: holdBackYes(setting.line),
    })),
    // Where reversals and lines make a difference.
    ...others.flatMap((setting) => [
      ...OUTCOMES.filter(({ isEverywhere }) => isEverywhere).map((outcome) => saleScene(setting, outcome)),
      ...RETURNS.filter(({ isEverywhere }) => isEverywhere).map((outcome) => returnScene(setting, outcome)),
    ]),
  ];
}

export const nameOf = ({ line, autoReversal }: Setting, what: string): string =>
  `${what} (${line}, ${autoReversal})`;

export async function open(world: World): Promise<void> {
  world.cable.plug();
  world.start();
  await world.until(() => isQuiet(world), 60_000);
}

/** A sale that went well: the terminal has something to remember. */
export async function sellBefore(world: World, quantity: number): Promise<void> {
  world.farEnd.machine.resident.plan({ steps: [step(VISA)], repeat: false });
  world.clerk.press(saleOf(`before-${quantity}`, quantity));
  await world.until(() => !isQuiet(world), 1_000);
  await world.until(() => isQuiet(world), 60_000);
}

function saleScene(setting: Setting, { name, step: act, sale, ends }: Outcome): Scene {
  return {
    ...setting,
    kind: 'sale',
    name: nameOf(setting, name),
    async prepare(world) {
      await open(world);
      await sellBefore(world, 1);
    },
    begin(world) {
      world.farEnd.machine.resident.plan({ steps: [act, step(VISA)], repeat: false });
      world.clerk.press(saleOf('sale', 2, sale));
    },
    ends: ['approved', typeof ends === 'string' ? ends : ends[setting.autoReversal]],
  };
}

function returnScene(setting: Setting, { name, kind, faults = [], step: act, ends }: ReturnOutcome): Scene {
  return {
    ...setting,
    kind: 'return',
    name: nameOf(setting, name),
    async prepare(world) {
      await open(world);
      await sellBefore(world, 1);
      await sellBefore(world, 2);
    },
    begin(world) {
      const { resident, faults: plan } = world.farEnd.machine;
      resident.plan({ steps: act === undefined ? [] : [act, step(VISA)], repeat: false });
      plan.plan(faultsSchema.parse({ faults }).faults);
      world.clerk.giveBack('before-1', returnOf(kind, PRICE_YEN));
    },
    ends: ['approved', 'approved', typeof ends === 'string' ? ends : ends[setting.autoReversal]],
  };
}

/** The very first start: the journal is made, and the terminal's totals are read. */
function firstStartScene(setting: Setting): Scene {
  return {
    ...setting,
    kind: 'start',
    name: nameOf(setting, 'the first start'),
    prepare(world) {
      world.cable.plug();
      return Promise.resolve();
    },
    begin: (world) => world.start(),
    ends: [],
  };
}

/** Nothing was sold before: the terminal has no other payment to remember. */
function firstSaleScene(setting: Setting, name: string, whileDown?: Scene['whileDown']): Scene {
  return {
    ...setting,
    kind: 'sale',
    name: nameOf(setting, name),
    async prepare(world) {
      await open(world);
      world.farEnd.machine.settings.forgetsSettled = true;
    },
    begin(world) {
      world.farEnd.machine.resident.plan({ steps: [step(VISA), step(VISA)], repeat: false });
      world.clerk.press(saleOf('sale', 2));
    },
    ...(whileDown && { whileDown }),
    ends: ['approved'],
  };
}

/** The host's own 日計, as soon as the terminal is idle: no register hears of it. */
function settleUnseen({ farEnd: { machine, book } }: World): void {
  if (!machine.isInDialogue) book.settle(machine.settings.restartsReceipts);
}

/** Sales of a day without PostgreSQL, drained when it is back. */
function drainScene(setting: Setting): Scene {
  let isGone = false;
  return {
    ...setting,
    kind: 'drain',
    name: nameOf(setting, 'the drain'),
    databaseMs() {
      if (isGone) throw new Error('no connection');
      return 20;
    },
    async prepare(world) {
      isGone = false;
      await open(world);
      isGone = true;
      for (const quantity of [1, 2]) {
        world.farEnd.machine.resident.plan({ steps: [step(VISA)], repeat: false });
        world.clerk.press(saleOf(`before-${quantity}`, quantity));
        await world.until(() => false, 10_000);
      }
    },
    begin() {
      isGone = false;
    },
    ends: ['approved', 'approved'],
  };
}
