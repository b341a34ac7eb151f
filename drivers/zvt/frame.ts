/**
 * The serial envelope of ZVT (PA00P016 §3), pure: DLE STX, the APDU with every DLE doubled, DLE ETX, CRC.
 *
 * The specification calls the checksum "CRC-XModem"; every frame it prints is CRC-16/KERMIT (reflected 0x8408,
 * start 0, low byte first), over the undoubled APDU and the ETX. The two CRC bytes are not doubled.
 */

export const ACK = 0x06;
export const NAK = 0x15;
const STX = 0x02;
const ETX = 0x03;
const DLE = 0x10;

/** Control field, three length bytes and 65,535 bytes of data (§5.2.4): nothing longer is a frame. */
export const APDU_MAX_BYTES = 2 + 3 + 0xffff;

/** Damaged frames are searched for a good one behind them; this bounds the work that hostile bytes can cause. */
const RESCANS_MAX = 32;

/** What a byte adds to the checksum. */
const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
});

/** CRC-16/KERMIT; check value of "123456789" is 0x2189. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = crcStep(crc, byte);
  return crc;
}

function crcStep(crc: number, byte: number): number {
  return (crc >>> 8) ^ (CRC_OF_BYTE[(crc ^ byte) & 0xff] ?? 0);
}

/** The APDU as it goes over a serial line. */
export function encodeFrame(apdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 * apdu.length + 6);
  let length = frame.writeUInt16BE((DLE << 8) | STX);
  for (const byte of apdu) {
    frame[length++] = byte;
    if (byte === DLE) frame[length++] = DLE;
  }
  length = frame.writeUInt16BE((DLE << 8) | ETX, length);
  return frame.subarray(0, frame.writeUInt16LE(crcStep(crc16(apdu), ETX), length));
}

/** What the line said. `damaged`: a frame began and can't be read; its sender should repeat it. */
export type LineEvent =
  { kind: 'frame'; apdu: Buffer } | { kind: 'ack' } | { kind: 'nak' } | { kind: 'damaged' };

interface FrameDecoder {
  /** Takes bytes however the line cut them; returns what they completed. */
  push(bytes: Uint8Array): LineEvent[];
  /** The line has been quiet for T1: an unfinished frame will not be finished. */
  quiet(): LineEvent[];
  /** A frame has begun and has not ended. */
  readonly inFrame: boolean;
  /** Bytes that belonged to no frame and were no acknowledgement. */
  readonly noiseBytes: number;
}

type Place = 'outside' | 'outside after DLE' | 'inside' | 'inside after DLE' | 'CRC low' | 'CRC high';

/** Where one reads, and what has been read of the frame there. A byte means nothing without its place. */
interface Reading {
  place: Place;
  /** Everything since the DLE STX, for reading it again. */
  raw: number[];
  apdu: number[];
  crc: number;
  crcLow: number;
  /** ACK and NAK are not believed: the byte may be data of a damaged frame. */
  outOfStep: boolean;
  noiseBytes: number;
}

function begin(reading: Reading): void {
  Object.assign(reading, { place: 'inside', raw: [DLE, STX], apdu: [], crc: 0 });
}

function add(reading: Reading, byte: number): LineEvent | undefined {
  reading.apdu.push(byte);
  reading.crc = crcStep(reading.crc, byte);
  reading.place = 'inside';
  return reading.apdu.length > APDU_MAX_BYTES ? { kind: 'damaged' } : undefined;
}

function finish(reading: Reading, crcHigh: number): LineEvent {
  if (crcStep(reading.crc, ETX) !== (crcHigh << 8) + reading.crcLow) return { kind: 'damaged' };
  reading.place = 'outside';
  return { kind: 'frame', apdu: Buffer.from(reading.apdu) };
}

function stepOutside(reading: Reading, byte: number): LineEvent | undefined {
  const afterDle = reading.place === 'outside after DLE';
  if (afterDle && byte === STX) {
    // The DLE was none.
    reading.noiseBytes -= 1;
    begin(reading);
    return undefined;
  }
  reading.place = byte === DLE ? 'outside after DLE' : 'outside';
  const believed = !afterDle && !reading.outOfStep;
  if (believed && byte === ACK) return { kind: 'ack' };
  if (believed && byte === NAK) return { kind: 'nak' };
  reading.noiseBytes += 1;
  return undefined;
}

function stepAfterDle(reading: Reading, byte: number): LineEvent | undefined {
  if (byte === DLE) return add(reading, DLE);
  if (byte === ETX) reading.place = 'CRC low';
  // The sender began anew: what came before can't be completed any more.
  else if (byte === STX) begin(reading);
  else return { kind: 'damaged' };
  return undefined;
}

function step(reading: Reading, byte: number): LineEvent | undefined {
  const { place } = reading;
  if (place === 'outside' || place === 'outside after DLE') return stepOutside(reading, byte);
  reading.raw.push(byte);
  if (place === 'inside after DLE') return stepAfterDle(reading, byte);
  if (place === 'CRC high') return finish(reading, byte);
  if (place === 'inside' && byte !== DLE) return add(reading, byte);
  if (place === 'CRC low') reading.crcLow = byte;
  reading.place = place === 'CRC low' ? 'CRC high' : 'inside after DLE';
  return undefined;
}

/**
 * Reads frames out of a serial line.
 *
 * When a frame proves damaged, what was read of it is read again from its second byte: a flipped byte may have
 * hidden the frame's end, and then a good frame stands inside what looked like one. Until the line is quiet or a
 * good frame has passed, ACK and NAK are not believed: they may be data.
 */
export function createFrameDecoder(): FrameDecoder {
  const reading: Reading = {
    place: 'outside',
    raw: [],
    apdu: [],
    crc: 0,
    crcLow: 0,
    outOfStep: false,
    noiseBytes: 0,
  };
  let rescans = 0;
  const settle = (): void => {
    reading.outOfStep = false;
    rescans = 0;
  };
  /** Leaves the damaged frame; returns the bytes in which to look again. */
  const giveUp = (): Uint8Array => {
    const again = rescans < RESCANS_MAX ? reading.raw.slice(1) : [];
    Object.assign(reading, { place: 'outside', raw: [], apdu: [], outOfStep: true });
    rescans += 1;
    return Uint8Array.from(again);
  };
  const push = (bytes: Uint8Array): LineEvent[] => {
    const events: LineEvent[] = [];
    const todo = [bytes];
    for (let chunk = todo.pop(); chunk !== undefined; chunk = todo.pop()) {
      for (let at = 0; at < chunk.length; at += 1) {
        const event = step(reading, chunk[at] ?? 0);
        if (event === undefined) continue;
        events.push(event);
        if (event.kind === 'frame') settle();
        if (event.kind !== 'damaged') continue;
        todo.push(chunk.subarray(at + 1), giveUp());
        break;
      }
    }
    return events;
  };
  const isInFrame = (): boolean => !reading.place.startsWith('outside');

  return {
    push,
    quiet() {
      const events: LineEvent[] = [];
      while (isInFrame()) events.push({ kind: 'damaged' }, ...push(giveUp()));
      reading.place = 'outside';
      settle();
      return events;
    },
    get inFrame() {
      return isInFrame();
    },
    get noiseBytes() {
      return reading.noiseBytes;
    },
  };
}
