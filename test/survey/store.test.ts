import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openAnswerStore, type AnswerStore } from '../../src/survey/store.ts';
import type { Score } from '../../src/survey/survey.ts';
import { makeFolder } from '../support/folder.ts';

function makePath(t: TestContext): string {
  return join(makeFolder(t), 'answers.ndjson');
}

function add(store: AnswerStore, nonce: string, score: Score = 5): boolean {
  return store.add({ nonce, score, comment: null, at: '2026-11-24T01:00:00.000Z' });
}

test('answers survive, keep their numbers, and the file keeps its name', (t) => {
  const path = makePath(t);
  const first = openAnswerStore(path);
  assert.equal(add(first, 'a', 5), true);
  assert.equal(add(first, 'b', 1), true);
  first.close();
  const again = openAnswerStore(path);
  assert.equal(again.id, first.id);
  assert.equal(add(again, 'c', 3), true);
  assert.deepEqual(
    again.after(0, 10).map(({ number, nonce, score }) => [number, nonce, score]),
    [
      [1, 'a', 5],
      [2, 'b', 1],
      [3, 'c', 3],
    ],
  );
  assert.deepEqual(
    again.after(1, 1).map(({ nonce }) => nonce),
    ['b'],
  );
  again.close();
});

test('a nonce answers once, also after a restart', (t) => {
  const path = makePath(t);
  const first = openAnswerStore(path);
  add(first, 'a', 5);
  assert.equal(add(first, 'a', 1), false);
  first.close();
  const again = openAnswerStore(path);
  assert.equal(again.has('a'), true);
  assert.equal(add(again, 'a', 1), false);
  assert.equal(again.after(0, 10).length, 1);
  again.close();
});

test('a last line that was cut off anywhere is dropped, and the next answer is whole', (t) => {
  const path = makePath(t);
  const store = openAnswerStore(path);
  add(store, 'a');
  const whole = readFileSync(path);
  add(store, 'b');
  store.close();
  const full = readFileSync(path);
  for (let length = whole.length; length < full.length; length += 1) {
    writeFileSync(path, full.subarray(0, length));
    const cut = openAnswerStore(path);
    assert.deepEqual(
      cut.after(0, 10).map(({ nonce }) => nonce),
      ['a'],
    );
    assert.equal(add(cut, 'b'), true);
    cut.close();
    assert.deepEqual(readFileSync(path), full);
  }
});

test('a file cut inside its first line is a new file', (t) => {
  const path = makePath(t);
  writeFileSync(path, '{"store":"0b');
  const store = openAnswerStore(path);
  assert.equal(add(store, 'a'), true);
  store.close();
  const again = openAnswerStore(path);
  assert.equal(again.id, store.id);
  again.close();
});

test('a file with a strange line in it is refused by line and left as it is', (t) => {
  const path = makePath(t);
  const store = openAnswerStore(path);
  add(store, 'a');
  store.close();
  appendFileSync(path, '{"number":2}\n');
  const before = readFileSync(path, 'utf8');
  assert.throws(() => openAnswerStore(path), /answers\.ndjson, line 3 is no survey answer/);
  assert.equal(readFileSync(path, 'utf8'), before);
});
