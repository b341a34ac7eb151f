/**
 * Other makers' judges for what we say to Stripe and what the virtual Stripe answers: the installed SDK's own types,
 * Stripe's OpenAPI description and fixtures (`STRIPE_SPECS`: the folder that holds them), and Stripe's own CLI as a client.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import qs from 'qs';
import { stripe } from '../../drivers/stripe/stripe.ts';
import { createCleanup } from '../support/cleanup.ts';
import { makeFolder } from '../support/folder.ts';
import { HASTY, SECRET, startVirtual, type Virtual } from '../drivers/stripe/far-end.ts';
import { forward, openRelay, type Asked, type Said } from '../drivers/stripe/relay.ts';
import { createDescriptionJudge } from './openapi-judge.ts';
import { createTypeJudge } from './type-judge.ts';

const TYPES = `
import Stripe from 'stripe';
export type PaymentIntent = Stripe.PaymentIntent;
export type Reader = Stripe.Terminal.Reader;
export type Location = Stripe.Terminal.Location;
export type Refund = Stripe.Refund;
export type BalanceTransaction = Stripe.BalanceTransaction;
export type PaymentIntentCreate = Stripe.PaymentIntentCreateParams;
export type PaymentIntentRetrieve = Stripe.PaymentIntentRetrieveParams;
export type PaymentIntentList = Stripe.PaymentIntentListParams;
export type PaymentIntentCancel = Stripe.PaymentIntentCancelParams;
export type Process = Stripe.Terminal.ReaderProcessPaymentIntentParams;
export type CancelAction = Stripe.Terminal.ReaderCancelActionParams;
export type ReaderRetrieve = Stripe.Terminal.ReaderRetrieveParams;
export type ReaderList = Stripe.Terminal.ReaderListParams;
export type LocationRetrieve = Stripe.Terminal.LocationRetrieveParams;
export type RefundCreate = Stripe.RefundCreateParams;
export type RefundList = Stripe.RefundListParams;
`;
const types = createTypeJudge(TYPES, new URL('./stripe-types.ts', import.meta.url));

/** Which types a request and its answer have. */
const ENDPOINTS: readonly [pattern: RegExp, request: string, answer: string][] = [
  [/^POST \/v1\/payment_intents$/, 'PaymentIntentCreate', 'PaymentIntent'],
  [/^GET \/v1\/payment_intents$/, 'PaymentIntentList', 'PaymentIntent'],
  [/^POST \/v1\/payment_intents\/\w+\/cancel$/, 'PaymentIntentCancel', 'PaymentIntent'],
  [/^GET \/v1\/payment_intents\/\w+$/, 'PaymentIntentRetrieve', 'PaymentIntent'],
  [/^POST \/v1\/terminal\/readers\/\w+\/process_payment_intent$/, 'Process', 'Reader'],
  [/^POST \/v1\/terminal\/readers\/\w+\/cancel_action$/, 'CancelAction', 'Reader'],
  [/^GET \/v1\/terminal\/readers$/, 'ReaderList', 'Reader'],
  [/^GET \/v1\/terminal\/readers\/\w+$/, 'ReaderRetrieve', 'Reader'],
  [/^GET \/v1\/terminal\/locations\/\w+$/, 'LocationRetrieve', 'Location'],
  [/^POST \/v1\/refunds$/, 'RefundCreate', 'Refund'],
  [/^GET \/v1\/refunds$/, 'RefundList', 'Refund'],
];

interface Exchange {
  asked: Asked;
  said: Said;
}

