/** The lines behind a figure: whichever cell is looked into, their sum is what stands in it. */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Names } from './names.ts';
import type { Span } from './sums.ts';
import { readTold } from './told.ts';
import type { EntryLine, EntryList, LineFilter } from './view.ts';

/** A page of the list. */
const MOST_LINES_SHOWN = 500;

type FoundLine = Omit<EntryLine, 'windowNameJa' | 'wayJa' | 'groundJa'> & {
  window: string;
  method: Method | null;
  brand: string | null;
  ground: string | null;
};

/** In the order of the days and of each counter's slips, from the first or from a place on; the total is of all of them. */
export async function readEntries(
  db: Kysely<Database>,
  span: Span,
  filter: LineFilter,
  { names, skip }: { names: Names; skip: number },
): Promise<EntryList> {
  const { told, part } = filter;
  if (told !== undefined && part !== undefined)
    return readTold(db, span, { told, part }, { names, skip, most: MOST_LINES_SHOWN });
  const { rows: totals } = await sql<EntryList['total']>`
    SELECT count(*) AS lines, count(DISTINCT (counter, operation_id, entry)) AS payments,
      coalesce(sum(quantity), 0)::bigint AS quantity, coalesce(sum(amount_yen), 0)::bigint AS "amountYen",
      coalesce(sum(waived_yen), 0)::bigint AS "waivedYen"
    FROM entry_lines e WHERE ${conditionOf(span, filter)}`.execute(db);
  const { rows } = await sql<FoundLine>`
    SELECT e.counter, e.operation_id AS "operationId", coalesce(p.sequence, s.sequence) AS number,
      e.on_date AS "onDate", coalesce(p.armed_at, s.counted_at) AS at, e.entry, e.window_code AS "window",
      e.revenue_account AS account, e.name_ja AS "nameJa", e.unit, e.method, e.brand, e.exemption_ground AS ground,
      e.quantity, e.amount_yen AS "amountYen", coalesce(e.waived_yen, 0) AS "waivedYen"
    FROM entry_lines e
    LEFT JOIN payments p USING (municipality, counter, operation_id)
    LEFT JOIN counted_sales s USING (municipality, counter, operation_id)
    WHERE ${conditionOf(span, filter)}
    ORDER BY e.on_date, e.counter, number, e.operation_id, e.entry, e.code, e.amount_yen
    LIMIT ${MOST_LINES_SHOWN} OFFSET ${skip}`.execute(db);
  const [total = { lines: 0, payments: 0, quantity: 0, amountYen: 0, waivedYen: 0 }] = totals;
  return {
    total,
    told: [],
    lines: rows.map(({ window, method, brand, ground, ...line }) => ({
      ...line,
      windowNameJa: names.window(window),
      wayJa: names.way(line.entry, method, brand),
      groundJa: ground === null ? '' : names.ground(ground),
    })),
  };
}

function conditionOf(span: Span, filter: LineFilter): RawBuilder<SqlBool> {
  const from = latest(span.from, filter.from ?? span.from);
  const until = earliest(span.until, filter.until ?? span.until);
  const parts = [
    sql<SqlBool>`e.municipality = ${span.municipality} AND ${sql.ref(filter.byBusinessDate === true ? 'e.business_date' : 'e.on_date')} BETWEEN ${from}::date AND ${until}::date`,
  ];
  // No result is found before the day itself: so far the index of the other date helps.
  if (filter.byBusinessDate === true) parts.push(sql`e.on_date >= ${from}::date`);
  const { entries, ways } = filter;
  if (entries !== undefined) parts.push(sql`e.entry = ANY(${entries}::text[])`);
  if (ways !== undefined) {
    const wanted = JSON.stringify(ways);
    parts.push(sql`EXISTS (SELECT FROM json_to_recordset(${wanted}::json) AS w (method text, brand text, counter text)
      WHERE w.method = e.method AND w.brand IS NOT DISTINCT FROM e.brand AND (w.counter IS NULL OR w.counter = e.counter
        OR (w.counter = '*' AND e.counter <> ALL(${filter.besides ?? []}::text[]))))`);
  }
  if (filter.stands === true)
    parts.push(sql`NOT EXISTS (SELECT FROM payments v
      WHERE (v.municipality, v.counter, v.of_operation_id) = (e.municipality, e.counter, e.operation_id)
        AND v.kind = 'void' AND v.state = 'approved')`);
  if (filter.isExempt === true) parts.push(sql`e.exemption_ground IS NOT NULL`);
  const columns = {
    revenue_account: filter.account,
    window_code: filter.window,
    code: filter.code,
    name_ja: filter.nameJa,
    unit: filter.unit,
    tax_category: filter.tax,
    method: filter.method,
    exemption_ground: filter.ground,
    counter: filter.counter,
  };
  for (const [column, value] of Object.entries(columns)) {
    if (value !== undefined) parts.push(sql`${sql.ref(`e.${column}`)} = ${value}`);
  }
  return sql.join(parts, sql` AND `);
}

const latest = (a: string, b: string): string => (a > b ? a : b);
const earliest = (a: string, b: string): string => (a < b ? a : b);
