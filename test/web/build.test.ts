import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildScreens, SHARED_FILES } from '../../src/web/build.ts';

const WEB = fileURLToPath(new URL('../../src/web', import.meta.url));
const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
  .filter((file) => !file.startsWith('dist') && /\.tsx?$/.test(file))
  .map((file) => join(WEB, file));

test('the screens take what they are built from and types from the house, so a change never leaves them stale', () => {
  const taken = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^import (?!type\b)[^;]*? from '((?:\.\.\/){2,}[^']*)'/gm)]
      .filter(([, from]) => !SHARED_FILES.includes(join(dirname(file), from ?? '')))
      .map(([statement]) => `${file}: ${statement}`),
  );
  assert.deepEqual(taken, []);
});

test('a second build of the same sources does nothing, and both pages and what is printed are there', async () => {
  const dir = await buildScreens();
  const built = statSync(join(dir, '.stamp')).mtimeMs;
  assert.equal(await buildScreens(), dir);
  assert.equal(statSync(join(dir, '.stamp')).mtimeMs, built);
  for (const page of ['index.html', 'office.html', 'slip.css', 'sheet.css'])
    assert.ok(statSync(join(dir, page)).isFile());
});

test('nothing is fetched from elsewhere and nothing is inline: the pages live under a strict policy', async () => {
  const dir = await buildScreens();
  const texts = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:html|css)$/.test(file))
    .map((file) => readFileSync(join(dir, file), 'utf8'));
  assert.ok(texts.length >= 4);
  for (const text of texts) {
    assert.doesNotMatch(text, /(?:src|href)="https?:|url\(["']?(?:https?:|data:)|<style|<script(?![^>]*src)/);
  }
});
