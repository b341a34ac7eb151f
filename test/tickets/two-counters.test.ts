/** What is sold once, between two counters: PostgreSQL says who has it; without it the office sees what both have used. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Express } from 'express';
import request from 'supertest';
import { setImmediate } from 'node:timers/promises';
import { businessDateOf, fiscalYearOf } from '../../src/business-date.ts';
import { openDb } from '../../src/db/db.ts';
import type { OnceMatters } from '../../src/once/office.ts';
import { readStickerHistory } from '../../src/once/sticker-uses.ts';
import { standingOf, type StickerHistory } from '../../src/once/stickers.ts';
import type { OpenMatters } from '../../src/payments/open-matters.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import type { OfficeTicket } from '../../src/tickets/office.ts';
import type { TicketView } from '../../src/tickets/tickets.ts';
import { codeOf, drained, signIn, TOKEN, type Apps } from '../support/apps.ts';
import { openTwo, post } from './counters.ts';

const cash = (change: object = {}) => ({
  ...{ id: randomUUID(), window: 'resident', lines: [{ code: 'CIT-JUM', quantity: 1 }] },
  ...{ totalYen: 400, tender: 'cash' },
  ...change,
});

async function refusal(
  at: Express | string,
  path: string,
  body: object,
): Promise<[string, string | undefined]> {
  const answer = await post(at, path, body);
  const { error } = answer.body as { error: { code: string; details: { counter?: string } } };
  return [error.code, error.details.counter];
}

test('while PostgreSQL answers, two counters can’t use one ticket, nor sell one sticker', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  const { app } = await second(apps.db);
  const text = ticket('R-1');
  // Both have read it, both press at the same moment.
  for (const at of [apps.counter, app]) await post(at, '/api/tickets', { text }).expect(200);
  const answers = await Promise.all(
    [apps.counter, app].map((at) => post(at, '/api/counted', cash({ ticket: text }))),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
  const [winner, loser] = answers[0]?.status === 201 ? ['01', app] : ['02', apps.counter];
  assert.deepEqual(await refusal(loser, '/api/counted', cash({ ticket: text })), [
    'ticket_elsewhere',
    winner,
  ]);
  assert.deepEqual(await refusal(loser, '/api/tickets', { text }), ['ticket_elsewhere', winner]);

  const lines = (startMonth: string) => [{ code: 'BIK-1B', quantity: 1, inputs: { sticker: startMonth } }];
  const twin = { window: 'bicycle', lines: lines('B-1'), totalYen: 100 };
  const sticker = cash({ window: 'bicycle', lines: lines('A-1'), totalYen: 100 });
  await post(apps.counter, '/api/counted', sticker).expect(201);
  const same = (): object => cash({ window: 'bicycle', lines: lines('a-1'), totalYen: 100 });
  // Refused where it was sold, alone and with a twin at the same moment, it stays sold to the other counter.
  assert.deepEqual(await refusal(apps.counter, '/api/counted', same()), ['sticker_sold', undefined]);
  const twins = [1, 2].map(() => post(apps.counter, '/api/counted', cash({ ...twin, id: randomUUID() })));
  assert.deepEqual((await Promise.all(twins)).map(({ status }) => status).sort(), [201, 409]);
  assert.deepEqual(await refusal(app, '/api/counted', cash(twin)), ['sticker_sold', '01']);
  assert.deepEqual(await refusal(app, '/api/counted', same()), ['sticker_sold', '01']);
  // Touched by mistake: once the city has heard of it, the other counter may sell it.
  await post(apps.counter, `/api/counted/${sticker.id}/withdraw`, {}).expect(200);
  await drained(apps);
  await post(app, '/api/counted', same()).expect(201);
  assert.deepEqual(await refusal(apps.counter, '/api/counted', same()), ['sticker_sold', '02']);
});

test('what was counted under one id at two counters stands at both as it was, and the office is told of it', async (t) => {
  const { apps, second } = await openTwo(t);
  const { app, stop } = await second(apps.db);
  const [here, there] = [cash(), cash({ lines: [{ code: 'CIT-JUM', quantity: 2 }], totalYen: 800 })];
  await post(apps.counter, '/api/counted', here).expect(201);
  await post(app, '/api/counted', { ...there, id: here.id }).expect(201);
  await post(app, `/api/counted/${here.id}/withdraw`, {}).expect(200);
  await drained(apps);
  await stop();
  const sales = apps.db.selectFrom('counted_sales').select(['counter', 'amount_yen', 'withdrawn_by']);
  const [own, other] = await sales.orderBy('counter').execute();
  assert.deepEqual(own, { counter: '01', amount_yen: 400, withdrawn_by: null });
  assert.deepEqual([other?.amount_yen, other?.withdrawn_by === null], [800, false]);
  const told = await request(apps.office)
    .get('/api/office/open')
    .set('Authorization', `Bearer ${TOKEN}`)
    .expect(200);
  const { notices } = told.body as OpenMatters;
  assert.deepEqual(
    notices.map(({ kind, counter }) => [kind, counter]),
    [['repeated_id', '01・02']],
  );
});

test('a sale that is refused lets another counter have its ticket', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  const { app } = await second(apps.db);
  const text = ticket('R-1');
  const wrong = cash({ ticket: text, totalYen: 300 });
  assert.deepEqual(await refusal(apps.counter, '/api/counted', wrong), ['price_changed', undefined]);
  await post(app, '/api/counted', cash({ ticket: text })).expect(201);
});

test('without PostgreSQL a bound ticket is sure; one that is not needs the resident’s word, and the office sees it used twice', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  await (await second(apps.db)).stop();
  const nowhere = openDb('postgres://nobody:nothing@127.0.0.1:1/none', () => undefined);
  t.after(() => nowhere.destroy());
  const offline = await second(nowhere);
  const view = async (text: string): Promise<TicketView> =>
    (await post(offline.app, '/api/tickets', { text }).expect(200)).body as TicketView;
  assert.equal((await view(ticket('R-1', '02'))).isSure, true);
  assert.deepEqual(await refusal(apps.counter, '/api/tickets', { text: ticket('R-1', '02') }), [
    'ticket_other_counter',
    '02',
  ]);

  const text = ticket('R-2');
  assert.equal((await view(text)).isSure, false);
  // Nobody can say whether it is used elsewhere: the resident has to be asked, and that is on record.
  assert.equal((await refusal(offline.app, '/api/counted', cash({ ticket: text })))[0], 'ticket_unsure');
  await post(offline.app, '/api/counted', cash({ ticket: text, ticketUnsure: true })).expect(201);
  await post(offline.app, '/api/counted', cash({ ticket: ticket('R-1', '02') })).expect(201);
  const lost = replacement('A-1', 'A-2');
  assert.equal((await refusal(offline.app, '/api/counted', lost))[0], 'sticker_unchecked');
  assert.equal((await refusal(offline.app, '/api/counted', cash({ ticket: text })))[0], 'ticket_used');
  await post(apps.counter, '/api/counted', cash({ ticket: text })).expect(201);
  await drained(apps);
  await offline.stop();
  // The network is back.
  await second(apps.db);
  const answer = await request(apps.office)
    .get('/api/office/tickets')
    .set('Authorization', `Bearer ${TOKEN}`)
    .expect(200);
  const list = answer.body as OfficeTicket[];
  assert.deepEqual(
    list
      .map(({ reference, counter, state, alsoAt, isUnsure }) => [reference, counter, state, alsoAt, isUnsure])
      .slice(0, 2)
      .sort(),
    [
      ['R-2', '01', 'cash', ['02'], false],
      ['R-2', '02', 'cash', ['01'], true],
    ],
  );

  // It is an open matter until somebody has looked into it.
  const doubles = (matters: OnceMatters): [string, string[]][] =>
    matters.doubles.map(({ key, sales }) => [key, sales.map(({ counter }) => counter).sort()]);
  assert.deepEqual(doubles(await readMatters(apps)), [['ticket:R-2', ['01', '02']]]);
  const settled = await decide(apps, 'settle', 'ticket:R-2');
  assert.deepEqual(doubles(settled), []);
});

const replacement = (replaces: string, sticker: string, more: object = {}) =>
  cash({
    window: 'bicycle',
    lines: [{ code: 'BIK-RP', quantity: 1, inputs: { reason: 'lost', replaces, sticker, ...more } }],
    totalYen: 0,
    tender: 'nothing',
  });

const readMatters = async (apps: Apps): Promise<OnceMatters> =>
  (await request(apps.office).get('/api/office/once').set('Authorization', `Bearer ${TOKEN}`).expect(200))
    .body as OnceMatters;

async function decide(apps: Apps, what: 'release' | 'settle', key: string): Promise<OnceMatters> {
  const cookie = await signIn(apps.office, '1003', SAMPLE_PIN);
  const answer = await request(apps.office)
    .post(`/api/office/once/${what}`)
    .set('Cookie', cookie)
    .send({ key, note: 'カウンターに確かめた' });
  assert.equal(answer.status, 200, answer.text);
  return answer.body as OnceMatters;
}

test('a claim that a dead counter has left is given up at its next start, or by the office once it is silent', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  // Each died between its claim and its record; counter 03 never comes back.
  const claim = (key: string, counter: string) => ({ municipality: '122327', key, counter });
  await apps.db
    .insertInto('once_claims')
    .values([
      { ...claim('ticket:R-1', '02'), operation_id: randomUUID() },
      { ...claim('ticket:R-3', '03'), operation_id: randomUUID() },
    ])
    .execute();
  const text = ticket('R-1');
  assert.deepEqual(await refusal(apps.counter, '/api/counted', cash({ ticket: text })), [
    'ticket_elsewhere',
    '02',
  ]);
  const { app } = await second(apps.db);
  // Whoever uses something up waits until the counter has tidied up.
  const sticker = { window: 'bicycle', totalYen: 100 };
  const lines = [{ code: 'BIK-1B', quantity: 1, inputs: { sticker: 'C-1' } }];
  await post(app, '/api/counted', cash({ ...sticker, lines })).expect(201);
  await post(apps.counter, '/api/counted', cash({ ticket: text })).expect(201);

  const third = ticket('R-3');
  assert.deepEqual(await refusal(apps.counter, '/api/counted', cash({ ticket: third })), [
    'ticket_elsewhere',
    '03',
  ]);
  assert.deepEqual((await readMatters(apps)).silent, []);
  const cookie = await signIn(apps.office, '1003', SAMPLE_PIN);
  const early = await request(apps.office)
    .post('/api/office/once/release')
    .set('Cookie', cookie)
    .send({ key: 'ticket:R-3', note: '急ぐ' });
  assert.equal(codeOf(early), 'claim_not_silent');
  await apps.db
    .updateTable('once_claims')
    .set({ at: new Date(Date.now() - 3_600_000).toISOString() })
    .where('key', '=', 'ticket:R-3')
    .execute();
  assert.deepEqual(
    (await readMatters(apps)).silent.map(({ key, counter }) => [key, counter]),
    [['ticket:R-3', '03']],
  );
  assert.deepEqual((await decide(apps, 'release', 'ticket:R-3')).silent, []);
  await post(apps.counter, '/api/counted', cash({ ticket: third })).expect(201);
});

test('a sticker is replaced where it was sold, by whichever counter; its history says who has it', async (t) => {
  const { apps, second } = await openTwo(t);
  const { app } = await second(apps.db);
  assert.equal((await refusal(app, '/api/counted', replacement('A-1', 'A-2')))[0], 'sticker_not_sold');
  const pass = { code: 'BIK-YB', quantity: 1, inputs: { class: 'resident', sticker: 'a-1' } };
  const totalYen = passPrice(apps.clock.now);
  await post(apps.counter, '/api/counted', cash({ window: 'bicycle', lines: [pass], totalYen })).expect(201);
  await drained(apps);
  await post(app, '/api/counted', replacement('A-1', 'A-2')).expect(201);
  assert.equal((await refusal(app, '/api/counted', replacement('A-1', 'A-3')))[0], 'sticker_replaced');
  // Sold on paper, before there was this record.
  await post(app, '/api/counted', replacement('P-7', 'A-9', { soldIn: 'ledger' })).expect(201);

  const year = fiscalYearOf(businessDateOf(apps.clock.now));
  const ask = async (at: Express | string, path: string, number: string): Promise<StickerHistory> =>
    (
      await request(at)
        .get(`${path}?number=${number}&year=${String(year)}`)
        .set('Authorization', `Bearer ${TOKEN}`)
        .expect(200)
    ).body as StickerHistory;
  const said = (history: StickerHistory) => {
    const standing = standingOf(history);
    return [standing.is, 'by' in standing && standing.by, history.uses.map(({ counter }) => counter)];
  };
  assert.deepEqual(said(await ask(app, '/api/stickers', 'a-1')), ['replaced', 'A-2', ['01', '02']]);
  assert.deepEqual(said(await ask(app, '/api/stickers', 'A-2')), ['in_use', false, ['02']]);
  assert.deepEqual(said(await ask(app, '/api/stickers', 'A-5')), ['never_sold', false, []]);
  await waitForUses(apps, 'A-2', year);
  assert.deepEqual(said(await ask(apps.office, '/api/office/stickers', 'A-1')), [
    'replaced',
    'A-2',
    ['01', '02'],
  ]);
});

/** Counter 02 has told PostgreSQL of it. */
async function waitForUses({ db }: Apps, number: string, year: number): Promise<void> {
  while ((await readStickerHistory(db, '122327', { number, year })).uses.length === 0) await setImmediate();
}

/** 5,340 yen in April, by month. */
function passPrice(now: Date): number {
  const month = Number(businessDateOf(now).slice(5, 7));
  return Math.floor((5_340 * (((15 - month) % 12) + 1)) / 12 / 10) * 10;
}
