import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeApdu } from '../../../drivers/zvt/apdu.ts';
import { BITMAPS, encodeField } from '../../../drivers/zvt/bitmaps.ts';
import { describeHex, maskedApdu } from '../../../drivers/zvt/describe.ts';
import { encodeTlv } from '../../../drivers/zvt/tlv.ts';
import { hex } from './support.ts';

/** Feig cVEND, test card (github.com/Qwello/zvt, Apache-2.0). */
const FEIG_PAYMENT =
  '040f5a2700040000000025004909780c2255580d040522f0f8559883eeeeee80748702313b37353030373100000b000975' +
  '196029525235350e24058a068c018bf1f14d617374657243617264002a383034303131393236202020202020';

describe('a described message', () => {
  test('names every field of a captured payment', () => {
    const { control, fields, tlv, rest, error } = describeHex(FEIG_PAYMENT);
    assert.deepEqual([control, tlv, rest, error], ['040f', [], null, null]);
    assert.deepEqual(fields, {
      resultCode: '00',
      amountYen: 2500,
      currency: '978',
      time: '225558',
      date: '0405',
      cardNumber: '559883******8074',
      receiptNumber: '0231',
      authorisationAttribute: '750071',
      traceNumber: '000975',
      statusByte: '60',
      terminalId: '52523535',
      expiryDate: '2405',
      cardType: 6,
      networkCardType: 1,
      cardName: 'MasterCard',
      contractNumber: '804011926',
    });
  });

  for (const [what, message, expected] of [
    ['a registration', '06 00 06 123456 BA 0978', { password: '******', configByte: 'ba', currency: '978' }],
    [
      'its completion',
      '06 0F 0A 19 10 29 52523535 49 0978',
      { statusByte: '10', terminalId: '52523535', currency: '978' },
    ],
    [
      'a status with a version',
      '06 0F 0B F0F0F7 322E31342E3135 00',
      { versionLength: 'f0f0f7', softwareVersion: '2.14.15', terminalStatus: '00' },
    ],
    ['a status without one', '06 0F 01 9C', { terminalStatus: '9c' }],
    ['a status that is also a bitmap', '06 0F 01 E0', { terminalStatus: 'e0' }],
    ['a completion that announces an update', '06 0F 02 27 E0', { resultCode: 'e0' }],
    ['an empty completion', '06 0F 00', {}],
    ['an abort', '06 1E 01 6C', { resultCode: '6c' }],
    ['an abort for the currency', '06 1E 03 6F 0978', { resultCode: '6f', currency: '978' }],
    ['an abort with open reservations', '06 1E 04 B8 87 FFFF', { resultCode: 'b8', receiptNumber: 'ffff' }],
    ['a refused registration', '84 1E 03 6F 0978', { resultCode: '6f', currency: '978' }],
    ['a partial issue', '84 9D 07 04 000000002200', { resultCode: '9d', amountYen: 2200 }],
    ['an intermediate status', '04 FF 02 0A 05', { intermediateStatus: '0a', timeoutMinutes: '05' }],
    ['a reversal', '06 30 06 000000 87 0161', { password: '******', receiptNumber: '0161' }],
    [
      'a reversal of a reservation',
      '06 25 08 19 40 87 0231 49 0978',
      { statusByte: '40', receiptNumber: '0231', currency: '978' },
    ],
    ['the same with a password', '06 25 06 123456 87 0231', { password: '******', receiptNumber: '0231' }],
    [
      'receipts to print',
      '06 12 07 000000 0001 0017',
      { password: '******', receiptFrom: '0001', receiptTo: '0017' },
    ],
    ['a printed line', '06 D1 05 40 54455354', { attribute: '40', text: 'TEST' }],
    [
      'a read card command',
      '06 C0 05 0F 19 10 FC 02',
      { timeoutSeconds: 15, statusByte: '10', dialogControl: '02' },
    ],
  ] as const) {
    test(`reads ${what}, whose data depends on its place`, () => {
      const described = describeHex(message);
      assert.deepEqual(described.fields, expected);
      assert.deepEqual([described.rest, described.error], [null, null]);
    });
  }

  test('shows totals by class', () => {
    const sums = Array.from({ length: 7 }, (_, at) => `0${at} 00000000${at}000`).join('');
    const { fields } = describeHex(`04 0F 39 60 F0F5F3 0001 0009 ${sums}`);
    assert.deepEqual(fields['totals'], {
      receiptFrom: '0001',
      receiptTo: '0009',
      classes: ['girocard', 'jcb', 'mastercard', 'amex', 'visa', 'diners', 'other'].map((code, at) => ({
        class: code,
        count: at,
        amountYen: at * 1_000,
      })),
    });
  });

  test('shows text objects as text and containers as trees', () => {
    const container = Buffer.concat([
      encodeTlv('1f07', Buffer.of(1)),
      encodeTlv('25', [encodeTlv('07', Buffer.from('THANK YOU')), encodeTlv('09', Buffer.of(0x81))]),
    ]);
    assert.deepEqual(describeHex(encodeApdu('06d3', encodeField('06', container)).toString('hex')).tlv, [
      { tag: '1f07', value: '01' },
      {
        tag: '25',
        value: '07095448414e4b20594f55090181',
        children: [
          { tag: '07', value: '5448414e4b20594f55', text: 'THANK YOU' },
          { tag: '09', value: '81' },
        ],
      },
    ]);
  });

  test('keeps what stands behind an unknown bitmap and calls it no fault', () => {
    const { fields, rest, error } = describeHex('04 0F 06 27 00 7E 01 02 03');
    assert.deepEqual([fields, rest, error], [{ resultCode: '00' }, '7e010203', null]);
  });

  test('leaves the letters and the spaces of a receipt as they are', () => {
    for (const line of [
      Buffer.from('       H\x84NDLERBELEG 2040', 'latin1'),
      Buffer.from('住民票の写し        300円'),
    ]) {
      const apdu = encodeApdu('06d3', encodeField('06', encodeTlv('25', [encodeTlv('07', line)])));
      assert.equal(maskedApdu(apdu)?.toString('hex'), apdu.toString('hex'));
    }
  });

  for (const [what, message, sentence] of [
    ['an empty line', '  ', /empty/],
    ['what is no hex', '04 0F zz', /not hex/],
    ['an odd number of digits', '040f0', /odd number/],
    ['a message without a length', '040f', /cut short: 2 of at least 3/],
    ['a length that is too long', '040f0327', /says 3 bytes of data, 1 are there/],
    ['a length that is too short', '040f0127002700', /says 1 bytes of data, 4 are there/],
    ['a long length that is cut', '06d3ff01', /FF wants two more bytes/],
    ['a field that is cut', '040f03040000', /bitmap 04 \(amount\) is cut short/],
    ['a length of letters', '040f048b414243', /bitmap 8b \(cardName\)/],
    ['a container that is cut', '040f0406022f05', /TLV container can't be read from its byte 0/],
  ] as const) {
    test(`says what is wrong with ${what}`, () => {
      assert.match(describeHex(message).error ?? '', sentence);
    });
  }

  test('says something of any text and any bytes, and never throws', () => {
    const known = fc.constantFrom(
      '040f',
      '04ff',
      '060f',
      '061e',
      '0600',
      '0601',
      '0623',
      '06c0',
      '06d1',
      '06d3',
      '841e',
      '8000',
    );
    const anyApdu = fc
      .tuple(known, fc.uint8Array({ maxLength: 60 }))
      .map(([control, data]) => encodeApdu(control, data).toString('hex'));
    fc.assert(
      fc.property(
        fc.oneof(
          anyApdu,
          fc.string(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex')),
        ),
        (text) => {
          const { control, error } = describeHex(text);
          assert.ok(control !== null || error !== null);
          assert.doesNotMatch(error ?? '', /\bat .*:\d+/);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test('describes every listed bitmap under a name of its own', () => {
    const names = Object.entries(BITMAPS).flatMap(([bitmap, { format }]) => {
      const value = Buffer.alloc(typeof format === 'number' ? format : 12, 0x01);
      const { fields, error, rest } = describeHex(
        encodeApdu('040f', encodeField(bitmap, value)).toString('hex'),
      );
      assert.deepEqual([rest, bitmap === '06' ? null : error], [null, null], bitmap);
      return Object.keys(fields);
    });
    assert.equal(new Set(names).size, Object.keys(BITMAPS).length - 1);
  });
});

describe('card data in a described message', () => {
  const CARD = '4000001234567899';
  const track2 = hex('4000001234567899d2512201000000000f');
  const cases: [string, Buffer][] = [
    ['the card number', encodeApdu('040f', encodeField('22', hex(CARD)))],
    ['track 2', encodeApdu('040f', encodeField('23', track2))],
    ['EMV tag 57 in a container', encodeApdu('040f', encodeField('06', encodeTlv('57', track2)))],
    [
      'EMV tag 5A deep in a container',
      encodeApdu('040f', encodeField('06', encodeTlv('62', [encodeTlv('60', [encodeTlv('5a', hex(CARD))])]))),
    ],
    [
      'track 1 in a tag',
      encodeApdu('040f', encodeField('06', encodeTlv('1f08', Buffer.from(`B${CARD}^NAME`)))),
    ],
    ['an unknown tag', encodeApdu('040f', encodeField('06', encodeTlv('1f7a', hex(CARD))))],
    ['behind an unknown bitmap', encodeApdu('040f', hex(`7e ${CARD}`))],
    ['a printed line', encodeApdu('06d1', Buffer.from(`\0CARD ${CARD}`, 'latin1'))],
    [
      'a printed text block',
      encodeApdu(
        '06d3',
        encodeField('06', encodeTlv('25', [encodeTlv('07', Buffer.from('4000 0012 3456 7899'))])),
      ),
    ],
    ['a command that nobody knows', encodeApdu('0fa1', hex(CARD))],
    ['a command with tracks', encodeApdu('0601', encodeField('2d', Buffer.from(CARD, 'ascii')))],
    [
      'a file block',
      encodeApdu('8000', encodeField('06', encodeTlv('2d', [encodeTlv('1c', Buffer.from(CARD))]))),
    ],
  ];
  for (const [where, apdu] of cases) {
    test(`is masked in ${where}`, () => {
      const described = JSON.stringify(describeHex(apdu.toString('hex')));
      const masked = maskedApdu(apdu);
      const digits = described.replace(/[ -]/g, '');
      assert.ok(!digits.includes(CARD) && !digits.includes(Buffer.from(CARD).toString('hex')), described);
      assert.equal(masked?.length, apdu.length);
      assert.ok(!masked.toString('hex').includes(CARD) && !masked.toString('latin1').includes(CARD));
    });
  }

  test('what is secret without a digit is masked by its tag: a holder’s name, a PIN, a chip’s data', () => {
    for (const tag of ['5f20', '1f5e', '9f1f', '57']) {
      const apdu = encodeApdu(
        '040f',
        encodeField('06', encodeTlv('62', [encodeTlv(tag, Buffer.from('SHIROI/HANAKO'))])),
      );
      const masked = maskedApdu(apdu)?.toString('latin1') ?? '';
      assert.ok(masked !== '' && !masked.includes('HANAKO'), tag);
    }
    const chip = encodeApdu('040f', encodeField('92', Buffer.from('SHIROI/HANAKO')));
    assert.ok(maskedApdu(chip)?.toString('latin1').includes('HANAKO') === false);
  });

  test('a password is masked too', () => {
    assert.equal(maskedApdu(hex('06 00 06 123456 BA 0978'))?.toString('hex'), '060006eeeeeeba0978');
  });
});
