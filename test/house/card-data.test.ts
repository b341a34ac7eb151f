/**
 * Card numbers are planted wherever something comes in, each another, and looked for in everything that is kept or goes
 * out: the files of the data folder byte by byte, every row of PostgreSQL, the log, answers, the event stream, slips.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { listen } from '../../src/http/listen.ts';
import { openLog } from '../../src/log.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { surveyCode } from '../../src/survey/code.ts';
import { pullAnswers } from '../../src/survey/office.ts';
import { openSurvey } from '../../src/survey-role.ts';
import { readConfig } from '../../src/config.ts';
import type { AskClerk } from '../../src/terminal/prompt.ts';
import { TerminalError, type Terminal } from '../../src/terminal/terminal.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';
import { openApps, signIn, TOKEN, type Apps } from '../support/apps.ts';
import { makeFolder } from '../support/folder.ts';
import { readFiles, readRows } from '../support/kept.ts';
import { answerOf } from '../support/sale.ts';

/** Numbers that pass Luhn and are nobody's: one for each place, so that a find says where it came in. */
const planted = new Map<string, string>();
function plant(place: string): string {
  const digits = `41${String(100_000 + planted.size)}0000000`;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, at) => {
      const value = at % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  const number = `${digits}${String((10 - (sum % 10)) % 10)}`;
  planted.set(number, place);
  return number;
}
const grouped = (number: string): string => (number.match(/.{1,4}/g) ?? []).join(' ');

/** Everything that was answered, streamed or sent to a screen. */
const answers: Buffer[] = [];

/** A terminal that says card numbers wherever it can say anything. */
function tellingTerminal(ask: AskClerk): Terminal {
  const closed = Promise.withResolvers<void>();
  const totals = { terminalId: '52500041', rows: [], totalYen: 0, raw: '' };
  const says = answerOf('approved', {
    brandName: plant('brand name'),
    receiptNumber: plant('receipt number'),
    traceNumber: plant('trace number'),
    approvalCode: plant('approval code'),
    resultCode: plant('result code'),
    terminalTime: null,
  });
  let sales = 0;
  return {
    terminalId: '52500041',
    async authorizeSale({ operationId }, commit, onProgress, keepText) {
      onProgress({ step: 'working', hint: `Karte ${plant('display hint')}` });
      const line = { align: 'left', doubleWidth: false, doubleHeight: false } as const;
      const lines = [plant('receipt'), grouped(plant('receipt in groups'))].map((text) => ({
        ...line,
        text,
      }));
      await keepText?.({ receipt: 'customer', isLast: true, lines });
      sales += 1;
      if (sales === 1) {
        const field = {
          code: 'slip',
          nameJa: '番号',
          kind: 'digits',
          minDigits: 16,
          maxDigits: 16,
          isTwice: true,
        } as const;
        const outcomes = [{ code: 'done', nameJa: '済み', tone: 'good' as const, fields: [field] }];
        const prompt = {
          operationId,
          titleJa: '番号を入れてください',
          amountYen: 400,
          guideJa: [],
          outcomes,
        };
        await ask(prompt, new AbortController().signal);
      }
      await commit(says);
      if (sales > 1) throw new TerminalError(`the line broke: ${plant('broken line')}`, true);
      return { kind: 'completed' };
    },
    authorizeVoid: () => Promise.resolve({ kind: 'not_sent', reason: plant('void') }),
    findTransaction: () => Promise.resolve({ kind: 'inconclusive', reason: `seen ${plant('query')}` }),
    reportTotals: () => Promise.resolve(totals),
    checkHealth: () =>
      Promise.resolve({ terminalId: '52500041', status: 'ready', ready: true, remedy: 'none' }),
    abort: () => undefined,
    closed: closed.promise,
    close() {
      closed.resolve();
      return closed.promise;
    },
  };
}

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
    const stream = await fetch(`${base}/api/events`, {
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

/** Where a planted number is found, in any of the ways in which it can be written. */
function findPlanted(places: readonly [string, Buffer][]): string[] {
  return places.flatMap(([where, bytes]) => {
    // What separates digits is left out, so that groups are found too; BCD shows in hex, at either nibble.
    const text = bytes
      .toString('utf8')
      .replace(/[\s.‐–ー-]/g, '')
      .normalize('NFKC');
    const hex = bytes.toString('hex');
    return [...planted].flatMap(([number, place]) =>
      text.includes(number) || hex.includes(number) ? [`${place} in ${where}`] : [],
    );
  });
}

test('no card number that comes in anywhere is kept, logged, streamed, shown or answered, and nothing is refused for it', async (t) => {
  const dataDir = makeFolder(t);
  const log = openLog(dataDir, 'trace');
  const apps = await openApps(t, { terminals: setUpTerminals(), log, dataDir });
  const heard = follow(t, apps.counter);
  await sendEverywhere(apps);
  const paid = await sellAndWrite(apps, heard);
  await answerSurvey(t, apps, paid, log);
  log.error({ err: new Error(`a bug with ${plant('error')}`), note: plant('logged') }, plant('message'));

  assert.ok(planted.size > 45, `${String(planted.size)} places`);
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
