/** A charge ticket's text: what is signed is read, and nothing else is. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import QRCode from 'qrcode';
import { canonicalJson } from '../../src/journal/chain.ts';
import { readTicket, signTicket, type Ticket } from '../../src/tickets/format.ts';

const desk = generateKeyPairSync('ed25519');
const keys = new Map([['form-2026', desk.publicKey]]);

const TICKET: Ticket = {
  key: 'form-2026',
  reference: 'R-000123',
  window: 'resident',
  counter: null,
  until: '2026-11-30',
  lines: [
    { code: 'CIT-JUM', quantity: 2 },
    { code: 'CIT-INK', quantity: 1 },
  ],
};

const faultOf = (text: string): string | undefined => {
  const read = readTicket(text, keys);
  return 'fault' in read ? read.fault : undefined;
};

/** Signed by the desk, whatever it says. */
function signed(content: unknown): string {
  const body = base32(Buffer.from(canonicalJson(content)));
  return `MDG1.${body}.${base32(sign(null, Buffer.from(`MDG1.${body}`), desk.privateKey))}`;
}

/** Written anew from RFC 4648, so that the format is not only its own judge. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

const BODY = {
  key: 'form-2026',
  ref: 'R-000123',
  window: 'resident',
  until: '2026-11-30',
  items: [['CIT-JUM', 2]],
};

test('any ticket that can be signed is read as it was, also in small letters and broken lines', () => {
  const word = fc.stringMatching(/^[A-Z][A-Z-]{0,10}$/);
  const inputs = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom('2027-04', 'A-12', 3), {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  });
  const line = fc.record(
    { code: word, quantity: fc.integer({ min: 1, max: 99 }), inputs },
    { requiredKeys: ['code', 'quantity'], noNullPrototype: true },
  );
  const tickets = fc.record(
    {
      key: fc.constant('form-2026'),
      reference: word,
      window: fc.constant('bicycle'),
      counter: fc.constantFrom(null, '02'),
      until: fc.constant('2027-01-31'),
      lines: fc.array(line, { minLength: 1, maxLength: 20 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(tickets, (ticket) => {
      const text = signTicket(ticket, desk.privateKey);
      assert.match(text, /^MDG1\.[A-Z2-7]+\.[A-Z2-7]+$/);
      assert.deepEqual(readTicket(text, keys), { ticket });
      const typed = text.toLowerCase().replace(/(.{5})/g, '$1 \n');
      assert.deepEqual(readTicket(typed, keys), { ticket });
    }),
    { numRuns: 50 },
  );
});

test('no change of any character gets past the signature', () => {
  const text = signTicket(TICKET, desk.privateKey);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'Z', '2', '7', '.'), (place, other) => {
      if (text.charAt(place) === other) return;
      const changed = text.slice(0, place) + other + text.slice(place + 1);
      assert.ok('fault' in readTicket(changed, keys), changed);
    }),
    { numRuns: 300 },
  );
});

test('what is no ticket is told from one that somebody else signed, or with a key nobody knows', () => {
  const text = signTicket(TICKET, desk.privateKey);
  const stranger = generateKeyPairSync('ed25519');
  assert.equal(faultOf(signTicket(TICKET, stranger.privateKey)), 'ticket_wrong_signature');
  assert.equal(faultOf(signTicket({ ...TICKET, key: 'other' }, desk.privateKey)), 'ticket_unknown_key');
  assert.equal(faultOf(text.slice(0, -1)), 'ticket_unreadable');
  assert.equal(faultOf('https://example.com/'), 'ticket_unreadable');
  assert.equal(faultOf('R-000123'), 'ticket_reference_only');
  assert.equal(faultOf('A'.repeat(4_000)), 'ticket_unreadable');
  assert.equal(faultOf(''), 'ticket_unreadable');
});

for (const [what, change] of [
  ['a name', { name: '山田花子' }],
  ['a price', { totalYen: 400 }],
  ['a price beside an item', { items: [['CIT-JUM', 2, { priceYen: 300 }, 600]] }],
  ['a name as an input', { items: [['BIK-YB', 1, { sticker: '山田花子' }]] }],
  ['a My Number as a reference', { ref: '1234-5678-9012' }],
  ['a card number as an input', { items: [['BIK-YB', 1, { sticker: '4111111111111111' }]] }],
  ['no item', { items: [] }],
  ['a day that does not exist', { until: '2026-02-30' }],
] as const) {
  test(`a ticket with ${what} is refused although its signature is right`, () => {
    assert.equal(faultOf(signed(BODY)), undefined);
    assert.equal(faultOf(signed({ ...BODY, ...change })), 'ticket_forbidden');
  });
}

test('a body that is not in its one canonical form is not read', () => {
  const body = base32(Buffer.from(`{"key":"form-2026", "ref":"R-1"}`));
  const text = `MDG1.${body}.${base32(sign(null, Buffer.from(`MDG1.${body}`), desk.privateKey))}`;
  assert.equal(faultOf(text), 'ticket_unreadable');
});

test('a ticket of two items fits a QR code of version 10, in its alphanumeric mode', () => {
  const { version, segments } = QRCode.create(signTicket(TICKET, desk.privateKey), {
    errorCorrectionLevel: 'M',
  }) as QRCode.QRCode & { segments: { mode: { id: string } }[] };
  assert.ok(version <= 10, String(version));
  assert.deepEqual(
    segments.map(({ mode }) => mode.id),
    ['Alphanumeric'],
  );
});
