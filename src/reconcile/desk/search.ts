/**
 * Finding a case by what somebody has in hand: a slip, an amount, a day, a name, a word of a comment. PostgreSQL looks
 * through all of them, however few are on the screen.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readAcquirers } from '../statements/declared.ts';
import { CASE_STATUS_NAMES } from './words.ts';

const MOST_WORDS = 8;

/** The cases in which every word is found, words being separated by spaces. Undefined: nothing is searched for. */
export async function findCases(
  db: Kysely<Database>,
  municipality: string,
  search: string,
): Promise<number[] | undefined> {
  const words = search
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  const names = JSON.stringify(await readNames(db, municipality));
  const named = (code: RawBuilder<unknown>): RawBuilder<unknown> => sql`${names}::jsonb ->> (${code})`;
  const { rows } = await sql<{ caseId: number }>`
    SELECT case_id AS "caseId" FROM (
      SELECT case_id, lower(normalize(concat_ws(' ', case_id, '窓口 ' || nullif(counter, '*'), said,
          facts ->> 'atStakeYen', facts ->> 'differenceYen', facts ->> 'notes', ${sql.join(SIDES)},
          ${sql.join(CODES.map(named))}), NFKC)) AS text,
        to_char((facts ->> 'onDate')::date, ${DAY}) AS day
      FROM (
        -- What the books say now; what people have said, whenever it was.
        SELECT counter, case_id,
          (array_agg(payload -> 'facts' ORDER BY number DESC) FILTER (WHERE kind IN ('opened', 'changed', 'reopened')))[1] AS facts,
          string_agg(concat_ws(' ', by_name, confirmed_by_name, payload ->> 'text', payload ->> 'note', payload -> 'to' ->> 'name'), ' ')
            FILTER (WHERE by_number <> 'engine') AS said
        FROM case_events WHERE municipality = ${municipality} GROUP BY counter, case_id
      ) lives
    ) cases WHERE ${sql.join(words.map(isFound), sql` AND `)}`.execute(db);
  return rows.map(({ caseId }) => caseId);
}

/** Digits are a number or an amount, whole: 400 finds no 1,400. Anything else may be part of a name, a day, a text. */
function isFound(word: string): RawBuilder<SqlBool> {
  if (/^[\d,]+円?$/.test(word)) {
    const number = word.replace(/\D/g, '').replace(/^0+(?=.)/, '');
    return sql<SqlBool>`replace(text, ',', '') ~ ${`(?<![0-9a-z])0*${number}(?![0-9a-z])`}`;
  }
  const part = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`(text LIKE ${part} OR day LIKE ${part})`;
}

/** The ways in which people write a day. */
const DAY = 'YYYY-MM-DD YYYY/MM/DD FMMM/FMDD FMMM月FMDD日';

const BOOKS = ['ours', 'terminal', 'statement', 'bank'];
const SIDES = BOOKS.flatMap((book) =>
  ['yen', 'feeYen', 'name', 'reference', 'terminalId', 'slip', 'approval'].map((field) =>
    sql.raw(`facts -> '${book}' ->> '${field}'`),
  ),
);
/** They stand on the screen by their names. */
const CODES = [
  ...['status', 'acquirer'].map((field) => sql.raw(`facts ->> '${field}'`)),
  ...BOOKS.map((book) => sql.raw(`facts -> '${book}' ->> 'brand'`)),
];

/** What is called how: kinds of difference, acquirers, brands. */
async function readNames(db: Kysely<Database>, municipality: string): Promise<Record<string, string>> {
  const { rows: brands } = await sql<{ code: string; nameJa: string }>`
    SELECT DISTINCT ON (code) code, definition ->> 'nameJa' AS "nameJa" FROM catalogue_entries
    WHERE municipality = ${municipality} AND kind = 'brand' ORDER BY code, version DESC`.execute(db);
  const acquirers = (await readAcquirers(db, municipality)).map(({ definition }) => definition);
  const named = [...brands, ...acquirers].map(({ code, nameJa }) => [code, nameJa] as const);
  return { ...Object.fromEntries(named), ...CASE_STATUS_NAMES };
}
