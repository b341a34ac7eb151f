/** The counter's and the office's own interfaces on one database, without the program around them. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import request from 'supertest';
import { readConfig, type Config } from '../../src/config.ts';
import { openCounter, type Counter } from '../../src/counter-role.ts';
import type { Database } from '../../src/db/schema.ts';
import { openOffice } from '../../src/office-role.ts';
import type { StatementService } from '../../src/reconcile/statements/fetching.ts';
import { openSecrets } from '../../src/secrets.ts';
import { reachOf } from '../../src/tablets/open.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';
import { openTls, type Tls } from '../../src/tls/tls.ts';
import type { Cleanup } from './cleanup.ts';
import { waitForRecord } from './clerk.ts';
import { makeFolder } from './folder.ts';
import type { House } from './house.ts';
import { silentLog } from './log.ts';
import { openTestDatabase } from './postgres.ts';

export const TOKEN = 'a token for tests, long enough';

export interface Apps {
  db: Kysely<Database>;
  /** Addresses of the two, on 127.0.0.1. */
  counter: string;
  office: string;
  clock: { now: Date };
  dataDir: string;
  /** Both once more, as the LAN sees them: by TLS, with the authority to trust. */
  lan: { counter: string; office: string; authority: string };
  /** Stops the counter and starts it again on the same journal and port; `db`: another way to PostgreSQL, or none. */
  restartCounter(db?: Kysely<Database>): Promise<void>;
}

/** Both with their own doors to one database. Stopped after the test. */
export async function openApps(
  t: Cleanup,
  options: {
    book?: Config['book'];
    terminals?: TerminalSetup[];
    settings?: Record<string, string>;
    /** Where the built screens are, for tests that open them. */
    screensDir?: string;
    log?: Logger;
    /** Made for the test if left out. */
    dataDir?: string;
    /** Where the office fetches statements from. */
    payouts?: StatementService;
    /** Another municipality's, on one server. */
    db?: Kysely<Database>;
  } = {},
): Promise<Apps> {
  const { db, url } =
    options.db === undefined ? await openTestDatabase(t) : { db: options.db, url: 'postgres://none' };
  const dataDir = options.dataDir ?? makeFolder(t);
  const live = { DATABASE_URL: url, TERMINAL: 'zvt@tcp:127.0.0.1:1', SURVEY_SECRET: TOKEN };
  const book = options.book ?? 'trial';
  const config = readConfig({
    BOOK: book,
    DATA_DIR: dataDir,
    API_TOKEN: TOKEN,
    ...(book === 'live' ? live : {}),
    ...options.settings,
  });
  const clock = { now: new Date() };
  const shared = {
    config,
    log: options.log ?? silentLog(),
    secrets: openSecrets(dataDir, { apiToken: TOKEN, survey: undefined }),
    screensDir: options.screensDir ?? dataDir,
    now: () => clock.now,
  };
  const tls = openTls({
    ...{ files: undefined, dataDir, title: '窓口', givenNames: [], addresses: ['127.0.0.1'] },
    now: () => clock.now,
    onWarning: (what) => assert.fail(what),
  });
  t.after(() => tls.stop());
  const office = await openOffice({
    ...shared,
    db,
    lanNames: tls.names,
    surveySource: undefined,
    payouts: options.payouts,
    grainOf: () => undefined,
  });
  t.after(() => office.stop());
  const openTheCounter = (reached = db): Promise<Counter> =>
    openCounter({
      ...shared,
      db: reached,
      lan: reachOf(tls, 8610),
      terminals: options.terminals ?? [],
      virtualPages: [],
      officeUrl: null,
      surveyUrl: () => null,
      onFatal(error) {
        throw error;
      },
    });
  let counter = await openTheCounter();
  t.after(() => counter.stop());
  const [counterUrl, officeUrl, lanCounterUrl, lanOfficeUrl] = await Promise.all([
    serve(t, (request, response) => {
      counter.app(request, response);
    }),
    serve(t, office.app),
    serve(
      t,
      (request, response) => {
        counter.lanApp?.(request, response);
      },
      tls,
    ),
    serve(t, office.lanApp ?? assert.fail(), tls),
  ]);
  return {
    db,
    counter: counterUrl,
    office: officeUrl,
    clock,
    dataDir,
    lan: { counter: lanCounterUrl, office: lanOfficeUrl, authority: tls.authority ?? '' },
    async restartCounter(reached) {
      await counter.stop();
      counter = await openTheCounter(reached);
    },
  };
}

async function serve(
  t: Cleanup,
  app: (request: IncomingMessage, response: ServerResponse) => void,
  tls?: Tls,
): Promise<string> {
  const identity = tls?.identity();
  const server: Server =
    identity === undefined
      ? createServer(app)
      : createTlsServer({ key: identity.key, cert: identity.certificate }, app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Signs in and returns the cookie. */
export async function signIn(base: string, number: string, pin: string, cookie = ''): Promise<string> {
  const answer = await request(base).post('/api/session').set('Cookie', cookie).send({ number, pin });
  assert.equal(answer.status, 204, answer.text);
  return cookieOf(answer);
}

/** The cookie that an answer sets, as a request sends it back. */
export function cookieOf(answer: request.Response): string {
  const [set] = answer.get('Set-Cookie') ?? [];
  assert.ok(set !== undefined, 'no cookie');
  return set.split(';')[0] ?? '';
}

/** Pairs a tablet, in the 出納員's name. Returns its cookie. */
export async function pairTablet(apps: Apps, name: string): Promise<string> {
  const treasurer = await signIn(apps.counter, '1002', SAMPLE_PIN);
  const invited = await request(apps.counter).post('/api/tablets').set('Cookie', treasurer).send({ name });
  assert.equal(invited.status, 201, invited.text);
  const { code } = invited.body as { code: string };
  const { counter, authority } = apps.lan;
  const paired = await request(counter).post('/pair').ca(authority).type('form').send({ code });
  assert.equal(paired.status, 303, paired.text);
  return cookieOf(paired);
}

/** The refusal's code. */
export const codeOf = (answer: request.Response): string | undefined =>
  (answer.body as { error?: { code: string } }).error?.code;

/** The session of that cookie. */
export const whoIs = (base: string, cookie: string): request.Test =>
  request(base).get('/api/session').set('Cookie', cookie);

/** Counter 01 has told PostgreSQL everything. */
export const drained = (apps: Apps): Promise<void> =>
  waitForRecord({ counter: apps.counter, apiToken: TOKEN } as House, 'synced');
