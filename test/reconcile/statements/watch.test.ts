import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import { watchFolder } from '../../../src/reconcile/statements/watch.ts';
import { makeFolder } from '../../support/folder.ts';
import { silentLog } from '../../support/log.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';
import { sampleFile } from '../../support/statements.ts';

test('a file in the watched folder is taken or refused and put aside; one that is still being copied waits', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const folder = join(makeFolder(t), 'statements');
  const watched = watchFolder({
    folder,
    formats: () => readFormats(db, MUNICIPALITY),
    take: (file) => bringFile(db, MUNICIPALITY, '2026-12-10', file),
    now: () => new Date(),
    log: silentLog(),
  });
  t.after(() => watched.stop());
  assert.deepEqual(await watched.look(), []);
  const place = join(folder, 'card-monthly');
  assert.ok(existsSync(place), 'a folder per format, made for whoever puts files there');
  const put = (name: string, bytes: Uint8Array, ageSeconds: number): void => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, name), bytes);
    const at = Date.now() / 1000 - ageSeconds;
    utimesSync(join(place, name), at, at);
  };
  put('november.csv', sampleFile('card-monthly'), 60);
  put('again.csv', sampleFile('card-monthly'), 60);
  put('broken.csv', Buffer.from('a,b\n'), 60);
  put('copying.csv', Buffer.from('a'), 0);
  assert.deepEqual((await watched.look()).toSorted(), ['duplicate', 'imported', 'refused']);
  assert.deepEqual(readdirSync(place).toSorted(), ['copying.csv', 'refused', 'taken']);
  assert.equal(readdirSync(join(place, 'taken')).length, 2);
  assert.match(readdirSync(join(place, 'refused'))[0] ?? '', /broken\.csv$/);
});
