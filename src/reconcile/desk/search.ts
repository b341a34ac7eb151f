/**
 * Finding a case by what somebody has in hand: a slip, an amount, a day, a name, a word of a comment. PostgreSQL looks
 * through the whole lives of all of them, however few are on the screen.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readAcquirers } from '../statements/declared.ts';
import { REASONS } from './reasons.ts';
import { CASE_STATUS_NAMES } from './words.ts';

const MOST_WORDS = 8;

/** The cases in which every word is found, words being separated by spaces. Undefined: nothing is searched for. */
export async function findCases(
  db: Kysely<Database>,
  municipality: string,
  search: string,
): Promise<number[] | undefined> {
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  const names = await readNames(db, municipality);
  // Each word may be another event's.
  const isFound = words.map((word) => sql<SqlBool>`bool_or(${isIn(word, names)})`);
  const { rows } = await sql<{ caseId: number }>`
    SELECT case_id AS "caseId" FROM case_events WHERE municipality = ${municipality}
    GROUP BY case_id HAVING ${sql.join(isFound, sql` AND `)}`.execute(db);
  return rows.map(({ caseId }) => caseId);
}

/** As the words of an event are stored (migrations/0046-words-of-cases.ts). */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(',', '');

/** Digits are a number or an amount, whole: 400 finds no 1,400. Anything else may be part of a name, a day, a text. */
function isIn(word: string, names: readonly Named[]): RawBuilder<SqlBool> {
  if (/^\d+円?$/.test(word)) {
    const number = word.replace(/\D/g, '').replace(/^0+(?=.)/, '');
    return sql<SqlBool>`(words LIKE ${`%${number}%`} AND words ~ ${`(?<![0-9a-z])0*${number}(?![0-9a-z])`})`;
  }
  const codes = names.filter(({ name }) => name.includes(word)).map(({ code }) => code);
  const days = dayPatterns(word);
  const isNamed = [...codes.map(literal), ...days].map((code) => `%"${code}"%`);
  return sql<SqlBool>`(words LIKE ${`%${literal(word)}%`} OR codes LIKE ANY (${isNamed}))`;
}

const literal = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`);

/** `11/2`, `11月2日`, `11月`, `2026-11-02` and the like, as patterns of a date: the ways in which people write a day. */
function dayPatterns(word: string): string[] {
  const [, year, month, day] = /^(?:(\d{4})[-/年])?(\d{1,2})(?:月|[-/月](\d{1,2})日?)$/.exec(word) ?? [];
  if (month === undefined) return [];
  return [[year ?? '____', month.padStart(2, '0'), day?.padStart(2, '0') ?? '__'].join('-')];
}

interface Named {
  code: string;
  /** As a word is looked for. */
  name: string;
}

/** What is called how: kinds of difference, reasons, acquirers, brands. */
async function readNames(db: Kysely<Database>, municipality: string): Promise<Named[]> {
  const { rows: brands } = await sql<{ code: string; nameJa: string }>`
    SELECT DISTINCT ON (code) code, definition ->> 'nameJa' AS "nameJa" FROM catalogue_entries
    WHERE municipality = ${municipality} AND kind = 'brand' ORDER BY code, version DESC`.execute(db);
  const acquirers = (await readAcquirers(db, municipality)).map(({ definition }) => definition);
  return [
    ...[...brands, ...acquirers].map(({ code, nameJa }) => ({ code, name: plain(nameJa) })),
    ...Object.entries(CASE_STATUS_NAMES).map(([code, nameJa]) => ({ code, name: plain(nameJa) })),
    ...Object.entries(REASONS).map(([code, { nameJa }]) => ({ code, name: plain(nameJa) })),
  ];
}
