/** What is sold once, between two counters: PostgreSQL says who has it; without it the office sees what both have used. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import request from 'supertest';
import { readConfig } from '../../src/config.ts';
import { openCounter } from '../../src/counter-role.ts';
import { openDb } from '../../src/db/db.ts';
import type { Database } from '../../src/db/schema.ts';
import { openSecrets } from '../../src/secrets.ts';
import { signTicket } from '../../src/tickets/format.ts';
import { makeTicketKey, privateKeyPath, readPrivateKey } from '../../src/tickets/keys.ts';
import type { OfficeTicket } from '../../src/tickets/office.ts';
import type { TicketView } from '../../src/tickets/tickets.ts';
import { openApps, TOKEN, type Apps } from '../support/apps.ts';
import { waitForRecord } from '../support/clerk.ts';
import { makeFolder } from '../support/folder.ts';
import type { House } from '../support/house.ts';
import { silentLog } from '../support/log.ts';

interface Second {
  app: Express;
  stop: () => Promise<void>;
}

/** Counter 01 with its office, and a way to start counter 02 on any way to PostgreSQL. */
async function openTwo(t: TestContext) {
  const folder = makeFolder(t);
  const keys = join(folder, 'ticket-keys.json');
  makeTicketKey(keys, 'desk');
  const apps = await openApps(t, { settings: { TICKET_KEYS: keys } });
  const second = (db: Kysely<Database>): Promise<Second> => openSecond(t, folder, keys, db);
  const ticket = (reference: string, counter: string | null = null): string =>
    signTicket(
      {
        ...{ key: 'desk', reference, window: 'resident', counter, until: '2099-12-31' },
        lines: [{ code: 'CIT-JUM', quantity: 1 }],
      },
      readPrivateKey(privateKeyPath(keys, 'desk')),
    );
  return { apps, second, ticket };
}

async function openSecond(
  t: TestContext,
  dataDir: string,
  keys: string,
  db: Kysely<Database>,
): Promise<Second> {
  const settings = { BOOK: 'trial', DATA_DIR: dataDir, API_TOKEN: TOKEN, COUNTER: '02', TICKET_KEYS: keys };
  const counter = await openCounter({
    config: readConfig(settings),
    log: silentLog(),
    secrets: openSecrets(dataDir, { apiToken: TOKEN, survey: undefined }),
    ...{ db, terminals: [], screensDir: dataDir, virtualPages: [], officeUrl: null },
    surveyUrl: () => null,
    now: () => new Date(),
    onFatal(error) {
      throw error;
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= counter.stop());
  t.after(stop);
  return { app: counter.app, stop };
}

const post = (at: Express | string, path: string, body: object) =>
  request(at).post(path).set('Authorization', `Bearer ${TOKEN}`).send(body);

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

/** Counter 01 has told PostgreSQL everything. */
const drained = (apps: Apps): Promise<void> =>
  waitForRecord({ counter: apps.counter, apiToken: TOKEN } as House, 'synced');

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

test('a sale that is refused lets another counter have its ticket', async (t) => {
  const { apps, second, ticket } = await openTwo(t);
  const { app } = await second(apps.db);
  const text = ticket('R-1');
  const wrong = cash({ ticket: text, totalYen: 300 });
  assert.deepEqual(await refusal(apps.counter, '/api/counted', wrong), ['price_changed', undefined]);
  await post(app, '/api/counted', cash({ ticket: text })).expect(201);
});

test('without PostgreSQL a bound ticket is sure; one that is not is said not to be, and the office sees it used twice', async (t) => {
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
  await post(offline.app, '/api/counted', cash({ ticket: text })).expect(201);
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
      .map(({ reference, counter, state, alsoAt }) => [reference, counter, state, alsoAt])
      .slice(0, 2)
      .sort(),
    [
      ['R-2', '01', 'cash', ['02']],
      ['R-2', '02', 'cash', ['01']],
    ],
  );
});
