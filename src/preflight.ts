/** Looks at the place before anything is started: the ports and the data folder. Every fault at once. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Marks a folder as ours, and for which book, municipality and counter. */
const MARKER = 'madoguchi.json';

interface Marker {
  book: string;
  municipality: string;
  counter: string;
}

/** The faults of the place, in plain words; none: the data folder exists and is marked as ours. */
export async function findPlaceFaults(config: Config, ports: readonly PortWanted[]): Promise<string[]> {
  const taken = await Promise.all(ports.map((wanted) => findPortFault(config.host, wanted)));
  const faults = [...taken, findFolderFault(config)].filter((fault) => fault !== undefined);
  if (faults.length === 0) markFolder(config);
  return faults;
}

export interface PortWanted {
  setting: string;
  port: number;
}

async function findPortFault(host: string, { setting, port }: PortWanted): Promise<string | undefined> {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return undefined;
  if (code === 'EADDRINUSE') {
    return (
      `${setting}=${port}: この番号は使われています。すでに起動していないか確かめるか、別の番号にしてください / ` +
      'this port is taken: see whether Madoguchi runs already, or set another'
    );
  }
  return `${setting}=${port} (HOST=${host}): 待ち受けできません (${code}) / can't listen there`;
}

function findFolderFault(config: Config): string | undefined {
  const { dataDir } = config;
  try {
    mkdirSync(dataDir, { recursive: true });
    const path = join(dataDir, MARKER);
    if (!existsSync(path)) {
      return readdirSync(dataDir).length === 0
        ? undefined
        : `DATA_DIR=${dataDir}: 別のものが入っています。空のフォルダーを指定してください / ` +
            'this folder holds something else: name an empty one';
    }
    const found = JSON.parse(readFileSync(path, 'utf8')) as Marker;
    const wanted = markerOf(config);
    if (JSON.stringify(found) === JSON.stringify(wanted)) return undefined;
    return (
      `DATA_DIR=${dataDir}: 別の種類のデータです (${describe(found)})。設定は ${describe(wanted)} です。` +
      '設定を戻すか、空のフォルダーを指定してください / data of another kind: set the settings back, or name an empty folder'
    );
  } catch (error) {
    return `DATA_DIR=${dataDir}: 読み書きできません (${String(error)}) / can't be read or written`;
  }
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
