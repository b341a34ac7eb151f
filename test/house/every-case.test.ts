/** Every kind of case at the office's real screen: its sentence, its books side by side, its usual step, its key; and a long list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import request from 'supertest';
import type { CaseStatus } from '../../src/reconcile/desk/case.ts';
import { followCases } from '../../src/reconcile/desk/cases.ts';
import { REASONS_OF } from '../../src/reconcile/desk/reasons.ts';
import type { DeskView } from '../../src/reconcile/desk/view.ts';
import { buildScreens } from '../../src/web/build.ts';
import { openApps, TOKEN, type Apps } from '../support/apps.ts';
import { expectNoViolations, openBrowser, openPage, picture } from '../support/browser.ts';
import { plantEveryCase, plantFailedPayout, plantUnexplained, TODAY } from '../support/every-case.ts';
import { MUNICIPALITY } from '../support/postgres.ts';

interface Seen {
  sentence: string;
  /** Rows that are marked as different. */
  differs?: string[];
  /** What the heads of the books say beside their names. */
  heads?: string[];
  /** The dialog that Enter opens. */
  opens: RegExp;
}

const ASKS = {
  acquirer: { opens: /^決済会社に問い合わせたことを記録する$/ },
  counter: { opens: /^窓口に問い合わせたことを記録する$/ },
  sender: { opens: /^ファイルの送り主に問い合わせたことを記録する$/ },
  administrator: { opens: /^管理者に問い合わせたことを記録する$/ },
};
const RESOLVES = { opens: /^案件 \d+ を済みにする$/ };

