/** Text as Windows' Shift_JIS (CP932), for accounting systems that read nothing else. Never a silent `?`. */
import type Iconv from 'iconv-lite';

/**
 * Unicode has two of each of these, and CP932 the other one (measured with iconv-lite 0.7.3, which writes `?` for the
 * first and a backslash for ¥).
 */
const TWINS: Readonly<Record<string, string>> = {
  '〜': '～',
  '−': '－',
  '—': '―',
  '‖': '∥',
  '¥': '￥',
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
  '‐': '-',
  '–': '-',
  '\u00A0': ' ',
};
/** 〓: what printers set for a character that they have not. */
export const GETA = '〓';

interface EncodedCp932 {
  bytes: Buffer;
  /** What CP932 has not, each once, with what stands round it; in `bytes` a 〓 stands for it. */
  missing: { character: string; within: string }[];
}

/** For readers that know no UTF-8. What CP932 has not is listed in `missing`, so that nothing is lost unsaid. */
export async function encodeCp932(text: string): Promise<EncodedCp932> {
  // Loaded when a file is made.
  const { default: iconv } = await import('iconv-lite');
  const missing = new Map<string, string>();
  const known = new Map<string, string>();
  const characters = Array.from(
    // A kana and its mark, as some systems write them, are one character there.
    text.replace(/[\u3041-\u30FF][\u3099\u309A]/g, (pair) => pair.normalize('NFC')),
  );
  const written = characters.map((character, index) => {
    const code = known.get(character) ?? codeOf(iconv, TWINS[character] ?? character);
    known.set(character, code);
    if (code === GETA && character !== GETA && !missing.has(character))
      missing.set(character, characters.slice(Math.max(0, index - 4), index + 5).join(''));
    return code;
  });
  return {
    bytes: iconv.encode(written.join(''), 'cp932'),
    missing: [...missing].map(([character, within]) => ({
      character,
      within: within.replaceAll(/\s+/g, ' '),
    })),
  };
}

/** The character itself where CP932 gives it back as it was, or 〓. */
const codeOf = (iconv: Pick<typeof Iconv, 'encode' | 'decode'>, character: string): string =>
  iconv.decode(iconv.encode(character, 'cp932'), 'cp932') === character ? character : GETA;
