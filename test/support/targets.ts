/** What a finger has to hit, and whether a colour says anything alone: measured in the page, at each look. */
import type { Page } from 'playwright-core';

/** デジタル庁デザインシステム（ボタンのターゲットサイズ）, and WCAG 2.2, 2.5.5: 44 by 44 CSS pixels. */
const TARGET_PX = 44;

/**
 * Runs in the page. Exempt is what WCAG 2.2 exempts (2.5.8, and 2.5.5 alike): a link within a sentence, whose height the line
 * gives. A box or a dial is as large as its label, which takes the touch for it. What a screen reader alone meets is no target.
 */
const SMALL = `(() => {
  const selector =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=radio], ' +
    '[role=checkbox], [role=switch], [role=menuitem], [role=option], [role=link]';
  const isUnseen = (element) => {
    const { clipPath, clip, opacity, position } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    if (clipPath.startsWith('inset(50%') || (clip !== 'auto' && position === 'absolute')) return true;
    if (opacity === '0' || (width <= 1 && height <= 1)) return true;
    return element.parentElement !== null && element.parentElement !== document.body && isUnseen(element.parentElement);
  };
  const isInText = (element) => {
    if (element.tagName !== 'A' || getComputedStyle(element).display !== 'inline') return false;
    const beside = [...element.parentElement.childNodes].filter((node) => node !== element && node.nodeType === 3);
    return beside.some(({ textContent }) => textContent.trim() !== '');
  };
  const taker = (element) => {
    const { labels, type } = element;
    const isDial = type === 'radio' || type === 'checkbox' || type === 'file';
    return isDial && labels !== null && labels.length > 0 ? labels[0] : element;
  };
  // A row's button is as large as its row: by a layer of its own, laid over all of it.
  const sizeOf = (target) => {
    const { width, height } = target.getBoundingClientRect();
    const layer = getComputedStyle(target, '::after');
    if (layer.content === 'none' || layer.position !== 'absolute') return { width, height };
    return { width: Math.max(width, parseFloat(layer.width)), height: Math.max(height, parseFloat(layer.height)) };
  };
  const nameOf = (element) =>
    element.tagName.toLowerCase() + '.' + element.className + ' 「' +
    (element.getAttribute('aria-label') ?? element.name ?? '') + element.textContent.trim().slice(0, 24) + '」';
  const found = new Set();
  for (const element of document.querySelectorAll(selector)) {
    const target = taker(element);
    if (!target.checkVisibility({ visibilityProperty: true }) || isUnseen(target) || isInText(target)) continue;
    const { width, height } = sizeOf(target);
    // Half a pixel is the rounding of a table's rows.
    if (Math.min(width, height) < ${String(TARGET_PX)} - 0.5)
      found.add(nameOf(target) + ' ' + Math.round(width) + '×' + Math.round(height));
  }
  return [...found];
})()`;

/** A kind has its colour from `data-kind`: there is a word in it, or beside the sign that it is. */
const COLOUR_ALONE = `[...document.querySelectorAll('[data-kind]')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    const told = element instanceof SVGElement ? element.parentElement : element;
    return told.textContent.trim() === '' && !told.hasAttribute('aria-label');
  })
  .map((element) => element.tagName.toLowerCase() + '.' + element.getAttribute('class'))`;

/** Targets that are smaller than a finger, with their size; none is as it should be. */
export const smallTargets = (page: Page): Promise<string[]> => page.evaluate<string[]>(SMALL);

/** What only a colour tells; none is as it should be. */
export const toldByColourAlone = (page: Page): Promise<string[]> => page.evaluate<string[]>(COLOUR_ALONE);
