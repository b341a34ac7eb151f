/** Files: nothing in them is a formula, numbers and dates are what they are, and no character is lost in silence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import exceljs from 'exceljs';
import iconv from 'iconv-lite';
import { parseCsv } from '../../src/fees/csv.ts';
import { encodeCp932 } from '../../src/reports/cp932.ts';
import { namesOf } from '../../src/reports/names.ts';
import { writePaper } from '../../src/reports/paper.ts';
import { eraDate, eraFiscalYear, periodOf, shortEraDate } from '../../src/reports/periods.ts';
import { viewOf, type Figures } from '../../src/reports/reports.ts';
import { originSection } from '../../src/reports/origin.ts';
import { writeTable } from '../../src/reports/table-file.ts';
import { createTypesetter, loadFonts } from '../../src/reports/typesetting.ts';
import { writeWorkbook } from '../../src/reports/workbook.ts';
import type { LineSum, ReportView } from '../../src/reports/view.ts';

const ATTACKS = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM',
  ' =1+1',
  "=cmd|' /C calc'!A0",
  '","=1',
  "'=1",
  "''=1",
];
const DAY = '2026-03-31';
const period = periodOf('day', DAY);

/** A day on which every text is an attack, and something was given back. */
function figuresOf(attack: string): Figures {
  const brands = [{ code: attack, nameJa: attack }];
  const names = namesOf(
    { windows: brands, brands, grounds: brands } as unknown as Parameters<typeof namesOf>[0],
    brands,
  );
  const common = { window: attack, method: 'credit', brand: attack } as const;
  const line: LineSum = {
    ...{ ...common, day: DAY, entry: 'sale', account: attack, code: attack, nameJa: attack, unit: attack },
    ...{ tax: attack, ground: null, groundKind: null, quantity: 1, amountYen: 1200, waivedYen: 0 },
  };
  const payment = {
    ...common,
    day: DAY,
    businessDate: DAY,
    counter: '*',
    entry: 'sale',
    count: 1,
    amountYen: 1200,
  } as const;
  return {
    lines: [
      line,
      { ...line, entry: 'refund', quantity: -1, amountYen: -400 },
      { ...line, entry: 'nothing', ground: attack, groundKind: 'reduction', amountYen: 0, waivedYen: 300 },
    ],
    payments: [payment, { ...payment, entry: 'refund', amountYen: -400 }],
    counters: [{ counter: attack, entry: 'sale', count: 1, amountYen: 1200 }],
    beside: {
      days: [
        {
          counter: attack,
          businessDate: DAY,
          status: 'different',
          unexplainedYen: -1,
          oursYen: 1,
          theirsYen: 0,
          differenceYen: -1,
          unknown: { count: 1, amountYen: 300 },
          notes: [attack],
        },
      ],
      published: { undone: [], survey: { count: 135, mean: 4.8 } },
      providers: [],
      settlements: [],
      refunds: [
        {
          ...{ counter: attack, number: 7, window: attack, requestedOn: DAY, amountYen: 400 },
          ...{ endedOn: null, way: null, refundId: 'r' },
        },
      ],
      open: {
        unclosed: [{ counter: attack, businessDate: DAY, count: 2 }],
        uncompared: [{ counter: attack, businessDate: DAY }],
        late: { count: 1, amountYen: 400, otherYear: 1, otherYearYen: 400 },
        otherDays: {
          ofEarlier: 1,
          earlierYen: -400,
          isLater: 1,
          laterYen: 0,
          ofEarlierYear: 0,
          earlierYearYen: 0,
          isLaterYear: 0,
          laterYearYen: 0,
        },
        quarantined: [attack],
        counters: [{ counter: attack, arrivedAt: '2026-03-31T15:30:00.000Z' }],
      },
    },
    expected: [],
    names,
  };
}

