/** Brings a database up to the newest numbered migration. */
import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import * as firstSale from '../../migrations/0001-first-sale.ts';
import * as unknownDesk from '../../migrations/0002-unknown-desk.ts';
import * as store from '../../migrations/0003-store.ts';
import * as staff from '../../migrations/0004-staff.ts';
import * as signOuts from '../../migrations/0005-sign-outs.ts';
import * as fees from '../../migrations/0006-fees.ts';
import * as afterTheSale from '../../migrations/0007-after-the-sale.ts';
import * as openMatters from '../../migrations/0009-open-matters.ts';
import * as tickets from '../../migrations/0010-tickets.ts';
import * as withdrawnPromises from '../../migrations/0012-withdrawn-promises.ts';
import * as pinTries from '../../migrations/0013-pin-tries.ts';
import * as books from '../../migrations/0014-books.ts';
import * as ownRows from '../../migrations/0016-own-rows.ts';
import * as exceptionsDesk from '../../migrations/0017-exceptions-desk.ts';
import * as reportLines from '../../migrations/0018-report-lines.ts';
import * as onceUses from '../../migrations/0019-once-uses.ts';
import * as openPayments from '../../migrations/0020-open-payments.ts';
import * as stickersGivenBack from '../../migrations/0022-stickers-given-back.ts';
import * as formatsByTwo from '../../migrations/0027-formats-by-two.ts';
import * as apartAndFetched from '../../migrations/0028-apart-and-fetched.ts';
import * as latePayments from '../../migrations/0029-late-payments.ts';
import * as resultIndexes from '../../migrations/0030-result-indexes.ts';
import * as stickersGivenBackBefore from '../../migrations/0033-stickers-given-back-before.ts';
import * as sumsOfBooks from '../../migrations/0034-sums-of-books.ts';
import * as everyFigureHasItsLines from '../../migrations/0036-every-figure-has-its-lines.ts';
import * as statistics from '../../migrations/0037-statistics.ts';
import * as everyRepeatedId from '../../migrations/0038-every-repeated-id.ts';
import * as slipOfPayments from '../../migrations/0039-slip-of-payments.ts';
import * as statisticsOfGrownBooks from '../../migrations/0040-statistics-of-grown-books.ts';
import * as foreignFiles from '../../migrations/0041-foreign-files.ts';
import * as resultsInBulk from '../../migrations/0042-results-in-bulk.ts';
import * as pairsWithoutAKey from '../../migrations/0043-pairs-without-a-key.ts';
import * as dayOfPairsWithoutAKey from '../../migrations/0044-day-of-pairs-without-a-key.ts';
import * as accountsOfLines from '../../migrations/0045-accounts-of-lines.ts';
import * as wordsOfCases from '../../migrations/0046-words-of-cases.ts';
import * as failedByDay from '../../migrations/0047-failed-by-day.ts';

/** In order, and up only: what has been released is never edited. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first-sale': firstSale,
  '0002-unknown-desk': unknownDesk,
  '0003-store': store,
  '0004-staff': staff,
  '0005-sign-outs': signOuts,
  '0006-fees': fees,
  '0007-after-the-sale': afterTheSale,
  '0009-open-matters': openMatters,
  '0010-tickets': tickets,
  '0012-withdrawn-promises': withdrawnPromises,
  '0013-pin-tries': pinTries,
  '0014-books': books,
  '0016-own-rows': ownRows,
  '0017-exceptions-desk': exceptionsDesk,
  '0018-report-lines': reportLines,
  '0019-once-uses': onceUses,
  '0020-open-payments': openPayments,
  '0022-stickers-given-back': stickersGivenBack,
  '0027-formats-by-two': formatsByTwo,
  '0028-apart-and-fetched': apartAndFetched,
  '0029-late-payments': latePayments,
  '0030-result-indexes': resultIndexes,
  '0033-stickers-given-back-before': stickersGivenBackBefore,
  '0034-sums-of-books': sumsOfBooks,
  '0036-every-figure-has-its-lines': everyFigureHasItsLines,
  '0037-statistics': statistics,
  '0038-every-repeated-id': everyRepeatedId,
  '0039-slip-of-payments': slipOfPayments,
  '0040-statistics-of-grown-books': statisticsOfGrownBooks,
  '0041-foreign-files': foreignFiles,
  '0042-results-in-bulk': resultsInBulk,
  '0043-pairs-without-a-key': pairsWithoutAKey,
  '0044-day-of-pairs-without-a-key': dayOfPairsWithoutAKey,
  '0045-accounts-of-lines': accountsOfLines,
  '0046-words-of-cases': wordsOfCases,
  '0047-failed-by-day': failedByDay,
};

function migratorOf<Tables>(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
}

/**
 * Safe when several start at once: an advisory lock lets one work while the others wait. All or nothing.
 * @throws the first migration's error; the database is then as it was
 */
export async function migrateToLatest<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { error, results = [] } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) throw new Error('the database could not be brought up to date', { cause: error });
  return results.map(({ migrationName }) => migrationName);
}

/** As far as one of them: how a test gets a database as it was. @throws the first migration's error */
export async function migrateTo<Tables>(db: Kysely<Tables>, name: string): Promise<void> {
  const { error } = await migratorOf(db).migrateTo(name);
  if (error !== undefined) throw new Error(`the database could not be brought to ${name}`, { cause: error });
}

/** The migrations that the database has not had. */
export async function findPending<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const all = await migratorOf(db).getMigrations();
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}
