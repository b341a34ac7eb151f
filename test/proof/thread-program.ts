/** The other side of thread.ts: plays what it is asked for, under virtual time. */
import { parentPort } from 'node:worker_threads';
import { installVirtualTime } from '../../scripts/virtual/time.ts';
import { createClosingScenes } from './closing-scenes.ts';
import { playAll, type Tally } from './crashpoints.ts';
import { createScenes } from './scenes.ts';
import { simulateDay } from './simulation.ts';
import type { Order, ToldDay } from './thread.ts';

/** Days are full of refusals and broken lines: where each was made costs more than the rest of it, and nobody reads it. */
Error.stackTraceLimit = 0;
/** Node keeps them behind accessors, which optimised code calls each time that it names one. */
for (const [name, value] of Object.entries({ Buffer, performance, process }))
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
const time = installVirtualTime();
const scenes = [...createScenes(), ...createClosingScenes()];

async function play(order: Order): Promise<Tally | ToldDay> {
  if (order.play === 'scene') {
    const scene = scenes.find(({ name }) => name === order.name);
    if (scene === undefined) throw new Error(`no scene: ${order.name}`);
    return playAll(time, scene, order.depth);
  }
  const steps: string[] = [];
  const tell = order.isTold ? (step: string) => void steps.push(step) : undefined;
  return { ...(await simulateDay(time, order.seed, { tell, medium: order.medium })), steps };
}

// A fault ends the thread, and is told to whoever asked.
parentPort?.on('message', (order: Order) => {
  void play(order).then((played) => parentPort?.postMessage(played));
});
parentPort?.postMessage('loaded');
