/**
 * A charge ticket (会計票) as text: `MDG1.<body>.<signature>`. Pure; how a desk makes one is in README.md here.
 *
 * The body is canonical JSON, the signature Ed25519 (RFC 8032) over everything before its dot, both in base32 (RFC 4648
 * without padding): capitals and digits fill a QR code best, and neither Caps Lock nor an input method of a scanner that
 * types as a keyboard can spoil them.
 */
import { sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../journal/chain.ts';
import { LONGEST_TEXT, plainText, PREFIX, withoutLongNumber } from './scan.ts';

const word = (pattern: RegExp) => z.string().regex(pattern).refine(withoutLongNumber);

/** Everything that may stand on a ticket. A name or a price is not among it, so a desk can't hand one over. */
const BODY = z.strictObject({
  /** Which of the desk's keys has signed. */
  key: z.string().regex(/^[a-z0-9-]{1,20}$/),
  /** The desk's own, never used again; in the whole city. */
  ref: word(/^[A-Z0-9][A-Z0-9-]{0,23}$/),
  window: word(/^[A-Za-z0-9_-]{1,40}$/),
  /** Only at this counter; left out: at any that has the window. */
  counter: word(/^[\w-]{1,16}$/).optional(),
  /** Last day on which it holds, in Tokyo. */
  until: z.iso.date(),
  /** Item, how many, and what the item has to know. */
  items: z
    .array(
      z.union([
        z.tuple([word(/^[A-Za-z0-9-]{1,40}$/), z.number().int().min(1).max(99)]),
        z.tuple([
          word(/^[A-Za-z0-9-]{1,40}$/),
          z.number().int().min(1).max(99),
          z.record(
            z.string().regex(/^[A-Za-z]{1,20}$/),
            z.union([word(/^[A-Za-z0-9:-]{1,20}$/), z.number().int().min(0).max(9_999)]),
          ),
        ]),
      ]),
    )
    .min(1)
    .max(20),
});

export interface TicketLine {
  code: string;
  quantity: number;
  inputs?: Record<string, string | number>;
}

/** What a desk hands over. Items and numbers; no person, no price. */
export interface Ticket {
  key: string;
  reference: string;
  window: string;
  counter: string | null;
  /** `YYYY-MM-DD` in Tokyo, inclusive. */
  until: string;
  lines: TicketLine[];
}

/** A ticket as the sale that uses it keeps it. */
export interface TicketMark {
  reference: string;
  key: string;
  until: string;
  /** The only counter that takes it; null: any of its window. */
  counter: string | null;
  /** The city's record could not be asked: the resident says that no other counter has used it. */
  unsure?: true;
}

/** Why a text is no ticket that holds. */
export type TicketFault =
  | 'ticket_unreadable'
  | 'ticket_reference_only'
  | 'ticket_unknown_key'
  | 'ticket_wrong_signature'
  | 'ticket_forbidden';

/** The text of a ticket, in capitals. @throws ZodError for what may not stand on one */
export function signTicket(ticket: Ticket, privateKey: KeyObject): string {
  const body = BODY.parse({
    key: ticket.key,
    ref: ticket.reference,
    window: ticket.window,
    ...(ticket.counter !== null && { counter: ticket.counter }),
    until: ticket.until,
    items: ticket.lines.map(({ code, quantity, inputs }) => [
      code,
      quantity,
      ...(inputs === undefined ? [] : [inputs]),
    ]),
  });
  const signed = `${PREFIX}.${toBase32(Buffer.from(canonicalJson(body)))}`;
  return `${signed}.${toBase32(sign(null, Buffer.from(signed), privateKey))}`;
}

/** Reads and verifies. The signature is looked at before what it signs is believed. */
export function readTicket(
  text: string,
  keys: ReadonlyMap<string, KeyObject>,
): { ticket: Ticket } | { fault: TicketFault } {
  if (text.length > LONGEST_TEXT) return { fault: 'ticket_unreadable' };
  const plain = plainText(text);
  const [prefix, bodyText = '', signatureText = '', ...rest] = plain.split('.');
  if (rest.length > 0 || prefix !== PREFIX) {
    return { fault: BODY.shape.ref.safeParse(plain).success ? 'ticket_reference_only' : 'ticket_unreadable' };
  }
  const [body, signature] = [fromBase32(bodyText), fromBase32(signatureText)];
  const content = body === undefined ? undefined : readJson(body);
  if (content === undefined || signature === undefined) return { fault: 'ticket_unreadable' };
  const id = z.object({ key: z.string() }).safeParse(content);
  if (!id.success) return { fault: 'ticket_unreadable' };
  const key = keys.get(id.data.key);
  if (key === undefined) return { fault: 'ticket_unknown_key' };
  if (!verify(null, Buffer.from(`${PREFIX}.${bodyText}`), key, signature)) {
    return { fault: 'ticket_wrong_signature' };
  }
  const parsed = BODY.safeParse(content);
  return parsed.success ? { ticket: ticketOf(parsed.data) } : { fault: 'ticket_forbidden' };
}

function ticketOf({ key, ref, window, counter, until, items }: z.infer<typeof BODY>): Ticket {
  return {
    key,
    reference: ref,
    window,
    counter: counter ?? null,
    until,
    lines: items.map(([code, quantity, inputs]) => ({
      code,
      quantity,
      ...(inputs !== undefined && { inputs }),
    })),
  };
}

/** Undefined: no JSON, or not in its one canonical form (a name twice, spaces). */
function readJson(bytes: Buffer): unknown {
  try {
    const text = bytes.toString('utf8');
    const content: unknown = JSON.parse(text);
    return canonicalJson(content) === text ? content : undefined;
  } catch {
    return undefined; // no JSON: whoever asked hears that it can't be read
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Buffer): string {
  let text = '';
  let [bits, count] = [0, 0];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 5; count -= 5) text += ALPHABET.charAt((bits >> (count - 5)) & 31);
    bits &= (1 << count) - 1;
  }
  return count === 0 ? text : text + ALPHABET.charAt((bits << (5 - count)) & 31);
}

/** Undefined: not base32, or not the one way to write these bytes. */
function fromBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    bits = (bits << 5) | value;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push(bits >> count);
    bits &= (1 << count) - 1;
  }
  const read = Buffer.from(bytes);
  return text !== '' && toBase32(read) === text ? read : undefined;
}