/** Every kind of sale, refund and question, as they went over the line. */
async function recordExchanges(): Promise<{ virtual: Virtual; exchanges: Exchange[] }> {
  const virtual = await startVirtual(shared);
  const exchanges: Exchange[] = [];
  const relay = await openRelay(async (asked) => {
    const said = await forward(virtual.url, asked);
    exchanges.push({ asked, said });
    return said;
  });
  shared.after(() => relay.close());
  const timing = { ...HASTY, cardMs: 300 };
  const terminal = await stripe.connect({ url: relay.url, secret: SECRET }, { timing });
  shared.after(() => terminal.close());
  const acts = [
    ...['visa', 'mastercard', 'jcb', 'amex', 'discover', 'visa_debit', 'jcb_debit'].map((brand) => ({
      act: 'present',
      brand,
    })),
    ...['refuse', 'insufficient', 'stop', 'walk_away'].map((act) => ({ act })),
  ];
  for (const act of acts) {
    await virtual.tell('/script', { steps: [{ do: act }] });
    const operationId = crypto.randomUUID();
    const sale = { operationId, amountYen: 400, method: 'credit', brand: null } as const;
    const armedAt = new Date().toISOString();
    await terminal.authorizeSale(
      sale,
      async (answer) => {
        if (answer.verdict === 'approved') approvals.push(answer);
        return Promise.resolve('acknowledge');
      },
      () => undefined,
    );
    await terminal.findTransaction({ ...sale, armedAt, answer: null, previous: null });
  }
  const [of] = approvals;
  assert.ok(of !== undefined);
  const order = { operationId: crypto.randomUUID(), amountYen: 400, of };
  await terminal.authorizeVoid(
    order,
    () => 'acknowledge',
    () => undefined,
  );
  await terminal.findTransaction({
    ...order,
    kind: 'void',
    armedAt: new Date().toISOString(),
    answer: null,
    previous: null,
  });
  await terminal.reportTotals();
  await terminal.checkHealth();
  return { virtual, exchanges };
}

const shared = createCleanup();
const approvals: Parameters<Parameters<Awaited<ReturnType<typeof stripe.connect>>['authorizeSale']>[1]>[0][] =
  [];
let recorded: ReturnType<typeof recordExchanges> | undefined;
const record = () => (recorded ??= recordExchanges());

/** A form says everything as text: what can only be a number or a flag is one. */
const typed = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((each) => typed(each));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, key === 'metadata' ? each : typed(each, name)]),
    );
  }
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
};

function partsOf({ asked, said }: Exchange) {
  const [path = '', query = ''] = asked.path.split('?');
  const params = typed(qs.parse(asked.method === 'GET' ? query : asked.body));
  const body = JSON.parse(said.body) as { object: string; data?: unknown[] };
  return { path, params, objects: body.object === 'list' ? (body.data ?? []) : [body] };
}

test('the SDK’s types accept every request and every answer, to the last property and word', async () => {
  const { exchanges } = await record();
  const met = new Set<string>();
  const faults = exchanges.flatMap((exchange) => {
    const { path, params, objects } = partsOf(exchange);
    const [, request, answer] =
      ENDPOINTS.find(([pattern]) => pattern.test(`${exchange.asked.method} ${path}`)) ??
      assert.fail(`${exchange.asked.method} ${path} has no types`);
    met.add(request);
    return [
      ...types.faultsOf(request, params),
      ...objects.flatMap((object) => types.faultsOf(answer, object)),
    ];
  });
  assert.deepEqual([...new Set(faults)], []);
  const unmet = ENDPOINTS.map(([, request]) => request).filter((request) => !met.has(request));
  assert.deepEqual(unmet, []);
});

test('and they can tell: what is misspelt, missing, of another kind or no word of theirs is a fault', async () => {
  const create = { amount: 300, currency: 'jpy', allowed_payment_method_types: ['card_present'] };
  assert.deepEqual(types.faultsOf('PaymentIntentCreate', create), []);
  for (const wrong of [
    { ...create, payment_method_types: ['card_present'] },
    { ...create, amount: '300' },
    { amount: 300 },
    { ...create, capture_method: 'never' },
  ]) {
    assert.equal(types.faultsOf('PaymentIntentCreate', wrong).length, 1, JSON.stringify(wrong));
  }
  const { exchanges } = await record();
  const intent =
    exchanges.map(partsOf).find(({ path }) => path === '/v1/payment_intents')?.objects[0] ?? assert.fail();
  assert.equal(types.faultsOf('PaymentIntent', { ...intent, status: 'half_paid' }).length, 1);
});

