/** What the desk refuses, on the real PostgreSQL: a stale screen, a wrong reason, one person twice, a foreign row. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../../src/db/schema.ts';
import { AppError } from '../../../src/errors.ts';
import { actOn, type Act } from '../../../src/reconcile/desk/acts.ts';
import type { Actor } from '../../../src/reconcile/desk/case.ts';
import { readDesk } from '../../../src/reconcile/desk/read.ts';
import type { CaseView } from '../../../src/reconcile/desk/view.ts';
import { nightSteps } from '../../../src/reconcile/office.ts';
import { bringFile } from '../../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../../src/reconcile/statements/declared.ts';
import { codeStatement, sellByCode } from '../../support/books.ts';
import { openTestCounter } from '../../support/drained.ts';
import { testGrain } from '../../support/grain.ts';
import { MUNICIPALITY, openTestDatabase } from '../../support/postgres.ts';

const DAY = '2026-11-02';
const TODAY = '2026-11-10';
const NOW = new Date(`${TODAY}T00:00:00Z`);
const SAKURA: Actor = { number: '1003', name: '会計 さくら' };
const TARO: Actor = { number: '1002', name: '出納 太郎' };

/** A payment of which the statement says 100 yen more, and one that it does not have. */
async function openDesk(t: TestContext) {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db, '02');
  const over = sellByCode(counter, { slip: '0001', amountYen: 400, businessDate: DAY });
  sellByCode(counter, { slip: '0002', amountYen: 300, businessDate: DAY });
  await counter.drain();
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format !== undefined);
  await bringFile(db, MUNICIPALITY, TODAY, {
    ...{ name: 'a.tsv', format: format.definition, formatVersion: format.version, origin: 'upload' },
    bytes: codeStatement(DAY, [{ number: 'n1', reference: over, yen: 500 }]),
    by: SAKURA,
  });
  const steps = nightSteps(
    db,
    MUNICIPALITY,
    () => testGrain,
    () => NOW,
  );
  await steps.books();
  await steps.cases();
  const caseOf = async (status: CaseView['facts']['status']): Promise<CaseView> => {
    const { open, closed } = await readDesk(db, MUNICIPALITY, {
      ...{ today: TODAY, people: [], most: { open: 100, closed: 100 } },
    });
    return [...open, ...closed].find(({ facts }) => facts.status === status) ?? assert.fail(status);
  };
  const act = async (status: CaseView['facts']['status'], made: Wanted, by = SAKURA, second?: Actor) => {
    const { caseId, number } = await caseOf(status);
    const asked = { base: number, ...made } as Act;
    return actOn(db, { municipality: MUNICIPALITY, caseId }, asked, {
      ...{ by, second, now: NOW },
      findPerson: (wanted) => Promise.resolve([SAKURA, TARO].find((person) => person.number === wanted)),
    });
  };
  return { db, over, caseOf, act };
}

type Without<Each> = Each extends Act ? Omit<Each, 'base' | 'second'> & { base?: number } : never;
type Wanted = Without<Act>;

const ACCEPTED = { act: 'propose', reason: 'difference_accepted', note: '決裁のとおり' } as const;
const CORRECTS = { act: 'propose', reason: 'acquirer_corrects', note: '電話で確認' } as const;

const NEVER_EDITED = /permission denied/;

async function refuses(code: AppError['code'], run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => error instanceof AppError && error.code === code, code);
}

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
