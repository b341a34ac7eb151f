/** What happens at night: cards are touched elsewhere, statements arrive in the watched folder, and the books are compared. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { zvt } from '../../drivers/zvt/zvt.ts';
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import { businessDateOf } from '../../src/business-date.ts';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/db/schema.ts';
import { notePayout, readOutsideRefunds } from '../../src/payments/outside-refunds.ts';
import { addBusinessDays } from '../../src/reconcile/books/calendar.ts';
import { matchDue } from '../../src/reconcile/books/run.ts';
import { followCases } from '../../src/reconcile/desk/cases.ts';
import { reconcileDay, reconcileDue } from '../../src/reconcile/reconcile.ts';
import { bringFile } from '../../src/reconcile/statements/bring.ts';
import { declareAcquirer, readAcquirers, readFormats } from '../../src/reconcile/statements/declared.ts';
import { watchFolder } from '../../src/reconcile/statements/watch.ts';
import type { VirtualTime } from '../virtual/time.ts';
import type { DatabaseClock } from './database-clock.ts';
import { workAtDesk } from './accounting.ts';
import { ACCOUNTANT, type Left } from './clerk.ts';
import { createProviders, type Mail, type Providers } from './providers.ts';
import type { DemoYear } from './year.ts';

export interface Office {
  providers: Providers;
  /** @param left payments whose result nobody knows; with nothing taken and no mail there is nothing to compare */
  night(date: string, left: readonly Left[], wasOpen: boolean): Promise<void>;
}

interface OfficeParts {
  config: Config;
  db: Kysely<Database>;
  log: Logger;
  time: VirtualTime;
  clock: DatabaseClock;
  year: Pick<DemoYear, 'from' | 'until'>;
  terminalId: string;
  entries: () => readonly BookEntry[];
}

const DAY_MS = 86_400_000;
const NIGHT_MS = 3 * 3_600_000;
/** When accounting has done its day's work. */
const EVENING_MS = 17.5 * 3_600_000;
/** What accounting owes it pays so many business days later. */
const PAYS_OUT_AFTER = 6;

export async function openDemoOffice(parts: OfficeParts): Promise<Office> {
  const { config, db, log, time, clock, year, terminalId, entries } = parts;
  const municipality = config.municipality.code;
  await declareQr(db, municipality);
  const acquirers = (await readAcquirers(db, municipality))
    .map(({ definition }) => definition)
    .filter(({ counter }) => counter === '*' || counter === config.counter.id);
  const touchedOn = new Map<number, string>();
  const providers = createProviders({ acquirers, terminalId, entries, touchedOn, ...year });
  const folder = join(config.dataDir, 'statements');
  const today = (): string => businessDateOf(time.date);
  const watched = watchFolder({
    ...{ folder, log, now: () => time.date },
    formats: () => readFormats(db, municipality),
    take: (file) => bringFile(db, municipality, today(), file),
  });
  // It looks when it is night, not every quarter of a minute of the play.
  await watched.stop();
  const put = ({ format, name, bytes }: Mail): void => {
    mkdirSync(join(folder, format), { recursive: true });
    const path = join(folder, format, name);
    writeFileSync(path, bytes);
    // As old as it is in the play, so that it is no file that is still being copied.
    const at = time.date.getTime() / 1_000 - 60;
    utimesSync(path, at, at);
  };
  return {
    providers,
    async night(date, left, wasOpen) {
      for (const { traceNumber, visit } of left) {
        const touched = visit.aftermath?.touchedOn ?? null;
        if (touched !== null && touched <= date) touchedOn.set(traceNumber, touched);
      }
      const midnight = Date.parse(`${date}T00:00:00+09:00`);
      time.sleep(Math.max(0, midnight + EVENING_MS - time.date.getTime()));
      await clock.set(time.date);
      await workAtDesk(db, municipality, time.date);
      time.sleep(midnight + DAY_MS + NIGHT_MS - time.date.getTime());
      await clock.set(time.date);
      const mail = providers.sentAfter(date);
      mail.forEach(put);
      if (mail.length > 0) await watched.look();
      else if (!wasOpen) return;
      await payOut(db, config, date);
      const grainOf = (model: string) => (model === zvt.model ? zvt.totals : undefined);
      // So that the half year is played in minutes, a night takes the day that is due, and compares the books when the
      // week's or a month's statements have come. The last night takes all.
      const isLast = date === providers.lastNight();
      const key = { municipality, counter: config.counter.id, businessDate: date };
      if (isLast) await reconcileDue(db, municipality, grainOf, today());
      else if (wasOpen) await reconcileDay(db, key, grainOf);
      const hasNews = mail.some(({ format }) => format !== 'qr-daily');
      if (!isLast && !hasNews) return;
      await matchDue(db, municipality, today(), 'night');
      await followCases(db, municipality, time.date);
    },
  };
}

/** The terminal prints its own number of a transaction, and the code company writes that one on its statement. */
async function declareQr(db: Kysely<Database>, municipality: string): Promise<void> {
  const qr = (await readAcquirers(db, municipality)).find(({ definition }) => definition.code === 'qr');
  if (qr === undefined) throw new Error('no acquirer for codes is declared');
  const definition = { ...qr.definition, providerIdIn: 'trace_number' } as const;
  await declareAcquirer(db, municipality, { base: qr.version, definition, by: ACCOUNTANT });
}

/** What was promised some days ago is paid out; what was promised last stays owed. */
async function payOut(db: Kysely<Database>, config: Config, date: string): Promise<void> {
  const municipality = config.municipality.code;
  for (const { id, counter, requestedOn, ended } of await readOutsideRefunds(db, municipality)) {
    if (ended !== null || addBusinessDays(requestedOn, PAYS_OUT_AFTER) > date) continue;
    const payout = { paidOn: date, way: 'transfer', note: '口座振替' } as const;
    await notePayout(db, { municipality, counter, id }, payout, ACCOUNTANT);
  }
}