const SEEN: Record<CaseStatus, Seen> = {
  amount_over: {
    sentence: '11月2日(月) PayPay 400円の明細が 100円多い',
    differs: ['金額'],
    ...ASKS.acquirer,
  },
  amount_under: {
    sentence: '11月2日(月) PayPay 300円の明細が 100円少ない',
    differs: ['金額'],
    ...ASKS.acquirer,
  },
  kind_differs: {
    sentence: '11月2日(月) PayPay 350円の売上と返金が、記録と明細で逆になっている',
    differs: ['金額', '種別'],
    ...ASKS.acquirer,
  },
  data_differs: {
    sentence: '11月2日(月) PayPay 450円は金額が同じで、内容が違う',
    differs: ['種類'],
    ...RESOLVES,
  },
  missing_at_provider: {
    sentence: '11月2日(月) PayPay 1,500円がコード決済会社の明細にない',
    heads: ['明細 ありません'],
    ...ASKS.acquirer,
  },
  missing_in_ledger: {
    sentence: '11月2日(月) PayPay 777円が明細だけにある',
    heads: ['窓口の記録 ありません'],
    ...ASKS.counter,
  },
  duplicate_at_provider: {
    sentence: '11月2日(月) PayPay 250円がコード決済会社の明細に2回ある',
    heads: ['窓口の記録 もとの取引'],
    ...ASKS.acquirer,
  },
  duplicate_in_ledger: {
    sentence: '11月2日(月) Visa 410円が窓口の記録に2回ある',
    heads: ['明細 もとの取引'],
    ...ASKS.counter,
  },
  ambiguous: { sentence: '11月2日(月) Visa 620円の相手が一つに決まらない', ...RESOLVES },
  unknown_resolved: {
    sentence: '結果不明の 11月2日(月) PayPay 820円が、明細では売上になっている',
    ...ASKS.counter,
  },
  unknown_open: {
    sentence: '11月2日(月) PayPay 810円の結果がまだ分からない',
    heads: ['明細 ありません'],
    ...ASKS.counter,
  },
  chargeback: {
    sentence: '11月2日(月) Visa 900円がチャージバックされた',
    differs: ['金額', '種別'],
    heads: ['窓口の記録 もとの取引'],
    ...ASKS.acquirer,
  },
  refund_failed: {
    sentence: '11月2日(月) PayPay 260円の返金が戻された',
    differs: ['種別'],
    heads: ['窓口の記録 もとの取引'],
    ...ASKS.acquirer,
  },
  deposit_late: {
    sentence: 'コード決済会社の 58,056円が、12月3日(木)を過ぎても銀行の明細に入金がない',
    heads: ['入金 ありません'],
    ...ASKS.acquirer,
  },
  deposit_short: {
    sentence: '8月6日(木) コード決済会社の入金が 676円足りない',
    differs: ['金額'],
    ...ASKS.acquirer,
  },
  deposit_over: {
    sentence: '9月4日(金) コード決済会社の入金が 548円多い',
    differs: ['金額'],
    ...ASKS.acquirer,
  },
  split_incomplete: {
    sentence: '10月6日(火) コード決済会社の入金が 23,028円足りない',
    differs: ['金額'],
    ...ASKS.acquirer,
  },
  fee_differs: {
    sentence: '11月26日(木) コード決済会社の手数料が 204円違う',
    differs: ['手数料'],
    ...ASKS.acquirer,
  },
  fee_missing: {
    sentence: '11月27日(金) コード決済会社の明細に手数料の記載がない',
    ...ASKS.acquirer,
  },
  file_unreadable: { sentence: '「壊れた.tsv」は読めない行があり、取り込んでいない', ...ASKS.sender },
  file_control_differs: { sentence: '「合計違い.csv」は合計が合わず、取り込んでいない', ...ASKS.sender },
  file_foreign: {
    sentence: '「よその市.csv」は市の番号のファイルではなく、取り込んでいない',
    ...ASKS.sender,
  },
  file_late: { sentence: '「コード11月.tsv」が期限のあとに届いた', ...RESOLVES },
  terminal_differs: {
    sentence: '11月2日(月) 窓口 02 の端末の合計が 3,740円少ない',
    differs: ['金額', '件数'],
    ...ASKS.counter,
  },
  terminal_uncompared: {
    sentence: '11月2日(月) 窓口 03 の 980円を端末の合計と比べていない',
    heads: ['端末 ありません'],
    ...ASKS.counter,
  },
  closing_missing: {
    sentence: '11月2日(月) 窓口 04 を締めていない（1件 1,200円）',
    heads: ['端末 ありません'],
    ...ASKS.counter,
  },
  payout_failed: {
    sentence: '10月30日(金) に入るはずの 3,400円が、市の口座に届かなかった',
    heads: ['入金 ありません'],
    ...ASKS.acquirer,
  },
  contradicted: {
    sentence: '11月2日(月) PayPay 330円の証拠が食い違っている',
    differs: ['端末の取引記録'],
    ...ASKS.counter,
  },
  undeclared: {
    sentence: '決済会社の登録がない支払い 1件 640円を比べていない',
    heads: ['明細 ありません'],
    ...ASKS.administrator,
  },
  unexplained: {
    sentence: 'カード会社の差 +123円を説明できない',
    differs: ['金額'],
    ...ASKS.administrator,
  },
};

/** What the heads of the books say beside their names. */
async function headsOf(office: Page): Promise<string[]> {
  const heads = await office.getByRole('article').getByRole('columnheader').all();
  const said = await Promise.all(heads.map((head) => head.innerText()));
  return said
    .map((text) => text.split(/\s+/))
    .flatMap((words) => (words.length > 1 ? [words.join(' ')] : []));
}

