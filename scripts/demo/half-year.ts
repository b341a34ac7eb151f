/**
 * START. Plays the half year into a data folder: what a trial begins with, then every business day opened, worked, closed,
 * sent up and compared in the night, with what acquirers and the bank send in between, until the last of it is paid.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { closeDay } from '../../src/closing/closing.ts';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/db/schema.ts';
import { DEMO_FILE, type DemoMark } from '../../src/demo.ts';
import { readCatalogue, seedSampleFees } from '../../src/fees/fees.ts';
import { openLog } from '../../src/log.ts';
import { addDays, isBusinessDay } from '../../src/reconcile/books/calendar.ts';
import { seedSampleStatements } from '../../src/reconcile/statements/declared.ts';
import { openSecrets } from '../../src/secrets.ts';
import { seedSampleStaff } from '../../src/staff/register.ts';
import { surveyCode } from '../../src/survey/code.ts';
import { createRandom } from '../virtual/random.ts';
import { installVirtualTime, type VirtualTime } from '../virtual/time.ts';
import { readFigures, type DemoFigures } from './check.ts';
import { createClerk, TREASURER, type Clerk } from './clerk.ts';
import { installDatabaseClock, type DatabaseClock } from './database-clock.ts';
import { openDemoCounter, type DemoCounter } from './counter.ts';
import { openDemoOffice } from './nights.ts';
import { planHalfYear, standingIn, type PlannedDay } from './plan.ts';
import { holdSurvey } from './survey.ts';
import type { DemoYear } from './year.ts';

export interface PlayOptions {
  /** A trial's; its data folder is empty but for what marks it as ours. */
  config: Config;
  /** Migrated, and empty. */
  db: Kysely<Database>;
  /** The same database with the rights of its owner: its clock is the play's meanwhile. */
  owner: Kysely<Database>;
  year: DemoYear;
  seed: number;
  /** The first so many business days; left out: all of them. */
  days?: number;
  tell: (text: string) => void;
}

export interface Played {
  figures: DemoFigures;
  /** What the plan had in store. */
  planned: { days: number; payments: number };
}

const midnight = (date: string): number => Date.parse(`${date}T00:00:00+09:00`);
const OPENS_MS = 8.25 * 3_600_000;
const CLOSES_MS = (17 + 1 / 3) * 3_600_000;
/** So long two visits are apart at least. */
const PAUSE_MS = 12_000;

/** @throws whatever goes otherwise than it should: the folder is then of no use */
export async function playHalfYear(options: PlayOptions): Promise<Played> {
  const { config, db, owner, year, seed, days } = options;
  const municipality = config.municipality.code;
  const plan = planHalfYear(year, seed, days);
  const clock = await installDatabaseClock(owner, new Date(midnight(year.from) + OPENS_MS));
  const time = installVirtualTime();
  try {
    await seedSampleFees(db, municipality);
    await seedSampleStaff(db, municipality);
    await seedSampleStatements(db, municipality);
    const planted = await playDays(options, plan, { time, clock });
    const figures = await readFigures(db, municipality, year, planted);
    return { figures, planned: { days: plan.length, payments: standingIn(plan) } };
  } finally {
    time.restore();
    await clock.restore();
  }
}

async function playDays(
  { config, db, year, seed, tell }: PlayOptions,
  plan: readonly PlannedDay[],
  { time, clock }: { time: VirtualTime; clock: DatabaseClock },
) {
  const [first, last] = [plan[0]?.date, plan.at(-1)?.date];
  if (first === undefined || last === undefined) throw new Error('no day is planned');
  time.begin(midnight(first) + OPENS_MS);
  const log = openLog(config.dataDir, config.logLevel);
  const secrets = openSecrets(config.dataDir, { apiToken: undefined, survey: undefined });
  noteDemo(config.dataDir, year, seed);
  const catalogue = await readCatalogue(db, config.municipality.code);
  const surveyBase = `http://127.0.0.1:${config.ports.survey}`;
  const surveyUrl = (id: string): string => `${surveyBase}/s/${surveyCode(secrets.survey, id)}`;
  const counter = openDemoCounter({ config, db, time, catalogue, surveyUrl });
  const clerk = createClerk(counter, createRandom(seed + 1));
  const { terminalId } = counter.machine;
  const entries = counter.book.entries.bind(counter.book);
  const span = { from: first, until: last };
  const office = await openDemoOffice({ config, db, log, time, clock, year: span, terminalId, entries });
  const { providers } = office;
  const working = new Map(plan.map((day) => [day.date, day]));
  const until = [providers.lastNight(), year.survey.on].reduce((a, b) => (a > b ? a : b));
  for (let date = first; date <= until; date = addDays(date, 1)) {
    if (date === year.survey.on) {
      await clock.set(new Date(midnight(date) + CLOSES_MS));
      await holdSurvey({ config, db, log, time, secret: secrets.survey, seed }, year.survey);
    }
    if (!isBusinessDay(date)) continue;
    const day = working.get(date);
    if (day !== undefined) {
      time.sleep(midnight(date) + OPENS_MS - time.date.getTime());
      await clock.set(time.date);
      await time.passWhile(workDay(counter, clerk, day));
      await clock.set(time.date);
      await counter.sendEverything();
    }
    await office.night(date, clerk.left, day !== undefined);
    tell(`${date}　${plan.filter((each) => each.date <= date).length} / ${plan.length} 日`);
  }
  await counter.shutDown();
  return providers.planted;
}

/** `npm start` says on it that nothing in this folder has happened. */
function noteDemo(dataDir: string, { name, from, until }: DemoYear, seed: number): void {
  const mark: DemoMark = { year: name, from, until, seed };
  writeFileSync(join(dataDir, DEMO_FILE), `${JSON.stringify(mark)}\n`);
}

async function workDay(counter: DemoCounter, clerk: Clerk, { date, visits }: PlannedDay): Promise<void> {
  const { payments, opening } = counter;
  while (payments.terminalStatus().some(({ state }) => state !== 'ready')) await delay(1_000);
  opening.open(TREASURER);
  for (const each of clerk.toGiveBack.splice(0)) await clerk.giveBack(each);
  for (const each of dueOn(clerk, date)) await clerk.resolve(each);
  for (const visit of visits) {
    await waitUntil(counter, midnight(date) + visit.atMs);
    await clerk.serve(visit);
    await delay(PAUSE_MS);
  }
  await waitUntil(counter, midnight(date) + CLOSES_MS);
  // Each morning is to find a difference of zero: with one that nothing explains the day stays open, and the play ends.
  await closeDay(
    { ...counter, owedCare: () => ({ count: 0, amountYen: 0 }), onProgress: () => undefined },
    { clerk: TREASURER, confirmedBy: null, note: '' },
  );
}

/** What two people put down on this day or since the last one, taken out. */
function dueOn({ left }: Clerk, date: string): Clerk['left'] {
  const due = left.filter(({ visit }) => (visit.aftermath?.resolvedOn ?? '9999') <= date);
  for (const each of due) left.splice(left.indexOf(each), 1);
  return due;
}

async function waitUntil({ now }: DemoCounter, instantMs: number): Promise<void> {
  const waitMs = instantMs - now().getTime();
  if (waitMs > 0) await delay(waitMs);
}
