/** The people of a simulated day: residents at the terminal, and two clerks with one queue at one counter. */
import { businessDateOf } from '../../src/business-date.ts';
import type { ResidentAct, ScriptStep } from '../../drivers/zvt/virtual/resident.ts';
import { AppError } from '../../src/errors.ts';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { HANAKO, returnOf, saleOf, TARO } from './clerk.ts';
import type { Random } from '../../scripts/virtual/random.ts';
import type { Count } from './weather.ts';
import type { World } from './world.ts';

/** What the resident of the next sale does. */
export function nextResident(random: Random, isEmoney: boolean): ScriptStep {
  const afterMs = random.below(1_500);
  const luck = random.next();
  if (isEmoney) {
    const brand = random.pick(['waon', 'nanaco', 'id']);
    if (luck < 0.7) return { do: { act: 'present', brand }, afterMs };
    const leave: ScriptStep = { do: { act: 'leave_early', brand }, afterMs };
    return random.chance(0.5) ? { ...leave, touchAgainAfterMs: 500 } : leave;
  }
  return { do: cardAct(luck), afterMs };
}

function cardAct(luck: number): ResidentAct {
  if (luck < 0.8) return { act: 'present', brand: 'visa' };
  if (luck < 0.87) return { act: 'refuse' };
  if (luck < 0.94) return { act: 'insufficient' };
  return { act: luck < 0.97 ? 'stop' : 'walk_away' };
}

export interface Clerks {
  /** Sales that are still to come, or under way, and what somebody means to press again or to give back. */
  readonly areBusy: boolean;
}

const LOOKS_AGAIN_AFTER_MS = 1_000;
/** How often a clerk presses again on "not now" before the resident is sent to pay in cash. */
const PATIENCE = 8;

/** @param sales how many baskets each of them rings up */
export function createClerks(world: World, random: Random, sales: number, count: Count): Clerks {
  let left = 2;
  /** What somebody means to press besides: a second time, or to give back. */
  let meant = 0;
  const later = (ms: number, act: () => void): void => world.later(ms, act);
  const pressLater = (ms: number, act: () => void): void => {
    meant += 1;
    later(ms, () => {
      meant -= 1;
      act();
    });
  };
  const nextBasket = (clerk: string, number: number): void => {
    if (number > sales) {
      left -= 1;
      return;
    }
    later(500 + random.below(random.chance(0.1) ? 60_000 : 4_000), () => press(clerk, number));
  };
  const press = (clerk: string, number: number): void => {
    const sale = basketOf(random, `${clerk}-${number}`);
    const done = (): void => nextBasket(clerk, number + 1);
    if (random.chance(0.1)) {
      count('doubleClick');
      const againAfterMs = random.below(random.chance(0.5) ? 300 : 20_000);
      pressLater(againAfterMs, () => ask(world, sale, () => undefined));
    }
    if (random.chance(0.05)) {
      count('cancelled');
      later(random.below(3_000), () =>
        world.ask(
          ({ payments }) => payments.cancel(sale.id, HANAKO),
          () => undefined,
        ),
      );
    }
    pressUntilTaken(sale, PATIENCE, done);
  };
  const pressUntilTaken = (sale: SaleRequest, patience: number, done: () => void): void =>
    ask(world, sale, (answer) => {
      if (answer !== undefined && !(answer instanceof AppError)) {
        watch(sale, done);
        return;
      }
      // Without an answer it may have been taken: only the same id may be pressed again.
      if (answer === undefined) {
        later(LOOKS_AGAIN_AFTER_MS, () => pressUntilTaken(sale, patience, done));
        return;
      }
      if (answer.code === 'terminal_busy') count('twoClerks');
      const { paymentId } = answer.details as { paymentId?: string };
      if (answer.code === 'terminal_locked' && paymentId !== undefined) {
        world.ask(
          ({ payments }) => payments.desk.releaseLock(paymentId, TARO),
          () => undefined,
        );
      }
      if (DOUBTFUL_CLOCK.has(answer.code)) {
        world.ask(
          ({ payments }) => payments.clock.confirm(businessDateOf(world.counterClock()), TARO),
          () => undefined,
        );
      }
      const again = answer.code === 'same_sale_unknown' ? { ...sale, anotherResident: true } : sale;
      if (patience > 0 && NOT_NOW.has(answer.code)) {
        later(2_000 + random.below(3_000), () => pressUntilTaken(again, patience - 1, done));
      } else done();
    });
  const watch = (sale: SaleRequest, done: () => void): void => {
    const state = world.judge.find(sale.id)?.onRecord.state;
    if (state === 'armed') later(LOOKS_AGAIN_AFTER_MS, () => watch(sale, done));
    else {
      if (state === 'approved' && random.chance(0.1)) giveBack(sale);
      done();
    }
  };
  /** Some time after the sale; pressed twice, as clerks do. */
  const giveBack = ({ id, totalYen }: SaleRequest): void => {
    const request = returnOf(random.pick(['void', 'refund']), totalYen, `${id}-back`);
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times -= 1) {
      pressLater(1_000 + random.below(60_000), () =>
        world.ask(
          ({ payments }) => payments.afterwards.giveBack(id, request, HANAKO, null),
          () => undefined,
        ),
      );
    }
  };
  for (const clerk of ['a', 'b']) nextBasket(clerk, 1);
  return {
    get areBusy() {
      return left > 0 || meant > 0;
    },
  };
}

const DOUBTFUL_CLOCK = new Set(['clock_behind', 'clock_differs']);
const NOT_NOW = new Set([
  ...DOUBTFUL_CLOCK,
  ...['terminal_busy', 'terminal_locked', 'terminal_disconnected', 'same_sale_unknown'],
  ...['closing_now', 'settlement_open'],
]);

const ask = (
  world: World,
  sale: SaleRequest,
  hear: (answer: PaymentView | AppError | undefined) => void,
): void =>
  world.ask(
    ({ payments }) => payments.take(sale, HANAKO),
    (answer) => {
      if (answer !== undefined && !(answer instanceof AppError) && answer.id !== sale.id) {
        world.judge.report('doubled', `${sale.id} was pressed, and ${answer.id} was taken`);
      }
      hear(answer);
    },
  );

/** Half of the baskets are like others, so that one payment can be taken for another. */
function basketOf(random: Random, id: string): SaleRequest {
  const quantity = 1 + random.below(random.chance(0.5) ? 2 : 200);
  return random.chance(0.25)
    ? saleOf(id, quantity, { method: 'emoney', brand: random.pick(['waon', 'nanaco', 'id']) })
    : saleOf(id, quantity);
}
