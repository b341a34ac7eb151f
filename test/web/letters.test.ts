/** The letters of the screens, on a PC that does not have them: every one is among the pieces that we bring. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const FONT = new URL('../../node_modules/@fontsource/biz-udpgothic/', import.meta.url);

/** Whatever Japanese stands in the sources: sentences, names, signs. */
function writtenLetters(): Set<number> {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|html)$/.test(file) && !/[/\\]dist[/\\]/.test(file))
    .map((file) => readFileSync(join(SRC, file), 'utf8'));
  return new Set(
    [...sources.join('').matchAll(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}、。「」・〜ー円]/gu)].map(
      ([letter]) => letter.codePointAt(0) ?? 0,
    ),
  );
}

/** First and last code point of each `unicode-range` of a weight. */
const broughtRanges = (weight: string): [number, number][] =>
  [...readFileSync(new URL(`${weight}.css`, FONT), 'utf8').matchAll(/unicode-range: ([^;]+);/g)]
    .flatMap(([, ranges = '']) => ranges.split(','))
    .map((range) => range.trim().replace('U+', '').split('-'))
    .map(([first = '', last = first]) => [Number.parseInt(first, 16), Number.parseInt(last, 16)]);

for (const weight of ['400', '700']) {
  test(`every letter that the sources write is in the font that comes with them, in weight ${weight}`, () => {
    const ranges = broughtRanges(weight);
    const letters = writtenLetters();
    assert.ok(letters.size > 500, 'the sources are where this test looks for them');
    const missing = [...letters].filter(
      (code) => !ranges.some(([first, last]) => first <= code && code <= last),
    );
    assert.deepEqual(
      missing.map((code) => String.fromCodePoint(code)),
      [],
    );
  });
}

test('what is installed comes first, then what we bring', () => {
  const css = readFileSync(join(SRC, 'web/shared/base.css'), 'utf8');
  assert.match(css, /'Installed BIZ UDPGothic',\s*'BIZ UDPGothic',\s*sans-serif/);
  for (const weight of ['400', '700'])
    assert.ok(css.includes(`@import '@fontsource/biz-udpgothic/${weight}.css';`));
});
