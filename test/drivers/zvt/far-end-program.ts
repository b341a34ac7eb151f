/**
 * The virtual terminal as a program, at the pace of a test: `node far-end-program.ts DIR pty|tcp:PORT ISSUER_MS CURRENCY`.
 * A process of its own, so that pulling the cable is a hang-up: children of a test would inherit its end of a pty.
 */
import { startVirtualTerminal } from '../../../drivers/zvt/virtual/virtual.ts';

const [dataDir, listen, issuerMs, currency] = process.argv.slice(2);
if (dataDir === undefined || listen === undefined || currency === undefined) {
  throw new Error('DIR, pty or tcp:PORT, ISSUER_MS and CURRENCY are needed');
}
const virtual = await startVirtualTerminal({
  dataDir,
  listen,
  httpPort: 0,
  currency,
  timing: {
    readMs: 0,
    issuerMs: Number(issuerMs),
    residentMs: 20_000,
    acknowledgeMs: 2_000,
    link: { t1Ms: 200, t2Ms: 2_000, transmissions: 3 },
  },
});
process.stdout.write(`${JSON.stringify({ line: virtual.address, http: virtual.http })}\n`);
// Whoever started this has gone.
process.stdin.resume().once('end', () => void virtual.stop());
await virtual.stopped;
process.stdin.destroy();
