/** What a city publishes of its cashless counters: how many payments there were, and how satisfied residents are. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Names } from './names.ts';
import { figure, ofEntries, sumOf, text } from './rows.ts';
import type { Span } from './sums.ts';
import type { LineFilter, PaymentSum, Section } from './view.ts';

/** What the sums of the span do not say. */
export interface Published {
  /** The span's sales that a terminal undid, then or later, by window: published as none. */
  undone: { window: string; count: number; amountYen: number }[];
  /** Answers given on days of the span; the mean is of 1 to 5, null without any. */
  survey: { count: number; mean: number | null };
}

/** The figures of a span of days (JST) that the city publishes besides its income. */
export async function readPublished(
  trx: Kysely<Database>,
  { municipality, from, until }: Span,
): Promise<Published> {
  const { rows: undone } = await sql<Published['undone'][number]>`
    SELECT s.window_code AS "window", count(*) AS count, sum(s.amount_yen)::bigint AS "amountYen"
    FROM payments v JOIN payments s
      ON (s.municipality, s.counter, s.operation_id) = (v.municipality, v.counter, v.of_operation_id)
    WHERE v.municipality = ${municipality} AND v.kind <> 'sale' AND v.kind = 'void' AND v.state = 'approved'
      AND s.state = 'approved' AND s.posted_on BETWEEN ${from}::date AND ${until}::date
    GROUP BY s.window_code`.execute(trx);
  const { rows: survey } = await sql<Published['survey']>`
    SELECT count(*) AS count, avg(score)::float8 AS mean FROM survey_answers
    WHERE (answered_at AT TIME ZONE 'Asia/Tokyo')::date BETWEEN ${from}::date AND ${until}::date`.execute(
    trx,
  );
  return { undone, survey: survey[0] ?? { count: 0, mean: null } };
}

const STANDING: LineFilter = { entries: ['sale'], stands: true };

/** The mean with one decimal place, as cities print it. */
export function publishedSection(
  payments: readonly PaymentSum[],
  { undone, survey }: Published,
  names: Names,
): Section {
  const sales = payments.filter(ofEntries('sale'));
  const standing = [...Map.groupBy(sales, ({ window }) => window)].map(([window, some]) => {
    const gone = undone.filter((each) => each.window === window);
    return {
      window,
      count: sumOf(some, (each) => each.count) - sumOf(gone, (each) => each.count),
      amountYen: sumOf(some, (each) => each.amountYen) - sumOf(gone, ({ amountYen }) => amountYen),
    };
  });
  const row = (nameJa: string, some: readonly { count: number; amountYen: number }[], window?: string) => ({
    cells: [nameJa, sumOf(some, (each) => each.count), sumOf(some, ({ amountYen }) => amountYen), null],
    filter: { window },
  });
  return {
    id: 'published',
    titleJa: '公表する件数と満足度',
    note: 'この期間の売上から、端末で取り消したもの（あとの日の取消も）を除いた件数です。あとからの返金は引いていません。',
    columns: [
      text('項目'),
      figure('件数', 'payments', STANDING),
      figure('金額', 'amountYen', STANDING),
      text('満足度（5点満点の平均）'),
    ],
    rows: [
      row('キャッシュレスの支払い', standing),
      ...standing
        .toSorted((a, b) => b.count - a.count)
        .map((each) => row(`　うち ${names.window(each.window)}`, [each], each.window)),
      { cells: ['アンケートの回答', survey.count, null, survey.mean?.toFixed(1) ?? null], filter: null },
    ],
    total: null,
  };
}
