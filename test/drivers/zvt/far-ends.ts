/** Virtual terminals in one program beside the tests of a file: its start takes more of a core than most of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../../support/cleanup.ts';
import type { FarEndOrder, FarEndPlace, FarEndSetup } from './far-end-program.ts';

const PROGRAM = fileURLToPath(new URL('./far-end-program.ts', import.meta.url));

interface Program {
  /** Opened in it, and not yet stopped. */
  terminals: number;
  ask: (order: FarEndOrder) => Promise<FarEndPlace | null>;
  end: () => Promise<void>;
}

let running: Program | undefined;

/** Stopped after the test. The program ends with the last of its terminals. */
export async function openFarEnd(t: Cleanup, setup: FarEndSetup): Promise<FarEndPlace> {
  const program = (running ??= startProgram());
  program.terminals += 1;
  let place: FarEndPlace | null = null;
  t.after(async () => {
    if (place !== null) await program.ask({ stop: place.http });
    program.terminals -= 1;
    if (program.terminals > 0) return;
    if (running === program) running = undefined;
    await program.end();
  });
  place = await program.ask({ open: setup });
  if (place === null) throw new Error('the virtual terminal did not say where it is');
  return place;
}

function startProgram(): Program {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const speak = async (order: FarEndOrder): Promise<FarEndPlace | null> => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const { done, value } = await answers.next();
    if (done === true) throw new Error('the program of virtual terminals has ended');
    return JSON.parse(value) as FarEndPlace | null;
  };
  return {
    terminals: 0,
    ask(order) {
      // One after the other: an answer does not say which order it is to.
      const answer = turn.then(() => speak(order));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
