/** What explains a difference, and what does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '../../src/reconcile/compare.ts';
import { reconcileSpans } from '../../src/reconcile/day.ts';
import { explainDifference, mayLieBehind, type DoubtfulPayment } from '../../src/reconcile/explain.ts';
import { testGrain } from '../support/grain.ts';

const payment = (change: Partial<DoubtfulPayment> = {}): DoubtfulPayment => ({
  id: `p${change.number ?? 1}`,
  number: 1,
  kind: 'sale',
  state: 'approved',
  signedYen: 400,
  method: 'credit',
  brand: 'visa',
  businessDate: '2026-11-26',
  contradicted: false,
  byHand: false,
  late: false,
  ...change,
});
const difference = (differenceYen: number, differenceCount: number) => [{ differenceYen, differenceCount }];

test('no difference wants no explanation, whatever is in doubt', () => {
  const { sentences, isUnexplained } = explainDifference(difference(0, 0), [payment({ state: 'unknown' })]);
  assert.deepEqual([sentences, isUnexplained], [[], false]);
});

test('what is unknown, entered by hand, found late or contradicted explains what it would make up, and nothing else', () => {
  const cases: [Partial<DoubtfulPayment>, number, number][] = [
    [{ state: 'unknown' }, 400, 1],
    [{ byHand: true }, -400, -1],
    [{ late: true }, -400, -1],
    [{ contradicted: true }, -400, -1],
    [{ contradicted: true, state: 'not_charged' }, 400, 1],
    [{ kind: 'void', state: 'unknown', signedYen: -400 }, -400, -1],
  ];
  for (const [change, yen, count] of cases) {
    const doubtful = payment({ number: 7, ...change });
    const found = explainDifference(difference(yen, count), [payment(), doubtful]);
    assert.deepEqual([found.payments, found.unexplainedYen, found.isUnexplained], [['p7'], 0, false]);
    assert.match(found.sentences.join(), /伝票 000007（400円）/);
    const other = explainDifference(difference(yen + 1, count), [payment(), doubtful]);
    assert.deepEqual([other.payments, other.unexplainedYen, other.isUnexplained], [[], yen + 1, true]);
  }
});

test('what was armed before the last 日計 and found since may be counted in this period', () => {
  const earlier = [payment({ number: 3, late: true })];
  assert.deepEqual(explainDifference(difference(400, 1), [], earlier).payments, ['p3']);
});

test('a slip tells no seconds: one of the minute in which the period began may be of either side', () => {
  const began = '2026-11-26T08:15:30.000Z';
  const slips = ['2026-11-26T08:14:00.000Z', '2026-11-26T08:15:00.000Z', '2026-11-26T08:16:00.000Z'];
  assert.deepEqual(
    slips.map((at) => mayLieBehind(at, began)),
    [false, true, false],
  );
  const { sentences, payments, isUnexplained, isKnown } = explainDifference(
    difference(400, 1),
    [],
    [payment({ number: 3, byHand: true })],
  );
  assert.deepEqual([payments, isUnexplained, isKnown], [['p3'], false, false]);
  assert.match(sentences.join(), /前の合計と同じ分の、後からの記録の支払い 伝票 000003（400円）/);
});

test('two that would do are named both, and neither is chosen', () => {
  const unknown = [2, 3].map((number) => payment({ number, state: 'unknown' }));
  const { payments, sentences, isUnexplained } = explainDifference(difference(400, 1), unknown);
  assert.deepEqual([payments, isUnexplained], [['p2', 'p3'], false]);
  assert.match(sentences.join(), /どれかは決められません/);
});

test('several together explain what none does alone; the fewest that do', () => {
  const unknown = [100, 250, 300, 650].map((signedYen, index) =>
    payment({ number: index + 1, signedYen, state: 'unknown' }),
  );
  assert.deepEqual(explainDifference(difference(550, 2), unknown).payments, ['p2', 'p3']);
  assert.equal(explainDifference(difference(551, 2), unknown).unexplainedYen, 551);
});

test('the same total in other buckets, or another count, is not passed over', () => {
  const moved = explainDifference(
    [
      { differenceYen: 400, differenceCount: 1 },
      { differenceYen: -400, differenceCount: -1 },
    ],
    [],
  );
  assert.deepEqual([moved.isUnexplained, moved.unexplainedYen], [true, 0]);
  const counted = explainDifference(difference(0, 1), []);
  assert.deepEqual([counted.isUnexplained, counted.unexplainedYen], [true, 0]);
  assert.match(counted.sentences.join(), /件数が 1件 違います/);
});

test('a day of one terminal that is explained and one that is not is different, even where its total is right', () => {
  const read = (count: number, amountYen: number): Reading => ({
    rows: [{ bucket: 'card', count, amountYen }],
    totalYen: amountYen,
  });
  const span = { grain: testGrain, base: read(0, 0) };
  const found = payment({ number: 7, signedYen: 900, late: true });
  const key = { municipality: '122327', counter: '01', businessDate: '2026-11-26' };
  const day = reconcileSpans(key, [
    { ...span, terminal: '1', end: read(0, 0), payments: [found] },
    { ...span, terminal: '2', end: read(2, 1_300), payments: [payment()] },
  ]);
  assert.deepEqual([day.status, day.differenceYen, day.unexplainedYen, day.tasks], ['different', 0, 900, 1]);
  assert.deepEqual(
    day.rows.map(({ terminal, differenceYen, isExplained }) => [
      terminal,
      differenceYen,
      isExplained === true,
    ]),
    [
      ['1', -900, true],
      ['2', 900, false],
    ],
  );
  assert.match(day.notes.join(), /伝票 000007（900円）.*端末が 900円 多く、記録からは説明できません/);
});
