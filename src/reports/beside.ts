/** What stands beside the income of a span: differences, deposits, refunds by accounting, and what is still open. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { readSettlements } from '../reconcile/books/deposits.ts';
import type { LineStatus, SettlementView } from '../reconcile/books/view.ts';
import type { ReconciliationView } from '../reconcile/view.ts';
import type { Sum } from '../sum.ts';
import { readPublished, type Published } from './published.ts';
import type { Span } from './sums.ts';

/** A counter's day whose totals were compared with its terminals'. */
export interface ComparedDay {
  counter: string;
  businessDate: string;
  status: ReconciliationView['status'];
  oursYen: number;
  theirsYen: number;
  differenceYen: number;
  /** What of it nothing on record explains; null: the result does not say. */
  unexplainedYen: number | null;
  /** Of its payments, those of which nobody knew the result. */
  unknown: Sum;
  /** What a reader has to know of the difference, one Japanese sentence each. */
  notes: string[];
}

/** Rows of our book and of a provider's statement that are not simply the same. */
interface ProviderDifference {
  acquirer: string;
  status: LineStatus;
  count: number;
  oursYen: number;
  theirsYen: number;
}

/** A settlement with the days whose sales are in it; null: its statement is not here. */
export interface SettledSales extends SettlementView {
  sales: { from: string; until: string } | null;
}

interface PromisedRefundRow {
  counter: string;
  refundId: string;
  number: number;
  window: string;
  requestedOn: string;
  amountYen: number;
  /** Null: still owed. */
  endedOn: string | null;
  way: 'cash' | 'transfer' | 'withdrawn' | null;
}

/** What a reader has to know before the figures are taken for final. */
interface OpenState {
  /** Counters' days with payments that no closing of that day knows: it was forgotten, or they came after it. */
  unclosed: { counter: string; businessDate: string; count: number }[];
  /** Counters' days with a closing that nobody has compared with the terminals' totals yet. */
  uncompared: { counter: string; businessDate: string }[];
  /** Approved on a day after that of the counter, and how many of those belong to another fiscal year. */
  late: { count: number; amountYen: number; otherYear: number; otherYearYen: number };
  /** Voids, refunds and corrections that do not count on the sale's day: of sales before the span, and after it of its own. */
  otherDays: {
    ofEarlier: number;
    earlierYen: number;
    isLater: number;
    laterYen: number;
    /** Those of them whose sale belongs to an earlier fiscal year, and those that were made in a later one than it. */
    ofEarlierYear: number;
    earlierYearYen: number;
    isLaterYear: number;
    laterYearYen: number;
  };
  quarantined: string[];
  counters: { counter: string; arrivedAt: string | null }[];
}

export interface Beside {
  days: ComparedDay[];
  providers: ProviderDifference[];
  settlements: SettledSales[];
  refunds: PromisedRefundRow[];
  published: Published;
  open: OpenState;
}

/** In the transaction of the sums, so that all figures are of one moment. */
export async function readBeside(trx: Kysely<Database>, span: Span): Promise<Beside> {
  const { municipality } = span;
  const settlements = await readSettlements(trx, municipality);
  return {
    days: await readComparedDays(trx, span),
    providers: await readProviderDifferences(trx, span),
    settlements: await withSales(trx, municipality, settlements.filter(isSettledWithin(span))),
    refunds: await readPromisedRefunds(trx, span),
    published: await readPublished(trx, span),
    open: await readOpenState(trx, span),
  };
}

/** Its day, or that of the bank, lies in the span. */
export const isSettledWithin =
  ({ from, until }: Span) =>
  ({ due, paidOn }: SettlementView): boolean =>
    [due, paidOn].some((day) => day !== null && from <= day && day <= until);

/** A batch without a number of its own is called by the day on which it was closed. */
const DAY = /^\d{4}-\d\d-\d\d$/;

