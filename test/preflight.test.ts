/** The place of a start, as far as it does not take a house to see it (test/house/restart.test.ts). */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readConfig } from '../src/config.ts';
import { openJournal } from '../src/journal/journal.ts';
import { claimPlace } from '../src/preflight.ts';
import { makeFolder } from './support/folder.ts';

const FILES = ['journal.sqlite', 'journal.sqlite-wal'];

/** The files of a counter whose PC went off in the middle of its day, alone in a folder. */
function moveJournal(t: TestContext): string {
  const [before, after] = [makeFolder(t), makeFolder(t)];
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(before, 'journal.sqlite'), identity, () => new Date());
  journal.append('noted', null, {});
  for (const file of FILES) copyFileSync(join(before, file), join(after, file));
  journal.close();
  return after;
}

test('a journal that was moved to another PC all alone is taken on by the counter that it belongs to', async (t) => {
  const folder = moveJournal(t);
  const claim = (counter: string): ReturnType<typeof claimPlace> =>
    claimPlace(readConfig({ DATA_DIR: folder, COUNTER: counter }), []);
  const bytes = readFileSync(join(folder, 'journal.sqlite-wal'));

  const wrong = await claim('02');
  assert.ok('faults' in wrong);
  assert.match(wrong.faults.join(), /別の種類のデータです \(BOOK=trial MUNICIPALITY=122327 COUNTER=01\)/);
  assert.deepEqual(readFileSync(join(folder, 'journal.sqlite-wal')), bytes, 'it was only looked at');

  const own = await claim('01');
  assert.ok('release' in own);
  own.release();
  assert.ok(readdirSync(folder).includes('madoguchi.json'));
});

test('a folder that can not be written to is a fault in plain words, and says what to do', async (t) => {
  const folder = makeFolder(t);
  const claim = (dataDir: string): ReturnType<typeof claimPlace> =>
    claimPlace(readConfig({ DATA_DIR: dataDir }), []);
  const isFile = join(folder, 'file');
  writeFileSync(isFile, '');
  // Whoever runs the tests may be root, who may write anywhere: what is in the lock's place keeps it out.
  const isTaken = join(folder, 'taken');
  mkdirSync(join(isTaken, 'madoguchi.lock'), { recursive: true });
  for (const dataDir of [isFile, isTaken]) {
    const place = await claim(dataDir);
    assert.ok('faults' in place);
    assert.equal(place.faults.length, 1);
    assert.match(
      place.faults.join(),
      /^DATA_DIR=.*: 読み書きできません \(.+\)。この利用者が書き込めるフォルダーを指定してください/,
    );
  }
});
