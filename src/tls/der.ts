/**
 * DER as far as a certificate needs it (ITU-T X.690), for writing only: what there is to read, node:crypto reads. Pure.
 */

/** One element: tag, length, contents. */
export type Der = Buffer;

/** @param tag one octet (X.690 §8.1.2); the contents are written one behind the other */
export function element(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** Short form below 128; otherwise the number of length octets, and those (X.690 §8.1.3). */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = bigEndian(length);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function bigEndian(value: number): number[] {
  return value < 256 ? [value] : [...bigEndian(Math.floor(value / 256)), value % 256];
}

export const sequence = (...parts: readonly Der[]): Der => element(0x30, ...parts);
export const set = (...parts: readonly Der[]): Der => element(0x31, ...parts);
/** `[number]` that holds whole elements. */
export const tagged = (number: number, ...parts: readonly Der[]): Der => element(0xa0 | number, ...parts);
/** `[number] IMPLICIT` in place of a primitive type's own tag. */
export const retagged = (number: number, content: Uint8Array): Der => element(0x80 | number, content);
export const octets = (content: Uint8Array): Der => element(0x04, content);
export const utf8 = (text: string): Der => element(0x0c, Buffer.from(text));
export const TRUE: Der = element(0x01, Buffer.from([0xff]));

/** Not negative; in as few octets as hold it, the first of them below 0x80 (X.690 §8.3). */
export function integer(value: Uint8Array): Der {
  const first = value.findIndex((octet) => octet !== 0);
  const bare = first < 0 ? Buffer.from([0]) : value.subarray(first);
  return element(0x02, (bare[0] ?? 0) >= 0x80 ? Buffer.from([0, ...bare]) : bare);
}

/** `unused`: bits at the end of the last octet that do not count. */
export const bits = (content: Uint8Array, unused = 0): Der => element(0x03, Buffer.from([unused]), content);

/** From `1.2.840.10045.4.3.2`: the first two arcs share an octet, each further one is in base 128 (X.690 §8.19). */
export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap((arc) => base128(arc))]));
}

function base128(arc: number, isLast = true): number[] {
  const octet = (arc % 128) | (isLast ? 0 : 0x80);
  return arc < 128 ? [octet] : [...base128(Math.floor(arc / 128), false), octet];
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5); whole seconds. */
export function time(instant: Date): Der {
  const digits = instant.toISOString().replace(/\.\d+|[-:T]/g, '');
  const isShort = instant.getUTCFullYear() < 2050;
  return element(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}
