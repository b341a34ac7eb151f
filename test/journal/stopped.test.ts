/** Whether a counter stays stopped over a start without PostgreSQL: the last word of PostgreSQL counts, on record. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RecordStatus } from '../../src/live.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { createStopMark } from '../../src/journal/stopped.ts';
import { makeFolder } from '../support/folder.ts';

const status = (state: RecordStatus['state'], pending: number | null, detail: string | null = null) => ({
  state,
  pending,
  detail,
  since: null,
});
/** As it is before PostgreSQL has been reached. */
const UNREACHED = status('offline', null);
const STOPPED = status('stopped', null, 'この窓口の記録の 3番は、市の記録と違います。');

test('a counter that was stopped stays so after a restart, until PostgreSQL says otherwise; that lasts too', (t) => {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(join(makeFolder(t), 'journal.sqlite'), identity, () => new Date());
  t.after(() => journal.close());
  const afterRestart = () => createStopMark(journal);
  const first = afterRestart();
  assert.equal(first.statusOf(UNREACHED).state, 'offline', 'nothing is known against it');
  first.note(STOPPED);
  first.note(STOPPED);
  assert.equal(journal.head.sequence, 1, 'said once');

  const second = afterRestart();
  second.note(UNREACHED);
  assert.deepEqual(second.statusOf(UNREACHED), STOPPED);
  assert.equal(second.statusOf(status('synced', 0)).state, 'synced', 'PostgreSQL itself has spoken');
  second.note(status('behind', 1));
  assert.equal(second.statusOf(UNREACHED).state, 'offline');

  assert.equal(afterRestart().statusOf(UNREACHED).state, 'offline', 'an older stop counts no more');
});
