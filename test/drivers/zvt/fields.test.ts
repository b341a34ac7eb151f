import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeApdu, encodeApdu, splitApdus } from '../../../drivers/zvt/apdu.ts';
import { bcd, BITMAPS, encodeField, findField, parseFields } from '../../../drivers/zvt/bitmaps.ts';
import { encodeTlv, findTlv, parseTlv } from '../../../drivers/zvt/tlv.ts';
import { hex } from './support.ts';

describe('APDU lengths', () => {
  test('255 bytes and more are written with FF, low byte first', () => {
    assert.equal(encodeApdu('06d3', Buffer.alloc(254)).toString('hex', 0, 3), '06d3fe');
    assert.equal(encodeApdu('06d3', Buffer.alloc(255)).toString('hex', 0, 5), '06d3ffff00');
    assert.equal(encodeApdu('06d3', Buffer.alloc(0x461)).toString('hex', 0, 5), '06d3ff6104');
  });

  test('any data is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (data) => {
        assert.deepEqual(decodeApdu(encodeApdu('040f', data)), { control: '040f', data: Buffer.from(data) });
      }),
    );
  });

  test('a length that does not fit the bytes is no message', () => {
    for (const bytes of ['', '04', '040f', '040f02', '040f0127ff', '040fff01']) {
      assert.equal(decodeApdu(hex(bytes)), undefined, bytes);
    }
  });

  test('a stream is taken apart at every cut', () => {
    const stream = Buffer.concat([hex('800000'), encodeApdu('06d3', Buffer.alloc(300)), hex('060f00')]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const first = splitApdus(stream.subarray(0, cut));
      const second = splitApdus(Buffer.concat([first.rest, stream.subarray(cut)]));
      assert.equal(first.apdus.length + second.apdus.length, 3, `cut at ${cut}`);
      assert.equal(second.rest.length, 0);
    }
  });
});

describe('bitmaps', () => {
  test('every listed bitmap is read back from what is written', () => {
    for (const [bitmap, { format }] of Object.entries(BITMAPS)) {
      const value = Buffer.alloc(typeof format === 'number' ? format : 12, 0x01);
      const parsed = parseFields(
        Buffer.concat([encodeField(bitmap, value), encodeField('27', Buffer.of(0))]),
      );
      assert.deepEqual(findField(parsed, bitmap)?.length, value.length, bitmap);
      assert.equal(parsed.rest.length, 0, bitmap);
    }
  });

  test('LLVAR and LLLVAR carry decimal digits behind an F', () => {
    assert.equal(encodeField('8b', Buffer.alloc(12)).toString('hex', 0, 3), '8bf1f2');
    assert.equal(encodeField('60', Buffer.alloc(53)).toString('hex', 0, 4), '60f0f5f3');
  });

  test('an unknown bitmap ends the reading; what came before is kept, the rest too', () => {
    const parsed = parseFields(hex('27 00 04 000000001000 7E 01 02 03 0B 000001'));
    assert.equal(findField(parsed, '04')?.toString('hex'), '000000001000');
    assert.equal(parsed.rest.toString('hex'), '7e0102030b000001');
    assert.equal(findField(parsed, '0b'), undefined);
  });

  test('a field that is cut short is left unread', () => {
    assert.equal(parseFields(hex('27 00 04 0000')).rest.toString('hex'), '040000');
    assert.equal(parseFields(hex('8B F9 F9 41')).rest.toString('hex'), '8bf9f941');
  });

  test('arbitrary bytes never throw and are never lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const parsed = parseFields(Buffer.from(bytes));
        assert.ok(parsed.rest.length <= bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('digits that do not fit are a bug', () => {
    assert.throws(() => bcd('12345', 2));
    assert.throws(() => bcd('1a', 1));
  });
});

describe('TLV', () => {
  test('lengths are BER, high byte first: 7F, 81 and 82', () => {
    assert.equal(encodeTlv('07', Buffer.alloc(0x7f)).toString('hex', 0, 2), '077f');
    assert.equal(encodeTlv('07', Buffer.alloc(0x80)).toString('hex', 0, 3), '078180');
    assert.equal(encodeTlv('07', Buffer.alloc(0x45d)).toString('hex', 0, 4), '0782045d');
  });

  test('both byte orders of one real frame are read: FF 61 04 outside, 82 04 5D inside', () => {
    const data = encodeField('06', Buffer.alloc(0x45d, 0x00));
    const apdu = encodeApdu('06d3', data);
    assert.equal(apdu.toString('hex', 0, 9), '06d3ff61040682045d');
    assert.equal(findField(parseFields(decodeApdu(apdu)?.data ?? Buffer.alloc(0)), '06')?.length, 0x45d);
  });

  test('constructed tags are opened, unknown ones kept, empty ones allowed', () => {
    const { nodes, rest } = parseTlv(hex('24 05 07 03 414243 1F07 01 02 1F55 00'));
    assert.equal(findTlv(nodes, '24', '07')?.toString(), 'ABC');
    assert.equal(findTlv(nodes, '1f07')?.toString('hex'), '02');
    assert.equal(findTlv(nodes, '1f55')?.length, 0);
    assert.equal(rest.length, 0);
  });

  test('tags 1F80 to 1F83 are read with two bytes, as the document writes them', () => {
    assert.equal(parseTlv(hex('1F80 01 05')).nodes[0]?.tag, '1f80');
    assert.equal(parseTlv(hex('1FC8 40 01 05')).nodes[0]?.tag, '1fc840');
  });

  test('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseTlv(Buffer.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});
