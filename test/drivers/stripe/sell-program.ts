/**
 * Sells on a virtual Stripe and tells, as JSON, where this process has connected to or looked up. Run by hosts.test.ts
 * with whatever in the environment could lead it elsewhere: `node sell-program.ts API-URL WHO`.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import { HASTY, SECRET } from './far-end.ts';

const [url = '', who = ''] = process.argv.slice(2);
const seen = new Set<string>();
subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  socket.once('lookup', (_error, _address, _family, host: string) => seen.add(host));
  socket.once('connect', () => seen.add(`${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`));
});

if (who === 'the driver') {
  const terminal = await stripe.connect({ url: new URL(url), secret: SECRET }, { timing: HASTY });
  const ending = await terminal.authorizeSale(
    { operationId: crypto.randomUUID(), amountYen: 400, method: 'credit', brand: null },
    () => 'acknowledge',
    () => undefined,
  );
  await terminal.reportTotals();
  await terminal.checkHealth();
  await terminal.close();
  seen.add(ending.kind);
} else {
  // The judge can tell: whoever asks the environment goes elsewhere.
  const answered = await fetch(`${url}/v1/terminal/readers`).then(
    () => 'answered',
    () => 'not answered',
  );
  seen.add(answered);
}
process.stdout.write(JSON.stringify([...seen]));
