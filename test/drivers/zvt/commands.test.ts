import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeApdu } from '../../../drivers/zvt/apdu.ts';
import { findField, parseFields } from '../../../drivers/zvt/bitmaps.ts';
import {
  ABORT,
  authorisation,
  BALANCE_INQUIRY,
  baudRateChange,
  clockSetting,
  DIAGNOSIS,
  displayText,
  endOfDay,
  headBytesOf,
  initialisation,
  LOG_OFF,
  refund,
  registration,
  repeatReceipt,
  reprintReceipt,
  reversal,
  STATUS_ENQUIRY,
  turnoverTotals,
} from '../../../drivers/zvt/commands.ts';
import { findTlv } from '../../../drivers/zvt/tlv.ts';

const PASSWORD = '000000';

describe('commands', () => {
  for (const [what, command, apdu] of [
    ['authorisation of 1,000 yen', authorisation(1_000), '06010a04000000001000490392'],
    ['reversal', reversal(PASSWORD, '0161', 300), '0630100000008701610400000000030049 0392'],
    ['refund', refund(PASSWORD, 300), '06310d00000004000000000300490392'],
    ['balance inquiry', BALANCE_INQUIRY, '060300'],
    ['repeat receipt', repeatReceipt(PASSWORD), '0620050000000303'],
    ['repeat receipt, to be printed', reprintReceipt(PASSWORD), '062003000000'],
    ['turnover totals', turnoverTotals(PASSWORD), '061003000000'],
    ['end of day', endOfDay(PASSWORD), '065003000000'],
    ['diagnosis', DIAGNOSIS, '067000'],
    ['initialisation', initialisation('123456'), '069303123456'],
    [
      'date and time, which are Japan’s',
      clockSetting(PASSWORD, new Date('2026-12-31T15:04:05Z')),
      '06910b000000 aa270101 0c000405',
    ],
    ['status enquiry', STATUS_ENQUIRY, '050100'],
    ['abort', ABORT, '06b000'],
    ['log-off', LOG_OFF, '060200'],
    ['display text', displayText(['OK', 'A'], 5, false), '06e00b f005 f1f0f24f4b f2f0f141'],
    ['baud rate', baudRateChange(115_200), '08400107'],
  ] as const) {
    test(`${what} is written as specified`, () => {
      assert.equal(command.toString('hex'), apdu.replaceAll(' ', ''));
    });
  }

  test('registration says password, configuration, yen, and in its container what we would like', () => {
    const { control, data } = decodeApdu(registration('123456')) ?? assert.fail();
    assert.equal(control, '0600');
    assert.equal(data.toString('hex', 0, 6), '1234568e0392');
    const { tlv, rest } = parseFields(data.subarray(6));
    assert.equal(rest.length, 0);
    assert.equal(findTlv(tlv, '26', '0a')?.toString('hex'), '06d3', 'receipts as text blocks');
    assert.equal(findTlv(tlv, '12')?.toString('hex'), '48', 'columns of the printer');
    assert.equal(findTlv(tlv, '27', '14')?.toString('hex'), 'fe', 'UTF-8');
    assert.equal(findTlv(tlv, '1a')?.toString('hex'), 'ffff', 'the longest message');
    assert.equal(findTlv(tlv, '1f73')?.toString('hex'), '000000', 'message ids');
  });

  test('the newest known receipt goes into tag 1F1F: empty if none is known, never 0, absent if undecided', () => {
    const tagOf = (command: Buffer): string | undefined => {
      const { control, data } = decodeApdu(command) ?? assert.fail();
      return findTlv(parseFields(data.subarray(headBytesOf(control))).tlv, '1f1f')?.toString('hex');
    };
    for (const write of [
      (mirror?: { receiptNumber: string | null }) => authorisation(400, mirror),
      (mirror?: { receiptNumber: string | null }) => reversal(PASSWORD, '0003', 400, mirror),
      (mirror?: { receiptNumber: string | null }) => refund(PASSWORD, 400, mirror),
      (mirror?: { receiptNumber: string | null }) => endOfDay(PASSWORD, mirror),
    ]) {
      assert.equal(tagOf(write({ receiptNumber: '0012' })), '0012');
      assert.equal(tagOf(write({ receiptNumber: null })), '');
      assert.equal(tagOf(write()), undefined);
    }
  });

  test('any amount of whole yen is written as it is: the yen has no minor unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (amountYen) => {
        const { data } = decodeApdu(authorisation(amountYen)) ?? assert.fail();
        assert.equal(Number(findField(parseFields(data), '04')?.toString('hex')), amountYen);
        assert.equal(findField(parseFields(data), '49')?.toString('hex'), '0392');
      }),
    );
  });

  test('an amount that is no whole number of yen, or too large, is a bug', () => {
    for (const amountYen of [-1, 0.5, 1e12, NaN]) {
      assert.throws(() => authorisation(amountYen));
      assert.throws(() => refund(PASSWORD, amountYen));
    }
  });

  test('a display shows Japanese only where UTF-8 was agreed', () => {
    assert.ok(displayText(['お待ちください'], 3, true).includes(Buffer.from('お待ちください')));
    assert.ok(displayText(['A円'], 3, false).includes(Buffer.from('A?')));
  });

  test('a ninth line and a very long one are cut: the command stays valid', () => {
    const lines = Array.from({ length: 9 }, () => 'x'.repeat(200));
    const { data } = decodeApdu(displayText(lines, 999, false)) ?? assert.fail();
    assert.equal(parseFields(data).rest.length, 0);
    assert.equal(parseFields(data).fields.length, 9, 'a duration and eight lines');
  });
});
