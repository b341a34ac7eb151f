/** The keys by which rows of two books find each other, strongest first. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { sqlText } from './tables.ts';

/** A key that both books may carry. `ours` and `theirs` are null where a row does not have it. */
export interface MatchingKey {
  name: string;
  /** As `match_results.matched_by` has it. */
  by: string;
  /** The key as one text, per side. */
  ours: string;
  theirs: string;
  /** A number that equal keys of an acquirer share; two others that share it are told apart by their texts. */
  hash: (side: 'o' | 't') => string;
  /** True: both rows carry a stronger key, and differ in it. */
  contradicted: string;
}

export const OTHER_PROVIDER_ID = 'coalesce(o.provider_id <> t.provider_id, false)';
export const OTHER_REFERENCE = 'coalesce(o.id <> t.reference, false)';

const SLIP = (side: 'o' | 't'): string =>
  `${side}.terminal_id || ' ' || ${side}.slip || ' ' || (${side}.on_date - date '2000-01-01')`;

function keyOf(
  name: string,
  by: string,
  [ours, theirs]: [string, string],
  contradicted: string,
): MatchingKey {
  const hash = (side: 'o' | 't'): string =>
    `hashtextextended(${side}.acquirer || ' ' || (${side === 'o' ? ours : theirs}), 0)`;
  return { name, by, ours, theirs, hash, contradicted };
}

export const KEYS: readonly MatchingKey[] = [
  keyOf('provider_id', '1', ['o.provider_id', 't.provider_id'], 'false'),
  keyOf('reference', '2', ['o.id', 't.reference'], OTHER_PROVIDER_ID),
  keyOf('slip', '3', [SLIP('o'), SLIP('t')], `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`),
];

/**
 * The strongest key that each acquirer's statement carries, as one key for all acquirers; undefined: none carries any.
 * A stronger one than its strongest is nowhere on a statement: nothing contradicts it.
 */
export async function findStrongest(db: Kysely<Database>): Promise<MatchingKey | undefined> {
  const { rows } = await sql<{ acquirer: string; carried: boolean[] }>`
    SELECT acquirer, ARRAY[bool_or(provider_id IS NOT NULL), bool_or(reference IS NOT NULL),
      bool_or(terminal_id IS NOT NULL AND slip IS NOT NULL)] AS carried
    FROM match_theirs WHERE kind IN ('sale', 'refund') GROUP BY acquirer ORDER BY acquirer`.execute(db);
  const carriers = KEYS.flatMap((key, index) => {
    const those = rows.filter(({ carried }) => carried.indexOf(true) === index);
    return those.length === 0
      ? []
      : [{ key, acquirers: those.map((row) => sqlText(row.acquirer)).join(', ') }];
  });
  if (carriers.length === 0) return undefined;
  const each = (side: 'o' | 't', of: (key: MatchingKey) => string): string =>
    `CASE ${carriers.map(({ key, acquirers }) => `WHEN ${side}.acquirer IN (${acquirers}) THEN ${of(key)}`).join(' ')} END`;
  return {
    ...{ name: 'strongest', by: each('t', ({ by }) => by), contradicted: 'false' },
    ...{ ours: each('o', ({ ours }) => ours), theirs: each('t', ({ theirs }) => theirs) },
    hash: (side) => each(side, ({ hash }) => hash(side)),
  };
}
