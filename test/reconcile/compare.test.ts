import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareTotals, type Reading } from '../../src/reconcile/compare.ts';
import { reconcileSpans, type DayResult } from '../../src/reconcile/day.ts';
import type { DoubtfulPayment, DoubtfulSpan } from '../../src/reconcile/explain.ts';
import { testGrain } from '../support/grain.ts';

const key = { municipality: '122327', counter: '01', businessDate: '2026-11-20' };

function payment(change: Partial<DoubtfulPayment> = {}): DoubtfulPayment {
  return {
    id: 'a',
    kind: 'sale',
    state: 'approved',
    signedYen: 400,
    method: 'credit',
    brand: 'visa',
    businessDate: '2026-11-20',
    contradicted: false,
    number: 1,
    byHand: false,
    late: false,
    ...change,
  };
}

function reading(rows: Record<string, [count: number, amountYen: number]>): Reading {
  const list = Object.entries(rows).map(([bucket, [count, amountYen]]) => ({ bucket, count, amountYen }));
  return { rows: list, totalYen: list.reduce((sum, { amountYen }) => sum + amountYen, 0) };
}

const empty = reading({});

/** A day of one terminal on which nothing was taken, but for what is named. */
const compareOne = (change: Partial<DoubtfulSpan>): DayResult => {
  const quiet = { terminal: '端末 1', grain: testGrain, base: empty, end: empty, payments: [] };
  return reconcileSpans(key, [{ ...quiet, ...change }]);
};

test('the same money in the same buckets is a match to the yen', () => {
  const result = compareOne({
    base: reading({ card: [3, 1200] }),
    end: reading({ card: [4, 1600], other: [1, 300] }),
    payments: [payment(), payment({ method: 'qr', brand: 'paypay', signedYen: 300 })],
  });
  assert.equal(result.status, 'matched');
  assert.equal(result.sentence, '2026年11月20日(金) 2件 700円、端末と1円まで一致。要対応 0件。');
  assert.deepEqual(
    result.rows.map(({ nameJa, ours, theirs }) => [nameJa, ours, theirs]),
    [
      ['カード', { count: 1, amountYen: 400 }, { count: 1, amountYen: 400 }],
      ['その他', { count: 1, amountYen: 300 }, { count: 1, amountYen: 300 }],
    ],
  );
  assert.deepEqual(result.byMethod, [
    { method: 'credit', brand: 'visa', count: 1, amountYen: 400 },
    { method: 'qr', brand: 'paypay', count: 1, amountYen: 300 },
  ]);
  assert.deepEqual(result.notes, []);
});

test('a terminal whose period ends by itself is compared from where it says that this one began', () => {
  const span = { terminal: '端末 1', grain: testGrain, payments: [payment()] };
  const day = (since: string, count: number): Reading => ({
    ...reading({ card: [count, count * 400] }),
    since,
  });
  const [yesterday, today] = ['2026-11-18T15:00:00.000Z', '2026-11-19T15:00:00.000Z'];
  const next = reconcileSpans(key, [{ ...span, base: day(yesterday, 1), end: day(today, 1) }]);
  assert.equal(next.status, 'matched');
  assert.deepEqual(next.notes, []);
  const same = reconcileSpans(key, [{ ...span, base: day(today, 1), end: day(today, 2) }]);
  assert.equal(same.status, 'matched');
});

test('a day without any payment matches a terminal that counted none', () => {
  const { sentence, rows } = compareOne({
    base: reading({ card: [3, 1200] }),
    end: reading({ card: [3, 1200] }),
  });
  assert.equal(sentence, '2026年11月20日(金) 0件 0円、端末と1円まで一致。要対応 0件。');
  assert.deepEqual(rows, []);
});

test('one yen is a difference, and says which way', () => {
  const compare = (endYen: number): string =>
    compareOne({
      end: reading({ card: [1, endYen] }),
      payments: [payment()],
    }).sentence;
  assert.equal(compare(401), '2026年11月20日(金) 記録 1件 400円、端末 1件 401円、差 +1円。要対応 1件。');
  assert.equal(compare(399), '2026年11月20日(金) 記録 1件 400円、端末 1件 399円、差 −1円。要対応 1件。');
});

