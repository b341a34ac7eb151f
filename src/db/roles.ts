/**
 * Two accounts for one database (README.md here): the owner makes tables, the application fills them. The service
 * has only the application's, so that nobody who gets hold of it can change or delete what was recorded.
 */
import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Book } from '../book.ts';
import { openDb } from './db.ts';
import { findPending, migrateToLatest } from './migrate.ts';
import { keepRowsApart } from './own-rows.ts';
import type { Database } from './schema.ts';

const KEPT = 'SELECT, INSERT';

/** What the application may do with each table and view; a test asks for a line per table. */
export const APPLICATION_MAY: Record<string, string> = {
  catalogue_entries: KEPT,
  events: KEPT,
  // The head moves. Whose journal it is, and whether it is set apart, the application can't change any more.
  journals: 'SELECT, INSERT, UPDATE (head_sequence, head_hash, drained_at)',
  checkpoints: 'SELECT',
  repeated_ids: 'SELECT',
  payments: 'SELECT, INSERT, UPDATE',
  payment_lines: KEPT,
  outside_refunds: KEPT,
  outside_refund_outcomes: KEPT,
  corrections: KEPT,
  entry_lines: 'SELECT',
  counted_sales: 'SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by)',
  counted_sale_lines: KEPT,
  tenders: 'SELECT',
  reconciliations: KEPT,
  acquirers: KEPT,
  statement_formats: KEPT,
  statement_files: KEPT,
  statement_lines: KEPT,
  // Its trigger on statement_lines writes it, as the owner.
  statement_sums: 'SELECT',
  ledger_sums: KEPT,
  statement_fetches: KEPT,
  failed_payouts: KEPT,
  match_runs: KEPT,
  match_results: KEPT,
  batch_results: KEPT,
  current_matches: 'SELECT',
  cases: KEPT,
  case_events: KEPT,
  case_turns: 'SELECT',
  manual_pairs: KEPT,
  current_pairs: 'SELECT',
  nights: KEPT,
  night_steps: KEPT,
  survey_answers: KEPT,
  once_claims: 'SELECT, INSERT, UPDATE (counter, operation_id, released, at)',
  once_uses: 'SELECT, INSERT, UPDATE (dropped, given_back)',
  once_decisions: KEPT,
  once_doubles: 'SELECT',
  tickets: 'SELECT, INSERT, UPDATE (state, operation_id, cancel_reason, cancel_note, cancelled_by, unsure)',
  fee_drafts: 'SELECT, INSERT, UPDATE (version, revisions, at, changed_by, changed_by_name)',
  staff: KEPT,
  staff_tries: KEPT,
  staff_sign_outs: KEPT,
  kysely_migration: 'SELECT',
  kysely_migration_lock: 'SELECT',
};

/** A database that can't be used as it is; `message` says why and what to do. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
}

/** The application's URL for a database of our own: its password follows from the owner's, and not the other way. */
export function applicationUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.password = createHash('sha256').update(`application of ${url.password}`).digest('hex');
  url.username = 'madoguchi_app';
  return url.href;
}

/**
 * Brings the database up to date as its owner, and lets the application in; makes its account if there is none.
 * May be repeated at any time. Returns the names of the migrations that ran.
 * @throws DatabaseFault if the application's account owns the tables or may do anything anyway
 */
export async function prepareDatabase(ownerUrl: string, appUrl: string): Promise<string[]> {
  const owner = openDb(ownerUrl, () => undefined);
  try {
    const { username, password } = new URL(appUrl);
    const role = decodeURIComponent(username);
    const ran = await migrateToLatest(owner);
    await makeRole(owner, role, decodeURIComponent(password));
    await refuseMighty(owner, role);
    await keepRowsApart(owner);
    await grant(owner, role);
    return ran;
  } finally {
    await owner.destroy();
  }
}

async function makeRole(owner: Kysely<Database>, role: string, password: string): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${role}`.execute(owner);
  if (rows.length > 0) return;
  await sql`CREATE ROLE ${sql.id(role)} LOGIN PASSWORD ${sql.lit(password)}`.execute(owner);
}

/** A superuser counts as a member of every role. */
async function refuseMighty(owner: Kysely<Database>, role: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT r.rolname AS name FROM pg_roles r
    WHERE r.rolname = ${role} AND (r.rolbypassrls OR pg_has_role(r.rolname,
      (SELECT relowner FROM pg_class WHERE oid = 'events'::regclass), 'MEMBER'))`.execute(owner);
  if (rows.length === 0) return;
  throw new DatabaseFault(
    `${role} は記録の所有者か管理者なので、サービスの接続には使えません。DATABASE_URL に別の利用者を指定してください / ` +
      `${role} owns the record or is a superuser: name another account in DATABASE_URL.`,
  );
}

async function grant(owner: Kysely<Database>, role: string): Promise<void> {
  const to = sql.id(role);
  await owner.transaction().execute(async (trx) => {
    await sql`GRANT USAGE ON SCHEMA public TO ${to}`.execute(trx);
    await sql`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${to}`.execute(trx);
    for (const [table, rights] of Object.entries(APPLICATION_MAY)) {
      await sql`GRANT ${sql.raw(rights)} ON ${sql.table(table)} TO ${to}`.execute(trx);
    }
  });
}

/**
 * Whether the database is ready for the service. Live never migrates by itself and refuses an account that may change
 * the record; a trial or training with a database of somebody else's brings it up to date with what it has.
 * @throws DatabaseFault, or what PostgreSQL says
 */
export async function ensureReady<Tables>(db: Kysely<Tables>, book: Book): Promise<void> {
  const pending = await findPending(db);
  if (pending.length > 0 && book === 'live') {
    throw new DatabaseFault(
      `データベースが古いままです（${pending.join(', ')}）。所有者の権限で npm run migrate を実行してください / ` +
        'the database is not up to date: run npm run migrate with the owner’s account (src/db/README.md).',
    );
  }
  if (pending.length > 0) await migrateToLatest(db);
  if (book === 'live' && (await mayChangeEvents(db))) {
    throw new DatabaseFault(
      'DATABASE_URL の利用者は記録を書き換えられるため、本番では使えません。npm run migrate を実行し、所有者でない利用者を指定してください / ' +
        'the account in DATABASE_URL may change the record: run npm run migrate and use one that does not own it (src/db/README.md).',
    );
  }
}

async function mayChangeEvents<Tables>(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    SELECT has_table_privilege('events', 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR pg_has_role(relowner, 'MEMBER')
      OR NOT row_security_active('events') AS may
    FROM pg_class WHERE oid = 'events'::regclass`.execute(db);
  return rows[0]?.may !== false;
}