const viewWith = (attack: string): ReportView =>
  viewOf(figuresOf(attack), period, {
    ...{ municipality: '122327', municipalityName: attack, book: 'live', madeBy: attack },
    ...{ now: new Date('2026-03-31T15:30:00Z'), today: '2026-04-01' },
  });

test('a spreadsheet has no formula in any cell, whatever the texts are; numbers and dates are typed', async () => {
  for (const attack of ATTACKS) {
    const view = viewWith(attack);
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load((await writeWorkbook(view)) as unknown as exceljs.Buffer);
    assert.equal(workbook.worksheets.length, view.sections.length);
    let texts = 0;
    for (const sheet of workbook.worksheets) {
      sheet.eachRow((row, number) => {
        row.eachCell((cell) => {
          assert.notEqual(cell.type, exceljs.ValueType.Formula, `${sheet.name} ${cell.address}`);
          assert.equal(cell.formula, undefined);
          if (typeof cell.value === 'string' && number > 3) {
            // Edited by hand, it still is text.
            assert.equal(cell.numFmt, '@', `${sheet.name} ${cell.address}`);
            if (cell.value.includes(attack.trim())) texts += 1;
          }
        });
      });
    }
    assert.ok(texts > 5, `the attack ${JSON.stringify(attack)} is in the sheets as it is`);
  }
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load((await writeWorkbook(viewWith('x'))) as unknown as exceljs.Buffer);
  const terminals = workbook.getWorksheet('端末との差');
  assert.equal(terminals?.getCell('E5').value, -1, 'a number below 0 is a number');
  // Excel has no time zone: its day is the one in Tokyo.
  assert.deepEqual(terminals.getCell('A5').value, new Date('2026-03-31T00:00:00Z'));
  assert.equal(terminals.getCell('A5').numFmt, 'yyyy-mm-dd');
  const [view] = terminals.views;
  assert.deepEqual([view?.state, (view as { ySplit?: number }).ySplit], ['frozen', 3]);
  const { paperSize, printTitlesRow, orientation, fitToWidth, fitToHeight } = terminals.pageSetup;
  // 9 is A4; as many pages as it takes, each with the header.
  assert.deepEqual([paperSize, orientation, fitToWidth, fitToHeight], [9, 'landscape', 1, 0]);
  assert.equal(printTitlesRow, '1:3');
  assert.deepEqual(
    ['B3', 'E3', 'E4'].map((address) => terminals.getCell(address).alignment.horizontal),
    ['left', 'right', 'right'],
    'a head stands on the side of its figures',
  );
  assert.deepEqual(
    [terminals.getCell('H5').value, terminals.getCell('H5').alignment.wrapText],
    ['結果不明 1件 300円。　x', undefined],
  );
  await workbook.xlsx.load(
    (await writeWorkbook(viewWith('長い説明'.repeat(30)))) as unknown as exceljs.Buffer,
  );
  assert.equal(
    workbook.getWorksheet('端末との差')?.getCell('H5').alignment.wrapText,
    true,
    'whole, in lines',
  );
});

test('in a CSV file no text begins like a formula, numbers below 0 are bare, and its end says what it was made from', () => {
  for (const attack of ATTACKS) {
    const figures = figuresOf(attack);
    const text = writeTable(figures.lines, figures.names, originSection(viewWith(attack).origin, period));
    assert.ok(text.startsWith('\uFEFF種別,日付,'), 'UTF-8 with its mark');
    const { rows, faults } = parseCsv(text);
    assert.deepEqual(faults, []);
    const [first] = rows.filter(({ cells }) => cells['区分'] === '返金');
    assert.equal(first?.cells['項目'], attack, 'and it is read back as it was');
    assert.deepEqual([first.cells['収納額（税込）'], first.cells['日付']], ['-400', DAY]);
    assert.ok(text.includes(',-400,'), 'a number below 0 is no text');
    for (const line of text.slice(1).split(/\r\n(?=種別|明細|注記)/)) {
      for (const cell of line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
        const shown = cell.startsWith('"') ? cell.slice(1) : cell;
        if (!/^-?\d+$/.test(shown)) assert.doesNotMatch(shown, /^\s*[=+\-@＝＋－＠]/, JSON.stringify(cell));
      }
    }
    const notes = rows
      .filter(({ cells }) => cells['種別'] === '注記')
      .map(({ cells }) => cells['備考'] ?? '');
    assert.ok(notes.some((note) => note.includes('2026-03-31 から 2026-03-31 まで')));
    assert.ok(
      notes.some((note) => note.includes('令和8年4月1日(水) 0:30')),
      'made at, in Tokyo',
    );
    assert.ok(notes.some((note) => note.includes('前の年度')));
  }
});

