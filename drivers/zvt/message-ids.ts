/**
 * Message ids (PA00P015 §5), for terminals that echo tag 1F73 when they are registered with. One count for both sides:
 * the register's first command is 000001, an answer echoes, the next message of whoever speaks is one more.
 */
import { decodeApdu, encodeApdu, isAnswer } from './apdu.ts';
import { bcd, bcdDigits, encodeField, parseFields } from './bitmaps.ts';
import { headBytesOf } from './commands.ts';
import type { Link } from './link.ts';

const LAST_ID = 999_999;
/** Tag 1F73 with its length, as it stands in a message. */
const TAG = Buffer.from('1f7303', 'hex');
const NO_NODES = Buffer.alloc(0);

/** Six digits; undefined where the message carries none. */
export function messageIdOf(apdu: Buffer): string | undefined {
  // A container may stand behind bytes without a tag (06 D1, 06 1E): the tag is looked for from the end.
  const at = apdu.lastIndexOf(TAG);
  const id = at < 0 ? undefined : bcdDigits(apdu.subarray(at + TAG.length, at + TAG.length + 3));
  return id?.length === 6 ? id : undefined;
}

/**
 * A repeated message keeps its id, so that equal bytes tell it, with ids or without. An id alone does not: a terminal
 * that gave the same one to another result would have it acknowledged without a record.
 */
export function isRepetition(message: Buffer, earlier: Buffer): boolean {
  return message.equals(earlier);
}

/** What a terminal says again because it was asked to, under its old id or a new one. */
export function isSaidAgain(message: Buffer, earlier: Buffer): boolean {
  return withoutId(message).equals(withoutId(earlier));
}

function withoutId(apdu: Buffer): Buffer {
  const bare = Buffer.from(apdu);
  const at = bare.lastIndexOf(TAG);
  return at < 0 ? bare : bare.fill(0, at + TAG.length, at + TAG.length + 3);
}

/** 999999 is followed by 000001. */
export function idAfter(id: number): number {
  return id >= LAST_ID ? 1 : id + 1;
}

/** The message with its id in the TLV container, which is the last field of whatever we send. @throws on half a message */
export function withMessageId(apdu: Buffer, id: number, password: string): Buffer {
  const decoded = decodeApdu(apdu);
  if (decoded === undefined) throw new Error('only whole messages are sent');
  const { control, data } = decoded;
  // A status enquiry takes a container only behind its password (§2.56).
  const whole = control === '0501' && data.length === 0 ? bcd(password, 3) : data;
  return encodeApdu(control, withIdIn(whole, control === '0501' ? 3 : headBytesOf(control), id));
}

/**
 * A message's data with its id in the TLV container, which is the last field of whatever is sent.
 * @param headBytes how many bytes stand before the bitmaps
 */
export function withIdIn(data: Buffer, headBytes: number, id: number): Buffer {
  const last = parseFields(data.subarray(headBytes)).fields.at(-1);
  const container = last?.bitmap === '06' ? last.value : NO_NODES;
  const before = last?.bitmap === '06' ? data.length - encodeField('06', container).length : data.length;
  const nodes = Buffer.concat([container, TAG, bcd(id, 3)]);
  return Buffer.concat([data.subarray(0, before), encodeField('06', nodes)]);
}

/** A link that numbers what is sent and minds what is received. */
export function numberedLink(link: Link, password: string): Link {
  let last = 0;
  let heard: number | undefined;
  return {
    ...link,
    async send(apdu) {
      if (!isAnswer(apdu)) {
        last = idAfter(last);
        await link.send(withMessageId(apdu, last, password));
      } else await link.send(heard === undefined ? apdu : withMessageId(apdu, heard, password));
    },
    async receive(timeoutMs) {
      const reception = await link.receive(timeoutMs);
      if (reception.kind !== 'apdu' || isAnswer(reception.apdu)) return reception;
      const id = messageIdOf(reception.apdu);
      heard = id === undefined ? undefined : Number(id);
      last = heard ?? last;
      return reception;
    },
  };
}
