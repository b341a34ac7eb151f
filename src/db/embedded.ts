/**
 * A real PostgreSQL of our own in a data folder: what a trial runs on where nobody has installed one.
 *
 * `pg_ctl` starts it in the background, so that a Ctrl-C for us does not reach it and it outlives a SIGKILL; the
 * next start adopts it. It listens on 127.0.0.1 only and asks for a random password that lies beside the data,
 * because other users of the PC can reach that address too. Never used on Windows by us: built for it, not tried.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chooseAccount, commandAs, possibleAccounts, type Account } from './postgres-account.ts';
import { findBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import {
  claimFolder,
  ELSEWHERE,
  EmbeddedPostgresFault,
  findRunning,
  isInUse,
  lastWords,
  messageOf,
  readLock,
  urlOf,
  USER,
  type Home,
} from './postgres-home.ts';

export { EmbeddedPostgresFault } from './postgres-home.ts';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** `postgresql://…` with the password. */
  url: string;
  /** Whether a server that an earlier run left behind was taken over. */
  adopted: boolean;
  /** Ends sessions, writes everything out, stops. Resolves when the server is gone; a second call does nothing. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A folder for it alone; made if it is not there. */
  dataDir: string;
  /** Where `postgres`, `initdb` and `pg_ctl` are (PG_BIN); found by itself if left out. */
  binDir?: string | undefined;
  /** Further server settings; tests switch `fsync` off. Names and values without white space. */
  settings?: Record<string, string>;
  /** For root: the ways down to try, in order. */
  accounts?: readonly Account[];
}

const START_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3;
const POLL_MS = 100;
const LOG_LIMIT_BYTES = 1_000_000;

/** Starts or adopts the server of a data folder. @throws EmbeddedPostgresFault */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = await claimFolder(resolve(options.dataDir));
  const running = await findRunning(home);
  const port = running ?? (await startServer(home, options));
  return {
    url: urlOf(home, port),
    adopted: running !== undefined,
    stop: () => stopServer(home, options.binDir),
  };
}