/** As in Stripe's own repository `openapi`: one description, and examples of every object. */
const SPECS = process.env['STRIPE_SPECS'] ?? fileURLToPath(new URL('../../../shared/specs', import.meta.url));
const fileOf = (name: RegExp): string | undefined =>
  existsSync(SPECS)
    ? readdirSync(SPECS)
        .filter((file) => name.test(file))
        .sort()
        .at(-1)
    : undefined;
const description = fileOf(/^spec3.*\.json$/);
const fixtures = fileOf(/^fixtures3.*\.json$/);

/** Newer than the description of September 2023. */
const NEWER = new Set(['allowed_payment_method_types']);

if (description !== undefined && fixtures !== undefined) {
  const judge = createDescriptionJudge(JSON.parse(readFileSync(join(SPECS, description), 'utf8')));

  test(`Stripe’s description (${description}) accepts every request, but for what is newer than it, and every answer`, async () => {
    const { exchanges } = await record();
    const faults = exchanges.flatMap((exchange) => {
      const { path, params, objects } = partsOf(exchange);
      const known = Object.entries(params as object).filter(([name]) => !NEWER.has(name));
      const { method } = exchange.asked;
      return [
        ...judge.faultsOfRequest(method, path, Object.fromEntries(known)),
        ...objects.flatMap((object) => judge.faultsOfObject(object)),
      ];
    });
    assert.deepEqual([...new Set(faults)], []);
  });

  test(`Stripe’s own example of a reader (${fixtures}) fits the types that judge ours`, () => {
    const { resources } = JSON.parse(readFileSync(join(SPECS, fixtures), 'utf8')) as {
      resources: Record<string, unknown>;
    };
    assert.deepEqual(types.faultsOf('Reader', resources['terminal.reader']), []);
    assert.deepEqual(types.faultsOf('BalanceTransaction', resources['balance_transaction']), []);
  });
}

const CLI = fileURLToPath(new URL('../../node_modules/@stripe/cli-linux-x64/bin/stripe', import.meta.url));

if (existsSync(CLI)) {
  test('Stripe’s own CLI sells, watches, cancels and gives back at the virtual Stripe', async (t) => {
    const virtual = await startVirtual(t);
    const home = makeFolder(t);
    const run = async (...args: string[]): Promise<Record<string, unknown>> => {
      const { stdout } = await promisify(execFile)(
        CLI,
        ['--api-key', 'sk_test_123456789012', ...args, '--api-base', virtual.url.origin],
        { env: { HOME: home, XDG_CONFIG_HOME: home, STRIPE_CLI_TELEMETRY_OPTOUT: '1' } },
      );
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const make = () =>
      run(
        'post',
        '/v1/payment_intents',
        '-d',
        'amount=300',
        '-d',
        'currency=jpy',
        '-d',
        'allowed_payment_method_types[]=card_present',
      );
    const [reader] = (await run('terminal', 'readers', 'list'))['data'] as { id: string }[];
    const id = reader?.id ?? assert.fail('no reader');
    await virtual.tell('/script', { steps: [{ do: { act: 'present', brand: 'jcb' } }] });
    const intent = String((await make())['id']);
    const told = await run('terminal', 'readers', 'process_payment_intent', id, '--payment-intent', intent);
    assert.equal((told['action'] as { status: string }).status, 'in_progress');
    await virtual.until((phase) => phase === 'approved');
    assert.equal((await run('payment_intents', 'retrieve', intent))['status'], 'succeeded');
    assert.equal((await run('refunds', 'create', '--payment-intent', intent))['status'], 'succeeded');
    await virtual.tell('/script', { steps: [] });
    const unwanted = String((await make())['id']);
    await run('terminal', 'readers', 'process_payment_intent', id, '--payment-intent', unwanted);
    assert.equal((await run('terminal', 'readers', 'cancel_action', id))['action'], null);
    assert.equal((await run('payment_intents', 'cancel', unwanted))['status'], 'canceled');
    assert.deepEqual(
      (await virtual.book()).map((each) => (each as { kind: string; amountYen: number }).kind),
      ['sale', 'void'],
    );
  });
}
