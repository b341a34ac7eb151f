/**
 * A sale without the register: amount and card at the terminal itself, as a cashier rings up while the PC is down. It
 * stands in this terminal's book, totals and numbers like any other; the register hears of it from a slip, or never.
 */
import { z } from 'zod';
import { BRAND_PROFILE } from '../brands.ts';
import type { BookEntry } from './book.ts';
import { purseOf } from './emoney.ts';
import type { Machine } from './machine.ts';
import { describe } from './screen.ts';
import { enter } from './settlement.ts';

/** `amount` in minor units of the terminal's currency. */
export const aloneSchema = z
  .object({
    amount: z.int().min(1).max(9_999_999),
    brand: z.enum(BRAND_PROFILE.map(({ brand }) => brand)),
  })
  .strict();
export type AloneSale = z.infer<typeof aloneSchema>;

/** Undefined: the terminal is in a dialogue, locked, or without power, or the purse is too small. */
export function sellAlone(machine: Machine, { amount, brand }: AloneSale): BookEntry | undefined {
  const { book, screen, settings, registeredAs, currencies } = machine;
  const isFree = !machine.isInDialogue && !machine.isOff && settings.lock === null;
  if (!isFree || amount > (purseOf(machine, brand) ?? Infinity)) return undefined;
  const currency = registeredAs?.currency ?? currencies[0] ?? '';
  const traceNumber = book.nextTrace();
  const asked = { kind: 'sale', of: undefined, amount, currency, traceNumber } as const;
  const entry = book.store(enter(machine, asked, brand));
  screen.show('approved', { amount, currency, detail: `${describe(entry)}　窓口を使わない売上です。` });
  return entry;
}
