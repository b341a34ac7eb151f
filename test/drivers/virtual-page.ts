/** A virtual terminal in a process of its own, and its page as scripts use it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Cleanup } from '../support/cleanup.ts';

/** Starts it until the test is over. Resolves with what it says when it is ready: where it can be reached. */
export async function startVirtualProgram<Ready>(
  t: Cleanup,
  program: string,
  args: readonly string[],
): Promise<Ready> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const [ready] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(ready) as Ready;
}

export interface VirtualPage<State> {
  /** @throws with the terminal's own words if it does not take that now */
  tell: (path: string, body: object) => Promise<void>;
  /** The first state that is so, this one or a later one. */
  until: (isSo: (state: State) => boolean) => Promise<State>;
  /** All that it has in its book, oldest first. */
  entries: <Entry>() => Promise<Entry[]>;
}

export function virtualPage<State>(http: string): VirtualPage<State> {
  return {
    async tell(path, body) {
      const response = await fetch(`${http}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${said}`);
    },
    async until(isSo) {
      const { body } = await fetch(`${http}/events`);
      assert.ok(body !== null);
      let text = '';
      // Leaving the loop leaves the stream.
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const lines = (text + chunk).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines.filter((each) => each.startsWith('data: '))) {
          const state = JSON.parse(line.slice('data: '.length)) as State;
          if (isSo(state)) return state;
        }
      }
      return assert.fail('the virtual terminal has ended');
    },
    async entries<Entry>() {
      const { entries } = (await (await fetch(`${http}/book`)).json()) as { entries: Entry[] };
      return entries;
    },
  };
}
