/** The TLV container, BMP 06 (PA00P015 §9), pure. A tag is written in hex (`1f07`). */
import { byteOf, hexOf } from './hex.ts';

export interface Tlv {
  tag: string;
  /** A view of the bytes that were parsed. */
  value: Buffer;
  /** Empty for a primitive tag, and for a constructed one that could not be read. */
  children: Tlv[];
}

/** What could be read, and what is left from the first byte that could not. */
interface TlvParse {
  nodes: Tlv[];
  rest: Buffer;
}

const DEPTH_MAX = 8;

/** As far as the bytes can be read: what does not fit its length is left as the rest, never an exception. */
export function parseTlv(bytes: Buffer, depth = 0): TlvParse {
  const nodes: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tagBytes = tagLength(bytes, at);
    const length = readTlvLength(bytes, at + tagBytes);
    if (tagBytes === 0 || length === undefined) break;
    const from = at + tagBytes + length.size;
    if (from + length.bytes > bytes.length) break;
    const value = bytes.subarray(from, from + length.bytes);
    const children = isConstructed(bytes[at]) ? childrenOf(value, depth) : [];
    nodes.push({ tag: hexOf(bytes, at, at + tagBytes), value, children });
    at = from + length.bytes;
  }
  return { nodes, rest: bytes.subarray(at) };
}

/** Bit 6 of the first byte: the value is itself TLV. */
const isConstructed = (first = 0): boolean => (first & 0x20) !== 0;

function childrenOf(value: Buffer, depth: number): Tlv[] {
  if (depth >= DEPTH_MAX) return [];
  const { nodes, rest } = parseTlv(value, depth + 1);
  return rest.length === 0 ? nodes : [];
}

/**
 * BER: low five bits all set means that more bytes follow while bit 8 is set. Tags 1F80 to 1F83 would then have
 * three bytes; the specification writes them with two (§9), and so they are read.
 */
function tagLength(bytes: Buffer, at: number): number {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return 0;
  if ((first & 0x1f) !== 0x1f) return 1;
  if (second === undefined) return 0;
  if (first === 0x1f && second >= 0x80 && second <= 0x83) return 2;
  let length = 2;
  while (((bytes[at + length - 1] ?? 0) & 0x80) !== 0) length += 1;
  return at + length <= bytes.length ? length : 0;
}

/** 00 to 7F; `81 nn`; `82 hi lo`, high byte first, unlike the length of an APDU. */
export function readTlvLength(bytes: Buffer, at: number): { size: number; bytes: number } | undefined {
  const [first, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (first === undefined) return undefined;
  if (first < 0x80) return { size: 1, bytes: first };
  if (first === 0x81 && second !== undefined) return { size: 2, bytes: second };
  if (first === 0x82 && second !== undefined && third !== undefined) {
    return { size: 3, bytes: second * 256 + third };
  }
  return undefined;
}

/** @param tag in hex, of one or more bytes; `value` is bytes, or nodes that are already encoded */
export function encodeTlv(tag: string, value: Uint8Array | Buffer[]): Buffer {
  const body = Array.isArray(value) ? Buffer.concat(value) : value;
  const head = tag.length === 2 ? [byteOf(tag)] : [...Buffer.from(tag, 'hex')];
  head.push(...tlvLength(body.length));
  const node = Buffer.allocUnsafe(head.length + body.length);
  node.set(head);
  node.set(body, head.length);
  return node;
}

/** The bytes that say how long a value is. */
export function tlvLength(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  return bytes <= 0xff ? [0x81, bytes] : [0x82, bytes >>> 8, bytes & 0xff];
}

/** The first value at a path of tags, e.g. `findTlv(nodes, '24', '07')`. */
export function findTlv(nodes: readonly Tlv[], ...path: string[]): Buffer | undefined {
  const [tag, ...below] = path;
  for (const node of nodes) {
    if (node.tag !== tag) continue;
    const found = below.length === 0 ? node.value : findTlv(node.children, ...below);
    if (found !== undefined) return found;
  }
  return undefined;
}