async function startServer(home: Home, options: EmbeddedOptions): Promise<number> {
  const binaries = await binariesFor(home, options.binDir);
  const account = await chooseAccount(
    options.accounts ?? possibleAccounts(),
    binaries.postgres,
    home.dataDir,
  );
  if (account === undefined) {
    throw new EmbeddedPostgresFault(
      'PostgreSQL refuses to run as root, and this machine lets root neither use "unshare" nor "setpriv". ' +
        `Start as an ordinary user, or move the project and its data out of folders that only root may enter. ${ELSEWHERE}`,
    );
  }
  if (!existsSync(home.cluster)) await createCluster(home, binaries, account);
  // A folder that was copied or restored has other rights, and PostgreSQL would refuse it.
  await chmod(home.cluster, 0o700);
  await shortenLog(home);

  const deadline = Date.now() + START_TIMEOUT_MS;
  for (let attempt = 1; attempt <= START_ATTEMPTS;) {
    if (await waitForFormer(home, deadline)) {
      const found = await findRunning(home);
      if (found !== undefined) return found;
    }
    await startOnce(home, binaries, account, options.settings ?? {});
    const port = await findRunning(home);
    if (port !== undefined) return port;
    attempt += 1;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresFault(
    `PostgreSQL did not start in ${home.dataDir}; nothing was deleted. Its last words:\n${await lastWords(home)}`,
  );
}

async function binariesFor(home: Home, binDir: string | undefined): Promise<PostgresBinaries> {
  const major = (await readFile(join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim();
  const binaries = await findBinaries({ binDir, major });
  if (binaries !== undefined) return binaries;
  const other = major === undefined ? undefined : await findBinaries({ binDir });
  if (other !== undefined) {
    throw new EmbeddedPostgresFault(
      `The database in ${home.dataDir} was made by PostgreSQL ${major ?? ''}; here is only ${other.major}. ` +
        `It was not touched. Set PG_BIN to the programs of version ${major ?? ''}, or choose an empty DATA_DIR. ${ELSEWHERE}`,
    );
  }
  throw new EmbeddedPostgresFault(
    binDir === undefined
      ? `There is no PostgreSQL for ${process.platform} ${process.arch} here: npm brings one for Linux x64 and Windows x64. ` +
          'Install PostgreSQL and set PG_BIN to the folder of its programs, or set DATABASE_URL.'
      : `PG_BIN (${binDir}) holds no PostgreSQL that runs here. Leave it empty to use the one from npm.`,
  );
}

/** Made beside and renamed: a start that is cut off leaves no half cluster. */
async function createCluster(home: Home, binaries: PostgresBinaries, account: Account): Promise<void> {
  const draft = `${home.cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  const { file, args, options } = commandAs(account, binaries.initdb, [
    ...['-D', draft, '-U', USER, '--auth=scram-sha-256', `--pwfile=${join(home.dataDir, 'password')}`],
    // A locale that every machine has. No flush of the empty cluster: 4 s, for what can be made again.
    ...['--encoding=UTF8', '--locale=C', '--no-sync'],
  ]);
  try {
    await run(file, args, { ...options, env: plainEnvironment(), timeout: START_TIMEOUT_MS });
  } catch (cause) {
    throw new EmbeddedPostgresFault(
      `The database could not be made in ${home.dataDir}: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  await rename(draft, home.cluster);
}

/**
 * Waits while a former server is still starting, recovering or stopping. True: one may be running now.
 * A lock file whose server is gone is taken away: PostgreSQL itself only asks whether the process number is in use,
 * and in a container it soon is, by anyone, or by a dead process that nobody has buried.
 */
async function waitForFormer(home: Home, deadline: number): Promise<boolean> {
  while (Date.now() < deadline) {
    if (!existsSync(home.lock)) return false;
    if ((await findRunning(home)) !== undefined) return true;
    const inUse = await isInUse(home);
    if (inUse === undefined) return false;
    if (!inUse) await rm(home.lock, { force: true });
    else await delay(POLL_MS);
  }
  return true;
}

/** One try; whether it worked is asked of the server itself. */
async function startOnce(
  home: Home,
  binaries: PostgresBinaries,
  account: Account,
  settings: Record<string, string>,
): Promise<void> {
  const all = { ...settings, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const serverArgs = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  const { file, args, options } = commandAs(account, binaries.pgCtl, [
    ...['start', '-w', '-t', String(START_TIMEOUT_MS / 1000), '-D', home.cluster, '-l', home.log],
    ...['-o', [`-p ${await freePort()}`, ...serverArgs].join(' ')],
  ]);
  // To the log file and not to a pipe: on Windows the server would inherit the pipe and hold it open.
  const log = await open(home.log, 'a');
  try {
    const child = spawn(file, args, {
      ...options,
      detached: true,
      env: plainEnvironment(),
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'exit');
  } finally {
    await log.close();
  }
}

/** Free now; if somebody is faster the next attempt takes another. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stopServer(home: Home, binDir: string | undefined): Promise<void> {
  const lock = await readLock(home);
  if (lock === undefined || (await findRunning(home)) === undefined) return;
  if (process.platform === 'win32') {
    // There SIGINT would end the process on the spot.
    const { pgCtl } = await binariesFor(home, binDir);
    await run(pgCtl, ['stop', '-w', '-m', 'fast', '-D', home.cluster]);
    return;
  }
  // A "fast shutdown". The lock file is the last thing that goes.
  process.kill(lock.pid, 'SIGINT');
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await readLock(home))?.pid === lock.pid) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresFault(
        `PostgreSQL (process ${lock.pid}) is still stopping. Its last words:\n${await lastWords(home)}`,
      );
    }
    await delay(POLL_MS);
  }
}

/** Without our own settings for PostgreSQL clients, and in the language of its log. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(ours), LC_ALL: 'C', TZ: 'UTC' };
}

async function shortenLog(home: Home): Promise<void> {
  if ((await stat(home.log)).size > LOG_LIMIT_BYTES) await truncate(home.log);
}
