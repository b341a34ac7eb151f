/** The morning's one sentence, without a database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isCleanMorning,
  morningSentence,
  whyNoTotals,
  type MorningFacts,
} from '../../src/reconcile/morning.ts';

const CLEAN: MorningFacts = {
  ...{ today: '2026-11-25', day: '2026-11-24', quietDay: null, ours: { count: 83, amountYen: 41_200 } },
  terminal: { count: 83, amountYen: 41_200, differenceYen: 0, isDifferent: false, isExplained: false },
  statement: { count: 0, amountYen: 0, awaited: { count: 83, amountYen: 41_200 }, until: '2026-12-10' },
  bank: { settledYen: 0, dueFrom: '2026-12-28', dueUntil: '2026-12-28' },
  afterClosing: { count: 0, amountYen: 0 },
  ...{ waitingCounters: [], openCases: 0, doubles: 0, awaitedInAll: { count: 812, amountYen: 400_000 } },
  night: {
    ...{ night: '2026-11-25', startedAt: '2026-11-24T18:00:00Z', endedAt: '2026-11-24T18:00:09Z' },
    ...{ state: 'done', attempt: 1, missed: 0 },
  },
};
const nightThat = (state: 'failed' | 'cut_off' | 'running'): MorningFacts['night'] =>
  CLEAN.night === null ? null : { ...CLEAN.night, state, endedAt: null };
const different = (differenceYen: number): MorningFacts => ({
  ...CLEAN,
  openCases: 1,
  terminal: {
    ...{ count: 83, amountYen: 41_200 + differenceYen, differenceYen },
    ...{ isDifferent: true, isExplained: false },
  },
});

test('the sentence says whether the day is clean, what needs a person, and what only waits', () => {
  const said: [MorningFacts, string, boolean][] = [
    [CLEAN, '昨日 83件 41,200円、端末と一致。要対応 0件。明細待ち 812件（期限内）。', true],
    [
      { ...CLEAN, doubles: 2 },
      '昨日 83件 41,200円、端末と一致。要対応 0件。二重の疑い 2件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...CLEAN, afterClosing: { count: 1, amountYen: 400 } },
      '昨日 83件 41,200円、端末と一致（締めのあとの 1件 400円は、次の締めで比べます）。要対応 0件。明細待ち 812件（期限内）。',
      true,
    ],
    [different(100), '昨日 83件 41,200円、端末と差 +100円。要対応 1件。明細待ち 812件（期限内）。', false],
    [
      different(0),
      '昨日 83件 41,200円、端末と合計は同じで内訳に差があります。要対応 1件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...CLEAN, terminal: null, waitingCounters: ['01', '03'], awaitedInAll: { count: 0, amountYen: 0 } },
      '昨日 83件 41,200円、窓口 01・03 の締めを待っています。要対応 0件。',
      false,
    ],
    [
      { ...CLEAN, waitingCounters: ['03'] },
      '昨日 83件 41,200円、窓口 03 の締めを待っています。要対応 0件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...different(100), openCases: 0 },
      '昨日 83件 41,200円、端末と差 +100円。要対応 0件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...CLEAN, today: '2027-01-04', day: '2026-12-28' },
      '2026年12月28日(月) 83件 41,200円、端末と一致。要対応 0件。明細待ち 812件（期限内）。',
      true,
    ],
    [
      { ...CLEAN, quietDay: '2026-11-24', day: '2025-03-31' },
      '昨日 会計はありませんでした。最後の会計は 2025年3月31日(月) 83件 41,200円、端末と一致。要対応 0件。明細待ち 812件（期限内）。',
      true,
    ],
    [
      {
        ...CLEAN,
        terminal: {
          ...{ count: 82, amountYen: 40_300, differenceYen: -900, isDifferent: false, isExplained: true },
        },
      },
      '昨日 83件 41,200円、端末と差 −900円（説明済み）。要対応 0件。明細待ち 812件（期限内）。',
      true,
    ],
    [
      { ...CLEAN, night: null },
      '昨日 83件 41,200円、端末と一致。夜間の突合はまだです。要対応 0件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...CLEAN, night: nightThat('running') },
      '昨日 83件 41,200円、端末と一致。夜間の突合は途中で、まだ増えることがあります。要対応 0件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      { ...CLEAN, night: nightThat('cut_off') },
      '昨日 83件 41,200円、端末と一致。突合が途中で止まったため、まだ増えることがあります。要対応 0件。明細待ち 812件（期限内）。',
      false,
    ],
    [
      {
        ...CLEAN,
        ours: { count: 0, amountYen: 0 },
        terminal: null,
        awaitedInAll: { count: 0, amountYen: 0 },
      },
      '昨日 会計はありませんでした。要対応 0件。',
      true,
    ],
  ];
  for (const [facts, sentence, isClean] of said) {
    assert.equal(morningSentence(facts), sentence);
    assert.equal(isCleanMorning(facts), isClean, sentence);
  }
});

test('without totals of the terminals the day says why: no closing, none yet, or one that was not compared', () => {
  const none = { count: 0, amountYen: 0 };
  assert.deepEqual(
    [
      { ours: none, waitingCounters: [] },
      { ours: CLEAN.ours, waitingCounters: ['01'] },
      { ours: CLEAN.ours, waitingCounters: [] },
    ].map(whyNoTotals),
    ['締めはありません', '締めを待っています', 'まだ比べていません'],
  );
});
