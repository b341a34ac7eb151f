/** What a clerk's PC goes through: the plug pulled in the middle, Ctrl-C, a second start, a start that can't be. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import request from 'supertest';
import {
  get,
  planResidents,
  press,
  readBook,
  saleOf,
  waitForPayment,
  waitForRecord,
  waitForTerminal,
} from '../support/clerk.ts';
import { openBrowser, openPage, signInAs } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { openHouse, startHouse } from '../support/house.ts';
import { firstOfFreePorts, spawnHouse, startHouseProcess } from '../support/house-process.ts';
import { sellCertificate } from '../support/screen-walk.ts';

const isFinal = ({ state }: { state: string }): boolean => state !== 'armed' && state !== 'unknown';

test('Ctrl-C stops everything; the next start finds every payment, and PostgreSQL still holds it', async (t) => {
  const folder = makeFolder(t);
  const first = await startHouseProcess(t, folder);
  await waitForTerminal(first, 'ready');
  await planResidents(first, [{ do: { act: 'present', brand: 'waon' } }]);
  const { id } = await press(first, saleOf({ method: 'emoney', brand: 'waon' }));
  await waitForPayment(first, id);
  assert.equal(await first.stop(), 0);
  assert.match(first.output(), /停止しました/);
  await assert.rejects(fetch(first.virtualTerminal), 'the virtual terminal has stopped too');

  const second = await startHouseProcess(t, folder);
  const { body } = (await get(second, `/api/payments/${id}`).expect(200)) as { body: unknown };
  assert.equal((body as { state: string }).state, 'approved');
  const listed = await get(second, '/api/office/payments', second.office).expect(200);
  assert.equal((listed.body as { id: string }[])[0]?.id, id);
  assert.deepEqual(
    (await readBook(second)).map(({ brand, state }) => [brand, state]),
    [['waon', 'stored']],
  );
});

test('killed in the middle of a sale: PostgreSQL and terminal are found again, and the terminal is asked first', async (t) => {
  const folder = makeFolder(t);
  const first = await startHouseProcess(t, folder);
  await waitForTerminal(first, 'ready');
  // A terminal that has nothing to remember could say nothing.
  await planResidents(first, [{ do: { act: 'present', brand: 'jcb' } }]);
  const before = await press(first, saleOf());
  await waitForPayment(first, before.id);
  await waitForTerminal(first, 'ready');
  await planResidents(first, []);
  const sale = await press(first, saleOf());
  await first.kill();

  const second = await startHouseProcess(t, folder);
  const payment = await waitForPayment(second, sale.id, isFinal);
  assert.equal(payment.state, 'not_charged');
  assert.ok(payment.queries > 0);
  const stored = (await readBook(second)).filter(({ state }) => state === 'stored');
  assert.deepEqual(
    stored.map(({ brand }) => brand),
    ['jcb'],
  );
  await waitForTerminal(second, 'ready');
  await planResidents(second, [{ do: { act: 'present', brand: 'visa' } }]);
  const next = await press(second, saleOf());
  assert.equal((await waitForPayment(second, next.id)).state, 'approved');
  await waitForRecord(second, 'synced');
});

test('every fault of a start is told at once, in plain words, and nothing is left running', async (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'holiday-photos.txt'), 'not ours');
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  assert.ok(typeof address === 'object' && address !== null);

  const { child, output } = await spawnHouse(folder, { OFFICE_PORT: String(address.port) });
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 1);
  assert.match(output(), new RegExp(`OFFICE_PORT=${address.port}: この番号は使われています`));
  assert.match(output(), /DATA_DIR=.*: 別のものが入っています/);
  assert.doesNotMatch(output(), /at .*\.ts:/, 'no stack trace for a clerk');
});

test('missing and wrong settings are all named; secrets are not repeated', async (t) => {
  const { child, output } = await spawnHouse(makeFolder(t), {
    BOOK: 'live',
    API_TOKEN: 'too-short',
    TERMINAL: 'zvt@carrier-pigeon',
    MUNICIPALITY: '12',
  });
  await once(child, 'exit');
  for (const name of ['API_TOKEN', 'TERMINAL', 'MUNICIPALITY'])
    assert.match(output(), new RegExp(`- ${name}`));
  assert.doesNotMatch(output(), /too-short/);

  const second = await spawnHouse(makeFolder(t), { BOOK: 'live' });
  await once(second.child, 'exit');
  for (const name of ['DATABASE_URL', 'TERMINAL', 'API_TOKEN', 'SURVEY_SECRET']) {
    assert.match(second.output(), new RegExp(`- ${name}: BOOK=live に必要です`));
  }
});

test('what a driver does not understand is told at the start, not as a cable to check', async (t) => {
  const { child, output } = await spawnHouse(makeFolder(t), {
    BOOK: 'live',
    DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
    TERMINAL: 'zvt@tcp:127.0.0.1:1',
    TERMINAL_OPTIONS: '{"password":"secret","surprise":1}',
    API_TOKEN: 'x'.repeat(20),
    SURVEY_SECRET: 'y'.repeat(20),
  });
  await once(child, 'exit');
  assert.match(output(), /TERMINAL_OPTIONS password/);
  assert.match(output(), /surprise/);
});

test('a folder of another book is refused, and a trial takes no real terminal', async (t) => {
  const folder = makeFolder(t);
  const house = await startHouse(t, folder);
  await house.stop();
  const { child, output } = await spawnHouse(folder, { BOOK: 'training' });
  await once(child, 'exit');
  assert.match(output(), /別の種類のデータです \(BOOK=trial/);

  const real = await spawnHouse(makeFolder(t), { TERMINAL: 'zvt@serial:/dev/ttyUSB0' });
  await once(real.child, 'exit');
  assert.match(real.output(), /TERMINAL: trial では本物の端末を使えません/);
});

test('a second start in the same folder does not disturb the first', async (t) => {
  const folder = makeFolder(t);
  const house = await startHouse(t, folder);
  await waitForTerminal(house, 'ready');
  const spare = await firstOfFreePorts(1);
  const { child, output } = await spawnHouse(folder, { VIRTUAL_TERMINAL_PORT: String(spare) });
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 1);
  assert.match(output(), /already runs on this folder/);
  await request(house.counter).get('/readyz').expect(200);
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const { id } = await press(house, saleOf());
  assert.equal((await waitForPayment(house, id)).state, 'approved');
});

test('the plug is pulled while a card is awaited: the clerk is told not to charge again, and that nothing has been managed', async (t) => {
  const house = await openHouse(t);
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  const { page } = await openPage(await openBrowser(t), house.counter, { width: 1280, height: 800 });
  await sellCertificate(page, () => Promise.resolve());
  const managed = page.getByText('できました', { exact: true });
  await managed.waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('q');
  await page.getByRole('button', { name: /を支払う/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.sale[data-step=paying]').waitFor();
  await house.kill();
  await page.getByText(/支払いは端末で続いている場合があります。もう一度支払いをしないでください/).waitFor();
  assert.equal(await managed.count(), 0);
  assert.ok(
    await page.getByRole('button', { name: '取り消しを頼む' }).isDisabled(),
    'nobody would hear of it',
  );
  await page.keyboard.press('Escape');
  assert.equal(await page.getByText('取り消しを頼めませんでした').count(), 0);
});

test('the plug is pulled while a day is closed: once the service is back, the page says what became of it, and prints it', async (t) => {
  const folder = makeFolder(t);
  const port = await firstOfFreePorts(4);
  const names = ['PORT', 'OFFICE_PORT', 'SURVEY_PORT', 'VIRTUAL_TERMINAL_PORT'];
  const ports = Object.fromEntries(names.map((name, index) => [name, String(port + index)]));
  const start = () => startHouse(t, folder, ports);
  const house = await start();
  await waitForTerminal(house, 'ready');
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }]);
  assert.equal((await waitForPayment(house, (await press(house, saleOf())).id)).state, 'approved');
  await waitForTerminal(house, 'ready');
  const { page } = await openPage(await openBrowser(t), house.counter, { width: 1024, height: 768 });
  await signInAs(page, house.counter, '1002');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  await button('メニュー').click();
  await page.getByRole('menuitem', { name: '締め', exact: true }).click();
  const slow = { faults: [{ fault: 'delay', command: '0650', message: '060f', ms: 12_000 }] };
  await request(house.virtualTerminal).post('/faults').send(slow).expect(200);
  await button('締める').click();
  await page.getByText(/日計を行っています/).waitFor();
  await house.kill();
  await page.getByText(/締めが残ったかどうかは、サービスが戻ると、ここに出ます/).waitFor();
  assert.equal(await page.getByText(/日計を行っています/).count(), 0, 'nobody knows that it goes on');
  const again = await start();
  await page.getByText('締めは残していません。もう一度締めてください。').waitFor();
  await waitForTerminal(again, 'ready');
  await button('締める').click();
  await page.getByText('1件 400円 を、今日の締めとして残しました。').waitFor();
  // Its slip can be had again whenever the dialog is opened.
  await page.keyboard.press('Escape');
  await button('メニュー').click();
  await page.getByRole('menuitem', { name: '締め', exact: true }).click();
  const slip = page.context().waitForEvent('page');
  await button(/^\d+:\d\d の控えを印刷$/).click();
  await (await slip).getByRole('heading', { name: /締めの控え/ }).waitFor();
});
