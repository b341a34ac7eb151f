/** Setting Japanese text in a PDF: a second font for what the first has not, lines broken by width. */
import type { Font } from 'fontkit';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GETA } from './cp932.ts';

type FontName = 'regular' | 'bold' | 'other';

/**
 * The fonts as TTF, which npm has from this publisher alone: as WOFF, pdfkit takes seconds to read them, and as WOFF2 it
 * embeds them whole (measured). Noto Sans JP has what BIZ UDPGothic has not: 𠮷.
 */
const FILES: Record<FontName, string> = {
  regular: '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf',
  bold: '@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf',
  other: '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
};

interface LoadedFont {
  bytes: Buffer;
  font: Font;
}
export type Fonts = Record<FontName, LoadedFont>;

/** The three fonts of a report, from their packages. @throws if one of the files can't be read */
export async function loadFonts(): Promise<Fonts> {
  const { create } = await import('fontkit');
  const load = async (name: FontName): Promise<LoadedFont> => {
    const bytes = await readFile(fileURLToPath(import.meta.resolve(FILES[name])));
    // Each of these files holds one font.
    return { bytes, font: create(bytes) as Font };
  };
  const [regular, bold, other] = await Promise.all([load('regular'), load('bold'), load('other')]);
  return { regular, bold, other };
}

/** Which end of a column a text stands at. */
export type Align = 'start' | 'end' | 'middle';

export interface Run {
  font: FontName;
  text: string;
}

/** Marks that choose a form of the character before them: neither font has the forms, and both show the base. */
const VARIATION = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;
/** So many characters behind a space or a stroke, with it. */
const BEGUN = 3;
/** A line does not begin with these (行頭禁則). */
const NOT_FIRST = '、。，．）)」』】・ー：；！？/';

export interface Typesetter {
  /** The text in runs of one font each; what no font has is a 〓, and is noted. */
  runsOf: (text: string, font: 'regular' | 'bold') => Run[];
  /** In points. */
  widthOf: (text: string, font: 'regular' | 'bold', size: number) => number;
  /** Lines that are no wider than that; Japanese breaks anywhere, a word or number in Latin letters only where a line can't hold it. */
  wrap: (text: string, font: 'regular' | 'bold', size: number, width: number) => string[];
  /** What has been set as 〓 so far. */
  missing: ReadonlySet<string>;
}

/** A typesetter over fonts; it notes the characters that none of them has. */
export function createTypesetter(fonts: Fonts): Typesetter {
  const missing = new Set<string>();
  const has = (name: FontName, character: string): boolean =>
    fonts[name].font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);

  const runsOf: Typesetter['runsOf'] = (text, wanted) => {
    const runs: Run[] = [];
    for (const character of text.replaceAll(/\s/g, ' ')) {
      if (VARIATION.test(character)) continue;
      const font = has(wanted, character) ? wanted : has('other', character) ? 'other' : null;
      if (font === null) missing.add(character);
      const name: FontName = font ?? wanted;
      const shown = font === null ? GETA : character;
      const last = runs.at(-1);
      if (last?.font === name) last.text += shown;
      else runs.push({ font: name, text: shown });
    }
    return runs;
  };
  const advances = new Map<string, number>();
  /** Of one character, in parts of the font's size. */
  const advanceOf = (name: FontName, character: string): number => {
    const key = name + character;
    const known = advances.get(key);
    if (known !== undefined) return known;
    const { font } = fonts[name];
    const advance = font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth / font.unitsPerEm;
    advances.set(key, advance);
    return advance;
  };
  const widthOf: Typesetter['widthOf'] = (text, font, size) =>
    runsOf(text, font).reduce(
      (sum, run) => Array.from(run.text).reduce((width, each) => width + advanceOf(run.font, each), sum),
      0,
    ) * size;

  return {
    runsOf,
    widthOf,
    missing,
    wrap(text, font, size, width) {
      const lines: string[] = [];
      let line = '';
      const words = text.match(/[\w.,:/%-]+|./gsu) ?? [];
      const parts = words.flatMap((word) => (widthOf(word, font, size) <= width ? word : Array.from(word)));
      for (const part of parts) {
        const fits = widthOf(line + part, font, size) <= width;
        if (line === '' || fits || NOT_FIRST.includes(part)) line += part;
        else {
          // What has just begun behind a space or a stroke goes down as a whole.
          const end = Math.max(line.lastIndexOf(' '), line.lastIndexOf('/')) + 1;
          const isBegun = end > 1 && part !== ' ' && line.length - end < BEGUN;
          lines.push((isBegun ? line.slice(0, end) : line).trimEnd());
          line = isBegun ? line.slice(end) + part : part.trimStart();
        }
      }
      return [...lines, line];
    },
  };
}
