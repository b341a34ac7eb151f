/** The table of the law names code and tests that are there: it can't rot unseen. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const rows = readFileSync(new URL('law.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (rule|---)/.test(line));

test('every rule names a file and a place in it that are there, and a test that has that name', () => {
  assert.ok(rows.length > 80);
  const missing = rows.flatMap((row) => {
    const cells = Array.from(row.matchAll(/`([\w./-]+): ([^`]+)`/g), ([, file = '', name = '']) => ({
      file,
      name,
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
