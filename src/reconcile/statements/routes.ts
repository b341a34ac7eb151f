/**
 * GET /statements · GET /statements/files/:id/lines · POST /statements/files?format=&upload=&name=: the file's bytes ·
 * GET /statements/uploads/:id: how far it is · POST /statements/preview: a definition in one line of JSON, then a file's
 * bytes · POST /statements/look: the same, before there is a definition; nothing is stored by either ·
 * POST /statements/formats, /statements/acquirers: with a second person · GET /statements/formats/:code/history,
 * /statements/acquirers/:counter/:code/history · POST /statements/fetch: from the provider's service · GET /books · POST /books/match
 */
import express, { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { maskCardNumbersIn } from '../../card-mask.ts';
import { businessDateOf } from '../../business-date.ts';
import type { Database } from '../../db/schema.ts';
import { AppError } from '../../errors.ts';
import { NUMBER_AND_PIN, type SecondPerson } from '../../staff/gate.ts';
import { ACQUIRER } from '../books/acquirer.ts';
import { readBooks } from '../books/books.ts';
import type { MatchOutcome } from '../books/run.ts';
import { findControls } from './controls.ts';
import {
  declareAcquirer,
  declareFormat,
  readAcquirerHistory,
  readAcquirers,
  readFormatHistory,
  readFormats,
} from './declared.ts';
import { readFileLines, readFiles } from './files.ts';
import type { Fetching } from './fetching.ts';
import { FORMAT, LOOK, NEW_FORMAT } from './format.ts';
import type { ImportOutcome, IncomingFile } from './import.ts';
import { lookAt } from './look.ts';
import { givingWay } from './slices.ts';
import { readStatementAsOf } from './statement.ts';
import { LARGEST_FILE_BYTES, type FormatPreview, type ImportProgress, type StatementsView } from './view.ts';

const FILE_ID = z.coerce.number().int().min(1);
const LINES_QUERY = z.object({ from: z.coerce.number().int().min(0).default(0) });
const UPLOAD_QUERY = z.object({
  format: z.string().min(1).max(40),
  upload: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().min(1).max(200),
});
const BASE = z.number().int().min(0);
/** What a file means, and who pays the city, when and for which fee: two people say so. */
const BY_TWO = {
  base: BASE,
  reason: z.string().trim().min(1).max(200),
  second: NUMBER_AND_PIN,
};
const NEW_ACQUIRER = z.strictObject({ ...BY_TWO, definition: ACQUIRER });
const DECLARED_FORMAT = z.strictObject({ ...BY_TWO, definition: NEW_FORMAT });
const NEW_LINE = 0x0a;
/** Uploads whose progress is still told. */
const MOST_UPLOADS = 50;
const PREVIEW_LINES = 20;

interface Confirmed {
  number: string;
  name: string;
}

export interface StatementRoutesOptions {
  db: Kysely<Database>;
  municipality: string;
  take: (file: IncomingFile, onProgress: (progress: ImportProgress) => void) => Promise<ImportOutcome>;
  /** Another person who may confirm, by number and PIN. @throws AppError if it is nobody of that kind */
  confirm: (second: SecondPerson, first: Confirmed) => Promise<Confirmed>;
  fetching: Fetching;
  now: () => Date;
  /** Compares everything that is due, now. */
  matchNow: () => Promise<MatchOutcome>;
}

export function createStatementRoutes(options: StatementRoutesOptions): Router {
  const router = Router();
  addReading(router, options);
  addUpload(router, options);
  addDeclaring(router, options);
  router.post('/statements/fetch', async (_request, response) => {
    const outcome = await options.fetching.fetch('person');
    if (outcome === null) throw new AppError('not_found');
    if (outcome.taken + outcome.refused + outcome.failed > 0) await options.matchNow();
    response.json(outcome);
  });
  router.post('/books/match', async (_request, response) => {
    response.json(await options.matchNow());
  });
  return router;
}

function addReading(router: Router, { db, municipality, fetching }: StatementRoutesOptions): void {
  router.get('/statements', async (_request, response) => {
    const [fetched, files, formats, acquirers] = await Promise.all([
      fetching.read(),
      readFiles(db, municipality),
      readFormats(db, municipality),
      readAcquirers(db, municipality),
    ]);
    response.json({ fetched, files, formats, acquirers } satisfies StatementsView);
  });
  router.get('/statements/files/:id/lines', async (request, response) => {
    const { from } = LINES_QUERY.parse(request.query);
    response.json(await readFileLines(db, municipality, FILE_ID.parse(request.params.id), from));
  });
  router.get('/books', async (_request, response) => {
    response.json(await readBooks(db, municipality));
  });
}

const fileBody = express.raw({ type: 'application/octet-stream', limit: LARGEST_FILE_BYTES });

function bytesOf(body: unknown): Buffer {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new AppError('bad_request', { field: 'body' });
  return body;
}

function addUpload(router: Router, { db, municipality, take }: StatementRoutesOptions): void {
  const uploads = new Map<string, ImportProgress>();
  const note = (upload: string, progress: ImportProgress): void => {
    const [oldest] = uploads.keys();
    if (uploads.size >= MOST_UPLOADS && oldest !== undefined) uploads.delete(oldest);
    uploads.set(upload, progress);
  };
  router.get('/statements/uploads/:id', (request, response) => {
    const progress = uploads.get(request.params.id);
    if (progress === undefined) throw new AppError('not_found');
    response.json(progress);
  });
  router.post('/statements/files', fileBody, async (request, response) => {
    const { format: code, upload, name } = UPLOAD_QUERY.parse(request.query);
    const format = (await readFormats(db, municipality)).find(({ definition }) => definition.code === code);
    if (format === undefined) throw new AppError('unknown_format', { format: code });
    const { person } = response.locals;
    const by = { number: person.number, name: person.name };
    const read = { bytes: bytesOf(request.body), format: format.definition, formatVersion: format.version };
    try {
      const outcome = await take({ name, ...read, origin: 'upload', by }, (progress) =>
        note(upload, progress),
      );
      note(upload, { step: 'done', done: outcome.file.lines, of: outcome.file.lines });
      response.status(outcome.kind === 'imported' ? 201 : 200).json(outcome);
    } catch (error) {
      note(upload, { step: 'failed', done: 0, of: 0 });
      throw error;
    }
  });
}

/** What is asked in a line of JSON, and behind it a file's bytes. */
function askedOf<Asked>(body: unknown, schema: z.ZodType<Asked>): { asked: Asked; file: Uint8Array } {
  const bytes = bytesOf(body);
  const end = bytes.indexOf(NEW_LINE);
  const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8');
  return { asked: schema.parse(jsonOf(head)), file: end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1) };
}

