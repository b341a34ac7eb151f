/** Card numbers to plant, and where they are found again. */

/** Numbers that pass Luhn and are nobody's: one for each place, so that a find says where it came in. */
export const planted = new Map<string, string>();
export function plant(place: string): string {
  const digits = `41${String(100_000 + planted.size)}0000000`;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, at) => {
      const value = at % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  const number = `${digits}${String((10 - (sum % 10)) % 10)}`;
  planted.set(number, place);
  return number;
}
export const grouped = (number: string): string => (number.match(/.{1,4}/g) ?? []).join(' ');

/** Where a planted number is found, in any of the ways in which it can be written. */
export function findPlanted(places: readonly [string, Buffer][]): string[] {
  return places.flatMap(([where, bytes]) => {
    // What separates digits is left out, so that groups are found too; BCD shows in hex, at either nibble.
    const text = bytes
      .toString('utf8')
      .replace(/[\s.‐–ー-]/g, '')
      .normalize('NFKC');
    const hex = bytes.toString('hex');
    return [...planted].flatMap(([number, place]) =>
      text.includes(number) || hex.includes(number) ? [`${place} in ${where}`] : [],
    );
  });
}
