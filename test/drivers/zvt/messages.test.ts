import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeApdu } from '../../../drivers/zvt/apdu.ts';
import { bcd, encodeField } from '../../../drivers/zvt/bitmaps.ts';
import { maskCardBytes } from '../../../src/card-mask.ts';
import {
  readAborted,
  readAnswer,
  readCompletionCode,
  readIntermediate,
  readRegistered,
  readTerminalStatus,
  readTotals,
} from '../../../drivers/zvt/messages.ts';
import { encodeTlv } from '../../../drivers/zvt/tlv.ts';
import { hex } from './support.ts';

/** A well-known number for tests, no card's. */
const CARD_NUMBER = '4111111111111111';

describe('a status information', () => {
  const approved = hex(
    '040f3c 2700 04000000001000 0b000001 0c185401 0d1123 1960 2999000001 3b4130303030303100 490392 870001 8aff' +
      '8bf0f74e414e41434f00 060441028014',
  );

  test('is read field by field', () => {
    const answer = readAnswer(approved);
    assert.deepEqual(answer, {
      verdict: 'approved',
      resultCode: '00',
      amountYen: 1_000,
      currency: '392',
      method: 'emoney',
      brand: 'nanaco',
      brandName: 'nanaco',
      terminalId: '99000001',
      receiptNumber: '0001',
      traceNumber: '000001',
      approvalCode: 'A000001',
      terminalTime: '11-23T18:54:01',
      raw: approved.toString('hex'),
    });
  });

  test('says null where the terminal says nothing, and is neither yes nor no without a result code', () => {
    const answer = readAnswer(hex('040f07 04000000001000'));
    assert.equal(answer.verdict, 'unlisted');
    assert.equal(answer.currency, null);
    assert.equal(answer.terminalTime, null);
  });

  test('keeps what it can read before an unknown bitmap', () => {
    const answer = readAnswer(encodeApdu('040f', hex('2700 04000000000400 7e 9999')));
    assert.deepEqual([answer.verdict, answer.amountYen], ['approved', 400]);
  });

  test('the long trace number stands in for a short one of zeros', () => {
    const answer = readAnswer(encodeApdu('040f', hex('2700 0b000000 0607 1f2b04 01234567')));
    assert.equal(answer.traceNumber, '01234567');
  });

  test('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const answer = readAnswer(Buffer.concat([hex('040f'), Buffer.from(bytes)]));
        assert.ok(answer.raw.length === (bytes.length + 2) * 2);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('card data', () => {
  const digitsOf = (value: string): string => value.replaceAll(/[^0-9]/g, '');

  test('a card number keeps its first six and last four digits, masked digits and padding stay', () => {
    const masked = (bcdNumber: string): string =>
      readAnswer(encodeApdu('040f', Buffer.concat([hex('2700'), encodeField('22', hex(bcdNumber))]))).raw;
    assert.match(masked(CARD_NUMBER), /22f0f8411111eeeeee1111$/);
    assert.match(masked('411111111111111f'), /22f0f8411111eeeee1111f$/);
    assert.match(masked('559883eeeeee8074'), /22f0f8559883eeeeee8074$/);
  });

  for (const [where, field] of [
    ['track 1', encodeField('2d', Buffer.from(`B${CARD_NUMBER}^X`))],
    ['track 2', encodeField('23', hex(`${CARD_NUMBER}d2512101`))],
    ['track 3', encodeField('24', hex(CARD_NUMBER))],
    ['chip data', encodeField('2e', hex(`5a08${CARD_NUMBER}`))],
    ['the additional text', encodeField('3c', Buffer.from(`CARD 4111 1111 1111 1111`))],
    [
      'EMV tag 5A inside the TLV container',
      encodeField('06', encodeTlv('60', encodeTlv('5a', hex(CARD_NUMBER)))),
    ],
    [
      'EMV tag 57 inside the TLV container',
      encodeField('06', encodeTlv('57', hex(`${CARD_NUMBER}d2512`.padEnd(22, '0')))),
    ],
    ['a tag that nobody knows', encodeField('06', encodeTlv('1f6f', hex(`01${CARD_NUMBER}`)))],
    ['a container that can not be read', hex(`06 0a 5a ff ${CARD_NUMBER}`)],
    ['the rest behind an unknown bitmap', hex(`7e 0${CARD_NUMBER}0`)],
    ['the rest behind an unknown bitmap, as text', Buffer.concat([hex('7e'), Buffer.from(CARD_NUMBER)])],
  ] as const) {
    test(`no card number comes out of ${where}`, () => {
      const answer = readAnswer(encodeApdu('040f', Buffer.concat([hex('2700'), field])));
      assert.ok(!JSON.stringify(answer).includes(CARD_NUMBER));
      assert.ok(!digitsOf(hex(answer.raw).toString('latin1')).includes(CARD_NUMBER));
      assert.equal(answer.verdict, 'approved', 'masking refuses nothing');
    });
  }

  test('letters are not mistaken for digits: a card name stays a card name', () => {
    const name = encodeField('8b', Buffer.from('Debit Mastercard\0'));
    assert.equal(readAnswer(encodeApdu('040f', name)).brandName, 'Debit Mastercard');
  });

  test('long numbers that are no card numbers stay readable', () => {
    const text = Buffer.from('RECEIPT 1234567890123 TOTAL 0000000000000');
    maskCardBytes(text);
    assert.equal(text.toString(), 'RECEIPT 1234567890123 TOTAL 0000000000000');
  });
});

describe('other messages of a terminal', () => {
  test('totals are seven classes of a binary count and a BCD sum', () => {
    const row = (count: number, yen: number): Buffer => Buffer.concat([Buffer.of(count), bcd(yen, 6)]);
    const sums = [row(0, 0), row(2, 800), row(0, 0), row(0, 0), row(255, 102_000), row(0, 0), row(3, 1_200)];
    const totals = readTotals(
      encodeApdu(
        '040f',
        Buffer.concat([
          hex('2700'),
          encodeField('04', bcd(104_000, 6)),
          encodeField('60', Buffer.concat([hex('00010260'), ...sums])),
        ]),
      ),
    );
    assert.equal(totals?.totalYen, 104_000);
    assert.deepEqual(totals.rows[4], { bucket: 'visa', count: 255, amountYen: 102_000 });
    assert.equal(readTotals(encodeApdu('040f', hex('2700'))), undefined);
  });

  test('the end of a status enquiry has no bitmaps: an optional version, then the raw status', () => {
    assert.equal(readTerminalStatus(hex('F0F0F7 322E31342E3135 00')), '00');
    assert.equal(readTerminalStatus(hex('9C')), '9c');
    assert.equal(readTerminalStatus(hex('F0')), 'f0', 'a status alone, not the beginning of a version');
    assert.equal(readTerminalStatus(hex('')), undefined);
  });

  test('a status may look like the beginning of a version: only three digits behind an F are one', () => {
    assert.equal(readTerminalStatus(hex('F0 06 04 1F72 01 00')), 'f0');
    assert.equal(readTerminalStatus(hex('F0F0F2 4142 9C 06 00')), '9c', 'with a container behind it');
  });

  test('the end of a registration says who answers, in which currency, and what was agreed', () => {
    assert.deepEqual(readRegistered(encodeApdu('060f', hex('1900 2999000001 490392'))), {
      terminalId: '99000001',
      currency: '392',
      charset: undefined,
      hasMessageIds: false,
    });
    const agreed = encodeApdu('060f', hex('1900 060b 2703 1401fe 1f7303 000000'));
    assert.deepEqual(readRegistered(agreed), {
      terminalId: null,
      currency: null,
      charset: 0xfe,
      hasMessageIds: true,
    });
    assert.equal(readRegistered(hex('060f00')).terminalId, null);
  });

  test('the end of other commands is empty or has bitmaps: 27 E0 announces an update', () => {
    assert.equal(readCompletionCode(hex('060f00')), null);
    assert.equal(readCompletionCode(encodeApdu('060f', hex('27E0'))), 'e0');
    assert.equal(readCompletionCode(encodeApdu('060f', hex('0C101112 2700 29 99000001'))), '00');
  });

  test('an abort begins with a raw code, with 6F a raw currency follows, then bitmaps', () => {
    const read = (data: string) => readAborted(encodeApdu('061e', hex(data)));
    assert.deepEqual(read('6C'), { resultCode: '6c', currency: null, makerCode: null, makerText: null });
    assert.equal(read('6F 0978').currency, '978');
    assert.equal(read('B8 87 0007').resultCode, 'b8');
    const failed = read('FF 06 0b 1F1602 0102 1F1703 414243');
    assert.equal(failed.makerCode, '0102');
    assert.equal(failed.makerText, 'ABC');
    assert.equal(read('').resultCode, 'none');
  });

  test("a host's own code in BMP A0 is no approval, although 27 says 00", () => {
    const answer = readAnswer(encodeApdu('040f', hex('2700 04000000000400 A0A1')));
    assert.equal(answer.verdict, 'unlisted');
    assert.equal(answer.resultCode, '00/a1');
    assert.equal(readAnswer(encodeApdu('040f', hex('2700 A000'))).verdict, 'approved');
  });

  test('the trace of what a reversal has cancelled is read, zeros mean none', () => {
    assert.equal(readAnswer(encodeApdu('040f', hex('2700 37000012'))).undoneTrace, '000012');
    assert.equal(readAnswer(encodeApdu('040f', hex('2700 37000000'))).undoneTrace, undefined);
    assert.equal(readAnswer(encodeApdu('040f', hex('2700'))).undoneTrace, undefined);
  });

  test('tag 1F1F stands in for a receipt number that is not there', () => {
    assert.equal(readAnswer(encodeApdu('040f', hex('2700 0605 1f1f02 0042'))).receiptNumber, '0042');
    assert.equal(readAnswer(encodeApdu('040f', hex('2700 870041 0605 1f1f02 0042'))).receiptNumber, '0041');
  });

  test('an intermediate status may bring minutes and a text for the display', () => {
    assert.deepEqual(readIntermediate(hex('0a05')), { status: 0x0a, t4Ms: 300_000, hint: null });
    assert.deepEqual(readIntermediate(hex('ff00 0606 2404 07024f4b')), {
      status: 0xff,
      t4Ms: null,
      hint: 'OK',
    });
  });
});
