/** The keys by which rows of two books find each other, strongest first, and in which passes each acquirer uses them. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { sqlText } from './tables.ts';

/** A key that both books may carry. `ours` and `theirs` are null where a row does not have it. */
interface MatchingKey {
  name: string;
  /** As `match_results.matched_by` has it. */
  by: string;
  /** The key as one text, per side. */
  ours: string;
  theirs: string;
  /** True: both rows carry a stronger key, and differ in it. */
  contradicted: string;
}

export const OTHER_PROVIDER_ID = 'coalesce(o.provider_id <> t.provider_id, false)';
export const OTHER_REFERENCE = 'coalesce(o.id <> t.reference, false)';

const SLIP = (side: 'o' | 't'): string =>
  `${side}.terminal_id || ' ' || ${side}.slip || ' ' || (${side}.on_date - date '2000-01-01')`;

const PROVIDER_ID: MatchingKey = {
  name: 'provider_id',
  by: '1',
  ours: 'o.provider_id',
  theirs: 't.provider_id',
  contradicted: 'false',
};
export const REFERENCE: MatchingKey = {
  name: 'reference',
  by: '2',
  ours: 'o.id',
  theirs: 't.reference',
  contradicted: OTHER_PROVIDER_ID,
};
export const SLIP_OF_DAY: MatchingKey = {
  name: 'slip',
  by: '3',
  ours: SLIP('o'),
  theirs: SLIP('t'),
  contradicted: `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`,
};
const KEYS: readonly MatchingKey[] = [PROVIDER_ID, REFERENCE, SLIP_OF_DAY];

/** A key of several acquirers at once; the texts are null for the rows of all others. */
export interface Pass extends MatchingKey {
  /** A number that equal keys of an acquirer share. */
  hash: (side: 'o' | 't') => string;
  /** Whether both texts are the same, of rows of one acquirer: others may share the number. */
  same: string;
}

/**
 * First every acquirer with the strongest key that its statement carries at all, as one pass; then, key by key, those
 * whose statement carries a weaker one beside it. A key that no line of an acquirer has can pair nothing.
 */
export async function findPasses(db: Kysely<Database>): Promise<Pass[]> {
  const { rows } = await sql<{ acquirer: string; carried: boolean[] }>`
    SELECT acquirer, ARRAY[bool_or(provider_id IS NOT NULL), bool_or(reference IS NOT NULL),
      bool_or(terminal_id IS NOT NULL AND slip IS NOT NULL)] AS carried
    FROM match_theirs WHERE kind IN ('sale', 'refund') GROUP BY acquirer ORDER BY count(*) DESC, acquirer`.execute(
    db,
  );
  // The largest comes first: the first question that is asked of a row is most often the last.
  const strongest = rows.flatMap(({ acquirer, carried }) => {
    const key = KEYS[carried.indexOf(true)];
    return key === undefined ? [] : [{ acquirer, key }];
  });
  const weaker = KEYS.map((key, index) => {
    const beside = rows.filter(({ carried }) => carried[index] === true && carried.indexOf(true) < index);
    return passOf(
      key,
      beside.map(({ acquirer }) => ({ acquirer, key })),
    );
  });
  // Nothing contradicts the strongest: a stronger one is nowhere on that statement.
  const first = passOf({ name: 'strongest', contradicted: 'false' }, strongest);
  return [first, ...weaker].filter((pass) => pass !== undefined);
}

function passOf(
  { name, contradicted }: Pick<MatchingKey, 'name' | 'contradicted'>,
  of: readonly { acquirer: string; key: MatchingKey }[],
): Pass | undefined {
  if (of.length === 0) return undefined;
  const each = (side: 'o' | 't', text: (key: MatchingKey, index: number) => string): string =>
    `CASE ${side}.acquirer ${of.map(({ acquirer, key }, index) => `WHEN ${sqlText(acquirer)} THEN ${text(key, index)}`).join(' ')} END`;
  return {
    name,
    contradicted,
    by: each('t', ({ by }) => by),
    ours: each('o', ({ ours }) => ours),
    theirs: each('t', ({ theirs }) => theirs),
    // The acquirer is the seed: texts of two of them are not equal keys.
    hash: (side) =>
      each(side, (key, index) => `hashtextextended(${side === 'o' ? key.ours : key.theirs}, ${index})`),
    same: each('t', ({ ours, theirs }) => `${ours} = ${theirs}`),
  };
}
