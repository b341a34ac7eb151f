/** This screen's place in the queue for a terminal: taken by a press, given up by another, by an empty basket or a closed page. */
import { useEffect } from 'react';
import { call, Unreachable } from '../shared/api.ts';
import { screenId } from '../shared/screen.ts';
import type { LiveState } from '../counter/live.ts';
import type { Hindrance } from '../counter/readiness.ts';
import { turnOf, type Turn } from './turn-words.ts';

export interface TurnAtTerminal extends Turn {
  /** The large button joins the queue instead of paying. */
  canWait: boolean;
  wait: () => void;
  leave: () => void;
}

export function useTurn(
  live: LiveState,
  totalYen: number,
  { hindrance, isRinging }: { hindrance: Hindrance | undefined; isRinging: boolean },
): { turn: TurnAtTerminal; hindrance: Hindrance | undefined } {
  const turn = turnOf(live, screenId());
  const { place } = turn;
  const told = place === null ? null : (turn.waiting[place - 1]?.amountYen ?? null);
  useEffect(() => {
    if (told === null || !isRinging) return;
    if (totalYen === 0) void ask('DELETE');
    else if (totalYen !== told) void ask('POST', totalYen);
  }, [told, totalYen, isRinging]);
  // What costs nothing needs no terminal.
  const isHeld = totalYen > 0 && (hindrance?.isBusy === true || (hindrance === undefined && turn.isBehind));
  const canWait = place === null && isHeld;
  return {
    turn: {
      ...turn,
      canWait,
      wait: () => void ask('POST', totalYen),
      leave: () => void ask('DELETE'),
    },
    hindrance: hindranceIn(turn, hindrance, isHeld),
  };
}

function hindranceIn(turn: Turn, hindrance: Hindrance | undefined, isHeld: boolean): Hindrance | undefined {
  if (!isHeld) return hindrance;
  return turn.place === null
    ? (hindrance ?? { label: '先に待っている画面があります', help: null })
    : { label: `順番を待っています（${String(turn.place)}番目）`, help: null };
}

/** The stream says what became of it; without an answer the button is there to be pressed again. */
async function ask(method: 'POST' | 'DELETE', amountYen?: number): Promise<void> {
  try {
    await call(method, '/api/turns', amountYen === undefined ? undefined : { amountYen });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}
