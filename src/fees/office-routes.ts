/** The office's prices over HTTP, from PostgreSQL, and what every change of the tables has in common (entry-routes.ts). */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { NUMBER_AND_PIN, type ConfirmBySecondPerson, type SecondPerson } from '../staff/gate.ts';
import type { Person, Role } from '../staff/staff.ts';
import { registrationNumberFault } from './accounts.ts';
import { DEFAULT_SETTINGS } from './catalogue.ts';
import { readDraft, saveDraft } from './draft.ts';
import { readEntries } from './fees.ts';
import { changeSettings, confirmItems, reviseItems, type Changers } from './maintenance.ts';
import { priceItem } from './pricing.ts';
import type { FeeMaintenance } from './revision.ts';

/** Who may confirm, as a second person, what changes money. */
export const FEE_CONFIRMERS: readonly Role[] = ['accounting', 'treasurer', 'administrator'];

export const BASE = z.number().int().min(0);
export const REASON = z.string().trim().min(1).max(200);
export const CODE = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
export const NAME = z.string().trim().min(1).max(100);
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
const REVISIONS = z.strictObject({
  revisions: z.array(REVISION).min(1).max(MOST_AT_ONCE),
  second: NUMBER_AND_PIN,
});
const DRAFT = z.strictObject({ base: BASE, revisions: z.array(REVISION).max(MOST_AT_ONCE) });
const CONFIRMATIONS = z.strictObject({
  items: z
    .array(z.strictObject({ code: CODE, base: BASE }))
    .min(1)
    .max(MOST_AT_ONCE),
  second: NUMBER_AND_PIN,
});
const SETTINGS = z.strictObject({
  base: BASE,
  reason: REASON,
  second: NUMBER_AND_PIN,
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

export interface FeeOfficeOptions {
  db: Kysely<Database>;
  municipality: string;
  confirm: ConfirmBySecondPerson;
  today: () => string;
}

/** Whatever is published needs a second person. */
export const changersOf =
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

/** Whose tables, and where they are. */
export type Place = Pick<FeeOfficeOptions, 'db' | 'municipality'>;

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
