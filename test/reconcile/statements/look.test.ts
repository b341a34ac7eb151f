/** A file that nobody has said anything about: its shape, what its columns may mean, and totals that hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import iconv from 'iconv-lite';
import { findControls } from '../../../src/reconcile/statements/controls.ts';
import type { AskedLook, StatementFormat } from '../../../src/reconcile/statements/format.ts';
import { lookAt } from '../../../src/reconcile/statements/look.ts';
import { guessDateForm } from '../../../src/reconcile/statements/meaning.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { guessShape } from '../../../src/reconcile/statements/shape.ts';
import { atOnce } from '../../../src/reconcile/statements/slices.ts';
import { readStatement } from '../../../src/reconcile/statements/statement.ts';
import type { FileLook, FormatView } from '../../../src/reconcile/statements/view.ts';
import { guessBrand } from '../../../src/web/office/format-brands.ts';
import { asTried, draftOf, EMPTY, isPlace } from '../../../src/web/office/format-draft.ts';
import { encodeShiftJis } from '../../support/shift-jis.ts';
import { sampleFile } from '../../support/statements.ts';

const UNSAID: AskedLook = { shape: null, places: [] };
const BRANDS = new Map([
  ['visa', 'Visa'],
  ['mastercard', 'Mastercard'],
  ['jcb', 'JCB'],
  ['paypay', 'PayPay'],
  ['d_barai', 'd払い'],
  ['au_pay', 'au PAY'],
]);
const nobody = { formats: [], brandNames: BRANDS };
const textFile = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const look = (text: string): FileLook => atOnce(lookAt(textFile(text), UNSAID));

const sample = (code: string): StatementFormat => {
  const found = sampleFormats().find((format) => format.code === code);
  assert.ok(found !== undefined);
  return found;
};

test('each sample is guessed to have the shape that its declaration gives it', () => {
  for (const { code, encoding, layout, preambleLines } of sampleFormats()) {
    const guessed = atOnce(guessShape(sampleFile(code)));
    assert.deepEqual({ ...guessed }, { encoding, layout, preambleLines }, code);
  }
});

test('what is guessed of the samples that name their columns reads them as their declarations do', () => {
  for (const code of ['card-monthly', 'qr-daily', 'payouts-api', 'zengin-account']) {
    const bytes = sampleFile(code);
    const draft = draftOf(EMPTY, atOnce(lookAt(bytes, UNSAID)), nobody);
    const [guessed, declared] = [
      atOnce(readStatement(bytes, asTried(draft))),
      atOnce(readStatement(bytes, sample(code))),
    ];
    const told = ({ lines }: typeof guessed): unknown[] =>
      lines.map(({ kind, yen, feeYen, onDate, at, batch, paysOn, payer }) => [
        ...[kind, yen, feeYen, onDate, at, batch, paysOn, payer],
      ]);
    assert.deepEqual([guessed.status, told(guessed)], ['readable', told(declared)], code);
  }
});

test('an acquirer abroad that names its columns in English is guessed as well', () => {
  const head = 'payment_id,scheme,source,type,currency,amount,net_amount,fee,total_fee,transaction_date';
  const rows = [
    '9f1c-1,visa,Credit Card,pay,JPY,400,387,12,13,2025-03-28 10:15:02',
    '9f1c-2,mastercard,Credit Card,pay,JPY,1300,1258,38,42,2025-03-28 11:02:41',
    '9f1c-1,visa,Credit Card,refund,JPY,-400,-400,0,0,2025-03-29 09:40:10',
  ];
  const { guess } = atOnce(lookAt(Buffer.from([head, ...rows].join('\n')), { shape: null, places: [] }));
  assert.deepEqual(guess?.kind, { from: 'type', values: { pay: 'sale', refund: 'refund' } });
  assert.equal(guess.brandFrom, 'scheme');
  const { onDate, yen, fee, providerId } = guess.fields;
  assert.deepEqual([onDate, yen, fee], [{ from: 'transaction_date', form: 'iso' }, 'amount', 'total_fee']);
  assert.equal(providerId, 'payment_id');
});

test('where a file says whose it is is guessed, and which number is the city’s is not', () => {
  const head = '加盟店番号,ご利用日,ご利用金額,加盟店取引ID';
  const { guess } = look(`${head}\n1234567,2026/11/24,300,x-1\n`);
  assert.deepEqual(
    [guess?.merchantFrom, guess?.fields.reference],
    [{ from: '加盟店番号', above: false }, '加盟店取引ID'],
  );
  const above = look('明細書,11月\n店舗番号,0042\nご利用日,ご利用金額,種別\n2026/11/24,300,売上\n');
  assert.deepEqual(above.guess?.merchantFrom, { from: '2:2', above: true });
  assert.equal(look('ご利用日,ご利用金額\n2026/11/24,300\n').guess?.merchantFrom, null);
  assert.deepEqual(look('取引日,支店番号,口座番号,金額\n2026/11/24,123,1234567,300\n').guess?.merchantFrom, {
    ...{ from: '口座番号', above: false, within: ['支店番号'] },
  });
  const payout = atOnce(lookAt(sampleFile('payout-itemized'), UNSAID));
  assert.equal(payout.guess?.fields.providerId, 'payment_intent_id', 'and no number of a booking');
  const shape = { encoding: 'cp932', layout: { kind: 'fixed', recordBytes: 200 }, preambleLines: 0 } as const;
  const bank = atOnce(lookAt(sampleFile('zengin-account'), { shape, places: ['1:64-73'] }));
  assert.deepEqual(bank.common, [{ from: '1:64-73', nameJa: '1行目の64-73バイト', value: '0001234567' }]);
});

test('totals of the last line that the lines add up to are found, and no others', () => {
  const bytes = sampleFile('card-monthly');
  const format = { ...sample('card-monthly'), controls: [] };
  const { lines } = atOnce(readStatement(bytes, format));
  assert.deepEqual(atOnce(findControls(bytes, format, lines)), sample('card-monthly').controls);
  const off = Buffer.from(bytes).toString('latin1').replace('"1,600"', '"1,700"');
  assert.deepEqual(
    atOnce(findControls(Buffer.from(off, 'latin1'), format, lines)).map(({ what }) => what),
    ['count', 'fee'],
  );
});

test('of a column, the values of details alone are offered; places of fixed records as they are asked for', () => {
  const card = atOnce(lookAt(sampleFile('card-monthly'), UNSAID));
  const kinds = card.columns.find(({ from }) => from === '精算区分');
  assert.deepEqual([kinds?.values, kinds?.nameJa], [['売上', '取消'], '9 精算区分']);
  const { records, encoding, layout, preambleLines } = sample('emoney-fixed');
  assert.ok(records !== undefined);
  const shape = { encoding, layout, preambleLines };
  const fixed = atOnce(lookAt(sampleFile('emoney-fixed'), { shape, records, places: ['30-31', '200-210'] }));
  assert.deepEqual(
    fixed.columns.map(({ from, values }) => [from, values]),
    [
      ['1', ['1', '2', '8', '9']],
      ['30-31', ['01', '04', '03']],
      ['200-210', ['']],
    ],
  );
  assert.equal(fixed.guess, null);
});

test('a place that cuts a letter in two is no place, and nothing breaks', () => {
  const bytes = encodeShiftJis(`1${'あ'.repeat(15)}\n2${'い'.repeat(15)}\n`);
  const shape = atOnce(guessShape(bytes));
  assert.deepEqual(shape.layout, { kind: 'fixed', recordBytes: 31 });
  const { columns } = atOnce(lookAt(bytes, { shape, places: ['2-3', '3-4'] }));
  assert.deepEqual(
    columns.map(({ values }) => values),
    [['1', '2'], ['あ', 'い'], ['']],
  );
});

test('a header may be missing, doubled, or a number: then columns have their numbers', () => {
  assert.deepEqual(
    look('2026/11/05,VISA,400\n2026/11/06,JCB,300\n').columns.map(({ from }) => from),
    ['1', '2', '3'],
  );
  assert.deepEqual(
    look('利用日,金額,金額\n2026/11/05,400,0\n').columns.map(({ from }) => from),
    ['利用日', '金額', '3'],
  );
  assert.deepEqual(look('').columns, []);
  assert.deepEqual(look('x').shape.layout, { kind: 'delimited', delimiter: ',', header: false });
});

test('a year of two digits is taken for the era in which it is nearer to today', () => {
  const now = new Date('2026-11-27T00:00:00Z');
  assert.equal(guessDateForm(['081127', '081215'], now), 'era_yymmdd');
  assert.equal(guessDateForm(['261127'], now), 'yymmdd');
  assert.equal(guessDateForm(['20261127'], now), 'yyyymmdd');
  assert.equal(guessDateForm(['令和8年11月27日', 'R8.1.5'], now), 'era');
  assert.equal(guessDateForm(['11月'], now), undefined);
  assert.equal(guessDateForm([], now), undefined);
});

test('a brand is known by its name, by the beginning of no other, or by what an earlier format says of it', () => {
  const earlier = { definition: sample('card-monthly') } as FormatView;
  assert.equal(guessBrand('VISA', [], BRANDS), 'visa');
  assert.equal(guessBrand('ｄ払い', [], BRANDS), 'd_barai');
  assert.equal(guessBrand('MASTER', [], BRANDS), 'mastercard');
  assert.equal(guessBrand('AU-PAY', [], BRANDS), 'au_pay');
  assert.equal(guessBrand('銀聯', [earlier], BRANDS), undefined, 'a brand that the city has not');
  assert.equal(guessBrand('01', [], new Map([['01', '01']])), undefined);
  assert.deepEqual(['1', '2-9', '9-2', '0-3', 'x'].map(isPlace), [true, true, false, false, false]);
});

test('a card number among the rows is not shown; figures that stand in a row in fixed records are', () => {
  const cells = (text: string): string[][] => look(text).rows.map((row) => row.cells);
  assert.deepEqual(cells('番号,金額\n4111111111111111,400\n')[1], ['****************', '400']);
  const fixed = `2202611045250004100010104100000000300 4111111111111111\n`;
  assert.deepEqual(
    cells(fixed + fixed).map(([cell]) => cell),
    Array(2).fill('2202611045250004100010104100000000300 ****************'),
  );
});

test('a card number between other digits of a fixed record is not shown, and what is declared tells them apart', () => {
  // Kind, day, terminal, card, amount: nothing stands between them.
  const line = (card: string): string => `220261104525000410000${card}0000000400ｼﾗｲ\n`;
  const cards = ['4111111111111111', '5555555555554444', '3530111333300000'];
  const bytes = iconv.encode(cards.map(line).join(''), 'cp932');
  const { shape } = atOnce(lookAt(bytes, { shape: null, places: [] }));
  assert.equal(shape.layout.kind, 'fixed');
  const shown = (places: string[]): string[] =>
    atOnce(lookAt(bytes, { shape, places })).rows.map(({ cells: [cell = ''] }) => cell);
  for (const [index, card] of cards.entries()) {
    const [cell = ''] = [shown([])[index]];
    assert.ok(!cell.includes(card.slice(-6)), cell);
    assert.equal(cell.length, line(card).length - 1, 'each place stays where it is');
  }
  // The day, the card and the amount are places by now: only the card is hidden.
  assert.deepEqual(
    shown(['2-9', '22-37', '38-47']),
    Array(3).fill(`220261104525000410000${'*'.repeat(16)}0000000400ｼﾗｲ`),
  );
});
