/**
 * GET /reports?kind=&on= · GET /reports/days?from=&until= · GET /reports/lines: what a figure is made of ·
 * GET /reports/file: as XLSX, CSV or PDF
 */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import type { LineStatus } from '../reconcile/books/view.ts';
import { LINE_STATUS_NAMES } from '../reconcile/books/words.ts';
import type { Person } from '../staff/staff.ts';
import { findRecordedDays } from './days.ts';
import { readEntries } from './entries.ts';
import { FORMATS, makeFile } from './files.ts';
import { periodOf } from './periods.ts';
import { readDeclared, readReport, type Asked } from './reports.ts';
import { ENTRIES, PARTS } from './view.ts';

const STATUSES = Object.keys(LINE_STATUS_NAMES) as [LineStatus, ...LineStatus[]];
const METHOD = z.enum(['credit', 'debit', 'emoney', 'qr']);
const TEXT = z.string().max(200);

const PERIOD = z.object({
  kind: z.enum(['day', 'month', 'year']),
  on: z.iso.date().refine((day) => day >= '2000-01-01' && day <= '2199-12-31'),
});
const DAYS = z.object({ from: z.iso.date(), until: z.iso.date() });
const FILE = PERIOD.extend({ format: z.enum(FORMATS), replace: z.literal('yes').optional() });
const TOLD = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('terminals'),
    counter: TEXT.optional(),
    businessDate: z.iso.date().optional(),
  }),
  z.strictObject({
    of: z.literal('matches'),
    acquirer: TEXT.optional(),
    status: z.enum(STATUSES).optional(),
  }),
  z.strictObject({
    of: z.literal('settlements'),
    acquirer: TEXT.optional(),
    batches: z.array(TEXT).max(500).optional(),
    deposits: z.array(z.number().int()).max(500).optional(),
  }),
  z.strictObject({ of: z.literal('refunds'), counter: TEXT, refundId: TEXT }),
]);
const FILTER = z.strictObject({
  entries: z.array(z.enum(ENTRIES)).max(ENTRIES.length).optional(),
  account: TEXT.optional(),
  window: TEXT.optional(),
  code: TEXT.optional(),
  nameJa: TEXT.optional(),
  unit: TEXT.optional(),
  tax: TEXT.optional(),
  ways: z
    .array(z.strictObject({ method: METHOD, brand: TEXT.nullable(), counter: TEXT.optional() }))
    .max(200)
    .optional(),
  method: METHOD.optional(),
  ground: TEXT.optional(),
  isExempt: z.literal(true).optional(),
  stands: z.literal(true).optional(),
  besides: z.array(TEXT).max(500).optional(),
  byBusinessDate: z.literal(true).optional(),
  told: TOLD.optional(),
  part: z.enum(PARTS).optional(),
  counter: TEXT.optional(),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
});
/** In an address, a filter is its JSON. */
const LINES = PERIOD.extend({
  filter: z
    .string()
    .max(20_000)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(FILTER),
  skip: z.coerce.number().int().min(0).default(0),
});

/** `/reports` and what is under it, for a person who is signed in (`response.locals.person`). */
export function createReportRoutes(options: {
  db: Kysely<Database>;
  municipality: { code: string; nameJa: string };
  book: Asked['book'];
  now: () => Date;
}): Router {
  const { db, municipality, book } = options;
  const router = Router();
  const askedBy = ({ number, name }: Person): Asked => {
    const now = options.now();
    return {
      municipality: municipality.code,
      municipalityName: municipality.nameJa,
      book,
      madeBy: `${name}（${number}）`,
      now,
      today: businessDateOf(now),
    };
  };
  router.get('/reports', async (request, response) => {
    const { kind, on } = PERIOD.parse(request.query);
    response.json(await readReport(db, periodOf(kind, on), askedBy(response.locals.person)));
  });
  router.get('/reports/days', async (request, response) => {
    const span = { municipality: municipality.code, ...DAYS.parse(request.query) };
    response.json(await findRecordedDays(db, span));
  });
  router.get('/reports/lines', async (request, response) => {
    const { kind, on, filter, skip } = LINES.parse(request.query);
    const { from, until } = periodOf(kind, on);
    const { names } = await readDeclared(db, municipality.code);
    const span = { municipality: municipality.code, from, until };
    response.json(await readEntries(db, span, filter, { names, skip }));
  });
  router.get('/reports/file', async (request, response) => {
    const { kind, on, format, replace } = FILE.parse(request.query);
    const file = await makeFile(db, periodOf(kind, on), askedBy(response.locals.person), {
      format,
      mayReplace: replace === 'yes',
    });
    response
      .type(file.mediaType)
      .set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .set('cache-control', 'no-store')
      .send(file.bytes);
  });
  return router;
}
