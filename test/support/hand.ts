/** Somebody with a keyboard alone. What can't be reached, or is reached without being seen, fails the test. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** More stops than any of the pages has. */
const LONGEST_WAY = 150;
/** Choices in one row of radios, tabs or menu items. */
const LONGEST_ROW = 15;

/**
 * Where the focus is, and what is wrong with it: no ring (WCAG 2.2, 2.4.7), or outside the window or under something else
 * (2.4.11). The ring of a dial or a file field is its label's, as that is what is seen of it.
 */
const STOP = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return { name: 'the page itself', isInRow: false, fault: null };
  if (element.tagName === 'IFRAME') return { name: 'the terminal beside it', isInRow: false, fault: null };
  // It holds the focus for a button that has gone, and does nothing itself.
  if (element.matches('[role=dialog], [role=alertdialog]')) return { name: 'the dialog', isInRow: false, fault: null };
  const words = element.getAttribute('aria-label') ?? element.textContent.trim();
  const name = element.tagName.toLowerCase() + '.' + element.className + ' 「' + words.slice(0, 30) + '」';
  const isInRow = element.matches('[role=tab], [role=radio], [role=menuitem], input[type=radio]');
  const isRinged = (of) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
  };
  const label = element.closest('label');
  const shown = [element, label, ...(label?.querySelectorAll('*') ?? []), element.nextElementSibling].filter(
    (each) => each !== null && each.getBoundingClientRect().width > 1 && isRinged(each),
  );
  if (shown.length === 0) return { name, isInRow, fault: 'has no ring' };
  const { left, top, right, bottom } = shown[0].getBoundingClientRect();
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const over = document.elementFromPoint(x, y);
  const isThere = over !== null && (shown[0].contains(over) || over.contains(shown[0]) || label?.contains(over));
  return { name, isInRow, fault: isThere ? null : 'is out of sight' };
})()`;

interface Stop {
  name: string;
  /** One of a row, in which arrows walk. */
  isInRow: boolean;
  /** Null: it is seen. */
  fault: string | null;
}

export interface Hand {
  /** Walks on with Tab, and by arrows within a row, until the focus is there; it is seen at each stop. */
  to(target: Locator): Promise<void>;
  /** Goes there, and presses the key. */
  press(target: Locator, key?: string): Promise<void>;
  /** Goes there, and types in place of what is there. */
  type(target: Locator, text: string): Promise<void>;
  /** Once the focus is there, without a key: where something that has closed has given it back. */
  isAt(target: Locator): Promise<void>;
}

export function handAt(page: Page): Hand {
  const focus = page.locator(':focus');
  const isOn = async (target: Locator): Promise<boolean> => (await target.and(focus).count()) > 0;
  /** Whether the focus stands in the row of radios, tabs or menu items of which this is one. */
  async function isInItsRow(target: Locator): Promise<boolean> {
    const row = target.locator('xpath=ancestor::*[@role="tablist" or @role="radiogroup" or @role="menu"][1]');
    if ((await row.locator(':focus').count()) > 0) return true;
    if ((await target.getAttribute('type')) !== 'radio') return false;
    const name = (await target.getAttribute('name')) ?? '';
    return (await page.locator(`input[type=radio][name="${name}"]:focus`).count()) > 0;
  }
  async function step(key: string): Promise<Stop> {
    await page.keyboard.press(key);
    const stop = await page.evaluate<Stop>(STOP);
    assert.equal(stop.fault, null, `${stop.name} ${stop.fault ?? ''}`);
    return stop;
  }
  async function alongItsRow(target: Locator): Promise<boolean> {
    for (let steps = 0; steps < LONGEST_ROW; steps += 1) {
      for (const key of ['ArrowDown', 'ArrowRight']) {
        if (await isOn(target)) return true;
        await step(key);
      }
    }
    return false;
  }
  async function to(target: Locator): Promise<void> {
    await target.waitFor({ state: 'attached' });
    const way = new Set<string>();
    let { isInRow } = await page.evaluate<Stop>(STOP);
    for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
      if (await isOn(target)) return;
      if (isInRow && (await isInItsRow(target)) && (await alongItsRow(target))) return;
      const stop = await step('Tab');
      way.add(stop.name);
      isInRow = stop.isInRow;
    }
    assert.fail(`${String(target)} is not reached by: ${[...way].join(', ')}`);
  }
  return {
    to,
    async press(target, key = 'Enter') {
      await to(target);
      await page.keyboard.press(key);
    },
    async type(target, text) {
      await to(target);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
    async isAt(target) {
      await target.and(focus).waitFor();
    },
  };
}
