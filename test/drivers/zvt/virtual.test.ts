import assert from 'node:assert/strict';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBook } from '../../../drivers/zvt/virtual/book.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { parseAddress, portOpener } from '../../../src/terminal/port.ts';
import type { TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { makeFolder } from '../../support/folder.ts';
import { cardIsAwaited, openCounter } from './counter.ts';

const PAYMENT = {
  kind: 'sale',
  of: null,
  amount: 400,
  currency: '392',
  brand: 'visa',
  brandName: 'Visa',
  method: 'credit',
  balance: null,
} as const;
const LISTEN = process.platform === 'linux' ? 'pty' : 'tcp:0';

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe("the virtual terminal's book", () => {
  test('is found again after a restart, with its numbering', (t) => {
    const folder = makeFolder(t);
    const first = openBook(folder);
    first.store(first.begin({ ...PAYMENT, traceNumber: first.nextTrace() }));
    first.close();
    const second = openBook(folder);
    assert.deepEqual(
      second.entries().map(({ state, receiptNumber }) => [state, receiptNumber]),
      [['stored', 1]],
    );
    assert.equal(second.nextTrace(), 2);
    assert.equal(second.begin({ ...PAYMENT, traceNumber: 2 }).receiptNumber, 2);
    second.close();
  });

  test('reverses at the start what the register had not confirmed when the power went', (t) => {
    const folder = makeFolder(t);
    const first = openBook(folder);
    first.begin({ ...PAYMENT, traceNumber: first.nextTrace() });
    first.close();
    const second = openBook(folder);
    assert.equal(second.entries()[0]?.state, 'reversed');
    second.close();
  });

  test('cuts off a torn last line', (t) => {
    const folder = makeFolder(t);
    const first = openBook(folder);
    first.store(first.begin({ ...PAYMENT, traceNumber: first.nextTrace() }));
    first.close();
    appendFileSync(join(folder, 'book.jsonl'), '{"traceNumber":2,"am');
    const second = openBook(folder);
    second.store(second.begin({ ...PAYMENT, traceNumber: second.nextTrace() }));
    second.close();
    const third = openBook(folder);
    assert.equal(third.entries().length, 2);
    third.close();
  });

  test('settles at the end of day: totals begin anew, the entries stay', (t) => {
    const book = openBook(makeFolder(t));
    book.store(book.begin({ ...PAYMENT, traceNumber: book.nextTrace() }));
    book.settle(false);
    assert.equal(book.open().length, 0);
    assert.equal(book.entries().length, 1);
    book.close();
  });
});

describe('the virtual terminal over HTTP', () => {
  test('plays the resident', async (t) => {
    const counter = await openCounter(t, LISTEN);
    const sold = counter.sell(400);
    await cardIsAwaited(counter.virtual);
    const response = await post(`${counter.virtual.http}/resident`, { act: 'present', brand: 'waon' });
    assert.equal(response.status, 200);
    assert.equal((await sold).answers[0]?.brand, 'waon');
    const book = (await (await fetch(`${counter.virtual.http}/book`)).json()) as {
      entries: { state: string }[];
    };
    assert.deepEqual(
      book.entries.map(({ state }) => state),
      ['stored'],
    );
  });

  test('says no when no card is awaited, and when an act makes no sense', async (t) => {
    const { virtual } = await openCounter(t, LISTEN);
    assert.equal((await post(`${virtual.http}/resident`, { act: 'stop' })).status, 409);
    assert.equal((await post(`${virtual.http}/resident`, { act: 'dance' })).status, 400);
    assert.equal((await post(`${virtual.http}/resident`, { act: 'present', brand: 'gold' })).status, 400);
    assert.equal((await post(`${virtual.http}/script`, { steps: [{ do: 'visa' }] })).status, 400);
  });

  test('acts by itself as a script says, again and again if it repeats', async (t) => {
    const counter = await openCounter(t, LISTEN);
    const steps = [{ do: { act: 'present', brand: 'id' } }, { do: { act: 'insufficient' } }];
    assert.equal((await post(`${counter.virtual.http}/script`, { steps, repeat: true })).status, 200);
    const endings = [];
    for (let sale = 0; sale < 4; sale++) endings.push((await counter.sell(300)).ending.kind);
    assert.deepEqual(endings, ['completed', 'aborted', 'completed', 'aborted']);
  });

  test('pulls and plugs the cable', async (t) => {
    const counter = await openCounter(t, LISTEN);
    await post(`${counter.virtual.http}/resident`, { act: 'pull_cable' });
    await counter.terminal.closed;
    await post(`${counter.virtual.http}/resident`, { act: 'plug_cable' });
    await counter.reconnect();
    assert.equal(counter.virtual.state().cable, 'plugged');
  });

  test('tells every change as it happens', async (t) => {
    const { virtual } = await openCounter(t, LISTEN);
    const stream = (await fetch(`${virtual.http}/events`)).body?.pipeThrough(new TextDecoderStream());
    const reader = stream?.getReader();
    assert.match((await reader?.read())?.value ?? '', /^event: state\ndata: \{.*"plannedSteps":0/);
    virtual.plan([{ do: { act: 'stop' } }]);
    assert.match((await reader?.read())?.value ?? '', /"plannedSteps":1/);
    await reader?.cancel();
  });

  test('may be framed by the counter on this machine and by nobody else; other sites can not play the resident', async (t) => {
    const { virtual } = await openCounter(t, LISTEN);
    const page = await fetch(virtual.http);
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /frame-ancestors http:\/\/127\.0\.0\.1:\* http:\/\/localhost:\*$/,
    );
    assert.match(await page.text(), /試用・実際の支払いではありません/);
    const foreign = await post(
      `${virtual.http}/resident`,
      { act: 'pull_cable' },
      { Origin: 'http://elsewhere.example' },
    );
    assert.equal(foreign.status, 403);
    assert.equal(virtual.state().cable, 'plugged');
  });

  test('serves its own font: nothing comes from the internet', async (t) => {
    const { virtual } = await openCounter(t, LISTEN);
    assert.equal((await fetch(`${virtual.http}/fonts/400.css`)).status, 200);
  });
});

describe('the virtual terminal as a program', () => {
  const PROGRAM = ['../../../drivers/zvt/virtual/main.ts'];
  const SCRIPT = ['../../../scripts/virtual-terminal.ts', '--driver', 'zvt', '--resident', 'nanaco'];

  async function startProgram(t: TestContext, dataDir: string, [program = '', ...options] = PROGRAM) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    const child = spawn(process.execPath, [path, ...options, '--data', dataDir, '--listen', LISTEN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, ready: JSON.parse(line) as { ready: boolean; line: string; http: string } };
  }

  test('says where it is, takes a sale, and stops when asked, its note gone', async (t) => {
    const dataDir = makeFolder(t);
    const { child, ready } = await startProgram(t, dataDir);
    const exited = once(child, 'exit');
    const address = parseAddress(ready.line);
    assert.ok(ready.ready && address !== undefined);
    await post(`${ready.http}/script`, { steps: [{ do: { act: 'present', brand: 'paypay' } }] });
    const terminal = await zvt.connect(portOpener(address), {});
    const ending = await terminal.authorizeSale(
      { operationId: 'sale', amountYen: 300, method: 'qr', brand: null },
      () => 'acknowledge',
      () => undefined,
    );
    assert.deepEqual(ending, { kind: 'completed' });
    await terminal.close();
    await fetch(`${ready.http}/stop`, { method: 'POST' });
    assert.deepEqual(await exited, [0, null]);
    assert.ok(!existsSync(join(dataDir, 'virtual-terminal.json')));
  });

  test('runs alone for register software of any kind, with a resident who pays by themselves', async (t) => {
    const { child, ready } = await startProgram(t, makeFolder(t), SCRIPT);
    const address = parseAddress(ready.line);
    assert.ok(address !== undefined);
    const terminal = await zvt.connect(portOpener(address), {});
    const answers: TerminalAnswer[] = [];
    await terminal.authorizeSale(
      { operationId: 'sale', amountYen: 300, method: 'emoney', brand: null },
      (answer) => {
        answers.push(answer);
        return 'acknowledge';
      },
      () => undefined,
    );
    assert.equal(answers[0]?.brand, 'nanaco');
    await terminal.close();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('stops when its folder is gone: nobody could find it any more', async (t) => {
    const dataDir = makeFolder(t);
    const { child } = await startProgram(t, dataDir);
    const exited = once(child, 'exit');
    rmSync(dataDir, { recursive: true });
    assert.deepEqual(await exited, [0, null]);
  });

  test('stops on SIGTERM, and finds its book again', async (t) => {
    const dataDir = makeFolder(t);
    const book = openBook(dataDir);
    book.store(book.begin({ ...PAYMENT, traceNumber: book.nextTrace() }));
    book.close();
    const { child, ready } = await startProgram(t, dataDir);
    const state = (await (await fetch(`${ready.http}/state`)).json()) as { taken: unknown };
    assert.deepEqual(state.taken, { count: 1, amount: 400 });
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