test('the same total in other buckets is a difference', () => {
  const { status, sentence, tasks } = compareOne({
    end: reading({ other: [1, 400] }),
    payments: [payment()],
  });
  assert.deepEqual([status, tasks], ['different', 2]);
  assert.match(sentence, /合計は同じですが内訳が違います。要対応 2件。/);
});

test('an unknown payment is counted apart: it explains a difference and matches nothing', () => {
  const spans = (endYen: number): Parameters<typeof reconcileSpans>[1] => [
    {
      terminal: '端末 1',
      grain: testGrain,
      base: empty,
      end: reading({ card: [endYen / 400, endYen] }),
      payments: [payment(), payment({ id: 'b', state: 'unknown' })],
    },
  ];
  const charged = reconcileSpans(key, spans(800));
  assert.deepEqual([charged.status, charged.unknown], ['different', { count: 1, amountYen: 400 }]);
  assert.match(
    charged.notes.join(),
    /次の支払いと同じです。,結果不明の支払い 伝票 000001（400円）,確かめられるまで、一致とはしません。/,
  );
  const notCharged = reconcileSpans(key, spans(400));
  assert.equal(notCharged.status, 'open_unknown');
  assert.equal(
    notCharged.sentence,
    '2026年11月20日(金) 1件 400円、端末と1円まで一致。結果不明 1件 400円。要対応 1件。',
  );
});

test('a payment that was found paid after the totals explains its yen, and no other', () => {
  const found = payment({ id: 'b', number: 7, signedYen: 900, late: true });
  const day = (endYen: number) =>
    compareOne({
      end: reading({ card: [1, endYen] }),
      payments: [payment(), found],
    });
  const explained = day(400);
  assert.deepEqual(
    [explained.status, explained.tasks, explained.differenceYen, explained.unexplainedYen],
    ['explained', 0, -900, 0],
  );
  assert.equal(
    explained.sentence,
    '2026年11月20日(金) 記録 2件 1,300円、端末 1件 400円、差 −900円は、あとから支払済みと分かった支払いの分です（説明できない差 0円）。要対応 0件。',
  );
  assert.deepEqual(explained.notes, [
    '差 −900円 は、次の支払いと同じです。',
    'あとから支払済みと分かった支払い 伝票 000007（900円）',
  ]);
  const other = day(401);
  assert.deepEqual([other.status, other.tasks, other.unexplainedYen], ['different', 1, -899]);
});

test('a terminal that counted in this period what was found paid of an earlier one is explained by it', () => {
  const end = reading({ card: [2, 1300] });
  const span = { terminal: '端末 1', grain: testGrain, base: empty, end, payments: [payment()] };
  const earlier = [payment({ id: 'b', number: 7, signedYen: 900, late: true, businessDate: '2026-11-19' })];
  const { status, notes } = reconcileSpans(key, [{ ...span, earlier }]);
  assert.equal(status, 'explained');
  assert.match(notes.join(), /前の合計より前の、あとから支払済みと分かった支払い 伝票 000007（900円）/);
});

test('what is still unknown, entered by hand, contradicted or one of several explains nothing for good', () => {
  const lost = { ...{ number: 7, signedYen: 900 }, id: 'b' };
  const cases: Parameters<typeof payment>[0][][] = [
    [{ ...lost, late: true, contradicted: true }],
    [{ ...lost, byHand: true }],
    [
      { ...lost, late: true },
      { ...lost, id: 'c', number: 8, late: true },
    ],
  ];
  for (const changes of cases) {
    const payments = [payment(), ...changes.map(payment)];
    const end = reading({ card: [payments.length - 1, 400 + 900 * (changes.length - 1)] });
    const span = { terminal: '端末 1', grain: testGrain, base: empty, end, payments };
    const { status, tasks, notes } = reconcileSpans(key, [span]);
    assert.equal(status, 'different', JSON.stringify(changes));
    assert.ok(tasks > 0 && notes.includes('確かめられるまで、一致とはしません。'));
  }
});

