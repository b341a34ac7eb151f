import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeFrame } from '../../../drivers/zvt/frame.ts';
import { createLink, type LinkTiming } from '../../../drivers/zvt/link.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { heldLine, hex } from './support.ts';

const TIMING: LinkTiming = { t1Ms: 20, t2Ms: 150, transmissions: 3 };
const SALE = hex('06 01 0A 04 000000001000 49 0392');
const WORKING = '04 ff 01 0e';
const LONG_MS = 5_000;

function openLink(timing = TIMING) {
  const far = heldLine();
  return { far, link: createLink(far.port, timing) };
}

const apduOf = (text: string) => ({ kind: 'apdu', apdu: hex(text) });

describe('sending over a serial line', () => {
  test('ends with the acknowledgement', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    assert.equal(await far.hear(), SALE.toString('hex'));
    far.put(hex('06'));
    await sent;
    assert.ok(far.isQuiet());
  });

  test('repeats a frame that is answered with NAK', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    await far.hear();
    far.put(hex('15'));
    assert.equal(await far.hear(), SALE.toString('hex'));
    far.put(hex('06'));
    await sent;
  });

  test('repeats a frame that is not answered within T2, three transmissions in all, then fails', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    const failure = assert.rejects(
      sent,
      (error) => error instanceof TerminalError && error.moneyMayHaveMoved,
    );
    for (let transmission = 1; transmission <= 3; transmission++) {
      assert.equal(await far.hear(), SALE.toString('hex'), `transmission ${transmission}`);
    }
    await failure;
    assert.ok(far.isQuiet());
  });

  test('knows that no money moved only if not one byte was handed to the line', async () => {
    const { far, link } = openLink();
    far.cut();
    await link.closed;
    await assert.rejects(
      link.send(SALE),
      (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
    );

    const second = openLink();
    const sent = second.link.send(SALE);
    await second.far.hear();
    second.far.cut();
    await assert.rejects(sent, (error) => error instanceof TerminalError && error.moneyMayHaveMoved);
  });

  test('drops line noise before the acknowledgement', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    await far.hear();
    far.put(hex('00 7f 06'));
    await sent;
  });

  test('takes a new frame for the lost acknowledgement: the far end has heard us, repeating would be a second sale', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    await far.hear();
    far.putFrame('80 00 00');
    await sent;
    assert.equal(await far.hear(), 'ack');
    assert.deepEqual(await link.receive(0), apduOf('80 00 00'));
    assert.ok(far.isQuiet());
  });

  test('an acknowledgement and a frame in one piece are both taken', async () => {
    const { far, link } = openLink();
    const sent = link.send(SALE);
    await far.hear();
    far.put(Buffer.concat([hex('06'), encodeFrame(hex('80 00 00'))]));
    await sent;
    assert.deepEqual(await link.receive(LONG_MS), apduOf('80 00 00'));
  });
});

describe('receiving over a serial line', () => {
  test('acknowledges a frame before it is processed', async () => {
    const { far, link } = openLink();
    const received = link.receive(LONG_MS);
    far.putFrame(WORKING);
    assert.equal(await far.hear(), 'ack');
    assert.deepEqual(await received, apduOf(WORKING));
  });

  test('acknowledges a repeated frame again and delivers it once', async () => {
    const { far, link } = openLink();
    far.putFrame(WORKING);
    assert.deepEqual(await link.receive(LONG_MS), apduOf(WORKING));
    assert.equal(await far.hear(), 'ack');
    const received = link.receive(LONG_MS);
    far.putFrame(WORKING);
    assert.equal(await far.hear(), 'ack');
    far.putFrame('06 0f 00');
    assert.deepEqual(await received, apduOf('06 0f 00'));
  });

  test('acknowledges a repetition also while it waits for an acknowledgement itself', async () => {
    const { far, link } = openLink();
    far.putFrame(WORKING);
    await link.receive(LONG_MS);
    assert.equal(await far.hear(), 'ack');
    const sent = link.send(hex('80 00 00'));
    assert.equal(await far.hear(), '800000');
    far.putFrame(WORKING);
    assert.equal(await far.hear(), 'ack');
    far.put(hex('06'));
    await sent;
    assert.deepEqual(await link.receive(0), { kind: 'timeout' });
  });

  test('the same bytes after a frame of ours was acknowledged are a new frame', async () => {
    const { far, link } = openLink();
    far.putFrame(WORKING);
    await link.receive(LONG_MS);
    await far.hear();
    const sent = link.send(hex('80 00 00'));
    await far.hear();
    far.put(hex('06'));
    await sent;
    far.putFrame(WORKING);
    assert.deepEqual(await link.receive(LONG_MS), apduOf(WORKING));
  });

  test('the same bytes when nobody repeats any more are a new frame: the far end was started again and says it anew', async () => {
    const { far, link } = openLink({ ...TIMING, t2Ms: 10 });
    far.putFrame(WORKING);
    await link.receive(LONG_MS);
    assert.equal(await far.hear(), 'ack');
    await assert.rejects(link.send(hex('80 00 00')), TerminalError);
    far.putFrame(WORKING);
    assert.deepEqual(await link.receive(LONG_MS), apduOf(WORKING));
  });

  test('answers a damaged frame with NAK and takes the repetition', async () => {
    const { far, link } = openLink();
    const damaged = encodeFrame(hex('06 0f 00'));
    damaged[4] = 0x01;
    const received = link.receive(LONG_MS);
    far.put(damaged);
    assert.equal(await far.hear(), 'nak');
    far.putFrame('06 0f 00');
    assert.deepEqual(await received, apduOf('06 0f 00'));
  });

  test('answers a frame whose rest does not come within T1 with NAK', async () => {
    const { far, link } = openLink();
    const received = link.receive(LONG_MS);
    far.put(encodeFrame(hex('06 0f 00')).subarray(0, 4));
    assert.equal(await far.hear(), 'nak');
    far.putFrame('06 0f 00');
    assert.deepEqual(await received, apduOf('06 0f 00'));
  });

  test('can be interrupted without losing anything', async () => {
    const { far, link } = openLink();
    const received = link.receive(LONG_MS);
    link.interrupt();
    assert.deepEqual(await received, { kind: 'interrupted' });
    far.putFrame('06 0f 00');
    assert.deepEqual(await link.receive(LONG_MS), apduOf('06 0f 00'));
  });

  test('says when nothing came, and when the line is gone', async () => {
    const { far, link } = openLink();
    assert.deepEqual(await link.receive(5), { kind: 'timeout' });
    const received = link.receive(LONG_MS);
    far.cut();
    assert.deepEqual(await received, { kind: 'closed' });
  });
});

describe('a TCP line', () => {
  test('carries bare APDUs, reassembled by their length fields wherever the stream was cut', async () => {
    const long = `80 00 ff 2c 01 ${'41'.repeat(300)}`;
    const stream = Buffer.concat([hex('80 00 00'), hex(long), hex('06 0f 00')]);
    for (const size of [1, 2, 3, 5, 64, stream.length]) {
      const far = heldLine('stream');
      const link = createLink(far.port, TIMING);
      for (let at = 0; at < stream.length; at += size) far.put(stream.subarray(at, at + size));
      for (const each of ['80 00 00', long, '06 0f 00']) {
        assert.deepEqual(await link.receive(LONG_MS), apduOf(each), `pieces of ${size}`);
      }
    }
  });
});
