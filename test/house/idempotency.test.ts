/** The same id is the same payment, for ever: whoever sends it, how often, in what order, from how many tabs. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import request from 'supertest';
import type { SaleRequest } from '../../src/payments/checks.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { signIn } from '../support/apps.ts';
import { createCleanup } from '../support/cleanup.ts';
import {
  get,
  planResidents,
  post,
  readBook,
  saleOf,
  waitForPayment,
  waitForTerminal,
} from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import { startHouse, type House } from '../support/house.ts';

const cleanup = createCleanup();
let folder: string;
let house: House;
/** Two clerks at two screens, and a script. */
let callers: Record<string, string>[];

async function start(): Promise<void> {
  house = await startHouse(cleanup, folder);
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  const cookies = await Promise.all(
    ['1001', '1002'].map((number) => signIn(house.counter, number, SAMPLE_PIN)),
  );
  callers = [...cookies.map((cookie) => ({ cookie })), { authorization: `Bearer ${house.apiToken}` }];
}

before(async () => {
  folder = makeFolder(cleanup);
  await start();
});

interface Sent {
  caller: number;
  /** Which of two baskets, and how the body is written: the order of its members, the case of its id. */
  basket: 0 | 1;
  isReversed: boolean;
  isUpperCase: boolean;
  /** Sent before the one before it was answered. */
  isAtOnce: boolean;
}

const BASKETS: readonly Partial<SaleRequest>[] = [
  { lines: [{ code: 'CIT-JUM', quantity: 1 }], totalYen: 400 },
  { lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 },
];

const SENDING: fc.Arbitrary<Sent> = fc.record({
  caller: fc.nat(2),
  basket: fc.constantFrom(0, 0, 0, 1),
  isReversed: fc.boolean(),
  isUpperCase: fc.boolean(),
  isAtOnce: fc.boolean(),
});

function bodyOf(id: string, { basket, isReversed, isUpperCase }: Sent): object {
  const sale = saleOf({ ...BASKETS[basket], id: isUpperCase ? id.toUpperCase() : id });
  const members = Object.entries(sale);
  return Object.fromEntries(isReversed ? members.reverse() : members);
}

interface Answered {
  basket: 0 | 1;
  status: number;
  body: PaymentView & { error?: { code: string } };
}

async function sendAll(id: string, sendings: readonly Sent[]): Promise<Answered[]> {
  const answered: Promise<Answered>[] = [];
  for (const sent of sendings) {
    if (!sent.isAtOnce) await Promise.all(answered);
    const asking = request(house.counter)
      .post('/api/payments')
      .set(callers[sent.caller] ?? {})
      .send(bodyOf(id, sent))
      .then(({ status, body }) => ({ basket: sent.basket, status, body: body as Answered['body'] }));
    answered.push(asking);
  }
  return Promise.all(answered);
}

const taken = async (): Promise<number> =>
  (await readBook(house)).reduce((sum, { amount, state }) => sum + (state === 'stored' ? amount : 0), 0);

test('whoever sends it and however often: one payment, one charge; another body under its id is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uuid({ version: 4 }),
      fc.array(SENDING, { minLength: 2, maxLength: 8 }),
      async (id, sendings) => {
        const before = await taken();
        const answers = await sendAll(id, sendings);
        const paid = answers.filter(({ status }) => status === 202);
        const winner = paid[0]?.basket;
        assert.ok(winner !== undefined, JSON.stringify(answers));
        for (const { basket, status, body } of answers) {
          assert.equal(status, basket === winner ? 202 : 422, JSON.stringify(body));
          if (status === 202) assert.equal(body.id, id);
          else assert.equal(body.error?.code, 'same_id_other_body');
        }
        assert.equal(new Set(paid.map(({ body }) => body.number)).size, 1, 'one number');
        const { state, amountYen } = await waitForPayment(house, id);
        assert.deepEqual([state, amountYen], ['approved', BASKETS[winner]?.totalYen]);
        assert.equal((await taken()) - before, amountYen);
      },
    ),
    { numRuns: 10, seed: 20_261_124 },
  );
});

test('for ever: also after the day’s closing and over restarts, and a refusal leaves the id free', async () => {
  const before = await taken();
  const sale = saleOf();
  await post(house, '/api/payments', { ...sale, totalYen: 1 }).expect(409);
  await post(house, '/api/payments', { ...sale, window: 'tax' }).expect(422);
  await post(house, '/api/payments', sale).expect(202);
  const paid = await waitForPayment(house, sale.id);
  await post(house, '/api/closing').expect(200);
  await house.kill();
  await start();
  const again = await post(house, '/api/payments', sale).expect(202);
  assert.deepEqual((again.body as PaymentView).number, paid.number);
  assert.equal((again.body as PaymentView).state, 'approved');
  await post(house, '/api/payments', { ...sale, method: 'debit' }).expect(422);
  assert.equal((await taken()) - before, 400);
  const { body } = (await get(house, '/api/payments').expect(200)) as { body: PaymentView[] };
  assert.equal(body.filter(({ id }) => id === sale.id).length, 1);
});
