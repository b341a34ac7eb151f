/** The Stripe driver and the virtual Stripe, as the contract plays them. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripe } from '../../../drivers/stripe/stripe.ts';
import { TerminalError, type Terminal } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import type { BookLine, FarEnd, Step, Subject, Wire } from '../contract.ts';
import { HASTY, SECRET, startVirtual } from './far-end.ts';
import { forward, openRelay, type Asked, type Relay, type Said } from './relay.ts';

const subject: Subject = {
  driver: stripe,
  line: 'HTTP',
  noticesLoss: false,
  options: { timing: HASTY },
  senselessOptions: [{ reader: 'reader 1' }, { timing: { pollMs: 0 } }, { timing: { poolMs: 5 } }],
  strangerOptions: { reader: 'tmr_somebody', timing: HASTY },
  impostors: [
    impostor('never answers', () => undefined),
    impostor('is no JSON', (_request, response) => response.end('<html>')),
    impostor('hangs up', (request) => request.socket.destroy()),
    impostor('answers with nothing', (_request, response) => response.end('{}')),
    impostor('answers with empty lists', (_request, response) => response.end('{"data":[]}')),
    impostor('points elsewhere', (_request, response) =>
      response.writeHead(307, { Location: 'http://elsewhere.invalid/' }).end('{}'),
    ),
    impostor('has broken down', (_request, response) => response.writeHead(500).end('{}')),
  ],
  cutPoints: [
    { at: 'card_shown', what: 'after the card was shown', stands: true },
    { at: 'approved', what: 'before the counter heard of the approval', stands: true },
  ],
  open: openFarEnd,
  couldMoveMoney: (sent) =>
    String(sent)
      .split('\n')
      .some((line) => line.startsWith('POST ') && !/\/cancel(_action)? /.test(line)),
};
export const subjects: readonly Subject[] = [subject];

/** Something else that listens where Stripe should. */
function impostor(what: string, listener: RequestListener): Subject['impostors'][number] {
  return {
    what,
    connect() {
      const server = createServer(listener).listen(0, '127.0.0.1');
      const connecting = once(server, 'listening').then(() => {
        const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        return stripe.connect({ url, secret: SECRET }, { timing: { ...HASTY, requestMs: 200 } });
      });
      // Closed only once the driver keeps no connection open.
      const closed = connecting
        .catch(() => undefined)
        .then(() => new Promise<void>((resolve) => server.close(() => resolve())));
      return { connecting, closed };
    },
  };
}

async function openFarEnd(
  t: Cleanup,
  { issuerMs = 0, takesNoYen = false }: { issuerMs?: number; takesNoYen?: boolean } = {},
): Promise<FarEnd> {
  const virtual = await startVirtual(t, { issuerMs, country: takesNoYen ? 'DE' : 'JP' });
  const relays: Relay[] = [];
  t.after(() => Promise.all(relays.map(({ close }) => close())));
  let isCut = false;

  /** One request, once; its answer is lost where the cable was pulled meanwhile. */
  const pass = async ({ pass: onWire, cardNumber }: Wire, asked: Asked): Promise<Said | undefined> => {
    let said: Said | undefined;
    await onWire(Buffer.from(`${asked.method} ${asked.path} ${asked.body}\n`), async () => {
      if (isCut) throw new TerminalError('no line', false);
      said = await forward(virtual.url, asked);
    });
    if (isCut || said === undefined) return undefined;
    return cardNumber === undefined ? said : { ...said, body: withCardNumber(said.body, cardNumber) };
  };
  return {
    address: virtual.url.href,
    async connect(options, wire): Promise<Terminal> {
      const relay = await openRelay((asked) => pass(wire, asked));
      relays.push(relay);
      return stripe.connect({ url: relay.url, secret: SECRET }, options);
    },
    plan: (...steps) => virtual.tell('/script', { steps: steps.map(stepOf) }),
    cardIsAwaited: () => virtual.until((phase) => phase === 'waiting'),
    act: (step) => virtual.tell('/resident', stepOf(step).do),
    // A reader that waits for a card is free for another payment: Stripe puts it in the place of the first.
    isIdle: () => virtual.until((phase) => phase !== 'processing'),
    async pullCable() {
      isCut = true;
      await virtual.tell('/resident', { act: 'pull_cable' });
    },
    async plugCable() {
      isCut = false;
      await virtual.tell('/resident', { act: 'plug_cable' });
    },
    book: async () => (await virtual.book()) as BookLine[],
  };
}

function stepOf(step: Step): { do: object; cutAt?: string } {
  if (step.act !== 'present') return { do: step };
  const { act, brand, cutAt } = step;
  return { do: { act, brand }, ...(cutAt !== undefined && { cutAt }) };
}

/** Wherever an answer has room for text that somebody typed or a card told. */
const ROOM = new Set([
  ...['description', 'label', 'authorization_code', 'cardholder_name', 'last4', 'fingerprint'],
  ...['failure_message', 'network_transaction_id', 'statement_descriptor', 'receipt_number', 'brand_product'],
]);

function withCardNumber(body: string, cardNumber: string): string {
  return JSON.stringify(
    JSON.parse(body, (key, value: unknown) => (ROOM.has(key) ? `CARD ${cardNumber}` : value)),
  );
}
