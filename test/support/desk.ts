/** A desk of the office with cases on it, and whoever acts at them. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { actOn, type Act } from '../../src/reconcile/desk/acts.ts';
import type { Actor } from '../../src/reconcile/desk/case.ts';
import { readDesk } from '../../src/reconcile/desk/read.ts';
import type { CaseView } from '../../src/reconcile/desk/view.ts';
import { nightSteps } from '../../src/reconcile/office.ts';
import { bringFile } from '../../src/reconcile/statements/bring.ts';
import { readFormats, seedSampleStatements } from '../../src/reconcile/statements/declared.ts';
import { codeStatement, sellByCode } from './books.ts';
import { openTestCounter } from './drained.ts';
import { testGrain } from './grain.ts';
import { MUNICIPALITY, openTestDatabase } from './postgres.ts';

const DAY = '2026-11-02';
export const TODAY = '2026-11-10';
export const NOW = new Date(`${TODAY}T00:00:00Z`);
export const SAKURA: Actor = { number: '1003', name: '会計 さくら' };
export const TARO: Actor = { number: '1002', name: '出納 太郎' };

/** A payment of which the statement says 100 yen more, and one that it does not have. */
export async function openDesk(t: TestContext, more: Parameters<typeof codeStatement>[1] = []) {
  const { db } = await openTestDatabase(t);
  await seedSampleStatements(db, MUNICIPALITY);
  const counter = openTestCounter(t, db, '02');
  const over = sellByCode(counter, { slip: '0001', amountYen: 400, businessDate: DAY });
  const missing = sellByCode(counter, { slip: '0002', amountYen: 300, businessDate: DAY });
  await counter.drain();
  const format = (await readFormats(db, MUNICIPALITY)).find(
    ({ definition }) => definition.code === 'qr-daily',
  );
  assert.ok(format !== undefined);
  await bringFile(db, MUNICIPALITY, TODAY, {
    ...{ name: 'a.tsv', format: format.definition, formatVersion: format.version, origin: 'upload' },
    bytes: codeStatement(DAY, [{ number: 'n1', reference: over, yen: 500 }, ...more]),
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
  return { db, over, missing, caseOf, act };
}

type Without<Each> = Each extends Act ? Omit<Each, 'base' | 'second'> & { base?: number } : never;
export type Wanted = Without<Act>;

export const ACCEPTED = { act: 'propose', reason: 'difference_accepted', note: '決裁のとおり' } as const;
export const CORRECTS = { act: 'propose', reason: 'acquirer_corrects', note: '電話で確認' } as const;

export async function refuses(code: AppError['code'], run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => error instanceof AppError && error.code === code, code);
}
