import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { openDb } from '../../src/db/db.ts';
import {
  EmbeddedPostgresFault,
  openEmbeddedPostgres,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from '../../src/db/embedded.ts';
import { chooseAccount, possibleAccounts } from '../../src/db/postgres-account.ts';
import { findBinaries, restoreSymlinks } from '../../src/db/postgres-binaries.ts';
import { makeFolder } from '../support/folder.ts';

const isRoot = process.getuid?.() === 0;
const embedded = fileURLToPath(new URL('../../src/db/embedded.ts', import.meta.url));

/** Stopped before their folders go: node:test runs `after` in the order in which it was asked for. */
const servers: EmbeddedPostgres[] = [];

/** A folder that also an account with no rights at all can reach. */
function makeDataDir(t: TestContext): string {
  t.after(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const folder = makeFolder(t);
  chmodSync(folder, 0o755);
  return join(folder, 'postgres');
}

async function start(
  dataDir: string,
  options: Omit<EmbeddedOptions, 'dataDir'> = {},
): Promise<EmbeddedPostgres> {
  const server = await openEmbeddedPostgres({ dataDir, binDir: process.env['PG_BIN'], ...options });
  servers.push(server);
  return server;
}

async function ask<Row>(url: string, query: string): Promise<Row[]> {
  const db = openDb(url, () => undefined);
  try {
    return (await sql.raw<Row>(query).execute(db)).rows;
  } finally {
    await db.destroy();
  }
}

test('it starts in an empty folder, keeps its data over a stop, and writes through to the disk', async (t) => {
  const dataDir = makeDataDir(t);
  const first = await start(dataDir);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  assert.deepEqual(await ask(first.url, 'SHOW fsync'), [{ fsync: 'on' }]);
  await first.stop();
  assert.ok(!existsSync(join(dataDir, 'cluster', 'postmaster.pid')));
  await first.stop();

  const second = await start(dataDir);
  assert.equal(second.adopted, false);
  assert.deepEqual(await ask(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
});

test('nobody gets in without the password, and only this machine reaches it', async (t) => {
  const { url } = await start(makeDataDir(t));
  const guess = new URL(url);
  guess.password = 'guess';
  await assert.rejects(ask(guess.href, 'SELECT 1'), /password authentication failed/);
  assert.deepEqual(await ask(url, 'SHOW listen_addresses'), [{ listen_addresses: '127.0.0.1' }]);
});

test('a server that a killed service left behind is taken over with its data', async (t) => {
  const dataDir = makeDataDir(t);
  const script = `
    import { openEmbeddedPostgres } from ${JSON.stringify(embedded)};
    const { url } = await openEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, binDir: process.env.PG_BIN });
    process.stdout.write(url);
    setInterval(() => {}, 1000);`;
  const service = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => service.kill('SIGKILL'));
  const [printed] = (await once(service.stdout, 'data')) as [Buffer];
  const url = printed.toString();
  await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  service.kill('SIGKILL');
  await once(service, 'exit');

  const adopted = await start(dataDir);
  assert.equal(adopted.adopted, true);
  assert.equal(adopted.url, url);
  assert.deepEqual(await ask(adopted.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
  await adopted.stop();
  await assert.rejects(ask(url, 'SELECT 1'), /ECONNREFUSED/);
});

test('a server that was killed itself comes up again with what was committed', async (t) => {
  const dataDir = makeDataDir(t);
  const first = await start(dataDir);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const lock = readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8');
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL');

  const second = await start(dataDir);
  assert.equal(second.adopted, false);
  assert.deepEqual(await ask(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
});

test('a lock file whose process number now belongs to somebody else does not keep it from starting', async (t) => {
  const dataDir = makeDataDir(t);
  const first = await start(dataDir);
  const path = join(dataDir, 'cluster', 'postmaster.pid');
  const lock = readFileSync(path, 'utf8').split('\n');
  await first.stop();
  writeFileSync(path, [process.pid, ...lock.slice(1)].join('\n'));

  const second = await start(dataDir);
  assert.deepEqual(await ask(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('a copied folder gets a server of its own while the first one runs', async (t) => {
  const dataDir = makeDataDir(t);
  const first = await start(dataDir);
  const copy = `${dataDir}-copy`;
  await first.stop();
  cpSync(dataDir, copy, { recursive: true });
  const again = await start(dataDir);
  cpSync(join(dataDir, 'cluster', 'postmaster.pid'), join(copy, 'cluster', 'postmaster.pid'));

  const second = await start(copy);
  assert.equal(second.adopted, false);
  assert.notEqual(new URL(second.url).port, new URL(again.url).port);
});

test('an interrupted making of the cluster is begun anew', async (t) => {
  const dataDir = makeDataDir(t);
  mkdirSync(join(dataDir, 'cluster.new'), { recursive: true });
  writeFileSync(join(dataDir, 'password'), 'secret');
  writeFileSync(join(dataDir, 'cluster.new', 'half'), '');
  const { url } = await start(dataDir);
  assert.deepEqual(await ask(url, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('every way in which this machine lets it run works, one after the other on the same data', async (t) => {
  const dataDir = makeDataDir(t);
  const { postgres } =
    (await findBinaries({ binDir: process.env['PG_BIN'] })) ?? assert.fail('no PostgreSQL');
  await (await start(dataDir)).stop();
  for (const account of possibleAccounts()) {
    if ((await chooseAccount([account], postgres, dataDir)) === undefined) continue;
    const server = await start(dataDir, { accounts: [account] });
    const owner = statSync(join(dataDir, 'cluster', 'postmaster.pid')).uid;
    assert.equal(owner, account === 'setpriv' || account === 'uid' ? 65_534 : (process.getuid?.() ?? owner));
    assert.deepEqual(await ask(server.url, 'SELECT 1 AS one'), [{ one: 1 }], account);
    await server.stop();
  }
});

test('where unshare is refused it starts all the same', async (t) => {
  const dataDir = makeDataDir(t);
  const refusing = makeFolder(t);
  writeFileSync(
    join(refusing, 'unshare'),
    '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n',
  );
  chmodSync(join(refusing, 'unshare'), 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = `${refusing}:${path}`;
  t.after(() => {
    process.env['PATH'] = path;
  });
  const { url } = await start(dataDir);
  assert.deepEqual(await ask(url, 'SELECT 1 AS one'), [{ one: 1 }]);
  assert.equal(statSync(join(dataDir, 'cluster')).uid, isRoot ? 65_534 : process.getuid?.());
});

test('if root may step down in no way, it says so and what to do', async (t) => {
  await assert.rejects(
    start(makeDataDir(t), { accounts: [] }),
    (error) => error instanceof EmbeddedPostgresFault && /ordinary user.*DATABASE_URL/.test(error.message),
  );
});

test('a folder with other things in it is refused and left as it is', async (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'photos.txt'), 'mine');
  await assert.rejects(start(folder), /holds other files \(photos\.txt\) and was not touched/);
  assert.ok(!existsSync(join(folder, 'password')));
});

test('the data of another version is refused and left as it is', async (t) => {
  const dataDir = makeDataDir(t);
  mkdirSync(join(dataDir, 'cluster'), { recursive: true });
  writeFileSync(join(dataDir, 'password'), 'secret');
  writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '9\n');
  await assert.rejects(start(dataDir), /made by PostgreSQL 9; here is only \d+\. It was not touched/);
});

test('a PG_BIN without programs is told by name', async (t) => {
  const empty = makeFolder(t);
  await assert.rejects(
    start(makeDataDir(t), { binDir: empty }),
    /PG_BIN .* holds no PostgreSQL that runs here/,
  );
});

test('links that npm could not pack are made from the package’s list', async (t) => {
  const root = makeFolder(t);
  const lib = join(root, 'native', 'lib');
  mkdirSync(lib, { recursive: true });
  writeFileSync(join(lib, 'libpq.so.5.18'), '');
  symlinkSync('libpq.so.5.18', join(lib, 'libpq.so.5'));
  writeFileSync(
    join(root, 'native', 'pg-symlinks.json'),
    JSON.stringify(
      ['libpq.so', 'libpq.so.5'].map((name) => ({
        source: 'native/lib/libpq.so.5.18',
        target: `native/lib/${name}`,
      })),
    ),
  );
  await restoreSymlinks(root);
  await restoreSymlinks(root);
  assert.equal(readlinkSync(join(lib, 'libpq.so')), 'libpq.so.5.18');
  rmSync(join(root, 'native', 'pg-symlinks.json'));
  await restoreSymlinks(root);
});
