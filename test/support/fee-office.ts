/** Somebody of the accounting section at the office's fee tables, in a browser. */
import type { Page } from 'playwright-core';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';

/** One of the tables, by its tab. */
export const openTable = (office: Page, name: string): Promise<void> =>
  office.getByRole('tab', { name, exact: true }).click();

/** Another person than 1003, who works at the screen, reads what is shown and confirms it. */
export async function confirmAsSecond(office: Page, shows: RegExp | string, number = '1002'): Promise<void> {
  const second = office.getByRole('alertdialog', { name: '別の人の確認' });
  await second.getByText(shows).first().waitFor();
  await second.getByLabel('職員番号').fill(number);
  await second.getByLabel('暗証番号').fill(SAMPLE_PIN);
  await second.getByRole('button', { name: '確認しました' }).click();
  await second.waitFor({ state: 'detached' });
}

/** A line of the preview's basket. */
export async function addToBasket(
  office: Page,
  item: string,
  quantity: string,
  ground?: string,
): Promise<void> {
  await office.getByRole('button', { name: '項目を加える' }).click();
  const dialog = office.getByRole('dialog');
  await dialog.getByLabel('項目', { exact: true }).selectOption({ label: item });
  await dialog.getByLabel('数', { exact: true }).fill(quantity);
  if (ground !== undefined) await dialog.getByLabel('料金').selectOption(ground);
  await dialog.getByRole('button', { name: '加える', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
