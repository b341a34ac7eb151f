/**
 * Night after night against one comparison of everything: rows of both books come in any order, on any night, with keys
 * that others carry too, and people pair rows and take them apart. After each night the same has to be said of every
 * row as where all of them are compared for the first time.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { createRandom, type Random } from '../../../scripts/virtual/random.ts';
import type { Database } from '../../../src/db/schema.ts';
import { addDays } from '../../../src/reconcile/books/calendar.ts';
import { readBooks } from '../../../src/reconcile/books/books.ts';
import { matchDue } from '../../../src/reconcile/books/run.ts';
import { openTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { ACQUIRERS, Books, type Line, type Payment } from './chance-books.ts';

const FIRST_DAY = '2026-11-02';
const NIGHTS = 6;
const MOST_NEW = 7;

/** One municipality for the nights, and one of its own for each comparison of everything. */
class City {
  readonly #owner: Kysely<Database>;
  readonly name: string;

  constructor(owner: Kysely<Database>, name: string) {
    this.#owner = owner;
    this.name = name;
  }

  async declare(): Promise<void> {
    for (const { code, brand, providerIdIn } of ACQUIRERS) {
      const definition = {
        ...{ code, counter: '*', nameJa: code, brands: [brand], providerIdIn, payerNames: [], fee: null },
        ...{ statementAfterBusinessDays: 2, cycle: { kind: 'daily', payAfterBusinessDays: 5 } },
      };
      await sql`
        INSERT INTO acquirers (municipality, counter, code, version, definition, at, changed_by, changed_by_name)
        VALUES (${this.name}, '*', ${code}, 1, ${JSON.stringify(definition)}, now() - interval '1 day', 't', 't')`.execute(
        this.#owner,
      );
    }
  }

