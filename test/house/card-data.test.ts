/**
 * Card numbers are planted wherever something comes in, each another, and looked for in everything that is kept or goes
 * out: the files of the data folder byte by byte, every row of PostgreSQL, the log, answers, the event stream, slips.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { businessDateOf } from '../../src/business-date.ts';
import { listen } from '../../src/http/listen.ts';
import { openLog } from '../../src/log.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { surveyCode } from '../../src/survey/code.ts';
import { pullAnswers } from '../../src/survey/office.ts';
import { openSurvey } from '../../src/survey-role.ts';
import { readConfig } from '../../src/config.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';
import { openApps, signIn, TOKEN, type Apps } from '../support/apps.ts';
import { makeFolder } from '../support/folder.ts';
import { readFiles, readRows } from '../support/kept.ts';
import { signTrialTicket } from '../support/tickets.ts';
import { findPlanted, grouped, plant, planted } from '../support/planted.ts';
import { tellingTerminal } from '../support/telling-terminal.ts';

/** Everything that was answered, streamed or sent to a screen. */
const answers: Buffer[] = [];

function setUpTerminals(): TerminalSetup[] {
  const [driver] = drivers;
  assert.ok(driver !== undefined);
  return [
    { id: '1', driver, connect: (ask) => Promise.resolve(tellingTerminal(ask)) },
    { id: '2', driver, connect: () => Promise.reject(new TerminalError(plant('connection'), false)) },
  ];
}

