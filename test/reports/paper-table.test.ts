/** Tables on paper: wide ones are set smaller, words and figures stay whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTable } from '../../src/reports/paper-table.ts';
import { createTypesetter, loadFonts } from '../../src/reports/typesetting.ts';
import type { Cell, Section } from '../../src/reports/view.ts';

test('a wide table is set smaller before a word of it is broken into letters; many names are the first and how many', async () => {
  const set = createTypesetter(await loadFonts());
  const kinds = ['text', 'codes', 'date', 'era', 'yen', 'yen', 'yen', 'yen', 'yen', 'text'] as const;
  const cells = (yen: number): Cell[] => [
    ...[
      'コード決済会社',
      'QR20241001、QR20241002、QR20241003、QR20241004',
      '2025-03-31',
      '令和7年3月31日(月)',
    ],
    ...[yen, yen, yen, yen, yen, '入金が足りない'],
  ];
  const section = { columns: kinds.map((kind) => ({ nameJa: '名前', kind })) } as Section;
  const tableOf = (yen: number) => setTable(section, [{ cells: cells(yen) }], set, 513);
  const [roomy, tight] = [tableOf(1), tableOf(-9_456_789)];
  assert.deepEqual([roomy.size, tight.size < roomy.size, tight.size >= 7], [8.5, true, true]);
  // The era's date is how paper has the date itself.
  assert.deepEqual(
    tight.columns.map(({ index }) => index),
    [0, 1, 2, 4, 5, 6, 7, 8, 9],
  );
  const shown = tight.columns.map(({ show, index, width, gap }) =>
    set.wrap(show(cells(-9_456_789)[index] ?? null), 'bold', tight.size, width - gap),
  );
  assert.ok(
    shown[0]?.every((line) => line.length > 2),
    String(shown[0]),
  );
  assert.deepEqual(shown[1], ['QR20241001、', 'ほか3件']);
  assert.deepEqual(shown.slice(2, 4), [['R7.3.31'], ['−9,456,789円']]);
  assert.deepEqual(set.wrap('使用料及び手数料/手数料/総務手数料', 'regular', 10, 100), [
    '使用料及び手数料/',
    '手数料/総務手数料',
  ]);
});

test('beside long names the short words stay whole, and nothing stands over its column', async () => {
  const set = createTypesetter(await loadFonts());
  const kinds = ['text', 'text', 'text', 'text', 'count', 'yen', 'yen', 'yen', 'yen'] as const;
  const section = { columns: kinds.map((kind) => ({ nameJa: '名前', kind })) } as Section;
  const long = '使用料及び手数料/使用料/民生使用料/児童福祉施設使用料（一時預かり・延長保育）';
  const linesOf = (window: string): string[][] => {
    const cells = [long, window, `${long}${long}`, '年度・件', 300, ...[1, 2, 3, 4].map(() => -216_049_225)];
    const { size, columns } = setTable(section, [{ cells }], set, 513);
    return columns.map(({ show, index, width, gap }) => {
      const lines = set.wrap(show(cells[index] ?? null), 'bold', size, width - gap);
      for (const line of lines) assert.ok(set.widthOf(line, 'bold', size) <= width - gap + size, line);
      return lines;
    });
  };
  assert.deepEqual(
    [linesOf('駐輪場')[1], linesOf('駐輪場')[3], linesOf('駐輪場')[5]],
    [['駐輪場'], ['年度・件'], ['−216,049,225円']],
  );
  assert.equal(
    linesOf('a-window-that-nobody-has-named-yet')[1]?.join(''),
    'a-window-that-nobody-has-named-yet',
  );
});
