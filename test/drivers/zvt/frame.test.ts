import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { APDU_MAX_BYTES, crc16, createFrameDecoder, encodeFrame } from '../../../drivers/zvt/frame.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Frames that PA00P016 and PA00P015 print, and frames derived from their rules for yen and for the nasty cases. */
const FRAMES: readonly (readonly [what: string, apdu: string, frame: string])[] = [
  // printed in the specifications
  ['registration, printed', '06 00 06 123456 BA 0978', '10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3'],
  [
    'authorisation of 11.00 euros, printed',
    '06 01 0A 04 000000011000 49 0978',
    '10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF',
  ],
  ['positive answer, printed', '80 00 00', '10 02 80 00 00 10 03 F5 1F'],
  ['status again in two seconds, printed', '84 9C 00', '10 02 84 9C 00 10 03 C3 41'],
  ['diagnosis, printed', '06 70 00', '10 02 06 70 00 10 03 D9 F9'],
  ['reset, printed', '06 18 00', '10 02 06 18 00 10 03 56 3A'],
  ['status enquiry with password, printed', '05 01 03 123456', '10 02 05 01 03 12 34 56 10 03 E0 43'],
  ['initialisation, printed', '06 93 03 123456', '10 02 06 93 03 12 34 56 10 03 CA A4'],
  [
    'completion with a software version, printed',
    '06 0F 0B F0F0F7 322E31342E3135 00',
    '10 02 06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00 10 03 B1 11',
  ],
  // derived
  [
    'registration with yen and text blocks',
    '06 00 0E 000000 8E 0392 06 06 26 04 0A 02 06D3',
    '100206000e0000008e0392060626040a0206d31003dc6d',
  ],
  [
    '1,000 yen: DLE inside the amount',
    '06 01 0A 04 000000001000 49 0392',
    '100206010a04000000001010004903921003b407',
  ],
  ['300 yen', '06 01 0A 04 000000000300 49 0392', '100206010a0400000000030049039210037949'],
  [
    '15 yen: CRC low byte is DLE',
    '06 01 0A 04 000000000015 49 0392',
    '100206010a04000000000015490392100310d7',
  ],
  [
    '109 yen: CRC high byte is DLE',
    '06 01 0A 04 000000000109 49 0392',
    '100206010a0400000000010949039210034b10',
  ],
  ['turnover totals: instruction 10, then length 03', '06 10 03 000000', '10020610100300000010032a35'],
  ['status enquiry: CRC is DLE ACK', '05 01 00', '100205010010031006'],
  ['status enquiry with service byte 04', '05 01 05 000000 03 04', '1002050105000000030410039bb9'],
  [
    'repeat receipt: the frame ends in the value of NAK',
    '06 20 05 000000 03 03',
    '100206200500000003031003db15',
  ],
  ['reversal', '06 30 06 000000 87 0161', '100206300600000087016110034b93'],
  ['end of day', '06 50 03 000000', '10020650030000001003fb37'],
  ['abort', '06 B0 00', '100206b000100343f3'],
  ['log-off', '06 02 00', '10020602001003b9cc'],
  ['not supported', '84 83 00', '10028483001003918e'],
  ['printer not ready', '84 CC 00', '100284cc00100320c2'],
  ['completion', '06 0F 00', '1002060f001003c633'],
  ['aborted by time or key', '06 1E 01 6C', '1002061e016c1003c9f2'],
  ['insert card, T4 five minutes', '04 FF 02 0A05', '100204ff020a051003d9e3'],
  ['115200 baud', '08 40 01 07', '1002084001071003d869'],
];

const anyApdu = fc.uint8Array({ minLength: 3, maxLength: 40 }).map((bytes) => Buffer.from(bytes));
/** Bytes among which every control character is frequent. */
const nastyApdu = fc
  .array(fc.constantFrom(0x02, 0x03, 0x06, 0x10, 0x15, 0x00, 0x7f), { minLength: 3, maxLength: 24 })
  .map((bytes) => Buffer.from(bytes));
const apdu = fc.oneof(anyApdu, nastyApdu);

function framesIn(bytes: Uint8Array): Buffer[] {
  const decoder = createFrameDecoder();
  return [...decoder.push(bytes), ...decoder.quiet()].flatMap((event) =>
    event.kind === 'frame' ? [event.apdu] : [],
  );
}

