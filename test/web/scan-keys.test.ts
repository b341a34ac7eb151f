/** A scanner that types is told from hands by its speed alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  characterOf,
  isScannersEnd,
  NO_RUN,
  struck,
  wasScanner,
  type Run,
} from '../../src/web/counter/scan-keys.ts';

const typed = (text: string, everyMs: number): Run =>
  text.split('').reduce((run, character, index) => struck(run, character, index * everyMs), NO_RUN);
const endsAt = (text: string, everyMs: number): number => text.length * everyMs;

test('what a scanner types ends with an Enter that presses nothing; a hand’s Enter pays', () => {
  for (const everyMs of [1, 10, 30]) {
    assert.ok(isScannersEnd(typed('A0012', everyMs), endsAt('A0012', everyMs)), String(everyMs));
  }
  assert.ok(!isScannersEnd(typed('1Q', 5), 10), 'two hands at once');
  assert.ok(!isScannersEnd(typed('11112Q', 90), 540), 'a quick clerk');
  assert.ok(!isScannersEnd(typed('A0012', 10), 400), 'the Enter comes later');
});

test('without an end only a long run is a scanner’s', () => {
  assert.ok(wasScanner(typed('MDG1.ABCDEF', 10)));
  assert.ok(!wasScanner(typed('1112', 10)));
  assert.equal(typed('AB', 100).text, 'B');
});

test('keys count by their place: neither Caps Lock nor an input method changes a code', () => {
  assert.deepEqual(['KeyM', 'Digit1', 'Numpad7', 'Period', 'Minus', 'Space', 'Enter'].map(characterOf), [
    'M',
    '1',
    '7',
    '.',
    '-',
    undefined,
    undefined,
  ]);
});
