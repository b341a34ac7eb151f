/** Statements over HTTP, as the page and a script use them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { createApp } from '../../../src/http/app.ts';
import { openBooks } from '../../../src/reconcile/books/office.ts';
import { startNightly } from '../../../src/reconcile/nightly.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import { openFetching } from '../../../src/reconcile/statements/fetching.ts';
import { createStatementRoutes } from '../../../src/reconcile/statements/routes.ts';
import type {
  FileLook,
  FormatPreview,
  FormatView,
  StatementsView,
} from '../../../src/reconcile/statements/view.ts';
import { makeFolder } from '../../support/folder.ts';
import { silentLog } from '../../support/log.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { sampleFile } from '../../support/statements.ts';

test('a file is brought, told how far it is, listed with its lines; a format is tried on it and declared', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const nightly = startNightly(
    { night: () => Promise.resolve(), late: () => Promise.resolve() },
    silentLog(),
  );
  const [municipality, log] = [MUNICIPALITY, silentLog()];
  const now = (): Date => new Date('2026-12-28T01:00:00Z');
  const books = openBooks({
    db,
    municipality,
    dataDir: makeFolder(t),
    nightly,
    noting: (work) => work(),
    follow: () => Promise.resolve(),
    isReady: () => true,
    now,
    log,
  });
  t.after(async () => {
    await books.stop();
    await nightly.stop();
  });
  const app = createApp({
    ...{ log, hosts: () => [], frameSources: [], readiness: () => ({ ready: true }) },
    routes: (each) => {
      each.use((_request, response, next) => {
        response.locals.person = {
          number: '1003',
          name: '会計 さくら',
          roles: ['accounting'],
          windows: null,
        };
        next();
      });
      each.use(
        '/api/office',
        createStatementRoutes({
          db,
          municipality,
          take: books.take,
          confirm: () => Promise.resolve({ number: '1002', name: '出納 太郎' }),
          now,
          matchNow: () => books.matchNow('person'),
          fetching: openFetching({ db, municipality, payouts: undefined, now, log }),
        }),
      );
    },
  });
  const send = (path: string, bytes: Uint8Array): request.Test =>
    request(app)
      .post(`/api/office/statements/${path}`)
      .set('content-type', 'application/octet-stream')
      .send(Buffer.from(bytes));

  const brought = await send(
    'files?format=card-monthly&upload=u1&name=11%E6%9C%88.csv',
    sampleFile('card-monthly'),
  ).expect(201);
  const { file } = brought.body as { file: { fileId: number; status: string; newLines: number } };
  assert.deepEqual([file.status, file.newLines], ['late', 4]);
  await send('files?format=card-monthly&upload=u2&name=again.csv', sampleFile('card-monthly')).expect(200);
  assert.deepEqual((await request(app).get('/api/office/statements/uploads/u1').expect(200)).body, {
    step: 'done',
    done: 4,
    of: 4,
  });
  await request(app).get('/api/office/statements/uploads/other').expect(404);
  await send('files?format=none&upload=u3&name=x', sampleFile('card-monthly')).expect(422);

  const view = (await request(app).get('/api/office/statements').expect(200)).body as StatementsView;
  assert.deepEqual(
    [view.files.map(({ name }) => name), view.formats.length, view.acquirers.length],
    [['11月.csv'], 6, 4],
  );
  assert.deepEqual(
    view.formats
      .map(({ definition: { acquirer } }) => acquirer)
      .filter((code) => !view.acquirers.some(({ definition }) => definition.code === code)),
    [null],
    'whoever a sample format is of is declared, and a bank is nobody',
  );
  const lines = (await request(app).get(`/api/office/statements/files/${file.fileId}/lines`).expect(200))
    .body as { status: string }[];
  assert.deepEqual(
    lines.map(({ status }) => status),
    Array(4).fill('missing_in_ledger'),
    'nobody has sold anything here',
  );

  const [card] = (await readFormats(db, MUNICIPALITY)).filter(
    ({ definition }) => definition.code === 'card-monthly',
  );
  if (card === undefined) throw new Error('no card format');
  const preview = async (definition: object): Promise<FormatPreview> => {
    const body = Buffer.concat([Buffer.from(`${JSON.stringify(definition)}\n`), sampleFile('card-monthly')]);
    return (await send('preview', body).expect(200)).body as FormatPreview;
  };
  assert.deepEqual(
    [(await preview(card.definition)).status, (await preview(card.definition)).totalYen],
    ['readable', 1600],
  );
  const wrong = await preview({
    ...card.definition,
    brand: { from: 'カード種別', values: { VISA: 'visa' } },
  });
  assert.deepEqual([wrong.status, wrong.faults.map(({ line }) => line)], ['unreadable', [6, 7]]);
  await send('preview', Buffer.from('{}\nx')).expect(400);

  const looked = Buffer.concat([
    Buffer.from(`${JSON.stringify({ shape: null, places: [] })}\n`),
    sampleFile('card-monthly'),
  ]);
  const { shape, guess } = (await send('look', looked).expect(200)).body as FileLook;
  assert.deepEqual([shape.encoding, shape.preambleLines, guess?.fields.yen], ['cp932', 3, 'ご利用金額']);

  const definition = { ...card.definition, nameJa: '新しい名前' };
  const change = { base: 1, definition, reason: '契約の更新', second: { number: '1002', pin: '123456' } };
  const declare = (body: object): request.Test =>
    request(app).post('/api/office/statements/formats').send(body);
  await declare({ base: 1, definition }).expect(400);
  // A bank's kind on a provider's line would be refused by the database, with the whole file.
  await declare({ ...change, definition: { ...definition, kind: { always: 'deposit' } } }).expect(400);
  await declare(change).expect(201);
  await declare(change).expect(409);
  const history = (await request(app).get('/api/office/statements/formats/card-monthly/history').expect(200))
    .body as FormatView[];
  assert.deepEqual(
    history.map(({ version, reason, confirmedByName }) => [version, reason, confirmedByName]),
    [
      [2, '契約の更新', '出納 太郎'],
      [1, '', null],
    ],
  );
  const { body: seen } = (await request(app).get('/api/office/books').expect(200)) as {
    body: { exceptions: unknown[] };
  };
  assert.equal(seen.exceptions.length, 4);
});
