/** The terminal without a link, played beside the counter's screen: its keys, its card reader, its book. */
import type { Page } from 'playwright-core';
import request from 'supertest';
import type { Entry } from '../../drivers/manual/virtual/book.ts';
import type { House } from './house.ts';

export const press = (counter: Page, key: string): Promise<void> =>
  counter.frameLocator('iframe').getByRole('button', { name: key, exact: true }).click();

/** A number, and then what to do with it. */
export async function keyIn(counter: Page, digits: string, key: string): Promise<void> {
  for (const digit of digits) await press(counter, digit);
  await press(counter, key);
}

/** A card or phone of that brand, which the issuer accepts. */
export async function payWith(counter: Page, brand: string): Promise<void> {
  await press(counter, brand);
  await counter.frameLocator('iframe').getByText('承認されました').waitFor();
}

/** What it really took. */
export async function bookOf(house: House): Promise<Entry[]> {
  const { body } = (await request(house.virtualTerminal).get('/book').expect(200)) as { body: unknown };
  return (body as { entries: Entry[] }).entries;
}