function addDeclaring(router: Router, { db, municipality, confirm, now }: StatementRoutesOptions): void {
  router.post('/statements/look', fileBody, async (request, response) => {
    const { asked, file } = askedOf(request.body, LOOK);
    // Its rows are masked already, as their layout wants it.
    response.json(maskCardNumbersIn(await givingWay(lookAt(file, asked)), (name) => name === 'rows'));
  });
  router.post('/statements/preview', fileBody, async (request, response) => {
    const { asked, file } = askedOf(request.body, FORMAT);
    response.json(maskCardNumbersIn(await previewOf(asked, file, businessDateOf(now()))));
  });
  router.post('/statements/formats', async (request, response) => {
    const { base, definition, reason, second } = DECLARED_FORMAT.parse(request.body);
    const { number, name } = response.locals.person;
    const by = { number, name };
    const confirmed = { by: await confirm(second, by), reason };
    await declareFormat(db, municipality, { base, definition, by, confirmed });
    response.status(201).json({});
  });
  router.get('/statements/formats/:code/history', async (request, response) => {
    response.json(await readFormatHistory(db, municipality, request.params.code));
  });
  router.get('/statements/acquirers/:counter/:code/history', async (request, response) => {
    response.json(await readAcquirerHistory(db, municipality, request.params));
  });
  router.post('/statements/acquirers', async (request, response) => {
    const { base, definition, reason, second } = NEW_ACQUIRER.parse(request.body);
    const { number, name } = response.locals.person;
    const by = { number, name };
    const confirmed = { by: await confirm(second, by), reason };
    await declareAcquirer(db, municipality, { base, definition, by, confirmed });
    response.status(201).json({});
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad_request', { field: 'definition' }, { cause });
  }
}

async function previewOf(
  definition: z.infer<typeof FORMAT>,
  bytes: Uint8Array,
  today: string,
): Promise<FormatPreview> {
  const { lines, faults, status } = await givingWay(readStatementAsOf(bytes, definition, today));
  const isUncontrolled = status === 'readable' && definition.controls.length === 0;
  return {
    ...{ status, faults, count: lines.length },
    controls: isUncontrolled ? await givingWay(findControls(bytes, definition, lines)) : [],
    totalYen: lines.reduce((sum, { yen }) => sum + yen, 0),
    lines: lines.slice(0, PREVIEW_LINES),
  };
}
