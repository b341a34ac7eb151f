/** A text as 「CSV（コンマ区切り）」 saves it on a Japanese PC. Node reads Shift_JIS and does not write it: its table, turned round. */

const codes = new Map<string, readonly [number, number]>();

/** @throws on a character that has no code there */
export function encodeShiftJis(text: string): Buffer<ArrayBuffer> {
  if (codes.size === 0) fill();
  return Buffer.from(
    Array.from(text).flatMap((character) => {
      const ascii = character.charCodeAt(0);
      if (ascii < 0x80) return [ascii];
      const code = codes.get(character);
      if (code === undefined) throw new Error(`no code for ${character}`);
      return [...code];
    }),
  );
}

function fill(): void {
  const decoder = new TextDecoder('shift_jis');
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    for (let trail = 0x40; trail <= 0xfc; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      const isOne = Array.from(character).length === 1 && character !== '\uFFFD';
      if (isOne && !codes.has(character)) codes.set(character, [lead, trail]);
    }
  }
}
