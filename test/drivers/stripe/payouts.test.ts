/** Payouts fetched from the virtual Stripe over HTTP, by Stripe's own SDK, into the office's books. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { payouts } from '../../../drivers/stripe/payouts.ts';
import { openBook } from '../../../drivers/stripe/virtual/book.ts';
import {
  CARDS,
  createBalanceTransaction,
  createCharge,
  createIntent,
  createRefund,
} from '../../../drivers/stripe/virtual/objects.ts';
import type { FetchOutcome, StatementsView } from '../../../src/reconcile/statements/view.ts';
import { openApps, TOKEN } from '../../support/apps.ts';
import { makeFolder } from '../../support/folder.ts';
import { SECRET, startVirtual } from './far-end.ts';

/** Two pages of the API and a half. */
const SALES = 230;

/** An account in which so much was taken, and one sale given back. */
function fillAccount(dataDir: string): void {
  const book = openBook(dataDir);
  const [card] = CARDS;
  assert.ok(card !== undefined);
  for (let sale = 0; sale < SALES; sale += 1) {
    const now = new Date(Date.now() - (SALES - sale) * 60_000);
    const of = { amount: 400, currency: 'jpy', methods: ['card_present'], metadata: {}, description: null };
    const charge = createCharge(createIntent({ ...of, now }), card, now);
    book.put(charge);
    book.put(createBalanceTransaction(charge, now));
    if (sale > 0) continue;
    const refund = createRefund(charge, { amount: 400, status: 'succeeded', metadata: {} }, now);
    book.put(refund);
    book.put(createBalanceTransaction(refund, now));
  }
  book.close();
}

test('payouts are fetched with all their pages, once; a service out of reach is told, and the next time goes on', async (t) => {
  const dataDir = makeFolder(t);
  fillAccount(dataDir);
  const virtual = await startVirtual(t, { dataDir });
  await virtual.tell('/payout', {});
  const service = { url: virtual.url, secret: SECRET.replace('sk_', 'rk_') };
  const apps = await openApps(t, { payouts: { model: 'stripe', source: payouts, service } });
  const auth = ['Authorization', `Bearer ${TOKEN}`] as const;
  const ask = async (): Promise<FetchOutcome> =>
    (
      await request(apps.office)
        .post('/api/office/statements/fetch')
        .set(...auth)
        .send({})
        .expect(200)
    ).body as FetchOutcome;
  const see = async (): Promise<StatementsView> =>
    (
      await request(apps.office)
        .get('/api/office/statements')
        .set(...auth)
        .expect(200)
    ).body as StatementsView;

  // The start's own night may have been first: together they have taken it once.
  await ask();
  const { files, fetched } = await see();
  assert.deepEqual(
    files.map(({ origin, lines, newLines, totalYen, faults }) => [origin, lines, newLines, totalYen, faults]),
    [['service', SALES + 1, SALES + 1, (SALES - 1) * 400, []]],
  );
  assert.deepEqual([fetched?.nameJa, fetched?.last?.isComplete], ['Stripe の入金', true]);
  const lines = await apps.db.selectFrom('statement_lines').select(['kind', 'provider_id']).execute();
  const ofKind = (wanted: string): string[] =>
    lines.filter(({ kind }) => kind === wanted).map(({ provider_id: id }) => id?.slice(0, 3) ?? '');
  assert.deepEqual([ofKind('sale'), ofKind('refund')], [Array(SALES).fill('pi_'), ['re_']]);
  assert.deepEqual(
    await ask(),
    { isComplete: true, taken: 0, refused: 0, failed: 0, notes: [] },
    'nothing is new',
  );

  await virtual.tell('/resident', { act: 'pull_cable' });
  const gone = await ask();
  assert.deepEqual([gone.isComplete, gone.taken], [false, 0]);
  assert.match(gone.notes.join(), /届きませんでした.*次の夜に、また続きを取得します/);
  await virtual.tell('/resident', { act: 'plug_cable' });
  assert.equal((await ask()).isComplete, true);
  assert.equal((await see()).files.length, 1);
});
