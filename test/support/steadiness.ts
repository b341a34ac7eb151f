/** Whether a screen keeps still under the finger, and how soon it answers: as the browser itself measures both. */
import type { Page } from 'playwright-core';

/** Something moved from its place. */
export interface Shift {
  /** The layout-shift score (web.dev/cls): the part of the window that moved × how far. */
  score: number;
  /** What moved, from where to where. */
  moved: string[];
}

export interface Touch {
  /** `pointerdown`, `keydown`, … */
  name: string;
  /** From the touch to the next frame that shows what came of it, in steps of 8 ms (Event Timing). */
  ms: number;
}

interface Watch {
  shifts: Shift[];
  touches: Touch[];
}

/**
 * Runs in the page. Rows that make room for a new one in a list are meant to move, and so are the sentences about a payment when
 * more is known of it: there is nothing to touch among them. What follows a touch counts here too: the
 * browser's own score leaves out half a second after it.
 */
const OBSERVE = `(() => {
  const watch = (window.steadiness = { shifts: [], touches: [] });
  const nameOf = (node) =>
    node instanceof Element ? node.tagName.toLowerCase() + '.' + node.className : node.textContent;
  const mayMove = (node) =>
    (node instanceof Element ? node : node.parentElement)?.closest('.today-scroll, .lines, .state') != null;
  const place = ({ x, y }) => Math.round(x) + ',' + Math.round(y);
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const moved = sources
        .filter(({ node, currentRect }) => node !== null && currentRect.height > 0 && !mayMove(node))
        .filter(({ previousRect, currentRect }) => place(previousRect) !== place(currentRect))
        .map(({ node, previousRect, currentRect }) =>
          nameOf(node) + ' ' + place(previousRect) + ' → ' + place(currentRect));
      if (moved.length > 0) watch.shifts.push({ score: value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const told = /^(pointerdown|pointerup|click|keydown|keyup)$/;
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (told.test(name)) watch.touches.push({ name, ms: duration });
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 });
})()`;

/** Two frames: what a touch has brought about is painted, and told. */
const READ = `(async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const { shifts, touches } = window.steadiness;
  return { shifts: shifts.splice(0), touches: touches.splice(0) };
})()`;

const OVER_THE_EDGE = `(() => {
  const { clientWidth } = document.documentElement;
  const scrolls = (element) =>
    element !== null &&
    element !== document.body &&
    (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > clientWidth + 1 && !scrolls(element.parentElement);
    })
    .map((element) => element.tagName.toLowerCase() + '.' + element.className);
})()`;

/** Loads the page anew and watches it from when it stands. */
export async function watchSteadiness(page: Page): Promise<void> {
  await page.addInitScript(OBSERVE);
  await page.reload();
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await readSteadiness(page);
}

/** Since the last time that it was read. */
export const readSteadiness = (page: Page): Promise<Watch> => page.evaluate<Watch>(READ);

/** Elements over the right-hand edge of the window, where nothing scrolls sideways; none is as it should be. */
export const overTheEdge = (page: Page): Promise<string[]> => page.evaluate<string[]>(OVER_THE_EDGE);