test('CP932 has what printers have; twins of Unicode are mapped, and what is missing is told with its place', async () => {
  const kept = '髙﨑栁濵㈱①～－―∥￥\\、ABC';
  assert.deepEqual(await encodeCp932(kept), { bytes: iconv.encode(kept, 'cp932'), missing: [] });
  const twins = await encodeCp932('9:00〜17:00 −400 — ‖ ¥ か\u3099');
  assert.deepEqual(twins.missing, []);
  assert.equal(iconv.decode(twins.bytes, 'cp932'), '9:00～17:00 －400 ― ∥ ￥ が');
  const told = await encodeCp932('受付 𠮷田 花子?、葛\u{E0100}飾、😀');
  assert.deepEqual(
    told.missing.map(({ character }) => character),
    ['𠮷', '\u{E0100}', '😀'],
  );
  assert.equal(told.missing[0]?.within, '受付 𠮷田 花子');
  assert.equal(iconv.decode(told.bytes, 'cp932'), '受付 〓田 花子?、葛〓飾、〓');
});

test('a page of paper sets what the first font has not in the second, and tells what neither has', async () => {
  const set = createTypesetter(await loadFonts());
  assert.deepEqual(set.runsOf('𠮷田', 'regular'), [
    { font: 'other', text: '𠮷' },
    { font: 'regular', text: '田' },
  ]);
  assert.deepEqual(set.runsOf('葛\u{E0100}', 'bold'), [{ font: 'bold', text: '葛' }]);
  assert.deepEqual([...set.missing], []);
  assert.deepEqual(set.runsOf('\u{1F600}', 'regular'), [{ font: 'regular', text: '〓' }]);
  assert.deepEqual([...set.missing], ['\u{1F600}']);
  const lines = set.wrap('使用料及び手数料/手数料/総務手数料、1,234円', 'regular', 10, 80);
  assert.equal(lines.join(''), '使用料及び手数料/手数料/総務手数料、1,234円');
  assert.ok(lines.every((line) => set.widthOf(line, 'regular', 10) <= 90 && !line.startsWith('、')));
  for (const attack of ['𠮷田😀', '']) {
    const bytes = await writePaper(viewWith(attack));
    assert.ok(bytes.subarray(0, 5).equals(Buffer.from('%PDF-')) && bytes.byteLength < 400_000);
  }
});

test('years are the era’s where they are shown: the first is 元年, a fiscal year begins in April', () => {
  assert.equal(eraDate('2019-05-01'), '令和元年5月1日(水)');
  assert.equal(eraDate('2019-04-30'), '平成31年4月30日(火)');
  assert.deepEqual(['2025-03-31', '2019-05-01', '2019-04-30'].map(shortEraDate), [
    'R7.3.31',
    'R1.5.1',
    'H31.4.30',
  ]);
  assert.equal(eraDate('2029-11-01'), '令和11年11月1日(木)');
  assert.equal(eraFiscalYear('2020-03-31'), '令和元年度');
  const march = periodOf('year', '2027-03-31');
  assert.deepEqual([march.from, march.until, march.nameJa], ['2026-04-01', '2027-03-31', '令和8年度']);
  assert.deepEqual(periodOf('month', '2028-02-10').until, '2028-02-29');
});