  async bring(payments: readonly Payment[], lines: readonly Line[]): Promise<void> {
    await sql`
      INSERT INTO payments (municipality, counter, operation_id, of_operation_id, kind, amount_yen, state, business_date,
        armed_at, method, brand, terminal_id, receipt_number, approval_code, trace_number, journal_id, sequence,
        last_sequence, asked_method, window_code, window_name_ja, posted_on, catalogue_version, clerk, terminal, late,
        contradicted, cancel_requested, queries, state_at)
      SELECT ${this.name}, counter, operation_id, of_operation_id, kind, amount_yen, state, business_date, armed_at, method,
        brand, terminal_id, receipt_number, approval_code, trace_number, '00000000-0000-4000-8000-000000000000', 1, 1,
        method, 'resident', '市民', business_date, 't', 't', '1', false, false, false, 0, armed_at
      FROM json_populate_recordset(NULL::payments, ${JSON.stringify(payments)}::json)
      ON CONFLICT (municipality, counter, operation_id) DO UPDATE SET state = EXCLUDED.state, projected_at = now(),
        receipt_number = EXCLUDED.receipt_number, trace_number = EXCLUDED.trace_number`.execute(this.#owner);
    await sql`
      INSERT INTO statement_lines (municipality, counter, file_id, line_number, book, acquirer, fingerprint, occurrence,
        kind, yen, on_date, at, brand, terminal_id, slip, approval, provider_id, reference)
      SELECT ${this.name}, '*', 1, line_number, 'provider', acquirer, md5(line_number::text)::uuid, 1, kind, yen, on_date,
        at, brand, terminal_id, slip, approval, provider_id, reference
      FROM json_populate_recordset(NULL::statement_lines, ${JSON.stringify(lines)}::json)
      ORDER BY line_number`.execute(this.#owner);
  }

  /** Two people say of an open payment and an open line that they are one, or take a pair apart again. */
  async pair(random: Random): Promise<void> {
    const { rows } = await sql<{ id: string; line: number | null }>`
      SELECT operation_id AS id, NULL AS line FROM current_pairs WHERE municipality = ${this.name}
      UNION ALL SELECT o.operation_id, t.line_id FROM current_matches o JOIN current_matches t
        ON (t.municipality, t.acquirer) = (o.municipality, o.acquirer) AND t.operation_id IS NULL AND o.line_id IS NULL
      WHERE o.municipality = ${this.name} AND o.status NOT IN ('matched', 'not_taken')
        AND t.status NOT IN ('chargeback', 'refund_failed', 'timing')
        AND t.line_id NOT IN (SELECT line_id FROM current_pairs WHERE municipality = ${this.name})
      ORDER BY 1, 2`.execute(this.#owner);
    const [chosen] = rows
      .filter(({ line }) => line !== null || random.chance(0.5))
      .slice(random.below(rows.length));
    if (chosen === undefined) return;
    await sql`
      INSERT INTO manual_pairs (municipality, counter, operation_id, version, line_id, case_id, by_number, by_name,
        confirmed_by, confirmed_by_name)
      SELECT municipality, counter, operation_id, 1 + (SELECT count(*) FROM manual_pairs m
          WHERE (m.municipality, m.operation_id) = (p.municipality, p.operation_id)),
        ${chosen.line}::bigint, 1, '1', '1', '2', '2'
      FROM payments p WHERE municipality = ${this.name} AND operation_id = ${chosen.id}`.execute(this.#owner);
  }

  /** The same pairs, of the lines with the same numbers. */
  async copyPairs(from: string): Promise<void> {
    await sql`
      INSERT INTO manual_pairs (municipality, counter, operation_id, version, line_id, case_id, by_number, by_name,
        confirmed_by, confirmed_by_name)
      SELECT ${this.name}, m.counter, m.operation_id, m.version, own.line_id, 1, '1', '1', '2', '2' FROM manual_pairs m
      LEFT JOIN statement_lines l ON l.municipality = m.municipality AND l.line_id = m.line_id
      LEFT JOIN statement_lines own ON own.municipality = ${this.name} AND own.line_number = l.line_number
      WHERE m.municipality = ${from}`.execute(this.#owner);
  }

  /** As if a day had gone by: what is not new is not looked at because it changed a moment ago. */
  async age(): Promise<void> {
    await this.#owner.transaction().execute(async (trx) => {
      await sql`SET LOCAL session_replication_role = replica`.execute(trx);
      await sql`UPDATE payments SET projected_at = projected_at - interval '1 day'`.execute(trx);
      await sql`UPDATE manual_pairs SET at = at - interval '1 day'`.execute(trx);
    });
  }

  /** Of every row that is in a book, in the words of the rows themselves. */
  async said(): Promise<unknown[]> {
    const { rows } = await sql<{ said: string }>`
      SELECT concat_ws(' ', c.operation_id, '#' || l.line_number, c.status, 'by ' || c.matched_by, c.ours_yen, c.theirs_yen,
        c.due, c.on_date) AS said
      FROM current_matches c LEFT JOIN statement_lines l ON l.municipality = c.municipality AND l.line_id = c.line_id
      WHERE c.municipality = ${this.name} AND c.status <> 'not_taken' ORDER BY 1`.execute(this.#owner);
    return rows.map(({ said }) => said);
  }
}

/** The nights of one city: what a night says is what one comparison of everything says that there is by then. */
export class Nights {
  readonly #known = { payments: new Map<string, Payment>(), lines: [] as Line[] };
  readonly #database: TestDatabase;
  readonly #owner: Kysely<Database>;
  readonly #city: City;
  #night = 0;

  constructor(database: TestDatabase, name: string) {
    this.#database = database;
    this.#owner = database.openOwner();
    this.#city = new City(this.#owner, name);
  }

  /** @param pair what people do before it. @returns how many payments it compared */
  async next(
    asOf: string,
    payments: readonly Payment[],
    lines: readonly Line[],
    pair?: (city: City) => Promise<void>,
  ): Promise<number> {
    this.#night += 1;
    if (this.#night === 1) await this.#city.declare();
    for (const payment of payments) this.#known.payments.set(payment.operation_id, payment);
    this.#known.lines.push(...lines);
    await this.#city.age();
    await this.#city.bring([...new Set(payments)], lines);
    await pair?.(this.#city);
    const compared = await this.#compare(this.#city, asOf);
    const whole = new City(this.#owner, `${this.#city.name}-${this.#night}`);
    await whole.declare();
    await whole.bring([...this.#known.payments.values()], this.#known.lines);
    await whole.copyPairs(this.#city.name);
    await this.#compare(whole, asOf);
    assert.deepEqual(await this.#city.said(), await whole.said(), `${this.#city.name}, night ${this.#night}`);
    return compared;
  }

  said = (): Promise<unknown[]> => this.#city.said();

  async #compare({ name }: City, asOf: string): Promise<number> {
    const db = this.#database.openAnother(name);
    const { ours } = await matchDue(db, name, asOf, 'test');
    const { run } = await readBooks(db, name);
    for (const edge of run?.summary.edges ?? [])
      assert.equal(edge.remainderYen, 0, `${name} ${edge.acquirer}`);
    await db.destroy();
    return ours;
  }
}

/** Books of so many seeds, from this one on. */
export function testNights(seeds: number, first: number): void {
  test(`night after night says what one comparison of everything says (${seeds} books from seed ${first})`, async (t) => {
    const database = await openTestDatabase(t);
    let left = 0;
    for (let seed = first; seed < first + seeds; seed += 1) {
      const random = createRandom(seed);
      const books = new Books(random);
      const nights = new Nights(database, `nights${seed}`);
      for (let night = 1; night <= NIGHTS; night += 1) {
        const day = addDays(FIRST_DAY, night);
        const asOf = addDays(day, random.below(4));
        const payments = Array.from({ length: 1 + random.below(MOST_NEW) }, () => books.payment(day));
        const lines = Array.from({ length: 1 + random.below(MOST_NEW) }, () => books.line(day));
        const pair = random.chance(0.5) ? (city: City): Promise<void> => city.pair(random) : undefined;
        left += books.payments.length - (await nights.next(asOf, payments, lines, pair));
      }
    }
    assert.ok(left > seeds, 'payments that a night left alone');
  });
}
