/**
 * The counter's fees over HTTP, from its own snapshot (they are there without PostgreSQL too), and the office's tables,
 * from PostgreSQL.
 */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import type { ConfirmBySecondPerson, SecondPerson } from '../staff/gate.ts';
import { mayUseWindow, type Person, type Role } from '../staff/staff.ts';
import { registrationNumberFault } from './accounts.ts';
import { DEFAULT_SETTINGS, holdsOn, type Catalogue, type FeeItem, type TableKind } from './catalogue.ts';
import { differenceOf } from './describe.ts';
import { readDraft, saveDraft } from './draft.ts';
import { readEntryTable, writeEntryTable } from './entry-tables.ts';
import { readEntries } from './fees.ts';
import {
  changeEntry,
  changeSettings,
  changesOf,
  confirmItems,
  importEntries,
  readHistory,
  refusePast,
  reviseItems,
  type Changers,
  type FileEntries,
} from './maintenance.ts';
import { pricedItems, priceItem } from './pricing.ts';
import type { FeeMaintenance, LookedFile } from './revision.ts';

const FEES_QUERY = z.object({ window: z.string().min(1).max(40), on: z.iso.date().optional() });

/** GET /windows: those of the person that are open today · GET /fees?window=&on=YYYY-MM-DD (today if left out) · GET /brands. */
export function createFeeRoutes(catalogue: () => Catalogue, now: () => Date): Router {
  const router = Router();
  router.get('/windows', (_request, response) => {
    const { person } = response.locals;
    const on = businessDateOf(now());
    const open = catalogue().windows.filter((window) => holdsOn(window, on));
    response.json(open.filter(({ code }) => mayUseWindow(person, code)));
  });
  router.get('/brands', (_request, response) => {
    response.json(catalogue().brands);
  });
  router.get('/fees', (request, response) => {
    const { window, on = businessDateOf(now()) } = FEES_QUERY.parse(request.query);
    const current = catalogue();
    if (!current.windows.some(({ code }) => code === window)) throw new AppError('not_found', { window });
    const { version, settings } = current;
    const grounds = current.grounds.filter((ground) => holdsOn(ground, on));
    response.json({ version, on, settings, grounds, items: pricedItems(current, window, on) });
  });
  return router;
}

/** Who may confirm, as a second person, what changes money. */
export const FEE_CONFIRMERS: readonly Role[] = ['accounting', 'treasurer', 'administrator'];

