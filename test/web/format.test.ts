import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatDate,
  formatDayAndTime,
  formatTimeOrDay,
  formatDifference,
  formatElapsed,
  formatEraDate,
  formatNumber,
  formatYen,
  tokyoDate,
} from '../../src/web/shared/format.ts';
import { formatQuantity, summaryOf } from '../../src/web/shared/payment-words.ts';
import { lineOf } from '../support/sale.ts';

test('yen have separators and 円 behind; a difference has its sign', () => {
  assert.equal(formatYen(1_234_567), '1,234,567円');
  assert.equal(formatDifference(100), '+100円');
  assert.equal(formatDifference(-100), '−100円');
  assert.equal(formatDifference(0), '0円');
});

test('days and times are those of Tokyo, wherever the machine thinks it is', () => {
  const now = new Date('2026-12-31T14:59:59.000Z');
  assert.equal(formatDayAndTime('2026-11-23T15:05:00.000Z', now), '11月24日(火) 0:05');
  assert.equal(formatDayAndTime('2026-12-31T15:00:00.000Z', now), '2027年1月1日(金) 0:00', 'another year');
  assert.equal(formatTimeOrDay('2026-12-30T15:00:00.000Z', now), '0:00');
  assert.equal(formatTimeOrDay('2025-03-31T02:30:00.000Z', now), '2025/03/31', 'another day');
  assert.equal(tokyoDate(new Date('2026-11-23T15:05:00.000Z')), '2026-11-24');
  assert.equal(formatDate('2026-11-24', now), '11月24日(火)');
  assert.equal(formatDate('2025-03-31', now), '2025年3月31日(月)');
  assert.equal(formatEraDate('2026-11-24'), '令和8年11月24日(火)');
});

test('a slip has six digits, a wait is rounded down', () => {
  assert.equal(formatNumber(412), '000412');
  assert.deepEqual([-1, 12, 61, 7500].map(formatElapsed), ['0秒', '12秒', '1分', '2時間5分']);
});

test('a basket in one line names its first fee and how many follow', () => {
  assert.equal(summaryOf([lineOf({ quantity: 2 })]), '住民票の写し 2通');
  assert.equal(summaryOf([lineOf(), lineOf(), lineOf()]), '住民票の写し 1通 ほか2件');
  assert.equal(summaryOf([]), '');
});

test('a unit that is a measure or a pair is counted with ×', () => {
  assert.deepEqual([formatQuantity(3, '30分'), formatQuantity(1, '年度・件')], ['×3', '×1']);
});
