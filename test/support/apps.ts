/** The counter's and the office's own interfaces on one database, without the program around them. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import request from 'supertest';
import { readConfig, type Config } from '../../src/config.ts';
import { openCounter, type Counter } from '../../src/counter-role.ts';
import type { Database } from '../../src/db/schema.ts';
import { openOffice } from '../../src/office-role.ts';
import { openSecrets } from '../../src/secrets.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';
import type { Cleanup } from './cleanup.ts';
import { makeFolder } from './folder.ts';
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
  const office = await openOffice({
    ...shared,
    db,
    surveySource: undefined,
    grainOf: () => undefined,
  });
  t.after(() => office.stop());
  const openTheCounter = (reached = db): Promise<Counter> =>
    openCounter({
      ...shared,
      db: reached,
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
  const [counterUrl, officeUrl] = await Promise.all([
    serve(t, (request, response) => {
      counter.app(request, response);
    }),
    serve(t, office.app),
  ]);
  return {
    db,
    counter: counterUrl,
    office: officeUrl,
    clock,
    dataDir,
    async restartCounter(reached) {
      await counter.stop();
      counter = await openTheCounter(reached);
    },
  };
}

async function serve(
  t: Cleanup,
  app: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
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

/** The refusal's code. */
export const codeOf = (answer: request.Response): string | undefined =>
  (answer.body as { error?: { code: string } }).error?.code;
