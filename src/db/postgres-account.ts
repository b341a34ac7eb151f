/**
 * Under which account a PostgreSQL of our own runs. It refuses to run as root, and installing must not need an
 * account to be made. An ordinary user runs it as himself; root steps down to `nobody`, by the first way that works:
 *
 * - `unshare`: a user namespace in which root is called nobody. Files stay root's. Many containers refuse it.
 * - `setpriv`: really nobody, but allowed to pass folders that only root may enter (the project below /root).
 * - `uid`: really nobody with nothing else; every folder on the way must be open to others.
 *
 * `nobody` and no free number, because initdb looks its own account up and refuses one without a name.
 */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { chown, lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Account = 'self' | 'unshare' | 'setpriv' | 'uid';

const ROOT = 0;
const NOBODY = 65_534;
const PROBE_TIMEOUT_MS = 10_000;

const PREFIX: Record<Account, readonly string[]> = {
  self: [],
  unshare: ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
  setpriv: [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Otherwise access(2), by which PostgreSQL looks for its own programs, would not count the capability.
    '--securebits=+no_setuid_fixup',
  ],
  uid: [],
};

/** A command line as the account runs it. */
export function commandAs(
  account: Account,
  program: string,
  args: readonly string[],
): { file: string; args: string[]; options: Pick<ExecFileOptions, 'uid' | 'gid'> } {
  const [file = program, ...rest] = [...PREFIX[account], program, ...args];
  return { file, args: rest, options: account === 'uid' ? { uid: NOBODY, gid: NOBODY } : {} };
}

/** The ways that come into question for whoever started us. */
export function possibleAccounts(): Account[] {
  return process.getuid?.() === ROOT ? ['unshare', 'setpriv', 'uid'] : ['self'];
}

/**
 * The first account that can start `postgres` and write to `folder`, which is then its own; undefined if none can.
 * An account is tried by using it: what a container, a kernel setting or a mount forbids can't be read anywhere.
 */
export async function chooseAccount(
  accounts: readonly Account[],
  postgres: string,
  folder: string,
): Promise<Account | undefined> {
  if (process.platform === 'win32') return 'self';
  for (const account of accounts) {
    if (account !== 'self') await handOver(folder, account === 'unshare' ? ROOT : NOBODY);
    const script = '"$1" --version && test -w "$2" && test -x "$2"';
    const { file, args, options } = commandAs(account, '/bin/sh', ['-c', script, 'sh', postgres, folder]);
    try {
      const { stderr } = await run(file, args, { ...options, timeout: PROBE_TIMEOUT_MS });
      // It tells its version even where it could not start itself again.
      if (!stderr.includes('invalid binary')) return account;
    } catch {
      // Refused here: the next way may be allowed.
    }
  }
  return undefined;
}

/** Gives a folder and what is in it to `uid`, unless it is his: PostgreSQL insists on owning its data. */
async function handOver(folder: string, uid: number): Promise<void> {
  const tops = [folder, ...(await readdir(folder)).map((name) => join(folder, name))];
  const owners = await Promise.all(tops.map(async (path) => (await stat(path)).uid));
  if (owners.every((owner) => owner === uid)) return;
  // The folder itself last: a hand-over that was cut off is seen and done again.
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, uid);
  await chown(folder, uid, uid);
}
