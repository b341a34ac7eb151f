/** Statements by their declared formats: the samples, and what is wrong with a file, with its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementFormat } from '../../../src/reconcile/statements/format.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { atOnce, givingWay } from '../../../src/reconcile/statements/slices.ts';
import { readStatement, type ReadStatement } from '../../../src/reconcile/statements/statement.ts';
import { readDate, readInstant, readTime, readYen } from '../../../src/reconcile/statements/values.ts';
import { sampleFile } from '../../support/statements.ts';

const formats = new Map(sampleFormats().map((format) => [format.code, format]));

function formatOf(code: string): StatementFormat {
  const format = formats.get(code);
  if (format === undefined) throw new Error(code);
  return format;
}

const read = (code: string): ReadStatement => atOnce(readStatement(sampleFile(code), formatOf(code)));

/** With some bytes of it exchanged; both are ASCII. */
function changed(code: string, from: string, to: string): ReadStatement {
  const text = Buffer.from(sampleFile(code)).toString('latin1');
  assert.ok(text.includes(from));
  return atOnce(readStatement(Buffer.from(text.replace(from, to), 'latin1'), formatOf(code)));
}

const told = ({ faults }: ReadStatement): string[] => faults.map(({ line, message }) => `${line} ${message}`);

test('a card acquirer’s month: CP932, preamble with batch and pay day in 和暦, △, a trailer that adds up', () => {
  const { status, lines } = read('card-monthly');
  assert.equal(status, 'readable');
  assert.deepEqual(
    lines.map(({ kind, yen, feeYen, onDate, brand, slip }) => [kind, yen, feeYen, onDate, brand, slip]),
    [
      ['sale', 400, 13, '2026-11-05', 'visa', '12'],
      ['sale', 1300, 42, '2026-11-06', 'mastercard', '31'],
      ['sale', 300, 10, '2026-11-09', 'jcb', '44'],
      ['refund', -400, -13, '2026-11-10', 'visa', '51'],
    ],
  );
  assert.deepEqual([lines[0]?.batch, lines[0]?.paysOn, lines[0]?.lineNumber], ['KC202611', '2026-12-28', 5]);
});

test('e-money by brand: fixed places in bytes, unsigned amounts, nanaco’s negative row', () => {
  const { status, lines, faults } = read('emoney-fixed');
  assert.deepEqual([status, faults], ['readable', []]);
  assert.deepEqual(
    lines.map(({ kind, yen, feeYen, brand, at }) => [kind, yen, feeYen, brand, at]),
    [
      ['sale', 200, 6, 'transit_ic', '2026-11-04T00:15:00.000Z'],
      ['sale', 300, 9, 'nanaco', '2026-11-04T01:12:00.000Z'],
      ['sale', 400, 13, 'waon', '2026-11-05T05:30:00.000Z'],
      ['refund', -300, -9, 'nanaco', '2026-11-06T02:05:00.000Z'],
    ],
  );
});

test('a code provider’s day, the bank’s account in 全銀, and a payout with its transactions', () => {
  assert.deepEqual(
    read('qr-daily').lines.map(({ yen, brand }) => [yen, brand]),
    [
      [300, 'paypay'],
      [400, 'd_barai'],
      [750, 'au_pay'],
      [-300, 'paypay'],
    ],
  );
  assert.deepEqual(
    read('zengin-account').lines.map(({ kind, yen, onDate, payer }) => [kind, yen, onDate, payer]),
    [
      ['deposit', 1113, '2026-11-27', 'ｺ-ﾄﾞｹﾂｻｲ(ｶ'],
      ['deposit', 563, '2026-12-15', 'ﾃﾞﾝｼﾏﾈ-(ｶ'],
      ['deposit', 1548, '2026-12-28', 'ｶ-ﾄﾞｶｲｼﾔ(ｶ'],
      ['withdrawal', -220, '2026-12-28', 'ﾃｽｳﾘﾖｳ'],
    ],
  );
  const payout = read('payouts-api');
  assert.equal(payout.status, 'readable', told(payout).join());
  assert.deepEqual(
    payout.lines.map(({ providerId }) => providerId),
    ['pi_1', 'pi_2', 're_1'],
  );
});

test('an itemized report of payouts says the same as the API, in yen with decimals that are none', () => {
  const { status, lines } = read('payout-itemized');
  assert.equal(status, 'readable');
  assert.deepEqual(
    lines.map(({ kind, yen, feeYen, onDate, providerId, batch, paysOn }) => [
      ...[kind, yen, feeYen, onDate, providerId, batch, paysOn],
    ]),
    [
      ['sale', 400, 13, '2026-11-24', 'pi_11', 'po_2', '2026-11-30'],
      ['sale', 1300, 42, '2026-11-24', 'pi_12', 'po_2', '2026-11-30'],
      ['refund', -400, 0, '2026-11-25', 're_13', 'po_2', '2026-11-30'],
    ],
  );
  const unknown = changed('payout-itemized', ',refund,', ',risk_reserved_funds,');
  assert.match(told(unknown).join(), /4 「risk_reserved_funds」は知らない種別です/);
});