test('what was declined, cancelled or never charged counts for nobody', () => {
  const states = ['declined', 'cancelled', 'not_charged', 'not_sent'] as const;
  const { status } = compareOne({
    payments: states.map((state) => payment({ state })),
  });
  assert.equal(status, 'matched');
});

test('a terminal that began again at zero is compared from zero, and the reader is told', () => {
  const { status, notes } = compareOne({
    base: reading({ card: [10, 4000] }),
    end: reading({ card: [1, 400] }),
    payments: [payment()],
  });
  assert.equal(status, 'matched');
  assert.match(notes.join(), /端末 1 は前の締めのあとに日計をしています/);
});

test('contradicting evidence is a task, whatever the totals say', () => {
  const { status, tasks, notes } = compareOne({
    end: reading({ card: [1, 400] }),
    payments: [payment({ contradicted: true })],
  });
  assert.deepEqual([status, tasks], ['matched', 1]);
  assert.match(notes.join(), /証拠が食い違う支払いが 1件/);
});

test('totals that do not add up in themselves are told', () => {
  const { notes } = compareOne({
    base: null,
    end: { ...reading({ card: [1, 400] }), totalYen: 500 },
    payments: [payment()],
  });
  assert.match(notes.join(), /内訳の合計（400円）が、端末の総合計（500円）と合いません/);
  assert.match(notes.join(), /前の合計の記録がない/);
});

test('payments taken after an earlier closing are named as such', () => {
  const { carried, notes } = compareOne({
    end: reading({ card: [2, 800] }),
    payments: [payment({ businessDate: '2026-11-19' }), payment({ id: 'b' })],
  });
  assert.deepEqual(carried, { count: 1, amountYen: 400 });
  assert.match(notes.join(), /前の締めのあとに受けた 1件 400円を含みます/);
});

test('a count of one byte wraps and still matches, for any base and any number of payments', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(700), fc.nat(9_000_000), (baseCount, sold, baseYen) => {
      const { rows } = compareTotals({
        terminal: '端末 1',
        grain: testGrain,
        base: reading({ card: [baseCount, baseYen] }),
        end: reading({ card: [(baseCount + sold) % 256, baseYen + sold * 400] }),
        payments: Array.from({ length: sold }, (_, index) => payment({ id: String(index) })),
      });
      for (const row of rows) {
        assert.deepEqual([row.differenceYen, row.differenceCount], [0, 0]);
        assert.deepEqual(row.theirs, row.ours);
      }
    }),
  );
});

test('a payment more or less than the terminal counted is found, also across the wrap', () => {
  fc.assert(
    fc.property(
      fc.nat(255),
      fc.integer({ min: 1, max: 600 }),
      fc.constantFrom(-1, 1),
      (baseCount, sold, more) => {
        const theirs = sold + more;
        const { rows } = compareTotals({
          terminal: '端末 1',
          grain: testGrain,
          base: reading({ card: [baseCount, 0] }),
          end: reading({ card: [(baseCount + theirs) % 256, theirs * 400] }),
          payments: Array.from({ length: sold }, (_, index) => payment({ id: String(index) })),
        });
        assert.deepEqual(
          rows.map(({ differenceYen, differenceCount }) => [differenceYen, differenceCount]),
          [[more * 400, more]],
        );
      },
    ),
  );
});

test('a day that was closed without a lost terminal is never called a match', () => {
  const { status, sentence, notes, tasks } = reconcileSpans(key, [], {
    lost: ['端末 1'],
    uncompared: [{ terminal: '端末 1', because: 'lost', payments: [payment()] }],
  });
  assert.equal(status, 'open_unknown');
  assert.match(sentence, /端末 1 は紛失・交換中で、比べていません。比べていない支払い 1件 400円。要対応 1件/);
  assert.doesNotMatch(sentence, /一致/);
  assert.match(notes.join(''), /決済会社の明細で確かめてください/);
  assert.equal(tasks, 1);
});
