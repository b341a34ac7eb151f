/** The office's tables of items, brands, grounds and windows over HTTP: read, written to a file, taken from one, changed. */
import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { NUMBER_AND_PIN } from '../staff/gate.ts';
import type { FeeItem, TableKind } from './catalogue.ts';
import { differenceOf } from './describe.ts';
import { readEntryTable, writeEntryTable } from './entry-tables.ts';
import { readEntries } from './fees.ts';
import {
  changeEntry,
  changesOf,
  importEntries,
  readHistory,
  refusePast,
  type FileEntries,
} from './maintenance.ts';
import { BASE, changersOf, CODE, NAME, REASON, type FeeOfficeOptions, type Place } from './office-routes.ts';
import type { LookedFile } from './revision.ts';

const FILE = z.strictObject({ text: z.string().max(200_000) });
const IMPORT = FILE.extend({ reason: REASON, second: NUMBER_AND_PIN });
const hasOrder = ({ from, until }: { from?: string | null | undefined; until?: string | null | undefined }) =>
  (from ?? '') <= (until ?? '9999-12-31');
const PERIOD = { from: z.iso.date().optional(), until: z.iso.date().optional() };
const NAMED = { code: CODE, nameJa: NAME, nameEn: NAME };
const CHANGE = { base: BASE, reason: REASON, second: NUMBER_AND_PIN };
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
