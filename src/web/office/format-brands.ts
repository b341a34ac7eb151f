/** Which brand a name in a statement is likely to be: as formats before have mapped it, else as it is called. Pure. */
import type { FormatView } from '../../reconcile/statements/view.ts';

/** Without case, width, spaces and what is written between words. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s・･().,/_+-]/g, '');

/** A code of two digits means another brand with every acquirer. */
const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text);

/** The brand's code; undefined: the name says too little, or could be several. */
export function guessBrand(
  value: string,
  formats: readonly FormatView[],
  brandNames: ReadonlyMap<string, string>,
): string | undefined {
  if (!isWord(value)) return undefined;
  const wanted = plain(value);
  for (const { definition } of formats) {
    const mapped = 'values' in definition.brand ? Object.entries(definition.brand.values) : [];
    const found = mapped.find(([name]) => plain(name) === wanted)?.[1];
    if (found !== undefined && brandNames.has(found)) return found;
  }
  const named = [...brandNames].find(([code, nameJa]) => plain(nameJa) === wanted || plain(code) === wanted);
  // `MASTER` is the beginning of `Mastercard`, and of nothing else.
  const begun = [...brandNames].filter(([, nameJa]) => plain(nameJa).startsWith(wanted));
  return named?.[0] ?? (begun.length === 1 ? begun[0]?.[0] : undefined);
}
