/** What the pages have in common that the service writes to be printed: slips, and sheets of several pages. Pure. */
import type { Book } from './book.ts';
import { escapeHtml } from './plain-page.ts';

/** A slip fits a roll of 58 mm; a sheet is A4, of as many pages as it takes. Each has its style sheet in `src/web/`. */
const STYLES = { slip: ['slip'], sheet: ['slip', 'sheet'] } as const;

/** A whole HTML page. `title` is text; `main` is the `<main>` element, as HTML. */
export function renderPrintedPage(page: {
  title: string;
  format: keyof typeof STYLES;
  /** It has a button to print it, `#print`. */
  hasButton: boolean;
  main: string;
}): string {
  const styles = STYLES[page.format].map((name) => `<link rel="stylesheet" href="/${name}.css">\n`);
  const script = page.hasButton ? '<script type="module" src="/print.js"></script>\n' : '';
  return `<!doctype html>
<html lang="ja">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(page.title)}</title>
${styles.join('')}${script}${page.main}
</html>`;
}

/** That nothing of it is real money, on everything that a trial or a training prints. */
export const bookNotice = (book: Book): string =>
  book === 'live'
    ? ''
    : `<p class="trial">${book === 'trial' ? '試用' : '訓練'}・実際の支払いではありません</p>`;

/** Names (HTML) and values (text), one a line: what stands inside a `<dl>`. */
export const renderFacts = (facts: readonly (readonly [string, string])[]): string =>
  facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join('');

/** `−1,200円` */
export const formatYen = (amount: number): string =>
  `${amount < 0 ? '−' : ''}${Math.abs(amount).toLocaleString('ja-JP')}円`;
