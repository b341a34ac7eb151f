/**
 * Takes card numbers out of text before anyone keeps it. Pure.
 *
 * A card number is 13 to 19 digits that pass Luhn (ISO/IEC 7812-1), with or without a space or hyphen between them.
 * Every such run inside a longer one is masked too: better a masked slip number than a card number kept.
 */

const SHORTEST = 13;
const LONGEST = 19;
const MASK = '*';

/** Digits, also full-width, with at most one space or hyphen between two. */
const DIGIT_RUN = /[0-9０-９](?:[ \u3000\u00a0.‐‑–－ー-]?[0-9０-９])+/g;
const DIGIT = /[0-9０-９]/g;

/** The text with every digit of a card number replaced by `*`; what separates the digits stays. */
export function maskCardNumbers(text: string): string {
  return text.replace(DIGIT_RUN, (run) => {
    const digits = Array.from(run.matchAll(DIGIT), ([digit]) => valueOf(digit));
    const hidden = findCardDigits(digits);
    let index = 0;
    return run.replace(DIGIT, (digit) => (hidden.has(index++) ? MASK : digit));
  });
}

/** Which of the digits belong to a number that passes Luhn. */
function findCardDigits(digits: readonly number[]): Set<number> {
  const found = new Set<number>();
  for (let start = 0; start + SHORTEST <= digits.length; start += 1) {
    for (let length = SHORTEST; length <= LONGEST && start + length <= digits.length; length += 1) {
      if (!passesLuhn(digits.slice(start, start + length))) continue;
      for (let index = start; index < start + length; index += 1) found.add(index);
    }
  }
  return found;
}

function passesLuhn(digits: readonly number[]): boolean {
  const sum = digits.reduceRight((total, digit, index) => {
    const isDoubled = (digits.length - index) % 2 === 0;
    const value = isDoubled ? digit * 2 : digit;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function valueOf(digit: string): number {
  return digit >= '０' ? digit.charCodeAt(0) - '０'.charCodeAt(0) : Number(digit);
}