const SECOND = z.strictObject({ number: z.string().regex(/^\d{1,10}$/), pin: z.string().min(1).max(64) });
const BASE = z.number().int().min(0);
const REASON = z.string().trim().min(1).max(200);
const CODE = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
const NAME = z.string().trim().min(1).max(100);
const MOST_AT_ONCE = 200;
const REVISION = z.strictObject({
  code: CODE,
  base: BASE,
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
const REVISIONS = z.strictObject({ revisions: z.array(REVISION).min(1).max(MOST_AT_ONCE), second: SECOND });
const DRAFT = z.strictObject({ base: BASE, revisions: z.array(REVISION).max(MOST_AT_ONCE) });
const CONFIRMATIONS = z.strictObject({
  items: z
    .array(z.strictObject({ code: CODE, base: BASE }))
    .min(1)
    .max(MOST_AT_ONCE),
  second: SECOND,
});
const FILE = z.strictObject({ text: z.string().min(1).max(200_000) });
const IMPORT = FILE.extend({ reason: REASON, second: SECOND });
const SETTINGS = z.strictObject({
  base: BASE,
  reason: REASON,
  second: SECOND,
  priceBasis: z.enum(['acceptance', 'issue']),
  registrationNumbers: z.record(CODE, z.string().max(20)),
  accountNames: z.record(CODE, NAME),
  certificate: z
    .strictObject({
      issuerJa: NAME,
      addressJa: NAME,
      representativeJa: NAME,
      facilities: z.record(CODE, z.strictObject({ nameJa: NAME, addressJa: NAME })),
    })
    .optional(),
});

const hasOrder = ({ from, until }: { from?: string | null | undefined; until?: string | null | undefined }) =>
  (from ?? '') <= (until ?? '9999-12-31');
const PERIOD = { from: z.iso.date().optional(), until: z.iso.date().optional() };
const NAMED = { code: CODE, nameJa: NAME, nameEn: NAME };
const CHANGE = { base: BASE, reason: REASON, second: SECOND };
const WINDOW = z.strictObject({
  ...CHANGE,
  definition: z.strictObject({ ...NAMED, ...PERIOD }).refine(hasOrder),
});
const GROUND = z.strictObject({
  ...CHANGE,
  definition: z
    .strictObject({
      ...NAMED,
      kind: z.enum(['reduction', 'exemption', 'official']),
      basis: z.string().trim().max(200),
      approval: z.enum(['clerk', 'second_person']),
      ...PERIOD,
    })
    .refine(hasOrder),
});
const BRAND = z.strictObject({
  ...CHANGE,
  definition: z.strictObject({
    ...NAMED,
    method: z.enum(['credit', 'debit', 'emoney', 'qr']),
    ceilingYen: z.number().int().min(1).max(9_999_999).nullable(),
    cancelRule: CODE,
    cancelDays: z.number().int().min(0).max(3_650).nullable(),
    sameTerminal: z.boolean().nullable(),
    lastOnly: z.boolean().nullable(),
    unknownRule: CODE,
    offers: z
      .array(
        z
          .strictObject({
            window: CODE.nullable(),
            from: z.iso.date().nullable(),
            until: z.iso.date().nullable(),
          })
          .refine(hasOrder),
      )
      .max(50),
  }),
});
const TABLE_KIND = z.enum(['item', 'brand', 'ground', 'window']);
const ENTRY_KIND = z.enum([...TABLE_KIND.options, 'settings']);

export interface FeeOfficeOptions {
  db: Kysely<Database>;
  municipality: string;
  confirm: ConfirmBySecondPerson;
  today: () => string;
}

/** Whatever is published needs a second person. */
const changersOf =
  (confirm: ConfirmBySecondPerson) =>
  async (second: SecondPerson, person: Person): Promise<Changers> => {
    const { number, nameJa } = await confirm(second, person, FEE_CONFIRMERS);
    return { by: { number: person.number, name: person.name }, second: { number, name: nameJa } };
  };

/** The office's prices: GET /fees?on= · GET, POST /fees/draft · POST /fees/revisions · POST /fees/confirmations · POST /fees/settings. */
export function createFeeOfficeRoutes(options: FeeOfficeOptions): Router {
  const { db, municipality, today } = options;
  const router = Router();
  const changers = changersOf(options.confirm);
  router.get('/fees', async (request, response) => {
    const { on = today() } = z.object({ on: z.iso.date().optional() }).parse(request.query);
    response.json(await readMaintenance(options, on));
  });
  router.post('/fees/revisions', async (request, response) => {
    const { revisions, second } = REVISIONS.parse(request.body);
    const people = await changers(second, response.locals.person);
    await reviseItems(db, municipality, revisions, today(), people);
    response.status(201).json({});
  });
  router.get('/fees/draft', async (_request, response) => {
    response.json(await readDraft(db, municipality));
  });
  router.post('/fees/draft', async (request, response) => {
    const draft = DRAFT.parse(request.body);
    response.json(await saveDraft(db, municipality, draft, response.locals.person));
  });
  router.post('/fees/confirmations', async (request, response) => {
    const { items, second } = CONFIRMATIONS.parse(request.body);
    const people = await changers(second, response.locals.person);
    await confirmItems(db, municipality, items, people);
    response.status(201).json({});
  });
  router.post('/fees/settings', async (request, response) => {
    const { base, reason, second, ...settings } = SETTINGS.parse(request.body);
    refuseWrongNumbers(settings.registrationNumbers);
    const people = await changers(second, response.locals.person);
    await changeSettings(db, municipality, { base, settings, reason }, people);
    response.status(201).json({});
  });
  return router;
}

/** @throws AppError `wrong_registration_number` with the account and what is wrong */
function refuseWrongNumbers(numbers: Readonly<Record<string, string>>): void {
  for (const [account, number] of Object.entries(numbers)) {
    const fault = registrationNumberFault(number);
    if (fault !== undefined) throw new AppError('wrong_registration_number', { account, fault });
  }
}

/**
 * The office's tables of items, brands, grounds and windows: GET /entries/:kind · GET /entries/:kind/csv ·
 * GET /entries/:kind/:code/history (also of the settings) · POST /entries/:kind/look: what a file would change ·
 * POST /entries/:kind/import · POST /entries/brand, /ground, /window: a new version of one.
 */
export function createEntryOfficeRoutes(options: FeeOfficeOptions): Router {
  const { db, municipality, today } = options;
  const router = Router();
  const changers = changersOf(options.confirm);
  router.get('/entries/:kind', async (request, response) => {
    response.json(await readEntries(db, municipality, TABLE_KIND.parse(request.params.kind)));
  });
  router.get('/entries/:kind/csv', async (request, response) => {
    const kind = TABLE_KIND.parse(request.params.kind);
    const definitions = (await readEntries(db, municipality, kind)).map(({ definition }) => definition);
    response.attachment(`${kind}s-${today()}.csv`).send(writeEntryTable(kind, definitions));
  });
  router.get('/entries/:kind/:code/history', async (request, response) => {
    const { kind, code } = request.params;
    response.json(await readHistory(db, municipality, ENTRY_KIND.parse(kind), code));
  });
  router.post('/entries/:kind/look', async (request, response) => {
    const { text } = FILE.parse(request.body);
    response.json(await lookAt(options, TABLE_KIND.parse(request.params.kind), text));
  });
  router.post('/entries/:kind/import', async (request, response) => {
    const kind = TABLE_KIND.parse(request.params.kind);
    const { text, reason, second } = IMPORT.parse(request.body);
    const file = await readFileOf(options, kind, text);
    const people = await changers(second, response.locals.person);
    const changed = await importEntries(db, municipality, { ...file, kind, reason, today: today() }, people);
    response.status(201).json({ changed });
  });
  router.post('/entries/window', async (request, response) => {
    const { second, ...change } = WINDOW.parse(request.body);
    const people = await changers(second, response.locals.person);
    await changeEntry(db, municipality, 'window', change, people);
    response.status(201).json({});
  });
  router.post('/entries/ground', async (request, response) => {
    const { second, ...change } = GROUND.parse(request.body);
    const people = await changers(second, response.locals.person);
    await changeEntry(db, municipality, 'ground', change, people);
    response.status(201).json({});
  });
  router.post('/entries/brand', async (request, response) => {
    const { second, ...change } = BRAND.parse(request.body);
    const windows = await knownWindows(options);
    const stray = change.definition.offers.find(({ window }) => window !== null && !windows.has(window));
    if (stray !== undefined) throw new AppError('unknown_window', { window: stray.window });
    const people = await changers(second, response.locals.person);
    await changeEntry(db, municipality, 'brand', change, people);
    response.status(201).json({});
  });
  return router;
}

type Place = Pick<FeeOfficeOptions, 'db' | 'municipality'>;

async function knownWindows({ db, municipality }: Place): Promise<ReadonlySet<string>> {
  return new Set((await readEntries(db, municipality, 'window')).map(({ code }) => code));
}

/** @throws AppError `table_faulty` with every fault by line and column */
async function readFileOf<Kind extends TableKind>(
  place: Place,
  kind: Kind,
  text: string,
): Promise<FileEntries<Kind>> {
  const table = readEntryTable(kind, text, await knownWindows(place));
  if ('faults' in table) throw new AppError('table_faulty', { faults: table.faults });
  return table;
}

/** What a file would change, and nothing else. @throws AppError `table_faulty` */
async function lookAt(options: FeeOfficeOptions, kind: TableKind, text: string): Promise<LookedFile> {
  const today = options.today();
  const file = await readFileOf(options, kind, text);
  const known = await readEntries(options.db, options.municipality, kind);
  const windows = await readEntries(options.db, options.municipality, 'window');
  const nameOf = (code: string): string =>
    windows.find((window) => window.code === code)?.definition.nameJa ?? code;
  const changed = changesOf(known, file.entries);
  refusePast(known, changed, { ...file, kind, today });
  return {
    differences: changed.map(({ code, definition }) => {
      const before = known.find((each) => each.code === code)?.definition;
      return differenceOf(kind, before, definition, today, nameOf);
    }),
    items: kind === 'item' ? (file.entries as readonly FeeItem[]).slice() : [],
  };
}

async function readMaintenance({ db, municipality }: Place, on: string): Promise<FeeMaintenance> {
  const [known] = await readEntries(db, municipality, 'settings');
  const settings = known?.definition ?? DEFAULT_SETTINGS;
  const entries = await readEntries(db, municipality, 'item');
  return {
    on,
    items: entries.map(({ version, definition }) => ({
      ...priceItem(definition, { on, settings }),
      version,
    })),
    grounds: (await readEntries(db, municipality, 'ground')).map(({ definition }) => definition),
    settings: { ...settings, version: known?.version ?? 0 },
  };
}