test('a category that nobody has declared stops the whole file', () => {
  const payout = changed('payouts-api', '"refund",', '"risk_reserved_funds",');
  assert.equal(payout.status, 'unreadable');
  assert.match(told(payout)[0] ?? '', /^3 「risk_reserved_funds」は知らない種別です/);
});

test('each broken line is told with its number, all at once', () => {
  const file = changed('card-monthly', 'R08/11/06', 'R08/13/06');
  assert.deepEqual([file.status, told(file)], ['unreadable', ['6 「R08/13/06」は日付として読めません。']]);
  assert.match(told(changed('card-monthly', ',400,13,', ',4oo,13,')).join(), /5 「4oo」は金額/);
  assert.match(
    told(changed('emoney-fixed', '0000000400', '000000400')).join(),
    /4 長さが 80 バイトではありません（79 バイト）/,
  );
  assert.match(
    told(changed('qr-daily', '\t750\t', '\t-750\t')).join(),
    /4 「-750」は、この種別の金額の符号と合いません/,
  );
});

test('totals that do not hold are told, and a file without its trailer is taken for cut', () => {
  const off = changed('card-monthly', '"1,600"', '"1,700"');
  assert.deepEqual(
    [off.status, told(off)],
    ['control_differs', ['9 金額の合計が合いません（ファイルの合計 1,700、明細の合計 1,600）。']],
  );
  const bytes = sampleFile('zengin-account');
  const cut = atOnce(readStatement(bytes.subarray(0, 800), formatOf('zengin-account')));
  assert.match(told(cut).join(), /途中で切れたファイルかもしれません/);
  const payout = changed('payouts-api', '"amount": 750', '"amount": 751');
  assert.equal(payout.status, 'control_differs');
});

test('another encoding, JSON that is cut, a quote that is open: said, not guessed', () => {
  const card = formatOf('card-monthly');
  assert.match(
    told(atOnce(readStatement(sampleFile('card-monthly'), { ...card, encoding: 'utf-8' }))).join(),
    /^1 .*UTF-8 ではありません/,
  );
  const payouts = formatOf('payouts-api');
  assert.match(
    told(atOnce(readStatement(sampleFile('payouts-api').subarray(0, 300), payouts))).join(),
    /JSON として読み取れません/,
  );
  assert.match(told(changed('card-monthly', '"1,600"', '"1,600')).join(), /引用符/);
});

test('cut anywhere, a file with a header or a trailer never gives half of an amount', () => {
  const qr = sampleFile('qr-daily');
  const format = formatOf('qr-daily');
  const whole = atOnce(readStatement(qr, format)).lines;
  for (let end = 0; end < qr.length; end += 1) {
    const { status, lines } = atOnce(readStatement(qr.subarray(0, end), format));
    // What is readable is lines that stand in the whole file, to the yen.
    if (status === 'readable')
      for (const [index, { yen, feeYen }] of lines.entries())
        assert.deepEqual([yen, feeYen], [whole[index]?.yen, whole[index]?.feeYen], `cut at ${String(end)}`);
  }
  const card = sampleFile('card-monthly');
  for (let end = 0; end < card.length - 16; end += 1)
    assert.notEqual(
      atOnce(readStatement(card.subarray(0, end), formatOf('card-monthly'))).status,
      'readable',
    );
  const cut = changed('qr-daily', '\t9\tQR', '');
  assert.match(told(cut)[0] ?? '', /^2 列が足りません（この行は\d列、ほかは10列）/);
});

test('a line that stands twice in a 全銀 file, and one that is missing, is refused by its trailer', () => {
  const bytes = Buffer.from(sampleFile('zengin-account'));
  const [head, first, rest] = [bytes.subarray(0, 200), bytes.subarray(200, 400), bytes.subarray(400)];
  const doubled = atOnce(
    readStatement(Buffer.concat([head, first, first, rest]), formatOf('zengin-account')),
  );
  assert.deepEqual(
    [doubled.status, told(doubled)],
    [
      'control_differs',
      [
        '7 件数の合計が合いません（ファイルの合計 3、明細の合計 4）。',
        '7 金額の合計が合いません（ファイルの合計 3,224、明細の合計 4,337）。',
      ],
    ],
  );
  const missing = atOnce(readStatement(Buffer.concat([head, rest]), formatOf('zengin-account')));
  assert.equal(missing.status, 'control_differs');
});

test('cells too many are told: an amount that holds the delimiter, or two lines in one, is not read as another', () => {
  const split = changed('qr-daily', '\t750\t', '\t1\t750\t');
  assert.match(told(split).join(), /^4 列が多すぎます（この行は11列、ほかは10列）/);
  const empty = Buffer.from(sampleFile('qr-daily'))
    .toString('utf8')
    .replaceAll('2026-11-27', '2026-11-27\t\t');
  assert.equal(atOnce(readStatement(Buffer.from(empty), formatOf('qr-daily'))).status, 'readable');
});