/** The event stream, kept as it comes; resolves whoever waits for something in it. */
function follow(t: TestContext, base: string): (pattern: RegExp) => Promise<void> {
  const stop = new AbortController();
  t.after(() => stop.abort());
  let text = '';
  const waiting = new Set<() => void>();
  void (async () => {
    const named = `screen=${SCREEN}&name=${plant('name of a screen')}`;
    const stream = await fetch(`${base}/api/events?${named}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: stop.signal,
    });
    for await (const part of (stream.body ?? []) as AsyncIterable<Uint8Array>) {
      answers.push(Buffer.from(part));
      text += Buffer.from(part).toString();
      for (const look of waiting) look();
    }
  })().catch(() => undefined);
  return (pattern) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
}

/** Asks, and keeps the whole answer. */
async function send(
  url: string,
  body?: object | string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  answers.push(Buffer.from(text), Buffer.from(JSON.stringify([...answer.headers])));
  return { status: answer.status, text };
}

const saleBody = (change: object = {}): Record<string, unknown> => ({
  id: randomUUID(),
  window: 'resident',
  lines: [{ code: 'CIT-JUM', quantity: 1 }],
  totalYen: 400,
  method: 'credit',
  ...change,
});

/** What somebody outside can send, right or wrong. */
async function sendEverywhere({ counter, office }: Apps): Promise<void> {
  for (const change of [
    { window: plant('window') },
    { lines: [{ code: plant('item'), quantity: 1 }] },
    { method: 'emoney', brand: plant('brand') },
    { [plant('member')]: 1 },
    { method: plant('method') },
    { id: plant('id') },
  ]) {
    assert.ok((await send(`${counter}/api/payments`, saleBody(change))).status >= 400);
  }
  await send(`${counter}/api/payments`, `{"id": ${plant('no JSON')}`);
  await send(`${counter}/api/payments/${plant('path')}`);
  await send(`${counter}/api/payments/${plant('path of an act')}/cancel`, {});
  await send(`${counter}/${plant('page')}`);
  await send(`${counter}/api/fees?window=${plant('query')}&on=${plant('date')}`);
  await send(`${counter}/api/payments?date=${plant('date of a list')}`);
  await send(`${counter}/api/payments`, undefined, {
    'user-agent': plant('user agent'),
    referer: `http://127.0.0.1/${plant('referer')}`,
    'x-request-id': plant('header'),
    cookie: `madoguchi=${plant('cookie')}`,
  });
  await send(`${counter}/api/payments`, undefined, { authorization: `Bearer ${plant('token')}` });
  await send(`${counter}/api/payments`, undefined, { origin: `http://${plant('origin')}` });
  await send(`${counter}/api/session`, { number: '1001', pin: plant('PIN') }, { authorization: '' });
  await send(`${office}/api/office/payments?date=${plant('office date')}`);
}

/** Sales, and what people write about them. */
async function sellAndWrite(
  { counter, office }: Apps,
  heard: (pattern: RegExp) => Promise<void>,
): Promise<string> {
  const treasurer = { cookie: await signIn(counter, '1002', SAMPLE_PIN), authorization: '' };
  const sale = saleBody();
  await heard(/"id":"1"[^}]*"state":"ready"/);
  await send(`${counter}/api/payments`, sale);
  await heard(/番号を入れてください/);
  const prompts = /event: prompts\ndata: \[\{"id":"([^"]+)"/;
  await heard(prompts);
  const id = prompts.exec(Buffer.concat(answers).toString())?.[1] ?? '';
  const [slip, scan] = [plant('prompt'), plant('scan')];
  const entry = { outcome: 'done', values: { slip }, again: { slip }, scan };
  assert.equal((await send(`${counter}/api/terminals/1/prompt/${id}`, entry)).status, 200, 'never refused');
  await heard(/"state":"approved"/);
  await send(`${counter}/api/payments/${String(sale['id'])}/slip`);
  await send(`${counter}/api/payments/${String(sale['id'])}/history`);
  await send(`${counter}/api/payments/${String(sale['id'])}/void`, {
    id: randomUUID(),
    totalYen: 400,
    reason: 'other',
    note: plant('void note'),
    second: { number: '1002', pin: SAMPLE_PIN },
  });

  const lost = saleBody({ lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 });
  await send(`${counter}/api/payments`, lost);
  await heard(/"state":"unknown"[^\n]*"queries":1/);
  const settled = await send(
    `${counter}/api/payments/${String(lost['id'])}/resolve`,
    { finding: 'approved', reason: `明細 ${plant('reason')}`, second: { number: '1003', pin: SAMPLE_PIN } },
    treasurer,
  );
  assert.equal(settled.status, 200, settled.text);
  const note = `電話 ${grouped(plant('note'))}`;
  const decided = { decision: 'refund_outside', note };
  assert.equal(
    (await send(`${counter}/api/payments/${String(lost['id'])}/decide`, decided, treasurer)).status,
    200,
  );
  await send(`${counter}/api/payments/${String(lost['id'])}/history`);
  await send(`${counter}/api/closing`, {});

  const administrator = { cookie: await signIn(office, '1004', SAMPLE_PIN), authorization: '' };
  const person = { number: '2001', nameJa: plant('name'), roles: ['cashier'], windows: null, isActive: true };
  assert.equal(
    (await send(`${office}/api/office/staff`, { ...person, pin: plant('new PIN') }, administrator)).status,
    201,
  );
  await send(`${office}/api/office/staff`, undefined, administrator);
  return String(sale['id']);
}

/** The resident's free line, kept and pulled by the office; and one that is asked again. */
async function answerSurvey(
  t: TestContext,
  apps: Apps,
  paymentId: string,
  log: ReturnType<typeof openLog>,
): Promise<void> {
  const config = readConfig({ DATA_DIR: apps.dataDir });
  const survey = openSurvey({ config, log, secret: TOKEN, now: () => new Date() });
  const page = await listen(survey.app, 0);
  t.after(async () => {
    await page.close();
    survey.stop();
  });
  const path = `${page.url}/s/${surveyCode(TOKEN, paymentId)}`;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  await send(path, `score=9&comment=${plant('comment asked again')}`, type);
  await send(path, `score=5&comment=${encodeURIComponent(grouped(plant('comment')))}`, type);
  await send(`${page.url}/s/${plant('survey code')}`);
  assert.equal(await pullAnswers(apps.db, { url: page.url, secret: TOKEN }), 1);
  await send(`${apps.office}/api/office/survey`);
}

/** What came after the sale's own ways in: a scanned ticket, a tablet's name, the daycare's list, a statement's file. */
async function sendElsewhere(apps: Apps): Promise<void> {
  const { counter, office } = apps;
  const ticket = signTrialTicket(apps.dataDir, { ...TICKET, reference: 'R-1' });
  await send(`${counter}/api/tickets`, { text: ticket });
  await send(`${counter}/api/tickets`, { text: plant('ticket') });
  await send(`${counter}/api/tickets`, { text: `MDG1.${plant('ticket body')}.${plant('signature')}` });
  const cancelled = { reason: 'other', note: plant('ticket note') };
  assert.equal((await send(`${counter}/api/tickets/R-1/cancel`, cancelled)).status, 200);
  await send(`${counter}/api/tickets/${plant('ticket reference')}/cancel`, cancelled);
  await send(`${counter}/api/daycare/stays`, stayOf(plant('label')));
  await send(`${counter}/api/daycare/stays`);
  await send(`${counter}/api/tablets`, { name: plant('tablet') });
  await send(`${counter}/api/tablets`);
  await send(
    `${counter}/api/counted`,
    saleBody({ tender: 'cash', method: undefined, window: plant('cash') }),
  );
  await send(`${counter}/api/turns`, { amountYen: 400 }, { 'x-screen': SCREEN });

  const administrator = { cookie: await signIn(office, '1003', SAMPLE_PIN), authorization: '' };
  const bytes = { ...administrator, 'content-type': 'application/octet-stream' };
  const sample = readFileSync(new URL(`${SAMPLES}payout-itemized.csv`, import.meta.url), 'utf8');
  const format = readFileSync(new URL(`${SAMPLES}payout-itemized.json`, import.meta.url), 'utf8');
  const files = `${office}/api/office/statements`;
  const read = await send(
    `${files}/files?format=payout-itemized&upload=u1&name=${plant('file name')}.csv`,
    sample.replaceAll('visa', plant('cell of a file')),
    bytes,
  );
  assert.equal(read.status, 201, read.text);
  for (const what of ['row', 'amount']) {
    const spoilt = `${sample.split('\n').slice(0, 2).join('\n')}\n${`${plant(what)},`.repeat(30)}\n`;
    await send(`${files}/files?format=payout-itemized&upload=u2&name=b.csv`, spoilt, bytes);
    await send(`${files}/preview`, `${JSON.stringify(JSON.parse(format))}\n${spoilt}`, bytes);
    await send(`${files}/look`, `{"shape":null,"places":[]}\n${spoilt}`, bytes);
  }
  await send(`${files}/preview`, `{"code":"${plant('format')}"}\n${sample}`, bytes);
  await send(`${files}/files?format=${plant('format asked for')}&upload=u3&name=c.csv`, sample, bytes);
  await send(files, undefined, administrator);
  await send(`${office}/api/office/cases/1/acts`, { act: 'comment', note: plant('comment') }, administrator);
  await send(`${office}/api/office/payments?search=${plant('search')}`, undefined, administrator);
}

const SCREEN = randomUUID();
const SAMPLES = '../../src/reconcile/statements/samples/';
const TICKET = {
  ...{ window: 'resident', counter: null, until: '2099-12-31' },
  lines: [{ code: 'CIT-JUM', quantity: 1 }],
};
const stayOf = (label: string): object => ({
  ...{ label, caredOn: businessDateOf(new Date()), class: '', care: null, meals: [] },
  ...{ arrivedAt: '08:30', plannedAt: null, pickedUpAt: null },
});

test('no card number that comes in anywhere is kept, logged, streamed, shown or answered, and nothing is refused for it', async (t) => {
  const dataDir = makeFolder(t);
  const log = openLog(dataDir, 'trace');
  const apps = await openApps(t, { terminals: setUpTerminals(), log, dataDir });
  const heard = follow(t, apps.counter);
  await sendEverywhere(apps);
  const paid = await sellAndWrite(apps, heard);
  await sendElsewhere(apps);
  await answerSurvey(t, apps, paid, log);
  log.error({ err: new Error(`a bug with ${plant('error')}`), note: plant('logged') }, plant('message'));

  assert.ok(planted.size > 60, `${String(planted.size)} places`);
  const kept = readFiles(dataDir);
  assert.ok(kept.some(([name]) => name.endsWith('journal.sqlite-wal')));
  const isTold = (bytes: Buffer): boolean => bytes.includes('a card number was sent, and masked');
  assert.ok(
    kept.some(([, bytes]) => isTold(bytes)),
    'that a screen has sent one is told in the log',
  );
  const rows = await readRows(apps.db);
  const before = findPlanted([['itself', Buffer.from([...planted.keys()].map(grouped).join('\n'))]]);
  assert.equal(before.length, planted.size, 'what is looked for would be found');
  assert.deepEqual(findPlanted([...kept, ...rows, ['an answer', Buffer.concat(answers)]]), []);
});
