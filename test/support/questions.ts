/** A clerk at the screen's question of a terminal without a link. */
import type { Locator, Page } from 'playwright-core';
import { pressUntil } from './patience.ts';

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });

export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor({ timeout: 15_000 });

/** Chooses what happened on the terminal; its fields are there afterwards. */
export const choose = (page: Page, outcome: string): Promise<void> =>
  pressUntil(
    button(page, new RegExp(`^${outcome}`)),
    page.getByRole('group', { name: '端末はどうなりましたか' }),
  );

export const record = (page: Page): Promise<void> => pressUntil(button(page, '記録する'));

/** Types a number as often as it is asked for. */
export async function typeTwice(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByLabel(`もう一度${label}`, { exact: true }).fill(text);
}
