import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeApdu } from '../../../drivers/zvt/apdu.ts';
import { encodeField } from '../../../drivers/zvt/bitmaps.ts';
import { readPrintedBlock, readPrintedLine } from '../../../drivers/zvt/receipts.ts';
import { encodeTlv } from '../../../drivers/zvt/tlv.ts';
import type { KeepText, PrintedText } from '../../../src/terminal/terminal.ts';
import { LINES, openCounter, bookStates } from './counter.ts';
import { hear, register, say, tell } from './played.ts';
import { hex } from './support.ts';

const line = (data: string, charset?: number): PrintedText =>
  readPrintedLine(encodeApdu('06d1', hex(data)), charset);

const block = (...nodes: Buffer[]): Buffer =>
  encodeApdu('06d3', encodeField('06', Buffer.concat([...nodes])));
const text = (content: string | Buffer): Buffer => encodeTlv('07', Buffer.from(content));
const attribute = (value: number): Buffer => encodeTlv('09', Buffer.of(value));

describe('a printed line', () => {
  test('has text and looks: centred, double width and height, indented', () => {
    assert.deepEqual(line('70 4142'), {
      receipt: null,
      lines: [{ text: 'AB', align: 'center', doubleWidth: true, doubleHeight: true }],
      isLast: false,
    });
    assert.equal(line('03 4142').lines[0]?.text, '   AB');
  });

  test('is the last one if its attribute says so; 80 alone does not', () => {
    assert.equal(line('81 4142').isLast, true);
    assert.equal(line('81 4142').lines[0]?.text, 'AB');
    assert.equal(line('80 4142').isLast, false);
  });

  test('may be a number of line feeds', () => {
    assert.equal(line('FF 03').lines.length, 3);
  });

  test('is read in CP437 unless another character set was agreed', () => {
    assert.equal(line('00 9d 81').lines[0]?.text, '¥ü');
    assert.equal(line('00 e38182', 0xfe).lines[0]?.text, 'あ');
    assert.equal(line('00 e4', 0x01).lines[0]?.text, 'ä');
    assert.equal(line('00 e4', 0x0c).lines[0]?.text, 'ä', 'a part of ISO 8859 that does not exist');
  });

  test('ends before a container with a message id', () => {
    assert.equal(line('00 4142 0606 1f7303000007').lines[0]?.text, 'AB');
  });
});

describe('a printed block', () => {
  test('has lines with the attribute before them, says whose receipt it is and that it ends', () => {
    const printed = readPrintedBlock(
      block(
        encodeTlv('1f07', Buffer.of(2)),
        encodeTlv('25', [text('A'), attribute(0x40), text('B'), attribute(0x81)]),
      ),
    );
    assert.equal(printed.receipt, 'customer');
    assert.deepEqual(
      printed.lines.map((each) => [each.text, each.align]),
      [
        ['A', 'left'],
        ['B', 'center'],
      ],
    );
    assert.equal(printed.isLast, true);
  });

  test('names its own character set', () => {
    const printed = readPrintedBlock(
      block(encodeTlv('14', Buffer.of(0xfe)), encodeTlv('25', [text('合計')])),
    );
    assert.equal(printed.lines[0]?.text, '合計');
    assert.equal(printed.receipt, null);
    assert.equal(printed.isLast, false);
  });

  test('lets no card number through', () => {
    const printed = readPrintedBlock(block(encodeTlv('25', [text('CARD 4111 1111 1111 1111')])));
    assert.doesNotMatch(JSON.stringify(printed), /1111 1111/);
    assert.doesNotMatch(
      JSON.stringify(line(`00 ${Buffer.from('4111111111111111').toString('hex')}`)),
      /11111111/,
    );
  });

  test('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(255), (bytes, charset) => {
        readPrintedBlock(encodeApdu('06d3', bytes), charset);
        readPrintedLine(encodeApdu('06d1', bytes), charset);
      }),
      { numRuns: 1_000 },
    );
  });
});

const SALE = '06010a04000000000400490392';
const APPROVED = '04 0f 16 27 00 04 000000000400 49 0392 0b 000007 87 0003 29 99000001';

describe('the text of a receipt', () => {
  async function sellKeeping(keepText: KeepText) {
    const { far, terminal } = await register();
    const ending = terminal.authorizeSale(
      { operationId: 'sale', amountYen: 400, method: 'credit', brand: null },
      () => 'acknowledge',
      () => undefined,
      keepText,
    );
    await hear(far, SALE);
    await say(far, '80 00 00');
    await tell(far, APPROVED);
    return { far, ending };
  }

  test('is kept first and acknowledged then', async () => {
    const kept: string[] = [];
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    const { far, ending } = await sellKeeping(async ({ lines }) => {
      await stored;
      kept.push(lines[0]?.text ?? '');
    });
    far.putFrame('06 d1 04 00 41 42 43');
    assert.equal(await far.hear(), 'ack');
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(far.isQuiet(), 'not acknowledged before it is kept');
    store();
    await hear(far, '800000');
    assert.deepEqual(kept, ['ABC']);
    await tell(far, '06 0f 00');
    assert.deepEqual(await ending, { kind: 'completed' });
  });

  test('that can not be kept reverses nothing: it is acknowledged, and the fault comes out at the end', async () => {
    const { far, ending } = await sellKeeping(() => {
      throw new Error('disk full');
    });
    const failure = assert.rejects(ending, /disk full/);
    await tell(far, '06 d1 04 00 41 42 43');
    await tell(far, '06 d3 09 06 07 25 05 07 03 41 42 43');
    await tell(far, '06 0f 00');
    await failure;
  });

  test('is kept once where a message id tells a repetition, and twice where two lines are equal', async () => {
    const kept: string[] = [];
    const { far, ending } = await sellKeeping(({ lines }) => void kept.push(lines[0]?.text ?? ''));
    await tell(far, '06 d1 03 00 41 42');
    await tell(far, '06 d1 03 00 41 42');
    await tell(far, '06 d1 0b 00 43 44 06 06 1f73 03 000009');
    await tell(far, '06 d1 0b 00 43 44 06 06 1f73 03 000009');
    await tell(far, '06 0f 00');
    await ending;
    assert.deepEqual(kept, ['AB', 'AB', 'CD']);
  });

  for (const listen of LINES) {
    test(`comes from a terminal over ${listen === 'pty' ? 'a serial line' : 'TCP'}, and again when asked for`, async (t) => {
      const { virtual, terminal } = await openCounter(t, listen);
      virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      const kept: PrintedText[] = [];
      await terminal.authorizeSale(
        { operationId: 'sale', amountYen: 400, method: 'credit', brand: null },
        () => 'acknowledge',
        () => undefined,
        (printed) => void kept.push(printed),
      );
      assert.deepEqual(
        kept.map(({ receipt, isLast }) => [receipt, isLast]),
        [
          ['merchant', true],
          ['customer', true],
        ],
      );
      assert.ok(kept.every(({ lines }) => lines.some((each) => each.text === 'AMOUNT 400 JPY')));
      const again: PrintedText[] = [];
      assert.equal(await terminal.reprint((printed) => void again.push(printed)), true);
      assert.deepEqual(again, kept);
      assert.deepEqual(bookStates(virtual), ['stored']);
    });
  }
});
