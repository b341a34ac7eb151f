/**
 * The tripwire: takes card numbers out of what is about to be kept, logged or shown. Pure.
 *
 * A card number is 13 to 19 digits that pass Luhn (ISO/IEC 7812-1), with or without a space or hyphen between them.
 * Every such run inside a longer one is masked too: better a masked slip number than a card number kept. It never
 * refuses: a refusal would reverse a payment that has nothing wrong with it but its text.
 */
import { isUtf8 } from 'node:buffer';

const SHORTEST = 13;
const LONGEST = 19;
const LENGTHS = Array.from({ length: LONGEST - SHORTEST + 1 }, (_, index) => SHORTEST + index);
const MASK = '*';
/** What a masked nibble is: ZVT itself masks digits of a card number with E. */
const MASKED_NIBBLE = 'e';

/** Digits, also full-width, with at most one space or hyphen between two. */
const DIGIT_RUN = /[0-9０-９](?:[ \u3000\u00a0.‐‑–－ー-]?[0-9０-９])+/g;
const DIGIT = /[0-9０-９]/g;
/** Without so many digits in a row, nothing in a text is a card number: most texts. */
const LONG_RUN = /[0-9０-９](?:[ \u3000\u00a0.‐‑–－ー-]?[0-9０-９]){12}/;

/**
 * Ids and hashes of our own are hex: one in a hundred has a run of digits that passes Luhn, and is no card for it. A
 * provider's are a short name, an underscore, and a good many letters and digits in turn: masked, its payment would never
 * be found again. A number that begins or ends such a word is no part of a name.
 */
const OPAQUE_ID =
  /(\b[a-z]{2,6}_(?!\d{13}|[0-9a-z]*\d{13}\b)[0-9a-z]{22,64}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b)/i;

/** The text with every digit of a card number replaced by `*`; what separates the digits stays. */
export function maskCardNumbers(text: string): string {
  if (text.length < SHORTEST || !LONG_RUN.test(text)) return text;
  return text
    .split(OPAQUE_ID)
    .map((part, index) => (index % 2 === 1 ? part : maskRuns(part)))
    .join('');
}

function maskRuns(text: string): string {
  return text.replace(DIGIT_RUN, (run) => {
    const digits = Array.from(run.matchAll(DIGIT), ([digit]) => valueOf(digit));
    const hidden = findCardDigits(digits);
    let index = 0;
    return run.replace(DIGIT, (digit) => (hidden.has(index++) ? MASK : digit));
  });
}

/**
 * The numbers that issuers give out, by how they begin (ISO/IEC 7812-1; the schemes' own lists): Visa, Mastercard, JCB,
 * American Express, Diners Club, Discover, UnionPay.
 */
