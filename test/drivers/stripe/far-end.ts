/** The virtual Stripe in a process of its own, as tests start it, and what they may do there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import type { Timing } from '../../../drivers/stripe/timing.ts';
import type { Terminal } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { makeFolder } from '../../support/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../../drivers/stripe/virtual/main.ts', import.meta.url));

/** What the virtual Stripe knows us by. */
export const SECRET = stripe.virtual?.secret ?? assert.fail('no secret');

/** A reader on the same machine answers at once, and a test's resident has made up their mind. */
export const HASTY: Partial<Timing> = {
  requestMs: 2_000,
  pollMs: 15,
  longestPollMs: 50,
  silenceMs: 150,
  cardMs: 1_500,
  authorisingMs: 1_000,
  doubtMs: 200,
  stopAgainMs: 100,
};

export interface Virtual {
  /** Where its API is. */
  url: URL;
  tell: (path: string, body: object) => Promise<void>;
  until: (isSo: (phase: string) => boolean) => Promise<void>;
  book: () => Promise<{ entries: unknown[] }>;
  connect: (timing?: Partial<Timing>) => Promise<Terminal>;
}

export async function startVirtual(
  t: Cleanup,
  {
    issuerMs = 0,
    country = 'JP',
    dataDir = makeFolder(t),
  }: { issuerMs?: number; country?: string; dataDir?: string } = {},
): Promise<Virtual> {
  const args = ['--data', dataDir, '--issuer-ms', String(issuerMs), '--country', country];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const [ready] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { line, http } = JSON.parse(ready) as { line: string; http: string };
  const url = new URL(line);
  return {
    url,
    async tell(path, body) {
      const response = await fetch(`${http}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${said}`);
    },
    until: (isSo) => untilPhase(http, isSo),
    book: async () => (await (await fetch(`${http}/book`)).json()) as { entries: unknown[] },
    async connect(timing = HASTY) {
      const terminal = await stripe.connect({ url, secret: SECRET }, { timing });
      t.after(() => terminal.close());
      return terminal;
    },
  };
}

async function untilPhase(http: string, isSo: (phase: string) => boolean): Promise<void> {
  const { body } = await fetch(`${http}/events`);
  assert.ok(body !== null);
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.startsWith('data: '))) {
      if (isSo((JSON.parse(line.slice('data: '.length)) as { phase: string }).phase)) return;
    }
  }
  assert.fail('the virtual Stripe has ended');
}
