/**
 * Virtual terminals as a program, at the pace of a test (far-ends.ts): each line on its input is an order, and each is
 * answered by a line. A process of its own, so that pulling the cable is a hang-up: children of a test would inherit its
 * end of a pty.
 */
import { createInterface } from 'node:readline';
import { startVirtualTerminal, type VirtualTerminal } from '../../../drivers/zvt/virtual/virtual.ts';

/** What one is opened with. */
export interface FarEndSetup {
  dataDir: string;
  /** `pty` or `tcp:PORT`. */
  listen: string;
  /** How long the issuer takes for its answer. */
  issuerMs: number;
  /** ISO 4217, numeric. */
  currency: string;
}

/** Where it is then. */
export interface FarEndPlace {
  line: string;
  http: string;
}

export type FarEndOrder = { open: FarEndSetup } | { stop: string };

const opened = new Map<string, VirtualTerminal>();

async function obey(order: FarEndOrder): Promise<FarEndPlace | null> {
  if ('stop' in order) {
    await opened.get(order.stop)?.stop();
    opened.delete(order.stop);
    return null;
  }
  const { issuerMs, ...setup } = order.open;
  const virtual = await startVirtualTerminal({
    ...setup,
    httpPort: 0,
    timing: {
      readMs: 0,
      issuerMs,
      residentMs: 20_000,
      acknowledgeMs: 2_000,
      link: { t1Ms: 200, t2Ms: 2_000, transmissions: 3 },
    },
  });
  opened.set(virtual.http, virtual);
  return { line: virtual.address, http: virtual.http };
}

for await (const text of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await obey(JSON.parse(text) as FarEndOrder))}\n`);
}
// Whoever started this has gone.
await Promise.all([...opened.values()].map((virtual) => virtual.stop()));
