/** Bytes as hex, pure: control fields, bitmaps and tags are written in it, as in the specification's tables. */

/** Every byte in two digits, made once: a message is looked up rather than spelled anew. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const BYTES: ReadonlyMap<string, number> = new Map(DIGITS.map((digits, byte) => [digits, byte]));

/** The bytes from `from` to `to`, as far as there are any; meant for a few. */
export function hexOf(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let at = from; at < to && at < bytes.length; at += 1) text += DIGITS[bytes[at] ?? 0] ?? '';
  return text;
}

/** One byte, of two digits. @throws if they are none: a bug, never input */
export function byteOf(digits: string): number {
  const byte = BYTES.get(digits);
  if (byte === undefined) throw new Error(`not a byte in hex: ${digits}`);
  return byte;
}
