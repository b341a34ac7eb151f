/**
 * START. Several screens at one counter, and fewer terminals: who has one, and who is next. Order only, in memory: what
 * is paid is the payments' matter, and two payments never have one terminal whatever is said here.
 *
 * Whoever waits presses again when the turn has come: a terminal that lit up by itself with the next amount would be
 * touched by whoever still stands before it. A turn that is not taken holds up nobody for longer than half a minute.
 */
import { AppError } from '../errors.ts';
import type { Live, TerminalStatus, TurnsStatus, WaitingScreen } from '../live.ts';
import type { PaymentView } from '../payments/view.ts';

/** So long the first in the queue has a free terminal for itself. */
const KEPT_FOR_MS = 30_000;
/** So long a press waits for a terminal that is only being asked something; one that stays silent takes longer. */
const ASKED_FOR_MS = 3_000;

export interface Turns {
  status(): TurnsStatus;
  /** A screen has opened its stream. Returns what to call when that ends: with it its place in the queue is gone. */
  arrive(screen: string, name: string): () => void;
  /** Joins the queue, or changes the amount and keeps the place. */
  wait(screen: string, amountYen: number, clerk: string): void;
  leave(screen: string): void;
  /**
   * A terminal that is asked how it is, or about another payment, is free in a moment: resolves then, or when it takes too
   * long, so that a press need not be made again. Nobody waits here for a terminal that is paying.
   */
  untilAsked(): Promise<void>;
  /** @throws AppError `not_your_turn` while others are before this screen for the terminals that are free */
  refuseBefore(screen: string | undefined): void;
  /** This screen has had its turn; its payment may have ended already. */
  taken(screen: string | undefined, paymentId: string, isUnderWay: boolean): void;
}

export interface TurnsOptions {
  live: Live;
  terminals: () => readonly TerminalStatus[];
  /** A payment is under way on one of them. */
  isPaying: () => boolean;
  now: () => Date;
}

/** Nobody waits yet, and nobody is remembered: a restart lets whoever presses first go first. */
export function createTurns(options: TurnsOptions): Turns {
  const { live, now } = options;
  const screens = createScreens();
  const holders = new Map<string, string>();
  let waiting: readonly WaitingScreen[] = [];
  let freeSince = 0;
  const tell = (): void => live.publish('turns', turns.status());
  const keep = (left: readonly WaitingScreen[]): void => {
    waiting = left;
    tell();
  };
  const without = (screen: string): WaitingScreen[] => waiting.filter((each) => each.screen !== screen);
  followLive(live, holders, () => {
    freeSince = now().getTime();
    tell();
  });
  const turns: Turns = {
    status: () => ({
      waiting: [...waiting],
      holding: [...holders].map(([paymentId, screen]) => ({
        paymentId,
        screen,
        name: screens.nameOf(screen),
      })),
    }),
    arrive(screen, name) {
      screens.arrive(screen, name);
      return () => {
        if (screens.depart(screen)) turns.leave(screen);
      };
    },
    wait(screen, amountYen, clerk) {
      const known = waiting.find((each) => each.screen === screen);
      const since = known?.since ?? now().toISOString();
      const place = { screen, name: screens.nameOf(screen), clerk, amountYen, since };
      keep(
        known === undefined ? [...waiting, place] : waiting.map((each) => (each === known ? place : each)),
      );
    },
    leave(screen) {
      if (waiting.some((each) => each.screen === screen)) keep(without(screen));
    },
    untilAsked: () => untilAsked(options),
    refuseBefore: (screen) => refuseBefore(screen, waiting, freeSince, options),
    taken(screen, paymentId, isUnderWay) {
      if (screen === undefined) return;
      if (isUnderWay) holders.set(paymentId, screen);
      keep(without(screen));
    },
  };
  return turns;
}

async function untilAsked({ live, terminals, isPaying }: TurnsOptions): Promise<void> {
  const isAsked = (): boolean => {
    const states = terminals().map(({ state }) => state);
    return states.includes('busy') && !states.includes('ready') && !isPaying();
  };
  if (!isAsked()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(resolve, ASKED_FOR_MS);
  const unsubscribe = live.subscribe((name) => {
    if (name === 'terminal' && !isAsked()) resolve();
  });
  await promise;
  clearTimeout(patience);
  unsubscribe();
}

/** @throws AppError `not_your_turn` */
function refuseBefore(
  screen: string | undefined,
  waiting: readonly WaitingScreen[],
  freeSince: number,
  { terminals, now }: TurnsOptions,
): void {
  const [first] = waiting;
  const free = terminals().filter(({ state }) => state === 'ready').length;
  // Where none is free the sale is refused for that.
  if (first === undefined || free === 0) return;
  const place = waiting.findIndex((each) => each.screen === screen);
  const ahead = place < 0 ? waiting.length : place;
  const keptSince = Math.max(freeSince, Date.parse(first.since));
  if (ahead < free || now().getTime() - keptSince >= KEPT_FOR_MS) return;
  throw new AppError('not_your_turn', { name: first.name, clerk: first.clerk });
}

interface Screens {
  nameOf(screen: string): string;
  arrive(screen: string, name: string): void;
  /** True: that was its last stream. */
  depart(screen: string): boolean;
}

/** The screens whose pages are open. One that nobody has named is called by the lowest number that is free. */
function createScreens(): Screens {
  const screens = new Map<string, { name: string; streams: number }>();
  const freeName = (): string => {
    const names = new Set([...screens.values()].map(({ name }) => name));
    for (let number = 1; ; number += 1) if (!names.has(`画面${number}`)) return `画面${number}`;
  };
  return {
    nameOf: (screen) => screens.get(screen)?.name ?? '',
    arrive(screen, name) {
      const known = screens.get(screen);
      const called = name === '' ? (known?.name ?? freeName()) : name;
      screens.set(screen, { name: called, streams: (known?.streams ?? 0) + 1 });
    },
    depart(screen) {
      const known = screens.get(screen);
      if (known === undefined) return false;
      known.streams -= 1;
      return known.streams === 0 && screens.delete(screen);
    },
  };
}

/** A payment that has ended, or a terminal that is back, is the next one's turn. */
function followLive(live: Live, holders: Map<string, string>, onFree: () => void): void {
  const states = new Map<string, TerminalStatus['state']>();
  live.subscribe((name, value) => {
    if (name === 'payment') {
      const { id, state } = value as PaymentView;
      if (state !== 'armed' && holders.delete(id)) onFree();
    }
    if (name === 'terminal') {
      const { id, state } = value as TerminalStatus;
      const before = states.get(id);
      states.set(id, state);
      // A look at how an idle terminal is makes it busy for a moment; that is nobody's turn.
      if (state === 'ready' && before !== undefined && before !== 'busy' && before !== 'ready') onFree();
    }
  });
}
