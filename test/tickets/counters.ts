/** Two counters of one city in one process, with one office and one desk that makes tickets. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import request from 'supertest';
import { readConfig } from '../../src/config.ts';
import { openCounter } from '../../src/counter-role.ts';
import type { Database } from '../../src/db/schema.ts';
import { openSecrets } from '../../src/secrets.ts';
import { signTicket } from '../../src/tickets/format.ts';
import { makeTicketKey, privateKeyPath, readPrivateKey } from '../../src/tickets/keys.ts';
import { openApps, TOKEN } from '../support/apps.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/log.ts';

interface Second {
  app: Express;
  stop: () => Promise<void>;
}

/** Counter 01 with its office, and a way to start counter 02 on any way to PostgreSQL. */
export async function openTwo(t: TestContext) {
  const folder = makeFolder(t);
  const keys = join(folder, 'ticket-keys.json');
  makeTicketKey(keys, 'desk');
  const apps = await openApps(t, { settings: { TICKET_KEYS: keys } });
  const second = (db: Kysely<Database>): Promise<Second> => openSecond(t, folder, keys, db);
  const ticket = (reference: string, counter: string | null = null, until = '2099-12-31'): string =>
    signTicket(
      {
        ...{ key: 'desk', reference, window: 'resident', counter, until },
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

export const post = (at: Express | string, path: string, body: object) =>
  request(at).post(path).set('Authorization', `Bearer ${TOKEN}`).send(body);
