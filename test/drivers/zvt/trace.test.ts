import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { encodeApdu } from '../../../drivers/zvt/apdu.ts';
import { encodeField } from '../../../drivers/zvt/bitmaps.ts';
import { encodeFrame } from '../../../drivers/zvt/frame.ts';
import { encodeTlv } from '../../../drivers/zvt/tlv.ts';
import { traceLine } from '../../../drivers/zvt/trace.ts';
import { openTrace } from '../../../src/terminal/trace.ts';
import type { Port } from '../../../src/terminal/port.ts';
import { makeFolder } from '../../support/folder.ts';
import { heldLine, hex, type FarEnd } from './support.ts';

/** A test card's number with DLE bytes in it, so that a serial line doubles them. */
const CARD = '4010101010101012';
const BARE = Buffer.concat([
  encodeField('27', Buffer.of(0)),
  encodeField('22', hex(CARD)),
  encodeField('23', hex(`${CARD}d25122010000`)),
  encodeField('06', encodeTlv('1f7a', hex(CARD))),
]);
const PAYMENT = encodeApdu('040f', BARE);
const RECEIPT = encodeApdu('06d1', Buffer.from(`\0CARD 4010 1010 1010 1012`, 'latin1'));

interface Traced {
  far: FarEnd;
  port: Port;
  /** Reads until so many bytes have come. */
  take: (bytes: number) => Promise<void>;
  text: () => string;
  entries: () => Record<string, unknown>[];
}

async function openTraced(
  t: TestContext,
  line: Port['line'],
  limits?: { minutes: number; bytes: number },
): Promise<Traced & { ends: string[]; clock: { ms: number }; path: string }> {
  const path = join(makeFolder(t), 'trace.jsonl');
  const ends: string[] = [];
  const clock = { ms: Date.parse('2026-07-01T01:00:00Z') };
  const trace = openTrace(path, {
    now: () => new Date(clock.ms),
    onEnd: (reason) => ends.push(reason),
    ...(limits === undefined ? {} : { limits }),
  });
  const far = heldLine(line);
  const port = await traceLine(() => Promise.resolve(far.port), trace)();
  const text = (): string => readFileSync(path, 'utf8');
  t.after(() => port.close());
  return {
    far,
    port,
    path,
    ends,
    clock,
    async take(bytes) {
      for (let taken = 0; taken < bytes;) {
        const chunk = await port.read(10_000);
        if (chunk.kind !== 'bytes') assert.fail(chunk.kind);
        taken += chunk.bytes.length;
      }
    },
    text,
    entries: () =>
      text()
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each) as Record<string, unknown>),
  };
}

/** However a card number may be written: digits, ASCII in hex, with the doubled DLE of a serial line. */
function assertNoCard(text: string): void {
  const bare = text.replace(/[ -]/g, '');
  for (const written of [CARD, Buffer.from(CARD).toString('hex'), CARD.replaceAll('10', '1010')]) {
    assert.ok(!bare.includes(written), `${written} is in ${text}`);
  }
}

describe('a line trace', () => {
  for (const line of ['serial', 'stream'] as const) {
    test(`over ${line === 'serial' ? 'a serial line' : 'TCP'} holds no card number, wherever a message is cut`, async (t) => {
      const { far, take, text, entries } = await openTraced(t, line);
      const bytes = Buffer.concat(
        [PAYMENT, RECEIPT].map((apdu) => (line === 'serial' ? encodeFrame(apdu) : apdu)),
      );
      for (let cut = 1; cut < bytes.length; cut++) {
        far.put(bytes.subarray(0, cut));
        await take(cut);
        far.put(bytes.subarray(cut));
        await take(bytes.length - cut);
      }
      assertNoCard(text());
      const messages = entries().filter(({ message }) => message !== undefined);
      assert.equal(messages.length, 2 * (bytes.length - 1));
      assert.ok(messages.every(({ message }) => /^(040f|06d1)/.test(String(message))));
    });
  }

  test('holds no card number when the frame that carries it is damaged', async (t) => {
    const { far, take, text, entries } = await openTraced(t, 'serial');
    const frame = encodeFrame(PAYMENT);
    for (let at = 0; at < frame.length; at++) {
      const damaged = Buffer.from(frame);
      damaged[at] = (damaged[at] ?? 0) ^ 0x01;
      far.put(Buffer.concat([damaged, encodeFrame(hex('80 00 00'))]));
      await take(frame.length + encodeFrame(hex('80 00 00')).length);
    }
    assertNoCard(text());
    assert.ok(entries().some(({ said }) => said === 'damaged'));
  });

  test('shows both directions with acknowledgements, noise and the end of the line', async (t) => {
    const { far, port, take, entries } = await openTraced(t, 'serial');
    await port.write(encodeFrame(hex('06 01 0A 04 000000001000 49 0392')));
    far.put(Buffer.concat([hex('06 41 41'), encodeFrame(hex('80 00 00'))]));
    await take(3 + encodeFrame(hex('80 00 00')).length);
    await port.write(Buffer.of(0x06));
    await port.close();
    assert.deepEqual(
      entries().map(({ from, message, said, bytes }) => [from, message ?? said, bytes]),
      [
        [undefined, undefined, undefined],
        ['register', 'opened', undefined],
        ['register', '06010a04000000001000490392', undefined],
        ['terminal', 'ack', undefined],
        ['terminal', '800000', undefined],
        ['terminal', 'noise', 2],
        ['register', 'ack', undefined],
        ['register', 'closed', undefined],
      ],
    );
  });

  test('holds no password', async (t) => {
    const { port, text } = await openTraced(t, 'stream');
    await port.write(hex('06 00 06 123456 BA 0978'));
    assert.ok(!text().includes('123456'));
  });

  test('ends when its time is over, and goes on not writing after a restart', async (t) => {
    const { port, path, clock, ends, text } = await openTraced(t, 'stream', { minutes: 10, bytes: 10_000 });
    clock.ms += 10 * 60_000;
    const before = text();
    await port.write(hex('80 00 00'));
    assert.equal(text(), before);
    assert.deepEqual(ends, ['10 minutes have passed']);
    const again = openTrace(path, {
      now: () => new Date(clock.ms),
      onEnd: () => undefined,
      limits: { minutes: 10, bytes: 10_000 },
    });
    again({ from: 'register', said: 'opened' });
    assert.equal(text(), before);
  });

  test('ends when it has grown to its size', async (t) => {
    const { port, ends, text } = await openTraced(t, 'stream', { minutes: 10, bytes: 1_000 });
    for (let sent = 0; sent < 50; sent++) await port.write(hex('80 00 00'));
    assert.ok(text().length <= 1_000);
    assert.equal(ends.length, 1);
  });

  test('goes on after a restart within its time', async (t) => {
    const { path, clock, entries } = await openTraced(t, 'stream');
    clock.ms += 60_000;
    openTrace(path, { now: () => new Date(clock.ms), onEnd: () => undefined })({
      from: 'register',
      said: 'opened',
    });
    assert.deepEqual(
      entries().map(({ began, said }) => began ?? said),
      ['2026-07-01T01:00:00.000Z', 'opened', 'opened'],
    );
  });

  test('does not write into a file that is something else', (t) => {
    const path = join(makeFolder(t), 'ledger.csv');
    writeFileSync(path, 'date,amount\n');
    assert.throws(() => openTrace(path, { now: () => new Date(), onEnd: () => undefined }), /is no trace/);
    assert.equal(readFileSync(path, 'utf8'), 'date,amount\n');
    assert.ok(existsSync(path));
  });
});
