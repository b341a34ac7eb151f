/** What lines use up, as keys. Pure. `sticker:<series>:<year of use>:<number>`, `replaced:…` alike, `ticket:<reference>`. */
import { fiscalYearOf } from '../business-date.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { AskedLine } from '../fees/pricing.ts';
import { FROM_LEDGER, ruleOf } from '../fees/unit-rules.ts';

export const ticketKey = (reference: string): string => `ticket:${reference}`;
export const isTicketKey = (key: string): boolean => key.startsWith('ticket:');
export const isReplacedKey = (key: string): boolean => key.startsWith('replaced:');

/** The sticker's number, or the ticket's reference. */
export const numberIn = (key: string): string => key.split(':').at(-1) ?? '';

/** As it is printed, whatever way it was typed. */
export const plainSticker = (text: string): string => text.normalize('NFKC').trim().toUpperCase();

interface StickerLine {
  /** `<series>:<year of use>` */
  place: string;
  sticker: string;
  /** The number that it replaces; empty: none. */
  replaced: string;
  isFromLedger: boolean;
}

/**
 * Of a pass the year of its use counts, which need not be the year of the sale. Passes and one-time tickets have numbers
 * of their own unless the item's terms name a `series`.
 */
function stickerLines(lines: readonly AskedLine[], { items }: Catalogue, on: string): StickerLine[] {
  return lines.flatMap(({ code, inputs = {} }) => {
    const item = items.find((each) => each.code === code);
    const sticker = plainSticker(String(inputs['sticker'] ?? ''));
    if (item === undefined || sticker === '') return [];
    const series = item.terms['series'] ?? (ruleOf(item).isSingle ? 'pass' : 'ticket');
    const year = fiscalYearOf(String(inputs['startMonth'] ?? on));
    const replaced = plainSticker(String(inputs['replaces'] ?? ''));
    const isFromLedger = inputs['soldIn'] === FROM_LEDGER;
    return [{ place: `${series}:${String(year)}`, sticker, replaced, isFromLedger }];
  });
}

/** A key for each sticker that the lines tie to a sale, and for each that is replaced: once. */
export function stickerKeys(lines: readonly AskedLine[], catalogue: Catalogue, on: string): string[] {
  return stickerLines(lines, catalogue, on).flatMap(({ place, sticker, replaced }) => [
    `sticker:${place}:${sticker}`,
    ...(replaced === '' ? [] : [`replaced:${place}:${replaced}`]),
  ]);
}

/** The keys under which the stickers that are replaced must have been sold; what the clerk has found in a ledger is left out. */
export function soldBefore(lines: readonly AskedLine[], catalogue: Catalogue, on: string): string[] {
  return stickerLines(lines, catalogue, on)
    .filter(({ replaced, isFromLedger }) => replaced !== '' && !isFromLedger)
    .map(({ place, replaced }) => `sticker:${place}:${replaced}`);
}

/** A line of a sale, with what is still paid of it. */
export interface LineLeft {
  quantity: number;
  inputs?: readonly { code: string; value: string }[] | undefined;
}

/**
 * The keys whose sticker went back, because every line that carries its number was given back. A number that stands in two
 * lines (a pass and a one-time ticket may share one) goes back with the last of them. A ticket is of the whole sale.
 */
export function givenBackKeys(keys: readonly string[], lines: readonly LineLeft[]): string[] {
  return keys.filter((key) => {
    if (isTicketKey(key)) return false;
    const carriers = lines.filter(({ inputs = [] }) => {
      const input = inputs.find(({ code }) => code === (isReplacedKey(key) ? 'replaces' : 'sticker'));
      return input !== undefined && plainSticker(input.value) === numberIn(key);
    });
    return carriers.length > 0 && carriers.every(({ quantity }) => quantity === 0);
  });
}
