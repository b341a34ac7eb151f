/** Receipts that a terminal wants printed (PA00P015 §3.5, §3.6), as text, pure. Card numbers are masked in them. */
import { isAscii } from 'node:buffer';
import { maskCardText } from '../../src/card-mask.ts';
import type { PrintedLine, PrintedText } from '../../src/terminal/terminal.ts';
import { decodeApdu } from './apdu.ts';
import { parseFields } from './bitmaps.ts';
import { maskFields } from './mask.ts';
import { findTlv, type Tlv } from './tlv.ts';

/** Character sets by their number in tag 14 (§9): 00 ASCII, 01 to 10 ISO 8859-n, FE UTF-8, FF CP437. */
export const UTF_8 = 0xfe;
const CP437 = 0xff;
const CP437_UPPER_HALF =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** 8859-12 was never published; what has no decoder is read byte by byte. */
function decodeText(bytes: Buffer, charset: number): string {
  if (charset === UTF_8) return bytes.toString('utf8');
  if (charset === CP437) {
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : (CP437_UPPER_HALF[byte - 0x80] ?? '?'),
    ).join('');
  }
  const part = charset >= 0x01 && charset <= 0x10 && charset !== 0x0c ? charset : 1;
  // ASCII reads the same in all of them, and a decoder is slow to be made.
  return isAscii(bytes) ? bytes.toString('latin1') : new TextDecoder(`iso-8859-${part}`).decode(bytes);
}

/** 40 centred; 20 double width; 10 double height; the low nibble is an indent (§3.5). */
function lineOf(text: string, attribute: number): PrintedLine {
  const isCentred = (attribute & 0x40) !== 0;
  const indent = isCentred ? 0 : attribute & 0x0f;
  return {
    // A printer's control characters have nothing to say on a screen, and a NUL can't be kept.
    text: ' '.repeat(indent) + text.replace(/\p{Cc}/gu, ''),
    align: isCentred ? 'center' : 'left',
    doubleWidth: (attribute & 0x20) !== 0,
    doubleHeight: (attribute & 0x10) !== 0,
  };
}

/** Bit 7 ends the receipt, but 80 alone does not (§3.5). */
const endsReceipt = (attribute: number): boolean => attribute > 0x80;

const EMPTY_LINE = lineOf('', 0);
const LINE_FEED = 0xff;

/**
 * Print line (06 D1): an attribute and text; attribute FF: as many empty lines as the next byte says.
 * @param charset what the terminal agreed to when it was registered with; CP437 if nothing
 */
export function readPrintedLine(apdu: Buffer, charset = CP437): PrintedText {
  const data = Buffer.from(decodeApdu(apdu)?.data ?? Buffer.alloc(0));
  const attribute = data[0] ?? 0;
  if (attribute === LINE_FEED) {
    return {
      receipt: null,
      lines: Array.from({ length: data[1] ?? 1 }, () => EMPTY_LINE),
      isLast: false,
    };
  }
  const text = data.subarray(1, data.length - trailingContainerBytes(data));
  maskCardText(text);
  // A last line may well be empty, and its low nibble is no indent worth having.
  const isLast = endsReceipt(attribute);
  return {
    receipt: null,
    lines: [lineOf(decodeText(text, charset), isLast ? attribute & 0x70 : attribute)],
    isLast,
  };
}

/** A TLV container behind the text (§5, a message id): text has no 06, and its length must fit. */
function trailingContainerBytes(data: Buffer): number {
  const at = data.indexOf(0x06, 1);
  if (at < 0) return 0;
  const { fields, tlv, rest } = parseFields(data.subarray(at));
  return fields.length === 1 && tlv.length > 0 && rest.length === 0 ? data.length - at : 0;
}

const RECEIPTS: Readonly<Record<number, PrintedText['receipt']>> = {
  1: 'merchant',
  2: 'customer',
  3: 'administration',
};

/** Print text block (06 D3): tag 25 holds lines (07), each after the attribute (09) that it and the next ones have. */
export function readPrintedBlock(apdu: Buffer, charset = CP437): PrintedText {
  const parsed = parseFields(Buffer.from(decodeApdu(apdu)?.data ?? Buffer.alloc(0)));
  maskFields(parsed);
  const kind = findTlv(parsed.tlv, '1f07')?.[0] ?? 0;
  const saysCharset = findTlv(parsed.tlv, '14')?.[0] ?? charset;
  const printed: PrintedText = { receipt: RECEIPTS[kind] ?? null, lines: [], isLast: false };
  let attribute = 0;
  for (const { tag, value } of printTexts(parsed.tlv)) {
    if (tag === '07') printed.lines.push(lineOf(decodeText(value, saysCharset), attribute));
    if (tag === '09') attribute = value[0] ?? 0;
    if (tag === '09' && endsReceipt(attribute)) printed.isLast = true;
  }
  return printed;
}

const printTexts = (nodes: readonly Tlv[]): Tlv[] =>
  nodes.filter(({ tag }) => tag === '25').flatMap(({ children }) => children);
