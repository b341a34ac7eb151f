import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRIES } from '../../src/staff/gate.ts';
import { readLocks } from '../../src/staff/locks.ts';
import {
  createOfficeTries,
  readStaff,
  readStaffHistory,
  releaseLock,
  seedSampleStaff,
} from '../../src/staff/register.ts';
import { createJournalTries } from '../../src/staff/tries.ts';
import { openTestCounter } from '../support/drained.ts';
import { MUNICIPALITY, openTestDatabase } from '../support/postgres.ts';

const OF = { municipality: MUNICIPALITY, book: 'trial' } as const;

test('a number is locked where its PIN was wrong five times, and a release ends it at every place', async (t) => {
  const { db } = await openTestDatabase(t);
  await seedSampleStaff(db, MUNICIPALITY);
  const counter = openTestCounter(t, db);
  const locks = async (): Promise<(string | null)[]> => {
    const staff = await readStaff(db, OF);
    const found = await readLocks(db, MUNICIPALITY, staff, new Date());
    return [...found].flatMap(([number, each]) =>
      each.map((lock) => `${number} ${lock.counter ?? 'office'}`),
    );
  };
  const [hanako] = await readStaff(db, OF);
  assert.ok(hanako !== undefined);
  const atCounter = createJournalTries(counter.journal);
  const inOffice = createOfficeTries(db, MUNICIPALITY);
  for (let made = 0; made < TRIES; made += 1) await atCounter.note(hanako, false, 'sign_in');
  for (let made = 1; made < TRIES; made += 1) await inOffice.note(hanako, false, 'sign_in');
  await counter.drain();
  assert.deepEqual(await locks(), ['1001 01'], 'four tries in the office lock nobody');
  await inOffice.note(hanako, false, 'second_person');
  assert.deepEqual((await locks()).sort(), ['1001 01', '1001 office']);

  await releaseLock(db, OF, { number: '1001', by: '1004' });
  assert.deepEqual(await locks(), []);
  const history = await readStaffHistory(db, OF, '1001');
  assert.deepEqual(
    history.map(({ version, changedBy, pin }) => [version, changedBy, pin]),
    [
      [2, '1004', 'released'],
      [1, 'sample', 'set'],
    ],
  );
  const [after] = await readStaff(db, OF);
  assert.equal(after?.pinHash, hanako.pinHash, 'the PIN stays');
  await assert.rejects(releaseLock(db, OF, { number: '9999', by: '1004' }), { code: 'not_found' });
});
