import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskCardBytes, maskCardNumbers, maskCardNumbersIn, maskCardText } from '../src/card-mask.ts';

/** The card schemes' public test numbers, and made-up ones of the longest and shortest form. */
const NUMBERS = [
  '4222222222222',
  '30569309025904',
  '378282246310005',
  '4111111111111111',
  '5555555555554444',
  '3530111333300000',
  '6304000000000000000',
  // No shorter run in it that passes Luhn covers it.
  '6266685130501124125',
];

for (const number of NUMBERS) {
  test(`${number} is masked, however it is written`, () => {
    const stars = '*'.repeat(number.length);
    const groups = number.match(/.{1,4}/g) ?? [];
    const wide = number.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    assert.equal(maskCardNumbers(`私の番号は${number}です`), `私の番号は${stars}です`);
    assert.equal(maskCardNumbers(groups.join(' ')).replaceAll(' ', ''), stars);
    assert.equal(maskCardNumbers(groups.join('-')).replaceAll('-', ''), stars);
    assert.equal(maskCardNumbers(wide), stars);
  });
}

test('numbers that people may write stay as they are', () => {
  for (const text of ['047-492-1111', '2026年11月24日 10時30分', '400円', '09012345678', '窓口01']) {
    assert.equal(maskCardNumbers(text), text);
  }
});

test('a card number inside any text without digits is gone, and the rest stays', () => {
  // Behind an underscore may be a provider's name: below.
  const words = fc.string().map((text) => text.replace(/[\d０-９_]/g, ''));
  fc.assert(
    fc.property(words, fc.constantFrom(...NUMBERS), words, (before, number, after) => {
      const masked = maskCardNumbers(`${before}${number}${after}`);
      assert.equal(masked, `${before}${'*'.repeat(number.length)}${after}`);
    }),
  );
});

test('a card number glued to other digits is masked too', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{0,8}$/), fc.constantFrom(...NUMBERS), (digits, number) => {
      assert.ok(!maskCardNumbers(digits + number).includes(number.slice(-4)));
    }),
  );
});

test('ids and hashes of our own stay, whatever digits they are made of', () => {
  for (const text of ['41111111-1111-4111-8111-111111111111', '4'.repeat(64), `id ${'0'.repeat(64)}.`]) {
    assert.equal(maskCardNumbers(text), text);
  }
});

test('a provider’s name for an order stays, whatever digits it is made of; a number in its place does not', () => {
  for (const text of ['pi_cf4111111111111111520e912', 're_3PqX4111111111111111aB']) {
    assert.equal(maskCardNumbers(text), text);
  }
  assert.equal(maskCardNumbers('pan_4111111111111111'), `pan_${'*'.repeat(16)}`);
  for (const [before, after] of [
    ['ref_', 'a'],
    ['slip_no', ''],
    ['ref_', 'abcdefghijkl'],
    ['pan_abcdefghijkl', ''],
    ['ref_a', 'b'],
  ]) {
    assert.equal(maskCardNumbers(`${before}4111111111111111${after}`), `${before}${'*'.repeat(16)}${after}`);
  }
  assert.equal(maskCardNumbers('pi_cf 4111111111111111'), `pi_cf ${'*'.repeat(16)}`);
});

for (const number of NUMBERS) {
  test(`${number} is masked in bytes: as text, and in BCD at either nibble`, () => {
    // Behind other digits, too: an even and an odd number of them.
    for (const before of ['', 'f', 'ab', 'cdf', 'f00', 'f0']) {
      const hex = `${before}${number}`;
      const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `${hex}f`, 'hex');
      const { length } = bytes;
      maskCardBytes(bytes);
      assert.ok(!bytes.toString('hex').includes(number), hex);
      assert.equal(bytes.length, length);
      assert.ok(bytes.toString('hex').startsWith(before));
    }
    const text = Buffer.from(`No ${number} `);
    maskCardBytes(text);
    assert.equal(text.toString(), `No ${'*'.repeat(number.length)} `);
  });
}

test('in a value every text is masked, what is left alone is left, and nothing found is the very same value', () => {
  const clean = { a: ['窓口01', { b: null, c: 400 }], raw: 'ff' };
  assert.equal(maskCardNumbersIn(clean), clean);
  const [number = ''] = NUMBERS;
  const stars = '*'.repeat(number.length);
  assert.deepEqual(
    maskCardNumbersIn({ note: number, lines: [{ text: number }], raw: number }, (name) => name === 'raw'),
    { note: stars, lines: [{ text: stars }], raw: number },
  );
});

test('a message full of digits is masked, however long it is, and quickly enough for the terminal that waits', () => {
  const digits = '4111111111111111'.repeat(8_000);
  const bytes = Buffer.from(digits, 'hex');
  maskCardBytes(bytes);
  assert.match(bytes.toString('hex'), /^e+$/);
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0x10, max: 0x99 }), (seed, byte) => {
      const much = Buffer.from(Array.from({ length: 65_000 }, (_, at) => (seed * (at + 7) * byte) & 0x77));
      maskCardBytes(much);
      assert.equal(much.length, 65_000);
    }),
    { numRuns: 5 },
  );
});

test('bytes that are meant as text are read as text only, where they are some', () => {
  const name = Buffer.from('PAY PASS 5U');
  maskCardText(name);
  assert.equal(name.toString(), 'PAY PASS 5U');
  const digits = Buffer.from('00001234567890');
  maskCardBytes(digits);
  assert.equal(digits.toString(), '00001234567890');
  const bcd = Buffer.from('104111111111111111', 'hex');
  maskCardText(bcd);
  assert.ok(!bcd.toString('hex').includes('4111111111111111'), 'what is no text is read as BCD too');
});