const ISSUED: readonly { begins: RegExp; lengths: readonly number[] }[] = [
  { begins: /^4/, lengths: [16, 19] },
  { begins: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { begins: /^35(?:2[89]|[3-8])/, lengths: [16] },
  { begins: /^3[47]/, lengths: [15] },
  { begins: /^3(?:0[0-5]|095|[689])/, lengths: [14, 16] },
  { begins: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { begins: /^62/, lengths: [16, 17, 18, 19] },
];

/** From 2022 to 2027 the last six digits of a day begin like one of Mastercard's numbers. */
const DAY_OF_THE_20S = /^202[2-7](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** An amount filled up with zeros; in a card number they come once in a hundred thousand. */
const PADDED = /0{6}/;

/**
 * For text in which amounts, days and numbers stand in a row without anything between them, as in a fixed record. In so many
 * digits almost everything would pass for a card number somewhere: a run that is no longer than one is masked as ever,
 * and in a longer one what begins, and is as long, as an issuer's. As long as before.
 */
export function maskCardsInRow(text: string): string {
  return text.replace(/\d{13,}/g, (run) => {
    if (run.length <= LONGEST) return maskCardNumbers(run);
    const lengthsAt = (start: number): readonly number[] =>
      DAY_OF_THE_20S.test(run.slice(Math.max(0, start - 2), start + 6))
        ? []
        : (ISSUED.find(({ begins }) => begins.test(run.slice(start, start + 4)))?.lengths ?? []);
    const hidden = findCardDigits(Array.from(run, Number), (start) =>
      lengthsAt(start).filter((length) => !PADDED.test(run.slice(start, start + length))),
    );
    return Array.from(run, (digit, index) => (hidden.has(index) ? MASK : digit)).join('');
  });
}

/**
 * The same value with the card numbers in all of its texts masked; the very same object where there are none.
 * @param isLeft names of members that are left as they are, with all that is in them
 */
export function maskCardNumbersIn<T>(value: T, isLeft: (name: string) => boolean = () => false): T {
  // A text for a text, a list for a list: the type stays what it was.
  return maskValue(value, isLeft) as T;
}

function maskValue(value: unknown, isLeft: (name: string) => boolean): unknown {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const masked = value.map((each) => maskValue(each, isLeft));
    return masked.some((each, index) => each !== value[index]) ? masked : value;
  }
  const members = value as Record<string, unknown>;
  let masked: Record<string, unknown> | undefined;
  for (const name of Object.keys(members)) {
    const each = members[name];
    const kept = isLeft(name) ? each : maskValue(each, isLeft);
    if (kept !== each) masked = { ...(masked ?? members), [name]: kept };
  }
  return masked ?? value;
}

/**
 * Masks bytes in place, without changing their length: runs of digits in text, also written in groups, and in BCD at
 * either nibble. For bytes of which nothing better is known than that no card number should be in them: 5555 in BCD is
 * `UU` in text, so that bytes are read as both unless they can only be text.
 */
export function maskCardBytes(value: Buffer): void {
  maskBytes(value, isOnlyText(value));
}

/** The same for bytes that are meant to be text: `PAY PASS` is no number in BCD, bytes that are no text may be. */
export function maskCardText(value: Buffer): void {
  maskBytes(value, isText(value));
}

function maskBytes(value: Buffer, isReadAsText: boolean): void {
  if (value.length < Math.ceil(SHORTEST / 2)) return;
  for (const match of value.toString('latin1').matchAll(/\d(?:[ -]?\d){12,18}/g)) {
    if (isCardNumber(match[0].replace(/[ -]/g, '')))
      value.fill(MASK, match.index, match.index + match[0].length);
  }
  if (isReadAsText) return;
  const nibbles = value.toString('hex');
  const masked = nibbles.replace(/\d{13,}/g, maskNibbles);
  if (masked !== nibbles) value.write(masked, 'hex');
}

const isNoBcd = (byte: number): boolean => byte < 0x80 && ((byte & 0x0f) > 9 || byte >>> 4 > 9);

/**
 * UTF-8, where a byte from 80 to 99 never stands without one that is no BCD; or ASCII with some letters of another set
 * among it, and with characters that no BCD digits make.
 */
function isText(value: Buffer): boolean {
  if (value.some((byte) => (byte < 0x20 && ![0x00, 0x0a, 0x0d].includes(byte)) || byte === 0x7f))
    return false;
  if (isUtf8(value)) return true;
  const foreign = value.filter((byte) => byte >= 0x80).length;
  return foreign * 5 <= value.length && value.filter(isNoBcd).length >= 2;
}

/** Digits alone, which BCD would hold in half the bytes; or some characters that no BCD digits make. */
function isOnlyText(value: Buffer): boolean {
  const isAllDigits = value.every((byte) => byte >= 0x30 && byte <= 0x39);
  return isText(value) && (isAllDigits || value.filter(isNoBcd).length >= 2);
}

/**
 * A card number may stand anywhere inside a longer run of digits; none begins with a zero, as amounts do. A terminal
 * may send 130,000 digits in one message, while another waits: each is looked at a bounded number of times.
 */
function maskNibbles(run: string): string {
  let masked = '';
  let from = 0;
  let done = 0;
  while (from + SHORTEST <= run.length) {
    const length = run[from] === '0' ? 0 : cardLengthAt(run, from);
    if (length > 0) {
      masked += run.slice(done, from) + MASKED_NIBBLE.repeat(length);
      done = from + length;
    }
    from += Math.max(length, 1);
  }
  return masked + run.slice(done);
}

/** The longest card number that begins there, in digits; 0: none does. */
function cardLengthAt(run: string, from: number): number {
  let longest = 0;
  // The sum of Luhn if the last digit counts once, as it does at the end of a number, and if it counts twice.
  let once = 0;
  let twice = 0;
  let isVaried = false;
  for (let length = 1; length <= LONGEST && from + length <= run.length; length += 1) {
    const digit = Number(run[from + length - 1]);
    [once, twice] = [twice + digit, once + (digit > 4 ? digit * 2 - 9 : digit * 2)];
    isVaried ||= run[from + length - 1] !== run[from];
    if (length >= SHORTEST && isVaried && once % 10 === 0) longest = length;
  }
  return longest;
}

/** Zeros and ones alone pass Luhn, and fill many a field. */
function isCardNumber(digits: string): boolean {
  return !/^(\d)\1+$/.test(digits) && passesLuhn(Array.from(digits, Number), 0, digits.length);
}

/** Which of the digits belong to a number of these lengths that passes Luhn. */
function findCardDigits(
  digits: readonly number[],
  lengthsAt: (start: number) => readonly number[] = () => LENGTHS,
): Set<number> {
  const found = new Set<number>();
  for (let start = 0; start + SHORTEST <= digits.length; start += 1) {
    for (const length of lengthsAt(start)) {
      if (start + length > digits.length || !passesLuhn(digits, start, length)) continue;
      for (let index = start; index < start + length; index += 1) found.add(index);
    }
  }
  return found;
}

function passesLuhn(digits: readonly number[], start: number, length: number): boolean {
  let sum = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = digits[start + length - 1 - at] ?? 0;
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

function valueOf(digit: string): number {
  return digit >= '０' ? digit.charCodeAt(0) - '０'.charCodeAt(0) : Number(digit);
}
