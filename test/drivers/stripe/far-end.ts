/** The virtual Stripe in a process of its own, as tests start it, and what they may do there. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import type { Timing } from '../../../drivers/stripe/timing.ts';
import type { Terminal } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { makeFolder } from '../../support/folder.ts';
import { startVirtualProgram, virtualPage } from '../virtual-page.ts';

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
  book: () => Promise<unknown[]>;
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
  const { line, http } = await startVirtualProgram<{ line: string; http: string }>(t, PROGRAM, args);
  const page = virtualPage<{ phase: string }>(http);
  const url = new URL(line);
  return {
    url,
    tell: page.tell,
    async until(isSo) {
      await page.until(({ phase }) => isSo(phase));
    },
    book: () => page.entries(),
    async connect(timing = HASTY) {
      const terminal = await stripe.connect({ url, secret: SECRET }, { timing });
      t.after(() => terminal.close());
      return terminal;
    },
  };
}
