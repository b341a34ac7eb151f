/** Looks at the place before anything is started: the ports and the data folder. Every fault at once. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { identityIn } from './journal/file.ts';
import { takeLock } from './journal/lock.ts';

/** Marks a folder as ours, and for which book, municipality and counter. */
const MARKER = 'madoguchi.json';
const LOCK = 'madoguchi.lock';
/** All that need come along from another PC: the journal itself says whose it is. */
const JOURNAL = 'journal.sqlite';
const JOURNAL_FILES = [JOURNAL, `${JOURNAL}-wal`, `${JOURNAL}-shm`];
const IN_USE =
  'このフォルダーの窓口はすでに起動しています。先に止めるか、別のフォルダーを指定してください / ' +
  'a Madoguchi already runs on this folder: stop that one first, or name another folder';

interface Marker {
  book: string;
  municipality: string;
  counter: string;
}

/** The place's faults in plain words, or the data folder: marked as ours, and nobody else's until it is released. */
export async function claimPlace(
  config: Config,
  ports: readonly PortWanted[],
): Promise<{ faults: string[] } | { release: () => void }> {
  const taken = await Promise.all(ports.map((wanted) => findPortFault(wanted)));
  const faults = [...taken, findFolderFault(config)].filter((fault) => fault !== undefined);
  if (faults.length > 0) return { faults };
  return takeFolder(config);
}

/** Another user's folder can be read, and is found out by writing there. */
function takeFolder(config: Config): { faults: string[] } | { release: () => void } {
  const { dataDir } = config;
  try {
    const release = takeLock(join(dataDir, LOCK));
    if (release === undefined) return { faults: [`DATA_DIR=${dataDir}: ${IN_USE}`] };
    markFolder(config);
    return { release };
  } catch (error) {
    return { faults: [cannotUse(dataDir, error)] };
  }
}

export interface PortWanted {
  setting: string;
  port: number;
  /** Left out: the machine's own loopback. */
  address?: string;
}

async function findPortFault({
  setting,
  port,
  address = '127.0.0.1',
}: PortWanted): Promise<string | undefined> {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, address, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return undefined;
  if (code === 'EADDRINUSE') {
    return (
      `${setting}=${port}: この番号は使われています。すでに起動していないか確かめるか、別の番号にしてください / ` +
      'this port is taken: see whether Madoguchi runs already, or set another'
    );
  }
  return `${setting}=${port} (${address}): 待ち受けできません (${code}) / can't listen there`;
}

function findFolderFault(config: Config): string | undefined {
  const { dataDir } = config;
  try {
    mkdirSync(dataDir, { recursive: true });
    const names = readdirSync(dataDir).filter((name) => name !== LOCK);
    if (names.length === 0) return undefined;
    const isMarked = names.includes(MARKER);
    if (!isMarked && !names.every((name) => JOURNAL_FILES.includes(name))) {
      return (
        `DATA_DIR=${dataDir}: 別のものが入っています。空のフォルダーを指定してください / ` +
        'this folder holds something else: name an empty one'
      );
    }
    const found = isMarked
      ? (JSON.parse(readFileSync(join(dataDir, MARKER), 'utf8')) as Marker)
      : identityIn(join(dataDir, JOURNAL));
    const wanted = markerOf(config);
    if (describe(found) === describe(wanted)) return undefined;
    return (
      `DATA_DIR=${dataDir}: 別の種類のデータです (${describe(found)})。設定は ${describe(wanted)} です。` +
      '設定を戻すか、空のフォルダーを指定してください / data of another kind: set the settings back, or name an empty folder'
    );
  } catch (error) {
    return cannotUse(dataDir, error);
  }
}

function cannotUse(dataDir: string, error: unknown): string {
  return (
    `DATA_DIR=${dataDir}: 読み書きできません (${String(error)})。この利用者が書き込めるフォルダーを指定してください / ` +
    "can't be read or written: name a folder that this user may write to"
  );
}

function markFolder(config: Config): void {
  const path = join(config.dataDir, MARKER);
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(markerOf(config)), { flush: true });
}

function markerOf(config: Config): Marker {
  return { book: config.book, municipality: config.municipality.code, counter: config.counter.id };
}

function describe({ book, municipality, counter }: Marker): string {
  return `BOOK=${book} MUNICIPALITY=${municipality} COUNTER=${counter}`;
}
