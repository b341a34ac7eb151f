/**
 * Scenes and simulated days in a thread of their own. In its own thread the test runner listens to every promise that
 * is made and forgotten (async_hooks), and these make millions: there they take twice as much of a core.
 */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import type { Cleanup } from '../support/cleanup.ts';
import type { Depth, Tally } from './crashpoints.ts';
import type { Medium } from './disk.ts';
import type { Day } from './simulation.ts';

/** What the thread is asked for, one thing after the other. */
export type Order =
  | { play: 'scene'; name: string; depth: Depth }
  /** `isTold`: each step comes back, too. */
  | { play: 'day'; seed: number; isTold: boolean; medium?: Medium | undefined };

export interface ToldDay extends Day {
  steps: string[];
}

export interface ProofThread {
  /** Its program is there, and waits to be asked. */
  loaded: Promise<void>;
  playScene: (name: string, depth: Depth) => Promise<Tally>;
  simulateDay: (seed: number, isTold?: boolean, medium?: Medium) => Promise<ToldDay>;
  /** Bytes of its heap that something still holds. */
  held: () => Promise<number>;
}

/** Ended after the test, or the file. What goes wrong in the thread rejects what was asked of it. */
export function openProofThread(t: Cleanup): ProofThread {
  // Without the options of the test files, which would bring the runner along.
  const execArgv = process.execArgv.filter((option) => option.startsWith('--cpu-prof'));
  const thread = new Worker(new URL('./thread-program.ts', import.meta.url), { execArgv });
  t.after(() => thread.terminate());
  const loaded = once(thread, 'message').then(() => undefined);
  // Whoever asks hears of it.
  loaded.catch(() => undefined);
  const ask = async <T>(order: Order): Promise<T> => {
    await loaded;
    thread.postMessage(order);
    const [answer] = (await once(thread, 'message')) as [T];
    return answer;
  };
  return {
    loaded,
    playScene: (name, depth) => ask({ play: 'scene', name, depth }),
    simulateDay: (seed, isTold = false, medium) => ask({ play: 'day', seed, isTold, medium }),
    async held() {
      // Nobody wants to see it: before a snapshot is taken, all that nothing holds is thrown away.
      await finished((await thread.getHeapSnapshot()).resume());
      return (await thread.getHeapStatistics()).used_heap_size;
    },
  };
}
