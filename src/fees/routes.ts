/** The counter's fees over HTTP, from its own snapshot: they are there without PostgreSQL too. */
import { Router } from 'express';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import { mayUseWindow } from '../staff/staff.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ConfirmBySecondPerson, SecondPerson } from '../staff/gate.ts';
import type { Person, Role } from '../staff/staff.ts';
import { DEFAULT_SETTINGS, type Catalogue } from './catalogue.ts';
import { readItems, writeItems } from './fee-table.ts';
import { readEntries } from './fees.ts';
import {
  changeItem,
  changesOf,
  changeSettings,
  importEntries,
  readHistory,
  type Changers,
} from './maintenance.ts';
import { pricedItems, priceItem } from './pricing.ts';
import type { FeeMaintenance } from './revision.ts';

const FEES_QUERY = z.object({ window: z.string().min(1).max(40), on: z.iso.date().optional() });

/** GET /windows: those of the person · GET /fees?window=&on=YYYY-MM-DD (today if left out) · GET /brands. */
export function createFeeRoutes(catalogue: () => Catalogue, now: () => Date): Router {
  const router = Router();
  router.get('/windows', (_request, response) => {
    const { person } = response.locals;
    response.json(catalogue().windows.filter(({ code }) => mayUseWindow(person, code)));
  });
  router.get('/brands', (_request, response) => {
    response.json(catalogue().brands);
  });
  router.get('/fees', (request, response) => {
    const { window, on = businessDateOf(now()) } = FEES_QUERY.parse(request.query);
    const current = catalogue();
    if (!current.windows.some(({ code }) => code === window)) throw new AppError('not_found', { window });
    const { version, settings, grounds } = current;
    response.json({ version, on, settings, grounds, items: pricedItems(current, window, on) });
  });
  return router;
}

/** Who may confirm, as a second person, what changes money. */
export const FEE_CONFIRMERS: readonly Role[] = ['accounting', 'treasurer', 'administrator'];

const SECOND = z.strictObject({ number: z.string().regex(/^\d{1,10}$/), pin: z.string().min(1).max(64) });
const BASE = z.number().int().min(0);
const REASON = z.string().trim().min(1).max(200);
const REVISION = z.strictObject({
  base: BASE,
  second: SECOND,
  revision: z.strictObject({
    from: z.iso.date(),
    prices: z
      .array(
        z.strictObject({
          class: z.string().max(40).nullable(),
          priceYen: z.number().int().min(0).max(9_999_999).nullable(),
        }),
      )
      .min(1)
      .max(20),
    reason: REASON,
  }),
});
const CONFIRMATION = z.strictObject({ base: BASE, second: SECOND });
const IMPORT = z.strictObject({ text: z.string().min(1).max(200_000), second: SECOND.optional() });
const SETTINGS = z.strictObject({
  base: BASE,
  second: SECOND,
  priceBasis: z.enum(['acceptance', 'issue']),
  registrationNumbers: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,40}$/), z.string().regex(/^T\d{13}$/)),
});

export interface FeeOfficeOptions {
  db: Kysely<Database>;
  municipality: string;
  confirm: ConfirmBySecondPerson;
  today: () => string;
}

/**
 * The office's fee table: GET /fees · GET /fees/:code/history · GET /fees.csv · POST /fees/:code/revisions ·
 * POST /fees/:code/confirm · POST /fees/import · POST /fees/settings. Whatever changes money needs a second person.
 */
export function createFeeOfficeRoutes(options: FeeOfficeOptions): Router {
  const { db, municipality, confirm, today } = options;
  const router = Router();
  const changers = async (second: SecondPerson, person: Person): Promise<Changers> => {
    const { number, nameJa } = await confirm(second, person, FEE_CONFIRMERS);
    return { by: { number: person.number, name: person.name }, second: { number, name: nameJa } };
  };
  router.get('/fees', async (request, response) => {
    const { on = today() } = z.object({ on: z.iso.date().optional() }).parse(request.query);
    response.json(await readMaintenance(options, on));
  });
  router.get('/fees.csv', async (_request, response) => {
    const items = (await readEntries(db, municipality, 'item')).map(({ definition }) => definition);
    response.type('text/csv; charset=utf-8').attachment(`fees-${today()}.csv`).send(writeItems(items));
  });
  router.get('/fees/:code/history', async (request, response) => {
    response.json(await readHistory(db, municipality, request.params.code));
  });
  router.post('/fees/:code/revisions', async (request, response) => {
    const { base, second, revision } = REVISION.parse(request.body);
    const people = await changers(second, response.locals.person);
    const change = { code: request.params.code, base, revision, reason: revision.reason, today: today() };
    await changeItem(db, municipality, change, people);
    response.status(201).json({});
  });
  router.post('/fees/:code/confirm', async (request, response) => {
    const { base, second } = CONFIRMATION.parse(request.body);
    const people = await changers(second, response.locals.person);
    const { code } = request.params;
    const change = { code, base, revision: 'confirm', reason: '料金の確認', today: today() } as const;
    await changeItem(db, municipality, change, people);
    response.status(201).json({});
  });
  router.post('/fees/import', async (request, response) => {
    const { text, second } = IMPORT.parse(request.body);
    const table = readItems(text);
    if ('faults' in table) throw new AppError('table_faulty', { faults: table.faults });
    const known = await readEntries(db, municipality, 'item');
    const windows = (await readEntries(db, municipality, 'window')).map(({ code }) => code);
    const stray = table.entries.find(({ window }) => !windows.includes(window));
    if (stray !== undefined) throw new AppError('unknown_window', { window: stray.window, code: stray.code });
    // Without a second person it is looked at, and nothing is changed.
    if (second === undefined) {
      response.json({ changed: changesOf<'item'>(known, table.entries).map(({ code }) => code) });
      return;
    }
    const people = await changers(second, response.locals.person);
    response
      .status(201)
      .json({ changed: await importEntries(db, municipality, 'item', table.entries, people) });
  });
  router.post('/fees/settings', async (request, response) => {
    const { base, second, ...settings } = SETTINGS.parse(request.body);
    const people = await changers(second, response.locals.person);
    await changeSettings(db, municipality, { base, settings }, people);
    response.status(201).json({});
  });
  return router;
}

async function readMaintenance({ db, municipality }: FeeOfficeOptions, on: string): Promise<FeeMaintenance> {
  const [known] = await readEntries(db, municipality, 'settings');
  const settings = known?.definition ?? DEFAULT_SETTINGS;
  const entries = await readEntries(db, municipality, 'item');
  return {
    on,
    items: entries.map(({ version, definition }) => ({
      ...priceItem(definition, { on, settings }),
      version,
    })),
    settings: { ...settings, version: known?.version ?? 0 },
  };
}
