/** What the service says on the console, to the person who starts it. */
import { sql, type Kysely } from 'kysely';
import { StartFaults, type Config, type Role } from './config.ts';
import { EmbeddedPostgresFault } from './db/embedded.ts';
import type { Database } from './db/schema.ts';
import { readDemo } from './demo.ts';
import { AppError } from './errors.ts';
import { JournalFault } from './journal/journal.ts';
import { TlsFault } from './tls/tls.ts';

/** Where everything is to be found. */
export interface House {
  urls: { counter?: string; office?: string; survey?: string; virtualTerminals?: string[] };
  /** Where the LAN finds them, by TLS. */
  lanUrls: Partial<Record<Role, string>>;
  apiToken: string;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What stands where, for whoever has started it. */
export function describeHouse(config: Config, { urls, lanUrls, apiToken }: House): string {
  const title = {
    trial: '窓口 — 試用・実際の支払いではありません (trial: no real payments)',
    training: '窓口 — 訓練・実際の支払いではありません (training: no real payments)',
    live: '窓口 — 本番 (live)',
  }[config.book];
  const rows: [string, string | undefined][] = [
    ['会計 counter', urls.counter],
    ['会計課 office', urls.office],
    ['アンケート survey', urls.survey],
    ...(urls.virtualTerminals ?? []).map((url): [string, string] => ['仮想端末 virtual terminal', url]),
    ['タブレット tablets', lanUrls.counter],
    ['会計課（LAN） office on the LAN', lanUrls.office],
    ['アンケート（LAN） survey on the LAN', lanUrls.survey],
    ['API token', config.book === 'live' ? undefined : apiToken],
    ['データ data', config.dataDir],
    ['見本 demo', readDemo(config.dataDir) ?? undefined],
  ];
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`]));
  return [title, ...lines, '  停止 stop: Ctrl-C'].join('\n');
}

/** What they say is for the person who starts the service. */
const PLAIN_FAULTS = [JournalFault, EmbeddedPostgresFault, TlsFault, AppError];

/** Why it did not start: plain words where somebody can mend it, the whole trace of a bug. */
export function explain(error: unknown): string {
  if (error instanceof StartFaults) {
    const head = '起動できません。次を直してください / Madoguchi can’t start. Please mend:';
    return [head, ...error.faults.map((fault) => `  - ${fault}`)].join('\n');
  }
  if (PLAIN_FAULTS.some((fault) => error instanceof fault) && error instanceof Error)
    return `起動できません: ${error.message}`;
  return `起動できません / Madoguchi can’t start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** The counter works on without PostgreSQL, and the office waits for it: neither keeps the service from starting. */
export async function tellIfCutOff(db: Kysely<Database>): Promise<void> {
  try {
    await sql`SELECT`.execute(db);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(
      `市の記録（PostgreSQL）とつながりません。DATABASE_URL とネットワークを確かめてください。つながるまで、会計の記録はこの PC に` +
        `ためられ、会計課の画面は使えません / PostgreSQL can’t be reached; counters work on, the office waits: ${why}`,
    );
  }
}
