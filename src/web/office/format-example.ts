/** What a file has in a column, for whoever chooses it. Pure. */
import type { FileLook } from '../../reconcile/statements/view.ts';

/** Banks write half-width katakana; they are read in full width. */
export const exampleOf = (look: FileLook | null, from: string): string =>
  (
    look?.columns.find((column) => column.from === from)?.values.find((value) => value !== '') ?? ''
  ).normalize('NFKC');
