/** A real Chromium, from npm, on a machine that has a counter's letters installed (fonts.conf). */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Cleanup } from './cleanup.ts';
import { overTheEdge } from './steadiness.ts';
import { smallTargets, toldByColourAlone } from './targets.ts';

/** Without these Chromium looks for its maker's servers. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Of the way in which this build is meant to run, in a cloud that has neither processes nor a graphics card to spare:
 * all in one process, and a graphics card that is computed. A page costs twice as much of a core in that way.
 */
const DEAR = [
  '--headless',
  '--single-process',
  '--no-zygote',
  '--use-gl',
  '--use-angle',
  '--enable-unsafe-swiftshader',
];

let running: Promise<Browser> | undefined;
let users = 0;

/**
 * A browser with a jar of cookies of its own, as on a counter's PC; closed after the test. Who opens a second one
 * meanwhile shares its processes, and nothing else.
 */
export function openBrowser(t: Cleanup, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  users += 1;
  const opening = (running ??= launch()).then((browser) =>
    browser.newContext({
      locale: 'ja-JP',
      reducedMotion: 'reduce',
      timezoneId: 'Asia/Tokyo',
      ...options,
    }),
  );
  t.after(() => opening.then((context) => context.close()).finally(leave));
  return opening;
}

/** For several files in one process: it stays between them, until they are through. */
export function shareBrowser(t: Cleanup): void {
  users += 1;
  t.after(leave);
}

async function leave(): Promise<void> {
  users -= 1;
  if (users > 0) return;
  const browser = running;
  running = undefined;
  await (await browser)?.close();
}

/** Read only where a browser is wanted: that takes a third of a second of a core. */
async function launch(): Promise<Browser> {
  const [{ chromium: playwright }, { default: chromium }] = await Promise.all([
    import('playwright-core'),
    import('@sparticuz/chromium'),
  ]);
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((arg) => !DEAR.some((dear) => arg.startsWith(dear))),
      '--disable-gpu',
      ...QUIET,
    ],
    headless: true,
    env: { ...process.env, FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)) },
  });
}

/** A page of a size, that fails the test on a script error or a request that leaves the machine. */
export async function openPage(
  browser: BrowserContext,
  url: string,
  size = { width: 1600, height: 900 },
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage();
  await page.setViewportSize(size);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !['127.0.0.1', 'localhost'].includes(hostname))
      faults.push(`left the machine: ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

/**
 * Looks at a page in one state: as axe sees it, whether a finger hits what is to be touched, whether a colour says something
 * alone, and whether anything stands over the edge. `looks.ts` lists which test looks at which screen.
 * A virtual terminal's own page beside it is another; without frames axe needs no second tab.
 */
export async function expectNoViolations(page: Page, what: string): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], what);
  assert.deepEqual(await smallTargets(page), [], `${what}: large enough for a finger`);
  assert.deepEqual(await toldByColourAlone(page), [], `${what}: told in words too`);
  assert.deepEqual(await overTheEdge(page), [], `${what}: nothing over the edge`);
}

/** For a person to look at: with SCREENSHOTS=FOLDER, a file there; otherwise nothing. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ ...options, path: join(folder, `${name}.png`) });
}

/** The two sizes of a counter's screen; the larger one stays. */
export async function pictureInBothSizes(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1024, 768],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    await picture(page, `${name}-${width}`);
  }
}

/** `expectNoViolations`, and a picture. */
export async function look(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  await picture(page, name, options);
  await expectNoViolations(page, name);
}

/** `expectNoViolations` at the larger size, and a picture of each. */
export async function lookInBothSizes(page: Page, name: string): Promise<void> {
  await pictureInBothSizes(page, name);
  await expectNoViolations(page, name);
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** Runs in the page, with every rule that axe has on by itself. */
const RUN_AXE = `axe.run({ exclude: [['iframe']] }, { resultTypes: ['violations'], iframes: false }).then(
  ({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')),
)`;

/** axe stays in the page for the next look; its half a megabyte is read and sent once. */
async function axeViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate<string[]>(RUN_AXE);
}

/** Takes over from whoever is signed in on a page. The samples of a trial all have this PIN. */
export async function signInAs(page: Page, base: string, number: string, pin = '123456'): Promise<void> {
  const answer = await page.request.post(`${base}/api/session`, { data: { number, pin } });
  assert.equal(answer.status(), 204, await answer.text());
  await page.reload();
}
