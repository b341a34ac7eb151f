/** The tables of the law and of reconciliation name code and tests that are there: they can't rot unseen. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
/** Each with the least number of its rules. */
const TABLES = [
  ['law.md', 80],
  ['reconciliation.md', 50],
] as const;

for (const [table, least] of TABLES)
  test(`every rule of ${table} names a file and a place in it that are there, and a test that has that name`, () => {
    const rows = readFileSync(new URL(table, import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (rule|---)/.test(line));
    assert.ok(rows.length > least, String(rows.length));
    const missing = rows.flatMap((row) => {
      const cells = Array.from(row.matchAll(/`([\w./-]+): ([^`]+)`/g), ([, file = '', name = '']) => ({
        ...{ file, name },
      }));
      const isTest = cells[1]?.file.startsWith('test/') === true;
      const gone = cells.filter(({ file, name }) => !isThere(file, name));
      return cells.length === 2 && isTest && gone.length === 0 ? [] : [row];
    });
    assert.deepEqual(missing, []);
  });

function isThere(file: string, name: string): boolean {
  const url = new URL(file, ROOT);
  return existsSync(url) && readFileSync(url, 'utf8').includes(name);
}
