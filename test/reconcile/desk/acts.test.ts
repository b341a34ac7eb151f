/** What the desk refuses, on the real PostgreSQL: a stale screen, a wrong reason, one person twice, a foreign row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import type { AppError } from '../../../src/errors.ts';
import { ACT, actOn } from '../../../src/reconcile/desk/acts.ts';
import { addBusinessDays } from '../../../src/reconcile/books/calendar.ts';
import {
  ACCEPTED,
  CORRECTS,
  NOW,
  openDesk,
  refuses,
  SAKURA,
  TARO,
  TODAY,
  type Wanted,
} from '../../support/desk.ts';
import { MUNICIPALITY } from '../../support/postgres.ts';

const NEVER_EDITED = /permission denied/;

const countEvents = async (db: Kysely<Database>): Promise<number> =>
  (await db.selectFrom('case_events').select('number').execute()).length;

test('a case is closed for a reason of its list, with what was found, by two people, and once', async (t) => {
  const { db, over, caseOf, act } = await openDesk(t);
  // The statement should have been here days before.
  assert.equal((await caseOf('file_late')).facts.statement?.name, 'a.tsv');
  const before = await countEvents(db);
  const wrong: [AppError['code'], Wanted][] = [
    ['reason_not_open', { act: 'propose', reason: 'file_replaced', note: '' }],
    ['reason_missing', { ...ACCEPTED, note: '' }],
    ['bad_request', CORRECTS],
    ['until_out_of_range', { ...CORRECTS, until: '2026-11-09' }],
    ['until_out_of_range', { ...CORRECTS, until: '2027-11-10' }],
    ['bad_request', { ...ACCEPTED, until: '2026-11-20' }],
    ['case_changed', { act: 'confirm' }],
    ['case_changed', { act: 'withdraw', text: 'ない' }],
    ['not_found', { act: 'assign', to: '9999' }],
    ['not_found', { act: 'evidence', text: '明細', references: [{ kind: 'line', lineId: 99 }] }],
    ['same_person', { act: 'unpair', text: '一人で' }],
  ];
  for (const [code, made] of wrong) await refuses(code, () => act('amount_over', made));
  const { facts } = await caseOf('amount_over');
  const foreign = { counter: '02', operationId: over, lineId: facts.lineId ?? 0 };
  await refuses('bad_request', () =>
    act('missing_at_provider', { act: 'propose', reason: 'paired_by_hand', note: '', pair: foreign }),
  );
  assert.equal(await countEvents(db), before, 'a refused act leaves nothing behind');

  assert.equal(await act('amount_over', ACCEPTED), false, 'the books need no new comparison');
  assert.equal(
    (await caseOf('amount_over')).state,
    'proposed',
    'one person closes nothing that touches money',
  );
  await refuses('same_person', () => act('amount_over', { act: 'confirm' }));
  await refuses('same_person', () => act('amount_over', { act: 'confirm' }, TARO, SAKURA));
  const { number } = await caseOf('amount_over');
  assert.equal(await act('amount_over', { act: 'confirm' }, TARO), false, 'nor without a pair');
  await refuses('case_closed', () => act('amount_over', { act: 'confirm', base: number }, TARO));
  await refuses('case_closed', () => act('amount_over', { act: 'assign', to: '1002' }));
  await act('amount_over', { act: 'comment', text: '決裁の番号は 12-3456' });
  const life = await db
    .selectFrom('case_events')
    .select(['kind', 'by_number', 'confirmed_by'])
    .where('case_id', '=', (await caseOf('amount_over')).caseId)
    .orderBy('number')
    .execute();
  assert.deepEqual(
    life.slice(-3).map(({ kind, by_number, confirmed_by }) => [kind, by_number, confirmed_by]),
    [
      ['proposed', '1003', null],
      ['resolved', '1003', '1002'],
      ['commented', '1003', null],
    ],
  );
});

test('what touches no money is closed by one person, what does at once with a second beside, each on record', async (t) => {
  const { db, caseOf, act } = await openDesk(t);
  await act('file_late', { act: 'propose', reason: 'seen', note: '' });
  assert.equal((await caseOf('file_late')).state, 'resolved');
  await act('missing_at_provider', ACCEPTED, SAKURA, TARO);
  assert.equal((await caseOf('missing_at_provider')).state, 'resolved');
  const resolved = await db
    .selectFrom('case_events')
    .select(['by_number', 'confirmed_by'])
    .where('kind', '=', 'resolved')
    .orderBy('at')
    .orderBy('case_id')
    .execute();
  assert.deepEqual(resolved.map(({ by_number, confirmed_by }) => [by_number, confirmed_by]).toSorted(), [
    ['1003', null],
    ['1003', '1002'],
  ]);
  await refuses('not_found', () =>
    actOn(
      db,
      { municipality: MUNICIPALITY, caseId: 999 },
      { act: 'comment', text: 'ない', base: 1 },
      {
        ...{ by: SAKURA, second: undefined, now: NOW },
        findPerson: () => Promise.resolve(undefined),
      },
    ),
  );
});

test('somebody else’s word is waited for from today on, for half a year of business days at the longest', async (t) => {
  const { caseOf, act } = await openDesk(t);
  const longest = addBusinessDays(TODAY, 125);
  for (const until of [TODAY, longest]) {
    await act('amount_over', { ...CORRECTS, until });
    assert.equal((await caseOf('amount_over')).state, 'proposed');
    await act('amount_over', { act: 'withdraw', text: '別の日' });
  }
  await refuses('until_out_of_range', () =>
    act('amount_over', { ...CORRECTS, until: addBusinessDays(longest, 1) }),
  );
});

test('the database itself refuses one person twice, and a case’s life that is rewritten', async (t) => {
  const { db, act, caseOf } = await openDesk(t);
  await act('amount_over', ACCEPTED);
  const { caseId, number } = await caseOf('amount_over');
  const resolvedAlone = db.insertInto('case_events').values({
    ...{ municipality: MUNICIPALITY, counter: '02', case_id: caseId, number: number + 1 },
    ...{ kind: 'resolved' as const, at: NOW, on_date: TODAY, payload: '{}' },
    ...{ by_number: '1003', by_name: '会計 さくら', confirmed_by: '1003', confirmed_by_name: '会計 さくら' },
  });
  await assert.rejects(resolvedAlone.execute(), /check constraint/);
  await assert.rejects(sql`UPDATE case_events SET by_number = '1002'`.execute(db), NEVER_EDITED);
  await assert.rejects(sql`DELETE FROM case_events`.execute(db), NEVER_EDITED);
  assert.equal((await caseOf('amount_over')).number, number);
});

test('what is written can be seen and kept: nothing invisible stands for a reason', () => {
  const noteOf = (note: string): unknown => {
    const { data } = ACT.safeParse({ ...ACCEPTED, base: 1, note });
    return data?.act === 'propose' ? data.note : undefined;
  };
  const takes = (text: string): boolean => ACT.safeParse({ base: 1, act: 'comment', text }).success;
  const invisible = ['', ' ', '\u200B', '\u2060\u00AD\uFEFF', '\u3000\u200B'];
  assert.deepEqual(
    invisible.map((text) => [noteOf(text), takes(text)]),
    invisible.map(() => ['', false]),
    'as if nothing were there',
  );
  const unkept = ['a\0b', 'a\u0007', 'a\uD800b'];
  assert.deepEqual(
    unkept.map((text) => [noteOf(text), takes(text)]),
    unkept.map(() => [undefined, false]),
  );
  const kept = '髙𠮷さんに電話。\n控え👍：<b>1,400円</b>';
  assert.deepEqual([noteOf(kept), takes(kept)], [kept, true]);
});
