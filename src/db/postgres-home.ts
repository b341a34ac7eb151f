/** The folder of a PostgreSQL of our own: what lies in it, and whether a server is at work there. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** It can't be had here; `message` says why and what to do. */
export class EmbeddedPostgresFault extends Error {
  override readonly name = 'EmbeddedPostgresFault';
}

/** The superuser of the cluster; nobody else is made. */
export const USER = 'madoguchi';

export const ELSEWHERE = 'Or set DATABASE_URL to a PostgreSQL of your own.';

/** The places in the folder. */
export interface Home {
  dataDir: string;
  cluster: string;
  lock: string;
  log: string;
  password: string;
}

/** Where its superuser finds it. */
export function urlOf(home: Home, port: number): string {
  return `postgresql://${USER}:${home.password}@127.0.0.1:${port}/postgres`;
}

/** The folder, with its password; made if it is new. */
export async function claimFolder(dataDir: string): Promise<Home> {
  const paths = {
    dataDir,
    cluster: join(dataDir, 'cluster'),
    lock: join(dataDir, 'cluster', 'postmaster.pid'),
    log: join(dataDir, 'postgres.log'),
  };
  const passwordFile = join(dataDir, 'password');
  try {
    await mkdir(dataDir, { recursive: true });
    const entries = await readdir(dataDir);
    if (!entries.includes('password')) {
      if (entries.length > 0) {
        const found = entries.slice(0, 3).join(', ');
        throw new EmbeddedPostgresFault(
          `${dataDir} holds other files (${found}) and was not touched. Choose an empty DATA_DIR. ${ELSEWHERE}`,
        );
      }
      await chmod(dataDir, 0o700);
      await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    }
    await appendFile(paths.log, '', { mode: 0o600 });
    return { ...paths, password: (await readFile(passwordFile, 'utf8')).trim() };
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresFault) throw cause;
    throw new EmbeddedPostgresFault(
      `The database's folder ${dataDir} can't be used (${messageOf(cause)}). ` +
        `Start as the user who owns it, or choose another DATA_DIR. ${ELSEWHERE}`,
      { cause },
    );
  }
}

/** The URL of the server that runs in this folder, as its owner; undefined: none does, or none was made here. */
export async function findServerUrl(dataDir: string): Promise<string | undefined> {
  if (!existsSync(join(dataDir, 'password'))) return undefined;
  const home = await claimFolder(dataDir);
  const port = await findRunning(home);
  return port === undefined ? undefined : urlOf(home, port);
}

/** What postmaster.pid says (miscadmin.h: pid, data folder, start, port, …). */
export async function readLock(home: Home): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(home.lock, 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid !== undefined && pid > 0 ? { pid, port: port ?? 0 } : undefined;
}

/** The port of a server that serves this very folder; a copied lock file or a stranger on the port is neither. */
export async function findRunning(home: Home): Promise<number | undefined> {
  const lock = await readLock(home);
  if (lock === undefined || !(lock.port > 0)) return undefined;
  const client = new pg.Client({
    connectionString: urlOf(home, lock.port),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  // A server that goes away while it is asked is no server to adopt.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const served = rows[0]?.data_directory ?? '';
    return (await realpath(served)) === (await realpath(home.cluster)) ? lock.port : undefined;
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}

/** Whether a live process works in the cluster's folder; undefined where the system does not say (not Linux). */
export async function isInUse(home: Home): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  const cluster = await realpath(home.cluster);
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    // Gone meanwhile, dead, or another user's: not ours.
    const folder = await realpath(join('/proc', pid, 'cwd')).catch(() => undefined);
    if (folder === cluster) return true;
  }
  return false;
}

/** The last eight lines of its log, for whoever is told that it does not start. */
export async function lastWords(home: Home): Promise<string> {
  const text = await readFile(home.log, 'utf8').catch(messageOf);
  return text.trimEnd().split('\n').slice(-8).join('\n');
}

/** What a program said before it failed (`stderr`), or what the error says. */
export function messageOf(error: unknown): string {
  if (
    error instanceof Error &&
    'stderr' in error &&
    typeof error.stderr === 'string' &&
    error.stderr !== ''
  ) {
    return error.stderr.trim();
  }
  return error instanceof Error ? error.message : String(error);
}
