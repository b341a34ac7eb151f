/** Where a long fee name may go on in the next line. Pure. */

const words = new Intl.Segmenter('ja', { granularity: 'word' });
/** Letters that begin a word, and are taken for one of their own: 再交付, 謄抄本. */
const PREFIXES = new Set('再謄新旧各全未無非');

/** `マイナンバーカード再交付手数料` → `マイ`, `ナンバー`, `カード`, `再交付`, `手数料`: no part of one letter. */
export function partsOf(name: string): string[] {
  const parts: string[] = [];
  let before = '';
  for (const { segment } of words.segment(name)) {
    const begins = segment.length > 1 ? before.length > 1 : PREFIXES.has(segment);
    const last = parts.length - 1;
    if (parts[last] === undefined || (begins && parts[last].length > 1)) parts.push(segment);
    else parts[last] += segment;
    before = segment;
  }
  return parts;
}
