/** Who has a terminal and who is next, as this screen is to be told. Pure. */
import type { WaitingScreen } from '../../live.ts';
import { formatElapsed, formatYen } from '../shared/format.ts';
import type { LiveState } from '../counter/live.ts';

/** What another screen is doing with a terminal. */
export interface Holder {
  name: string;
  clerk: string;
  amountYen: number;
  /** ISO 8601, UTC. */
  since: string;
}

export interface Turn {
  holders: Holder[];
  waiting: readonly WaitingScreen[];
  /** This screen's place in the queue, from 1; null: it does not wait. */
  place: number | null;
  /** Others come first for the terminals that are free. */
  isBehind: boolean;
  /** It waits, and a terminal is free for it. */
  hasCome: boolean;
}

/** How this screen stands. @param me its `screenId` */
export function turnOf({ turns, payments, terminals }: LiveState, me: string): Turn {
  const armed = [...payments.values()].filter(({ state }) => state === 'armed');
  const holders = armed.flatMap(({ id, clerk, amountYen, armedAt }): Holder[] => {
    const holder = turns.holding.find(({ paymentId }) => paymentId === id);
    return holder?.screen === me ? [] : [{ name: holder?.name ?? '', clerk, amountYen, since: armedAt }];
  });
  const index = turns.waiting.findIndex(({ screen }) => screen === me);
  const free = terminals.filter(({ state }) => state === 'ready').length;
  const ahead = index < 0 ? turns.waiting.length : index;
  return {
    holders,
    waiting: turns.waiting,
    place: index < 0 ? null : index + 1,
    isBehind: free > 0 && ahead >= free,
    hasCome: index >= 0 && index < free,
  };
}

/**
 * As a press finds it: where nobody pays and nobody comes first, a terminal that is busy is only being asked something. The
 * service lets a press wait for that moment, so that it is no hindrance, and no reason to queue up.
 */
export function liveToPress(live: LiveState, me: string): LiveState {
  const isPaying = [...live.payments.values()].some(({ state }) => state === 'armed');
  const isFirst = [undefined, me].includes(live.turns.waiting[0]?.screen);
  if (isPaying || !isFirst || live.terminals.some(({ state }) => state === 'ready')) return live;
  const terminals = live.terminals.map((each) =>
    each.state === 'busy' ? { ...each, state: 'ready' as const } : each,
  );
  return { ...live, terminals };
}

export function holderWords({ name, clerk, amountYen, since }: Holder, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(since)) / 1000);
  const who = name === '' ? clerk : `${clerk}（${name}）`;
  return `端末は ${who} が ${formatYen(amountYen)} の支払いに使っています（${formatElapsed(seconds)}）。`;
}

/** `ひよこ組（保育 みどり） 2,500円 → この画面`; in the order of the queue. */
export function queueWords(waiting: readonly WaitingScreen[], me: string): string {
  return waiting
    .map(({ screen, name, clerk, amountYen }) =>
      screen === me ? 'この画面' : `${name}（${clerk}） ${formatYen(amountYen)}`,
    )
    .join(' → ');
}
