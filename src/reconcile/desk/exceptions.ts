/** What does not agree now, in all four books, each with a subject that is the same in every run. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { RunSummary } from '../books/view.ts';
import type { FileFault } from '../statements/format.ts';
import { UNSAID, type CaseFacts, type CaseStatus, type FoundException } from './case.ts';
import { findClosings, findDays } from './days.ts';
import { findFailedPayouts, findSettlements } from './deposits.ts';
import { findLines, findOpenPayments } from './rows.ts';
import { withTestimony } from './testimony.ts';

export async function findExceptions(
  db: Kysely<Database>,
  municipality: string,
  today: string,
): Promise<FoundException[]> {
  const lines = await findLines(db, municipality);
  const open = await findOpenPayments(db, municipality);
  const byPlace = new Map(open.map((each) => [placeOf(each), each]));
  const known = new Set(lines.map(placeOf));
  return [
    ...lines.map((line) => withTestimony(line, byPlace.get(placeOf(line))?.facts.testimony)),
    ...open.filter((each) => !known.has(placeOf(each))),
    ...(await findSettlements(db, municipality)),
    ...(await findFailedPayouts(db, municipality)),
    ...(await findFiles(db, municipality)),
    ...(await findDays(db, municipality)),
    ...(await findClosings(db, municipality, today)),
    ...(await findOfRun(db, municipality)),
  ];
}

const placeOf = ({ counter, subject }: FoundException): string => `${counter} ${subject}`;

const FILE_STATUS = {
  received: 'file_late',
  late: 'file_late',
  unreadable: 'file_unreadable',
  control_differs: 'file_control_differs',
  foreign: 'file_foreign',
} as const;

async function findFiles(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const rows = await db
    .selectFrom('statement_files as f')
    .select(['file_id', 'name', 'format', 'status', 'lines', 'total_yen', 'covers_until', 'faults'])
    .where('municipality', '=', municipality)
    .where('status', '<>', 'received')
    // The very file was taken after all, by a format that was mended.
    .where(
      sql<boolean>`NOT (status <> 'late' AND EXISTS (
        SELECT FROM statement_files t WHERE t.municipality = f.municipality AND t.sha256 = f.sha256
          AND t.status IN ('received', 'late')))`,
    )
    .execute();
  return rows.map((row) => {
    const faults = row.faults as FileFault[];
    const isRead = row.status === 'late';
    return {
      counter: '*',
      subject: `file ${String(row.file_id)}`,
      facts: {
        ...UNSAID,
        status: FILE_STATUS[row.status],
        acquirer: null,
        onDate: row.covers_until,
        atStakeYen: isRead ? Math.abs(row.total_yen) : 0,
        differenceYen: 0,
        fileId: row.file_id,
        statement: { yen: isRead ? row.total_yen : null, count: row.lines, name: row.name },
        notes: faults
          .slice(0, 5)
          .map(({ line, message }) => `${line === 0 ? 'ファイル全体' : `${String(line)}行目`}：${message}`),
      },
    };
  });
}

/** What the newest run says of whole books. */
async function findOfRun(db: Kysely<Database>, municipality: string): Promise<FoundException[]> {
  const run = await db
    .selectFrom('match_runs')
    .select('summary')
    .where('municipality', '=', municipality)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (run === undefined) return [];
  const { edges, bank, undeclared } = run.summary as RunSummary;
  const found = edges.map((edge) =>
    ofWhole('unexplained', `edge ${edge.acquirer}`, edge.remainderYen, {
      acquirer: edge.acquirer,
      differenceYen: edge.remainderYen,
      ours: { yen: edge.oursYen },
      statement: { yen: edge.theirsYen },
    }),
  );
  found.push(
    ofWhole('unexplained', 'edge bank', bank.remainderYen, {
      differenceYen: bank.remainderYen,
      statement: { yen: bank.netYen },
      bank: { yen: bank.depositedYen },
    }),
  );
  const unexplained = found.filter(({ facts }) => facts.differenceYen !== 0);
  const { count, amountYen } = undeclared;
  if (count === 0) return unexplained;
  return [
    ...unexplained,
    ofWhole('undeclared', 'undeclared', amountYen, { ours: { yen: amountYen, count } }),
  ];
}

/** An exception of no one day and counter. */
const ofWhole = (
  status: CaseStatus,
  subject: string,
  yen: number,
  said: Partial<CaseFacts>,
): FoundException => ({
  counter: '*',
  subject,
  facts: {
    ...UNSAID,
    status,
    acquirer: null,
    onDate: null,
    atStakeYen: Math.abs(yen),
    differenceYen: 0,
    ...said,
  },
});
