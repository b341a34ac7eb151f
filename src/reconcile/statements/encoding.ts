/** Bytes as text by their declared encoding, with rests, or why they are none. Pure. */
import type { FileFault, Layout, Shape } from './format.ts';
import { isSliceEnd, type InSlices } from './slices.ts';

/** The runtime's name for what Windows calls code page 932. */
export const ENCODINGS = { 'utf-8': 'utf-8', cp932: 'shift_jis' } as const;

export const NOT_ENCODED = {
  'utf-8':
    '文字コードが UTF-8 ではありません。選んだフォーマットのファイルか、保存し直したファイルではないか確かめてください。',
  cp932:
    '文字コードが Shift_JIS（CP932）ではありません。選んだフォーマットのファイルか、保存し直したファイルではないか確かめてください。',
};

const UTF_16 =
  '文字コードが UTF-16 です（Excel の「Unicode テキスト」など）。CSV（UTF-8 か Shift_JIS）で保存し直すか、届いたままのファイルを使ってください。';

const LONE_CR =
  '行の終わりが CR だけです（古い Mac の形）。どこまでが1行か確かめられません。行の終わりを CRLF か LF にして保存し直すか、届いたままのファイルを使ってください。';

/** Bytes between two rests: some milliseconds, also of CP932. */
const DECODED_AT_ONCE = 256 * 1024;

/** The whole text; undefined: these bytes are not in this encoding, and `fatal` was asked for. */
export function* decode(
  bytes: Uint8Array,
  encoding: Shape['encoding'],
  { fatal }: { fatal: boolean } = { fatal: true },
): InSlices<string | undefined> {
  const decoder = new TextDecoder(ENCODINGS[encoding], { fatal });
  const parts: string[] = [];
  try {
    for (let at = 0; at < bytes.length; at += DECODED_AT_ONCE) {
      if (at > 0) yield { done: 0, of: 0 };
      parts.push(decoder.decode(bytes.subarray(at, at + DECODED_AT_ONCE), { stream: true }));
    }
    parts.push(decoder.decode());
  } catch {
    return undefined;
  }
  return parts.join('');
}

/** As `decode`, or the first line that is not in this encoding. */
export function* decodeOrFault(
  bytes: Uint8Array,
  encoding: Shape['encoding'],
): InSlices<string | { faults: FileFault[] }> {
  const text = yield* decode(bytes, encoding);
  if (text !== undefined) return text;
  return {
    faults: [{ line: yield* badLineOf(bytes, encoding), column: '', message: NOT_ENCODED[encoding] }],
  };
}

/** The first line that can't be decoded; a broken byte hides no others before it. */
function* badLineOf(bytes: Uint8Array, encoding: Shape['encoding']): InSlices<number> {
  const decoder = new TextDecoder(ENCODINGS[encoding], { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    if (isSliceEnd(line)) yield { done: 0, of: 0 };
    const end = bytes.indexOf(0x0a, from);
    const until = end < 0 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, until));
    } catch {
      return line;
    }
    from = until;
  }
  return 0;
}

/** What no format reads, said as what it is. */
export function unreadable(bytes: Uint8Array, { kind }: Layout): string | undefined {
  if (bytes.length === 0) return 'ファイルが空です。';
  if (isUtf16(bytes)) return UTF_16;
  return kind !== 'json' && hasLoneCr(bytes) ? LONE_CR : undefined;
}

/** CR divides the lines and LF none. Behind the last record one may stand: it divides nothing. */
function hasLoneCr(bytes: Uint8Array): boolean {
  const first = bytes.indexOf(0x0d);
  return first >= 0 && first < bytes.length - 2 && !bytes.includes(0x0a);
}

/** By its mark, or by the zero that every other byte of a digit or a comma is: no statement has any. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || (bytes.subarray(0, 400).includes(0) && (first === 0 || second === 0));
}