describe('serial frames', () => {
  test('the checksum is CRC-16/KERMIT', () => {
    assert.equal(crc16(Buffer.from('123456789', 'ascii')), 0x2189);
  });

  for (const [what, apdu, frame] of FRAMES) {
    test(`${what}: is written and read as specified`, () => {
      assert.equal(encodeFrame(hex(apdu)).toString('hex'), hex(frame).toString('hex'));
      assert.deepEqual(createFrameDecoder().push(hex(frame)), [{ kind: 'frame', apdu: hex(apdu) }]);
    });

    test(`${what}: survives being cut in two at every place`, () => {
      for (let cut = 1; cut < hex(frame).length; cut++) {
        const decoder = createFrameDecoder();
        const events = [hex(frame).subarray(0, cut), hex(frame).subarray(cut)].flatMap((part) =>
          decoder.push(part),
        );
        assert.deepEqual(events, [{ kind: 'frame', apdu: hex(apdu) }], `cut at ${cut}`);
      }
    });
  }

  test('whatever is framed is read back, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(apdu, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (apdus, size) => {
          const bytes = Buffer.concat(apdus.map(encodeFrame));
          const decoder = createFrameDecoder();
          const events = [];
          for (let at = 0; at < bytes.length; at += size)
            events.push(...decoder.push(bytes.subarray(at, at + size)));
          assert.deepEqual(
            events,
            apdus.map((each) => ({ kind: 'frame', apdu: each })),
          );
        },
      ),
    );
  });

  test('junk before a frame is dropped and counted', () => {
    const decoder = createFrameDecoder();
    assert.deepEqual(decoder.push(hex('00 ff 41 10 41 80')), []);
    assert.equal(decoder.noiseBytes, 6);
    assert.equal(decoder.push(encodeFrame(hex('80 00 00'))).length, 1);
    assert.equal(decoder.noiseBytes, 6, 'what belongs to a frame is none');
  });

  test('a single byte 06 or 15 between frames is an acknowledgement, inside a frame it is data', () => {
    const decoder = createFrameDecoder();
    const events = decoder.push(Buffer.concat([hex('06'), encodeFrame(hex('06 1E 01 15')), hex('15')]));
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['ack', 'frame', 'nak'],
    );
  });

  test('the bytes of a damaged frame are not taken for acknowledgements', () => {
    const damaged = encodeFrame(hex('06 0F 00'));
    damaged[3] = 0x10;
    const decoder = createFrameDecoder();
    const kinds = [...decoder.push(damaged), ...decoder.quiet()].map(({ kind }) => kind);
    assert.ok(!kinds.includes('ack') && !kinds.includes('nak'), kinds.join());
    assert.deepEqual(decoder.push(hex('06')), [{ kind: 'ack' }], 'after silence they are believed again');
  });

  test('DLE STX inside a frame begins a new one', () => {
    const cutOff = encodeFrame(hex('06 01 0A 04 000000001000 49 0392')).subarray(0, 9);
    assert.deepEqual(framesIn(Buffer.concat([cutOff, encodeFrame(hex('80 00 00'))])), [hex('80 00 00')]);
  });

  test('a frame that never ends is given up when the line falls silent', () => {
    const decoder = createFrameDecoder();
    decoder.push(encodeFrame(hex('06 0F 00')).subarray(0, 5));
    assert.ok(decoder.inFrame);
    assert.deepEqual(decoder.quiet(), [{ kind: 'damaged' }]);
    assert.ok(!decoder.inFrame);
  });

  test('one changed byte never swallows the good frame behind it', () => {
    fc.assert(
      fc.property(apdu, apdu, fc.nat(), fc.integer({ min: 1, max: 255 }), (first, good, where, flip) => {
        const damaged = encodeFrame(first);
        const at = where % damaged.length;
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const found = framesIn(Buffer.concat([damaged, encodeFrame(good)]));
        assert.ok(
          found.some((each) => each.equals(good)),
          `${damaged.toString('hex')} hid ${good.toString('hex')}`,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('every single change of a frame that ends in DLE leaves the frame behind it readable', () => {
    const good = hex('05 01 00');
    for (const first of ['06 01 0A 04 000000000109 49 0392', '06 01 0A 04 000000000015 49 0392']) {
      const frame = encodeFrame(hex(first));
      for (let at = 0; at < frame.length; at++) {
        for (let value = 0; value < 256; value++) {
          const damaged = Buffer.from(frame);
          damaged[at] = value;
          const found = framesIn(Buffer.concat([damaged, encodeFrame(good)]));
          assert.ok(
            found.some((each) => each.equals(good)),
            `byte ${at} = ${value}`,
          );
        }
      }
    }
  });

  test('no changed byte makes another message out of a frame', () => {
    fc.assert(
      fc.property(apdu, fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, where, flip) => {
        const damaged = encodeFrame(sent);
        const at = where % damaged.length;
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        assert.deepEqual(framesIn(damaged), []);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a stream without end does not grow the buffer beyond the longest APDU', () => {
    const decoder = createFrameDecoder();
    decoder.push(hex('10 02'));
    const kinds = new Set<string>();
    const block = Buffer.alloc(8_192, 0x41);
    for (let sent = 0; sent <= APDU_MAX_BYTES; sent += block.length) {
      for (const { kind } of decoder.push(block)) kinds.add(kind);
    }
    assert.deepEqual([...kinds], ['damaged']);
    assert.ok(!decoder.inFrame);
  });

  test('hostile bytes end in bounded time', () => {
    const decoder = createFrameDecoder();
    const starts = Buffer.alloc(60_000, hex('10 10 02'));
    decoder.push(Buffer.concat([hex('10 02'), starts, hex('10 03 00 00')]));
    decoder.quiet();
    assert.deepEqual(decoder.push(encodeFrame(hex('80 00 00'))), [{ kind: 'frame', apdu: hex('80 00 00') }]);
  });
});
