/** The text of a PDF as a reader selects it: by the fonts' own tables of characters, not by what was meant to be written. */
import { inflateSync } from 'node:zlib';

/** Each piece of text that was set, in the order of the pages. For what pdfkit writes; it is no reader of any PDF. */
export function textsOf(pdf: Buffer): string[] {
  const objects = readObjects(pdf);
  const fonts = new Map<string, Map<number, string>>();
  for (const { head } of objects.values())
    for (const [, name = '', font = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.head ?? '')?.[1];
      if (table !== undefined) fonts.set(name, readCharacters(objects.get(table)?.stream ?? ''));
    }
  const contents = [...objects.values()].flatMap(({ head }) =>
    head.includes('/Type /Page\n') ? (/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? []) : [],
  );
  return contents.flatMap((id) => readTexts(objects.get(id)?.stream ?? '', fonts));
}

interface PdfObject {
  head: string;
  stream: string;
}

function readObjects(pdf: Buffer): Map<string, PdfObject> {
  const text = pdf.toString('latin1');
  const objects = [...text.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj$/gm)];
  return new Map(
    objects.map(([, id = '', body = '']): [string, PdfObject] => {
      const [head = '', ...rest] = body.split('\nstream\n');
      const packed = Buffer.from(rest.join('\nstream\n').replace(/\nendstream$/, ''), 'latin1');
      const isPacked = head.includes('/FlateDecode') && packed.length > 0;
      return [id, { head, stream: isPacked ? inflateSync(packed).toString('latin1') : '' }];
    }),
  );
}

/** Which characters each glyph of a font stands for. */
function readCharacters(table: string): Map<number, string> {
  const characters = new Map<number, string>();
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi))
    [...list.matchAll(/<([0-9a-f ]+)>/gi)].forEach(([, units = ''], index) => {
      const codes = [...units.replaceAll(' ', '').matchAll(/.{4}/g)].map(([unit]) =>
        Number.parseInt(unit, 16),
      );
      characters.set(Number.parseInt(first, 16) + index, String.fromCharCode(...codes));
    });
  return characters;
}

function readTexts(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string[] {
  let font: ReadonlyMap<number, string> | undefined;
  return [...content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)].flatMap(([, name, glyphs]) => {
    if (name !== undefined) font = fonts.get(name);
    if (glyphs === undefined) return [];
    const codes = [...glyphs.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    return codes.map((code) => font?.get(Number.parseInt(code, 16)) ?? '\uFFFD').join('');
  });
}