/** One kind of case, from the filter to the dialog of its usual step. */
async function walk(office: Page, status: CaseStatus): Promise<void> {
  const { sentence, differs = [], heads = [], opens } = SEEN[status];
  const panel = office.getByRole('article');
  await office.getByLabel('内容').selectOption(status);
  await panel.getByRole('heading', { level: 2, name: sentence, exact: true }).waitFor();
  const marked = await panel.locator('tr[data-differs="true"] th').allInnerTexts();
  assert.deepEqual(
    marked.map((text) => text.replace('違います', '').trim()),
    differs,
    status,
  );
  assert.deepEqual(await headsOf(office), heads, status);
  const usual = panel.getByRole('region', { name: '次にすること' }).locator('.primary');
  assert.match((await usual.innerText()).replaceAll('\n', ' '), / ?Enter$/, status);
  await picture(office, `case-${status}`);
  await office.keyboard.press('Enter');
  const dialog = office.getByRole('dialog');
  await dialog.getByRole('heading', { name: opens }).waitFor();
  await office.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** What is on the desk when everything has gone wrong. */
async function openDesk(apps: Apps): Promise<DeskView> {
  const answer = await request(apps.office)
    .get('/api/office/cases')
    .set('Authorization', `Bearer ${TOKEN}`)
    .expect(200);
  return answer.body as DeskView;
}

/** So many more cases, as a night would have opened them when nobody looked for a year. */
async function openMany(apps: Apps, many: number): Promise<void> {
  await sql`
    WITH opened AS (
      INSERT INTO cases (municipality, counter, subject, opened_on)
      SELECT ${MUNICIPALITY}, '01', 'op planted-' || n, date '2026-12-09' FROM generate_series(1, ${many}::int) n
      RETURNING case_id)
    INSERT INTO case_events (municipality, counter, case_id, number, kind, at, on_date, by_number, by_name, payload)
    SELECT ${MUNICIPALITY}, '01', case_id, 1, 'opened', timestamptz '2026-12-09T00:00:00Z', date '2026-12-09', 'engine', '突合',
      '{"facts": {"status": "missing_at_provider", "acquirer": "qr", "onDate": "2026-12-07", "atStakeYen": 400,
        "differenceYen": -400, "ours": {"yen": 400}, "terminal": null, "statement": null, "bank": null}}'
    FROM opened`.execute(apps.db);
}

test('each kind of case says what is wrong, shows where the books differ, and has its usual step on one key', async (t) => {
  const apps = await openApps(t, { screensDir: await buildScreens() });
  apps.clock.now = TODAY;
  for (const [format, name, bytes] of await plantEveryCase(t, apps.db)) {
    await request(apps.office)
      .post(`/api/office/statements/files?format=${format}&upload=u&name=${encodeURIComponent(name)}`)
      .set('Authorization', `Bearer ${TOKEN}`)
      .set('Content-Type', 'application/octet-stream')
      .send(bytes);
  }
  await plantUnexplained(apps.db);
  await plantFailedPayout(apps.db);
  await followCases(apps.db, MUNICIPALITY, TODAY);
  const { open } = await openDesk(apps);
  const statuses = Object.keys(REASONS_OF) as CaseStatus[];
  assert.deepEqual(
    statuses.filter((status) => !open.some(({ facts }) => facts.status === status)),
    [],
    'the books have a case of every kind',
  );

  const browser = await openBrowser(t);
  const { page: office, faults } = await openPage(browser, apps.office, { width: 1280, height: 800 });
  await office.goto(`${apps.office}/#reconciliation?view=desk`);
  for (const status of statuses) await walk(office, status);
  await office.setViewportSize({ width: 1024, height: 768 });
  await picture(office, 'case-narrow');
  await expectNoViolations(office, 'desk');

  // A list beyond what is read at once says so, and goes on.
  await openMany(apps, 1_200);
  const all = open.length + 1_200;
  const first = await openDesk(apps);
  assert.deepEqual([first.open.length, first.many.open], [1_000, all]);
  await office.reload();
  await office
    .getByText(`古いものから 1,000件を読んでいます（全 ${all.toLocaleString('ja-JP')}件）`)
    .waitFor();
  await picture(office, 'case-many');
  await office.getByRole('button', { name: `次の ${String(all - 1_000)}件も読む` }).press('Enter');
  await office.getByText(/件を読んでいます/).waitFor({ state: 'detached' });
  assert.equal(await office.locator('.case-list li').count(), all);
  assert.deepEqual(faults, []);
});
