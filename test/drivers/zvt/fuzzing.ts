/** Properties that hold for any bytes whatever, for the suite and for `npm run fuzz`. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitApdus } from '../../../drivers/zvt/apdu.ts';
import { describeApdu, maskedApdu } from '../../../drivers/zvt/describe.ts';
import { createFrameDecoder, encodeFrame, type LineEvent } from '../../../drivers/zvt/frame.ts';
import { readAnswer, readTotals } from '../../../drivers/zvt/messages.ts';
import { parseTlv, type Tlv } from '../../../drivers/zvt/tlv.ts';
import { hex } from './support.ts';

/** Messages of both sides: derived from the specifications, and short captures (github.com/Qwello/zvt, Apache-2.0). */
const MESSAGES = [
  '06000e0000008e0392060626040a0206d3',
  '06010a04000000001010490392',
  '040f0c270004000000001000490392',
  '040f2b27000400000000100049039287000129990000010b0000010c1012100d071019608a0a8bf0f55649534100',
  '040fa42700040000000000004909780c2255580d040522f0f8559883eeeeee80748702323b37353030373100000b000977196029525235350e24058a068c018bf1f14d617374657243617264002a3830343031313932362020202020203cf0f7f041532d50726f632d436f64653d203030203037362030360d436170742e2d5265662e3d20303039390d41494435393d203038313532300d204441554552202020372054414745',
  '060f0bf0f0f7322e31342e313500',
  '061e04b887ffff',
  '04ff020a05',
  '800000',
  '849c00',
].map(hex);

/** A change of the bytes on the way, at a place between 0 and 1. */
interface Mutation {
  do: 'flip' | 'drop' | 'insert' | 'repeat' | 'cut';
  at: number;
  byte: number;
}

const nastyByte = fc.constantFrom(0x02, 0x03, 0x06, 0x10, 0x15, 0x00, 0xf0, 0xff);
const byte = fc.oneof(nastyByte, fc.integer({ min: 1, max: 255 }));
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  do: fc.constantFrom('flip', 'drop', 'insert', 'repeat', 'cut'),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  byte: byte.filter((each) => each !== 0),
});

export function mutate(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce(mutateOnce, bytes);
}

function mutateOnce(bytes: Buffer, { do: change, at, byte }: Mutation): Buffer {
  const place = Math.floor(at * bytes.length);
  const head = bytes.subarray(0, place);
  const tail = bytes.subarray(place);
  if (change === 'flip') {
    const flipped = Buffer.from(bytes);
    if (place < flipped.length) flipped[place] = (flipped[place] ?? 0) ^ byte;
    return flipped;
  }
  if (change === 'drop') return Buffer.concat([head, tail.subarray(1)]);
  if (change === 'insert') return Buffer.concat([head, Buffer.of(byte), tail]);
  return change === 'repeat' ? Buffer.concat([head, tail.subarray(0, byte % 16), tail]) : head;
}

const randomApdu = fc
  .oneof(fc.uint8Array({ minLength: 3, maxLength: 40 }), fc.array(nastyByte, { minLength: 3, maxLength: 24 }))
  .map((bytes) => Buffer.from(bytes));
const apdu = fc.oneof(fc.constantFrom(...MESSAGES), randomApdu);

/** Reads bytes in pieces of `size`. */
function listen(decoder: ReturnType<typeof createFrameDecoder>, bytes: Buffer, size: number): LineEvent[] {
  const events: LineEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...decoder.push(bytes.subarray(at, at + size)));
  return events;
}

const framesOf = (events: LineEvent[]): Buffer[] =>
  events.flatMap((event) => (event.kind === 'frame' ? [event.apdu] : []));

/**
 * Whatever happens to a frame: no other message is made up, one changed byte does not swallow the frame behind it, and
 * after a silence the line is as good as new.
 */
export const frames = fc.property(
  apdu,
  apdu,
  fc.array(mutation, { minLength: 1, maxLength: 3 }),
  fc.integer({ min: 1, max: 64 }),
  (sent, good, mutations, size) => {
    const decoder = createFrameDecoder();
    const bytes = Buffer.concat([mutate(encodeFrame(sent), mutations), encodeFrame(good)]);
    const events = [...listen(decoder, bytes, size), ...decoder.quiet()];
    assert.ok(events.length <= 40 * bytes.length, 'the work is bounded');
    const found = framesOf(events);
    for (const each of found) assert.ok(bytes.includes(encodeFrame(each)), `made up ${each.toString('hex')}`);
    if (mutations.length === 1 && mutations[0]?.do === 'flip') {
      assert.ok(
        found.some((each) => each.equals(good)),
        `${bytes.toString('hex')} hid ${good.toString('hex')}`,
      );
    }
    assert.ok(!decoder.inFrame);
    assert.deepEqual(decoder.push(encodeFrame(good)), [{ kind: 'frame', apdu: good }]);
    for (const each of found) readEverything(each);
  },
);

/** Whatever a message holds: it is read without a fault, and only one that says so is an approval. */
export const messages = fc.property(apdu, fc.array(mutation, { maxLength: 4 }), (sent, mutations) => {
  const bytes = mutate(sent, mutations);
  readEverything(bytes);
  const { apdus, rest } = splitApdus(bytes);
  assert.equal(
    apdus.reduce((sum, each) => sum + each.length, rest.length),
    bytes.length,
  );
});

function readEverything(bytes: Buffer): void {
  const before = bytes.toString('hex');
  const { fields, error } = describeApdu(bytes);
  assert.equal(maskedApdu(bytes)?.length ?? bytes.length, bytes.length);
  const answer = readAnswer(bytes);
  if (answer.verdict === 'approved') assert.ok(before.includes('2700'), `${before} is no approval`);
  if (error === null && answer.amountYen !== null && before.startsWith('040f')) {
    assert.equal(answer.amountYen, fields['amountYen'], `two amounts in ${before}`);
  }
  readTotals(bytes);
  assert.equal(bytes.toString('hex'), before, 'reading changes nothing');
}

/** Whatever a container holds: nothing is lost, nothing is read twice, and its depth is bounded. */
export const containers = fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (random, nested) => {
  const inner = Buffer.from(random);
  // A constructed tag within a constructed tag, as deep as the bytes reach.
  const bytes = nested ? inner.map((each, at) => (at % 2 === 0 ? 0x24 : each % 64)) : inner;
  const { nodes, rest } = parseTlv(Buffer.from(bytes));
  assert.ok(
    nodes.reduce((sum, { tag, value }) => sum + tag.length / 2 + 1 + value.length, rest.length) <=
      bytes.length,
  );
  assert.ok(depthOf(nodes) <= 10);
});

function depthOf(nodes: readonly Tlv[]): number {
  return nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map(({ children }) => depthOf(children)));
}