async function withSales(
  trx: Kysely<Database>,
  municipality: string,
  settlements: readonly SettlementView[],
): Promise<SettledSales[]> {
  const named = settlements.flatMap(({ batches }) => batches);
  const { rows } = await sql<{ acquirer: string; batch: string; from: string; until: string }>`
    SELECT acquirer, batch, min(on_date) AS "from", max(on_date) AS until FROM statement_lines
    WHERE municipality = ${municipality} AND batch = ANY(${named}::text[]) AND kind IN ('sale', 'refund')
    GROUP BY acquirer, batch`.execute(trx);
  return settlements.map((each) => {
    const days = [
      ...rows.filter(({ acquirer, batch }) => acquirer === each.acquirer && each.batches.includes(batch)),
      ...each.batches.filter((batch) => DAY.test(batch)).map((day) => ({ from: day, until: day })),
    ];
    const [from] = days.map((span) => span.from).sort();
    const until = days
      .map((span) => span.until)
      .sort()
      .at(-1);
    return { ...each, sales: from === undefined || until === undefined ? null : { from, until } };
  });
}

async function readComparedDays(trx: Kysely<Database>, span: Span): Promise<ComparedDay[]> {
  const { rows } = await sql<ComparedDay>`
    SELECT DISTINCT ON (business_date, counter) counter, business_date AS "businessDate",
      result ->> 'status' AS status, (result -> 'ours' ->> 'amountYen')::bigint AS "oursYen",
      (result -> 'theirs' ->> 'amountYen')::bigint AS "theirsYen", (result ->> 'differenceYen')::bigint AS "differenceYen",
      (result ->> 'unexplainedYen')::bigint AS "unexplainedYen", result -> 'unknown' AS unknown, result -> 'notes' AS notes
    FROM reconciliations
    WHERE municipality = ${span.municipality} AND business_date BETWEEN ${span.from}::date AND ${span.until}::date
    ORDER BY business_date, counter, version DESC`.execute(trx);
  return rows;
}

async function readProviderDifferences(trx: Kysely<Database>, span: Span): Promise<ProviderDifference[]> {
  const { rows } = await sql<ProviderDifference>`
    SELECT m.acquirer, m.status, count(*) AS count, sum(m.ours_yen)::bigint AS "oursYen",
      sum(m.theirs_yen)::bigint AS "theirsYen"
    FROM current_matches m
    LEFT JOIN payments p ON p.municipality = m.municipality AND p.counter = m.counter
      AND p.operation_id = m.operation_id
    LEFT JOIN statement_lines l ON l.municipality = m.municipality AND l.line_id = m.line_id
    WHERE m.municipality = ${span.municipality} AND m.status NOT IN ('matched', 'not_taken')
      AND coalesce(p.posted_on, l.on_date) BETWEEN ${span.from}::date AND ${span.until}::date
    GROUP BY m.acquirer, m.status ORDER BY m.acquirer, m.status`.execute(trx);
  return rows;
}

/** Promised, paid out or withdrawn within the span. */
async function readPromisedRefunds(trx: Kysely<Database>, span: Span): Promise<PromisedRefundRow[]> {
  const { rows } = await sql<PromisedRefundRow>`
    SELECT r.counter, r.refund_id AS "refundId", p.sequence AS number, r.window_code AS "window", r.business_date AS "requestedOn",
      r.amount_yen AS "amountYen", o.on_date AS "endedOn", o.way
    FROM outside_refunds r
    JOIN payments p ON p.municipality = r.municipality AND p.counter = r.counter AND p.operation_id = r.of_operation_id
    LEFT JOIN outside_refund_outcomes o
      ON o.municipality = r.municipality AND o.counter = r.counter AND o.refund_id = r.refund_id
    WHERE r.municipality = ${span.municipality}
      AND (r.business_date BETWEEN ${span.from}::date AND ${span.until}::date
        OR o.on_date BETWEEN ${span.from}::date AND ${span.until}::date)
    ORDER BY r.business_date, r.counter, p.sequence`.execute(trx);
  return rows;
}

