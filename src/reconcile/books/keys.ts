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
  /** A number that equal keys share, null where there is none. */
  hash: (side: 'o' | 't', seed: number) => string;
  /** Whether two rows carry the same. */
  same: string;
  /** True: both rows carry a stronger key, and differ in it. */
  contradicted: string;
}

export const OTHER_PROVIDER_ID = 'coalesce(o.provider_id <> t.provider_id, false)';
export const OTHER_REFERENCE = 'coalesce(o.id <> t.reference, false)';

const SLIP = (side: 'o' | 't'): string =>
  `${side}.terminal_id || ' ' || ${side}.slip || ' ' || (${side}.on_date - date '2000-01-01')`;

const oneText = (ours: string, theirs: string): Pick<MatchingKey, 'ours' | 'theirs' | 'hash' | 'same'> => ({
  ours,
  theirs,
  hash: (side, seed) => `hashtextextended(${side === 'o' ? ours : theirs}, ${seed})`,
  same: `${ours} = ${theirs}`,
});

const PROVIDER_ID: MatchingKey = {
  name: 'provider_id',
  by: '1',
  ...oneText('o.provider_id', 't.provider_id'),
  contradicted: 'false',
};
export const REFERENCE: MatchingKey = {
  name: 'reference',
  by: '2',
  ...oneText('o.id', 't.reference'),
  contradicted: OTHER_PROVIDER_ID,
};
export const SLIP_OF_DAY: MatchingKey = {
  name: 'slip',
  by: '3',
  ours: SLIP('o'),
  theirs: SLIP('t'),
  // Each part is the seed of the next: to put a text together for every row takes as long as to pair it.
  hash: (side, seed) =>
    `hashint8extended(${side}.on_date - date '2000-01-01',
       hashtextextended(${side}.slip, hashtextextended(${side}.terminal_id, ${seed})))`,
  same: 'o.terminal_id = t.terminal_id AND o.slip = t.slip AND o.on_date = t.on_date',
  contradicted: `(${OTHER_PROVIDER_ID} OR ${OTHER_REFERENCE})`,
};
const KEYS: readonly MatchingKey[] = [PROVIDER_ID, REFERENCE, SLIP_OF_DAY];

/** A key of several acquirers at once; texts and numbers are null for the rows of all others. */
export interface Pass extends Omit<MatchingKey, 'hash'> {
  /** Null too for a line that is no payment's own, as a chargeback. */
  hash: (side: 'o' | 't') => string;
}

/**
 * First every acquirer with the strongest key that its statement carries at all, as one pass; then, key by key, those
 * whose statement carries a weaker one beside it. A key that no line of an acquirer has can pair nothing. The first pass
 * is there also where no statement carries any: then it leaves everything.
 */
export async function findPasses(db: Kysely<Database>): Promise<Pass[]> {
  const { rows } = await sql<{ acquirer: string; carried: boolean[] }>`
    SELECT acquirer, carried FROM match_statements ORDER BY many DESC, acquirer`.execute(db);
  // The largest comes first: the first question that is asked of a row is most often the last.
  const strongest = rows.flatMap(({ acquirer, carried }) => {
    const key = KEYS[carried.indexOf(true)];
    return key === undefined ? [] : [{ acquirer, key }];
  });
  const weaker = KEYS.flatMap((key, index) => {
    const beside = rows
      .filter(({ carried }) => carried[index] === true && carried.indexOf(true) < index)
      .map(({ acquirer }) => ({ acquirer, key }));
    return beside.length === 0 ? [] : [passOf(key, beside)];
  });
  // Nothing contradicts the strongest: a stronger one is nowhere on that statement.
  return [passOf({ name: 'strongest', contradicted: 'false' }, strongest), ...weaker];
}

function passOf(
  { name, contradicted }: Pick<MatchingKey, 'name' | 'contradicted'>,
  of: readonly { acquirer: string; key: MatchingKey }[],
): Pass {
  const each = (side: 'o' | 't', text: (key: MatchingKey, index: number) => string): string =>
    of.length === 0
      ? 'NULL'
      : `CASE ${side}.acquirer ${of.map(({ acquirer, key }, index) => `WHEN ${sqlText(acquirer)} THEN ${text(key, index)}`).join(' ')} END`;
  return {
    name,
    contradicted,
    by: each('t', ({ by }) => by),
    ours: each('o', ({ ours }) => ours),
    theirs: each('t', ({ theirs }) => theirs),
    // The acquirer is the seed: texts of two of them are not equal keys.
    hash: (side) => {
      const number = each(side, (key, index) => key.hash(side, index));
      return side === 'o' ? number : `CASE WHEN t.kind IN ('sale', 'refund') THEN (${number})::bigint END`;
    },
    same: each('t', ({ same }) => same),
  };
}
