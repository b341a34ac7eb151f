/**
 * What a provider's service tells of its payouts, at the office's real screen: the night asks by itself; what failed, is not
 * ready or has a category that nobody knows is told, and stops nothing else.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { payouts } from '../../drivers/stripe/payouts.ts';
import { buildScreens } from '../../src/web/build.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { lookInBothSizes, openBrowser, openPage } from '../support/browser.ts';

const NOON = Date.parse('2026-11-24T03:00:00Z') / 1_000;

/** A payout as Stripe lists it (docs.stripe.com/api/payouts/object), as far as anybody reads it. */
const payout = (id: string, amount: number, change: object = {}) => ({
  ...{ id, object: 'payout', amount, currency: 'jpy', arrival_date: NOON, created: NOON, automatic: true },
  ...{ status: 'paid', reconciliation_status: 'completed', ...change },
});

/** What one is made of (docs.stripe.com/api/balance_transactions/object). */
const transaction = (id: string, amount: number, category: string, intent?: string) => ({
  ...{ id, object: 'balance_transaction', amount, fee: 0, net: amount, created: NOON, currency: 'jpy' },
  reporting_category: category,
  source: intent === undefined ? null : { id: `ch_${intent}`, object: 'charge', payment_intent: intent },
});

const PAYOUTS = [
  payout('po_good', 700),
  payout('po_failed', 400, { status: 'failed', failure_code: 'account_closed' }),
  payout('po_manual', 300, { automatic: false, reconciliation_status: 'not_applicable' }),
  payout('po_soon', 500, { reconciliation_status: 'in_progress' }),
  payout('po_dollars', 900, { currency: 'usd' }),
  payout('po_strange', 1_000),
];
const MEMBERS: Record<string, object[]> = {
  po_good: [transaction('txn_1', 700, 'charge', 'pi_1'), transaction('txn_2', -700, 'payout')],
  // A category that the declared format does not name: nobody knows what those yen are.
  po_strange: [
    transaction('txn_3', 1_300, 'charge', 'pi_3'),
    transaction('txn_4', -300, 'other_adjustment'),
    transaction('txn_5', -1_000, 'payout'),
  ],
};

interface Service {
  url: URL;
  /** Whether it answers; else it says that it can't now. */
  isUp: boolean;
  asked: string[];
}

async function startService(t: TestContext): Promise<Service> {
  const service: Service = { url: new URL('http://127.0.0.1'), isUp: true, asked: [] };
  const answer = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    service.asked.push(pathname);
    if (!service.isUp) answer(response, 401, { error: { type: 'invalid_request_error', message: 'no key' } });
    else if (pathname === '/v1/payouts')
      answer(response, 200, { object: 'list', url: pathname, has_more: false, data: PAYOUTS });
    else if (pathname === '/v1/balance_transactions') {
      const data = MEMBERS[searchParams.get('payout') ?? ''] ?? [];
      answer(response, 200, { object: 'list', url: pathname, has_more: false, data });
    } else answer(response, 404, { error: { type: 'invalid_request_error', message: pathname } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  service.url = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  return service;
}

/** Until the office has asked so often. Asked of the ledger, because nobody presses anything. */
async function untilFetched({ db }: Apps, times: number): Promise<string[]> {
  for (;;) {
    const rows = await db.selectFrom('statement_fetches').select('cause').orderBy('fetch_id').execute();
    if (rows.length >= times) return rows.map(({ cause }) => cause);
  }
}

test('the night fetches what was paid out, tells what it could not take, and a person may ask again', async (t) => {
  const service = await startService(t);
  const { url } = service;
  const apps = await openApps(t, {
    screensDir: await buildScreens(),
    payouts: { model: 'stripe', source: payouts, service: { url, secret: 'rk_test_0123456789' } },
  });
  assert.deepEqual(await untilFetched(apps, 1), ['night'], 'by itself, at the start of the office');
  const files = await apps.db.selectFrom('statement_files').select(['name', 'status', 'faults']).execute();
  const [good, strange] = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  assert.deepEqual([files.length, good?.name, good?.status], [2, 'po_good.json', 'received']);
  assert.deepEqual([strange?.name, strange?.status], ['po_strange.json', 'unreadable']);
  assert.match(JSON.stringify(strange?.faults), /other_adjustment/);
  const lines = await apps.db.selectFrom('statement_lines').select('provider_id').execute();
  assert.deepEqual(lines, [{ provider_id: 'pi_1' }], 'nothing of a payout that is not understood as a whole');

  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  await office.getByRole('tab', { name: '明細' }).click();
  const fetched = office.getByRole('region', { name: 'Stripe の入金' });
  await fetched.getByText(/に取得しました。新しい明細 1件、読めない明細 1件（要対応にあります）。/).waitFor();
  for (const [id, why] of [
    ['po_failed', /口座に届きませんでした/],
    ['po_manual', /手動の入金には内訳がありません/],
    ['po_soon', /内訳がまだそろっていません/],
    ['po_dollars', /円の入金ではありません/],
  ] as const)
    await fetched.getByText(id).filter({ hasText: why }).waitFor();
  await lookInBothSizes(office, 'payouts');

  // The same again takes nothing twice; a payout that was not understood is not asked for again before its format is mended.
  await fetched.getByRole('button', { name: '今すぐ取得する' }).press('Enter');
  await fetched.getByText(/新しい明細 0件。/).waitFor();
  assert.deepEqual(await untilFetched(apps, 2), ['night', 'person']);
  service.isUp = false;
  await fetched.getByRole('button', { name: '今すぐ取得する' }).press('Enter');
  await fetched.getByText(/に取得できませんでした。新しい明細 0件。/).waitFor();
  await fetched.getByText(/サービスに届きませんでした。ネットワークとキーを確かめてください。/).waitFor();
  await lookInBothSizes(office, 'payouts-unreachable');

  await office.goto(`${apps.office}/#reconciliation?view=desk`);
  await office.getByRole('button', { name: /「po_strange.json」は読めない行があり/ }).click();
  await office.getByText(/other_adjustment/).waitFor();
  await lookInBothSizes(office, 'payouts-case');
  // From what the service reported to a person's desk; the one case of it, however often the service was asked.
  await office
    .getByRole('button', { name: /11月24日\(火\) に入るはずの 400円が、市の口座に届かなかった/ })
    .click();
  await office.getByText(/決済会社の示す理由：account_closed/).waitFor();
  await lookInBothSizes(office, 'payouts-failed-case');
  assert.deepEqual(faults, []);
});
