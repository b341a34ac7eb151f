/** A bank's register of deposits, as the sample format has it. */

/** One deposit of the code provider in the bank's 200 places. */
export function account(day: string, yen: number): Uint8Array {
  const payer = Buffer.from([0xba, 0x2d, 0xc4, 0xde, 0xb9, 0xc2, 0xbb, 0xb2]);
  const pad = (text: string, length: number): Buffer => Buffer.from(text.padEnd(length));
  const detail = Buffer.concat([
    pad(`200000001${day}${day}111${String(yen).padStart(12, '0')}`, 81),
    payer,
    pad('', 200 - 81 - payer.length),
  ]);
  const trailer = pad(`8000001${String(yen).padStart(13, '0')}${'0'.repeat(19)}`, 200);
  return Buffer.concat([pad(`${'103'.padEnd(63)}1234567`, 200), detail, trailer, pad('9', 200)]);
}