test('a day and a time without a zone are Japan’s; with one, they are what they were in Japan', () => {
  const at = (instant: string): unknown[] => {
    const { lines } = changed('qr-daily', '2026-11-24 09:10:05', instant);
    return [lines[0]?.onDate, lines[0]?.at];
  };
  assert.deepEqual(at('2026-11-24 09:10:05'), ['2026-11-24', '2026-11-24T00:10:05.000Z']);
  assert.deepEqual(at('2026-11-24 23:59:59'), ['2026-11-24', '2026-11-24T14:59:59.000Z']);
  assert.deepEqual(at('2026-11-24T15:00:00Z'), ['2026-11-25', '2026-11-24T15:00:00.000Z']);
  assert.deepEqual(at('2026-11-24T23:10:05+01:00'), ['2026-11-25', '2026-11-24T22:10:05.000Z']);
  assert.deepEqual(at('2026-11-24T09:10:05+09:00'), ['2026-11-24', '2026-11-24T00:10:05.000Z']);
});

test('CR alone as the end of lines is said to be that, with or without fixed places', () => {
  for (const code of ['card-monthly', 'emoney-fixed', 'qr-daily', 'zengin-account']) {
    const text = Buffer.from(sampleFile(code)).toString('latin1');
    const lines = code === 'zengin-account' ? (text.match(/.{200}/gs) ?? []) : text.split(/\r?\n/);
    const bytes = Buffer.from(lines.join('\r'), 'latin1');
    assert.match(
      told(atOnce(readStatement(bytes, formatOf(code)))).join(),
      /^1 行の終わりが CR だけです/,
      code,
    );
  }
});

test('a large file is read in slices: whoever asks between two of them is answered, and told how far it is', async () => {
  const [head = '', first = ''] = Buffer.from(sampleFile('qr-daily')).toString('utf8').split('\n');
  const bytes = Buffer.from([head, ...Array.from({ length: 5_000 }, () => first)].join('\n'));
  let [asked, answered, known] = [0, 0, 0];
  const read = await givingWay(readStatement(bytes, formatOf('qr-daily')), ({ done, of }) => {
    assert.equal(answered, asked, 'who asked in the slice before has been answered');
    asked += 1;
    setImmediate(() => (answered += 1));
    known = of === 0 ? known : done / of;
  });
  assert.ok(asked >= 10, String(asked));
  assert.ok(known > 0.9 && known < 1, String(known));
  assert.deepEqual([read.status, read.lines.length], ['readable', 5_000]);
});

test('UTF-16, as spreadsheets save “Unicode text”, and nothing at all are said to be that, whatever the layout', () => {
  for (const code of ['card-monthly', 'emoney-fixed', 'qr-daily', 'payouts-api', 'zengin-account']) {
    for (const mark of ['\uFEFF', '']) {
      const utf16 = atOnce(readStatement(Buffer.from(`${mark}1,2026/11/24,300`, 'utf16le'), formatOf(code)));
      assert.match(told(utf16).join(), /^1 文字コードが UTF-16 です/, code);
    }
    assert.deepEqual(told(atOnce(readStatement(new Uint8Array(), formatOf(code)))), ['1 ファイルが空です。']);
  }
});

test('dates and amounts in every form that statements use', () => {
  const eras = [
    '令和8年11月30日',
    'R8.11.30',
    '令和元年5月1日',
    '平成31年4月30日',
    'R08-02-29',
    '昭和64年1月7日',
  ];
  assert.deepEqual(
    eras.map((text) => readDate(text, 'era')),
    ['2026-11-30', '2026-11-30', '2019-05-01', '2019-04-30', undefined, undefined],
  );
  assert.equal(readDate('２０２６/１１/3', 'iso'), '2026-11-03');
  assert.equal(readDate('1795480000', 'epoch'), '2026-11-24');
  // Late in London is the next day here.
  assert.equal(readDate('2026-11-24T23:30:00Z', 'iso'), '2026-11-25');
  assert.equal(readDate('2026-11-24 00:30:00+09:00', 'iso'), '2026-11-24');
  assert.equal(readDate('2026-11-24 09:10:05', 'iso'), '2026-11-24');
  assert.equal(readDate('2026-11-24T25:10:05Z', 'iso'), undefined);
  assert.equal(readTime('2026-11-24', '0905'), '2026-11-24T00:05:00.000Z');
  assert.equal(readTime('2026-11-24', '2561'), undefined);
  assert.equal(readInstant('2026-11-24T09:05:00Z', 'iso'), '2026-11-24T09:05:00.000Z');
  assert.deepEqual(
    ['1,234', '¥400', '△400', '(400)', '400-', '400.00', '400.50', '', '－５００', '(400'].map(readYen),
    [1234, 400, -400, -400, -400, 400, undefined, undefined, -500, undefined],
  );
});
