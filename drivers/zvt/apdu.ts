/**
 * The application envelope (PA00P016 §5.2), pure: class, instruction, length, data.
 *
 * A control field is written as four hex digits (`040f`), the way the specification's tables are read.
 */
import { APDU_MAX_BYTES } from './frame.ts';
import { byteOf, hexOf } from './hex.ts';

export interface Apdu {
  control: string;
  data: Buffer;
}

const NOTHING = new Uint8Array();

/** A length of 255 or more is `FF` and two bytes, low byte first (§5.2.4). @throws if the data is over 65,535 bytes: a bug */
export function encodeApdu(control: string, data: Uint8Array = NOTHING): Buffer {
  if (data.length > 0xffff) throw new Error(`${control}: ${data.length} bytes do not fit an APDU`);
  const head = [byteOf(control.slice(0, 2)), byteOf(control.slice(2))];
  if (data.length < 0xff) head.push(data.length);
  else head.push(0xff, data.length & 0xff, data.length >>> 8);
  const apdu = Buffer.allocUnsafe(head.length + data.length);
  apdu.set(head);
  apdu.set(data, head.length);
  return apdu;
}

/** Undefined if the length field and the bytes disagree. The data is a view of `bytes`. */
export function decodeApdu(bytes: Buffer): Apdu | undefined {
  const size = apduSize(bytes);
  if (size === undefined || size !== bytes.length) return undefined;
  return { control: controlOf(bytes), data: bytes.subarray(bytes[2] === 0xff ? 5 : 3) };
}

/** The control field alone; what is cut short has none. */
export function controlOf(bytes: Buffer): string {
  return hexOf(bytes, 0, 2);
}

/** 80 or 84: what follows a message of the other side, and asks for nothing itself. */
export function isAnswer(apdu: Buffer): boolean {
  return apdu[0] === 0x80 || apdu[0] === 0x84;
}

/** Takes the whole APDUs off the front of a TCP stream, which may be cut anywhere (§4). */
export function splitApdus(bytes: Buffer): { apdus: Buffer[]; rest: Buffer } {
  const apdus: Buffer[] = [];
  let rest = bytes;
  for (let size = apduSize(rest); size !== undefined && size <= rest.length; size = apduSize(rest)) {
    apdus.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { apdus, rest };
}

/** The size that an APDU announces; undefined while its length field is incomplete. At most APDU_MAX_BYTES. */
function apduSize(bytes: Buffer): number | undefined {
  const short = bytes[2];
  if (short === undefined) return undefined;
  if (short !== 0xff) return 3 + short;
  const [low, high] = [bytes[3], bytes[4]];
  if (low === undefined || high === undefined) return undefined;
  return Math.min(5 + low + high * 256, APDU_MAX_BYTES);
}
