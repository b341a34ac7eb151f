/** Whose row is whose: in every key, for every query, through every view and route. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import request from 'supertest';
import { openDb } from '../../src/db/db.ts';
import type { Database } from '../../src/db/schema.ts';
import { seedSampleFees } from '../../src/fees/fees.ts';
import { matchDue } from '../../src/reconcile/books/run.ts';
import { seedSampleStatements } from '../../src/reconcile/statements/declared.ts';
import { openApps, TOKEN } from '../support/apps.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const OTHER = '131016';
const DAY = '2026-11-24';
/** An amount that nothing else has. */
const YEN = 987_654;
/** Kysely's own, which say what has been migrated. */
const OF_NOBODY = ['kysely_migration', 'kysely_migration_lock'];

test('every table has its municipality, in every key, its counter beside it, and lets nobody else in', async (t) => {
  const { openOwner } = await openTestDatabase(t);
  const { rows: tables } = await sql<{ name: string; municipality: boolean; guarded: boolean }>`
    SELECT c.relname AS name,
      EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = 'municipality' AND a.attnotnull) AS municipality,
      c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
        AND pg_get_expr(p.polqual, c.oid) LIKE '%municipality = %app.municipality%') AS guarded
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname <> ALL (${OF_NOBODY})`.execute(openOwner());
  assert.ok(tables.length > 20);
  for (const { name, municipality, guarded } of tables) assert.ok(municipality && guarded, name);

  const { rows: keys } = await sql<{ name: string; primary: boolean; columns: string[]; counted: boolean }>`
    SELECT i.indexrelid::regclass::text AS name, i.indisprimary AS primary,
      ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = ANY (i.indkey)) AS columns,
      EXISTS (SELECT FROM pg_attribute WHERE attrelid = i.indrelid AND attname = 'counter' AND attnotnull) AS counted
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname <> ALL (${OF_NOBODY})`.execute(
    openOwner(),
  );
  for (const { name, columns } of keys) assert.ok(columns.includes('municipality'), name);
  // A claim is of the whole municipality on purpose: whoever sells it, it is sold once.
  const counted = keys.filter(
    ({ primary, counted: has, name }) => primary && has && name !== 'once_claims_pkey',
  );
  assert.ok(counted.length > 8);
  for (const { name, columns } of counted) assert.ok(columns.includes('counter'), name);

  const { rows: views } = await sql<{ name: string; own: boolean }>`
    SELECT relname AS name, coalesce('security_invoker=true' = ANY (reloptions), false) AS own
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'`.execute(openOwner());
  assert.ok(views.length > 5);
  for (const { name, own } of views) assert.ok(own, `${name} reads with the rights of whoever asks`);
});

/** One of everything that a day leaves. @returns the id of its payment */
async function fillBooks(
  t: Parameters<typeof openTestCounter>[0],
  db: Kysely<Database>,
  municipality: string,
): Promise<string> {
  await seedSampleStatements(db, municipality);
  const counter = openTestCounter(t, db, '01', municipality);
  const id = counter.sell({ amountYen: YEN, businessDate: DAY });
  counter.close(DAY, [{ bucket: 'card', count: 1, amountYen: YEN }]);
  await counter.drain();
  await matchDue(db, municipality, DAY, 'test');
  await sql`INSERT INTO survey_answers (nonce, store, number, score, comment, answered_at)
    VALUES ('one', gen_random_uuid(), 1, 5, ${municipality}, now())`.execute(db);
  return id;
}

test('two municipalities on one server never see each other, also where a WHERE was forgotten', async (t) => {
  const { db, url, openAnother, openOwner } = await openTestDatabase(t);
  const other = openAnother(OTHER);
  await seedSampleFees(openOwner(), OTHER);
  const [own, theirs] = [await fillBooks(t, db, MUNICIPALITY), await fillBooks(t, other, OTHER)];
  const nobody = openDb(url, () => undefined);
  t.after(() => nobody.destroy());
  const { rows: relations } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'municipality'`.execute(db);
  let filled = 0;
  for (const { name } of relations) {
    const seen = async (as: Kysely<Database>): Promise<string[]> =>
      (
        await sql<{ municipality: string }>`SELECT DISTINCT municipality FROM ${sql.table(name)}`.execute(as)
      ).rows.map(({ municipality }) => municipality);
    const [a, b] = [await seen(db), await seen(other)];
    if (a.length > 0 && b.length > 0) filled += 1;
    assert.ok(a.every((each) => each === MUNICIPALITY) && b.every((each) => each === OTHER), name);
    assert.deepEqual(await seen(nobody), [], `${name}, asked by a connection that does not say whose it is`);
  }
  assert.ok(filled > 10, `${filled} relations have rows of both`);

  const { numUpdatedRows } = await db
    .updateTable('payments')
    .set({ reason: 'forgotten' })
    .where('operation_id', '=', theirs)
    .executeTakeFirst();
  assert.equal(numUpdatedRows, 0n);
  await assert.rejects(
    sql`INSERT INTO staff_sign_outs (municipality, number) VALUES (${OTHER}, '1001')`.execute(db),
    /row-level security/,
  );
  await assert.rejects(
    sql`INSERT INTO survey_answers (nonce, store, number, score, answered_at)
      VALUES ('two', gen_random_uuid(), 2, 5, now())`.execute(nobody),
    /unrecognized configuration parameter "app.municipality"/,
  );
  await askEveryPage(t, other, { own: theirs, foreign: own });
});

/** The office of the other municipality, asked for everything that it shows, also by the foreign payment's id. */
async function askEveryPage(
  t: Parameters<typeof openTestCounter>[0],
  db: Kysely<Database>,
  ids: { own: string; foreign: string },
): Promise<void> {
  const { office } = await openApps(t, { db, settings: { MUNICIPALITY: OTHER } });
  const pages = [
    ...['payments', 'open', 'outside-refunds', 'reconciliations', 'waiting', 'statements', 'books', 'brands'],
    ...[
      'windows',
      'staff',
      'fees',
      'entries/item',
      'entries/brand/csv',
      'tenders',
      'tickets',
      'survey',
      'once',
    ],
    ...[`payments?search=${ids.foreign}`, `payments/${ids.foreign}`, 'statements/files/1/lines'],
  ];
  const said: string[] = [];
  for (const page of pages) {
    const answer = await request(office)
      .get(`/api/office/${page}`)
      .query({ from: DAY, until: DAY, date: DAY, on: DAY })
      .set('Authorization', `Bearer ${TOKEN}`);
    assert.ok(answer.status < 500, `${page}: ${answer.text}`);
    assert.ok(!answer.text.includes(ids.foreign), page);
    assert.ok(!answer.text.includes(MUNICIPALITY), page);
    if (answer.status === 200) said.push(answer.text);
  }
  assert.ok(said.length > 10, `${said.length} pages answered`);
  assert.ok(said.join('').includes(ids.own), 'its own payment is shown');
}