async function readOpenState(trx: Kysely<Database>, span: Span): Promise<OpenState> {
  const { municipality, from, until } = span;
  const { rows: unclosed } = await sql<OpenState['unclosed'][number]>`
    WITH closed AS (
      SELECT journal_id, (payload ->> 'businessDate')::date AS business_date, max(sequence) AS sequence, max(at) AS at
      FROM events
      WHERE municipality = ${municipality} AND type = 'closed' AND operation_id IS NULL
      GROUP BY 1, 2
    )
    SELECT counter, posted_on AS "businessDate", count(*) AS count
    FROM payments p LEFT JOIN closed c ON c.journal_id = p.journal_id AND c.business_date = p.posted_on
    WHERE municipality = ${municipality} AND posted_on BETWEEN ${from}::date AND ${until}::date
      AND state IN ('approved', 'unknown', 'armed') AND (c.at IS NULL OR p.sequence > c.sequence OR state_at > c.at)
    GROUP BY counter, posted_on ORDER BY posted_on, counter`.execute(trx);
  const { rows: late } = await sql<OpenState['late']>`
    WITH late AS (
      SELECT signed_yen, date_part('year', posted_on - interval '3 months')
        <> date_part('year', business_date - interval '3 months') AS is_other
      FROM payments
      WHERE municipality = ${municipality} AND posted_on BETWEEN ${from}::date AND ${until}::date
        AND business_date <> posted_on AND state = 'approved'
    )
    SELECT count(*) AS count, coalesce(sum(signed_yen), 0)::bigint AS "amountYen",
      count(*) FILTER (WHERE is_other) AS "otherYear",
      coalesce(sum(signed_yen) FILTER (WHERE is_other), 0)::bigint AS "otherYearYen" FROM late`.execute(trx);
  const journals = await trx
    .selectFrom('journals')
    .select(['counter', 'status', 'drained_at'])
    .where('municipality', '=', municipality)
    .orderBy('counter')
    .execute();
  const { rows: uncompared } = await sql<OpenState['uncompared'][number]>`
    WITH closed AS (
      SELECT counter, (payload ->> 'businessDate')::date AS business_date, count(*) AS closings FROM events
      WHERE municipality = ${municipality} AND type = 'closed' AND operation_id IS NULL
      GROUP BY 1, 2
    )
    SELECT counter, business_date AS "businessDate" FROM closed
    WHERE business_date BETWEEN ${from}::date AND ${until}::date AND NOT EXISTS (
      SELECT FROM reconciliations r WHERE r.municipality = ${municipality} AND r.counter = closed.counter
        AND r.business_date = closed.business_date AND r.closings >= closed.closings)
    ORDER BY 2, 1`.execute(trx);
  return {
    unclosed,
    uncompared,
    late: late[0] ?? { count: 0, amountYen: 0, otherYear: 0, otherYearYen: 0 },
    otherDays: await readOtherDays(trx, span),
    quarantined: journals.flatMap(({ counter, status }) => (status === 'quarantined' ? [counter] : [])),
    counters: journals.flatMap(({ counter, status, drained_at }) =>
      status === 'active' ? [{ counter, arrivedAt: drained_at }] : [],
    ),
  };
}

async function readOtherDays(
  trx: Kysely<Database>,
  { municipality, from, until }: Span,
): Promise<OpenState['otherDays']> {
  const { rows } = await sql<OpenState['otherDays']>`
    WITH changes AS (
      SELECT municipality, counter, of_operation_id, posted_on AS on_date, signed_yen AS yen FROM payments
      WHERE municipality = ${municipality} AND kind <> 'sale' AND state = 'approved'
      UNION ALL
      SELECT municipality, counter, of_operation_id, business_date, 0 FROM corrections
      WHERE municipality = ${municipality}
    ), beyond AS (
      SELECT c.yen, c.on_date > ${until}::date AS is_later, date_part('year', c.on_date - interval '3 months')
        <> date_part('year', s.business_date - interval '3 months') AS is_other
      FROM changes c JOIN payments s ON s.municipality = c.municipality AND s.counter = c.counter
        AND s.operation_id = c.of_operation_id
      WHERE c.on_date >= ${from}::date AND s.posted_on <= ${until}::date
        AND (c.on_date > ${until}::date) <> (s.posted_on < ${from}::date)
    )
    SELECT count(*) FILTER (WHERE NOT is_later) AS "ofEarlier",
      coalesce(sum(yen) FILTER (WHERE NOT is_later), 0)::bigint AS "earlierYen",
      count(*) FILTER (WHERE is_later) AS "isLater",
      coalesce(sum(yen) FILTER (WHERE is_later), 0)::bigint AS "laterYen",
      count(*) FILTER (WHERE is_other AND NOT is_later) AS "ofEarlierYear",
      coalesce(sum(yen) FILTER (WHERE is_other AND NOT is_later), 0)::bigint AS "earlierYearYen",
      count(*) FILTER (WHERE is_other AND is_later) AS "isLaterYear",
      coalesce(sum(yen) FILTER (WHERE is_other AND is_later), 0)::bigint AS "laterYearYen" FROM beyond`.execute(
    trx,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('a sum without a row');
  return found;
}
