/** `npm run ticket`: the sheet to print says what the signed text says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../support/folder.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/ticket.ts', import.meta.url));

test('a sheet has the code, the names of the items, the last day, and the text to type', (t) => {
  const folder = makeFolder(t);
  const sheet = join(folder, 'ticket.html');
  const asked = [
    '--item',
    'CIT-JUM',
    '--quantity',
    '2',
    '--item',
    'NEW-1',
    '--input',
    'startMonth=2027-04',
    '--window',
    'resident',
  ];
  const text = execFileSync(
    process.execPath,
    [SCRIPT, ...asked, '--reference', 'R-1', '--expires', '2026-11-30', '--sheet', sheet],
    { env: { ...process.env, DATA_DIR: folder }, encoding: 'utf8' },
  ).trim();
  const page = readFileSync(sheet, 'utf8');
  for (const said of [
    '<svg',
    '<td>住民票の写し</td><td>2</td>',
    '<dd>市民</dd>',
    '<td>NEW-1　2027-04</td>',
    '2026-11-30 まで',
    `：${text}<`,
  ])
    assert.ok(page.includes(said), `${said} is missing`);
});
