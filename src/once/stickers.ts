/** What became of a sticker within its year of use. Pure: the counter and the office show the same. */
import type { PricedLine } from '../fees/pricing.ts';
import { plainSticker } from './keys.ts';

/** A sale that carries the number, sold or replaced with it, as it stands now. Integer yen. */
export interface StickerUse {
  counter: string;
  saleId: string;
  /** 伝票番号 */
  number: number;
  businessDate: string;
  /** ISO 8601, UTC. */
  at: string;
  tender: 'cashless' | 'cash' | 'nothing';
  amountYen: number;
  /** Given back at a terminal since. */
  returnedYen: number;
  state: 'held' | 'used' | 'undone' | 'free';
  /** Entered from a slip later. */
  byHand: boolean;
  /** Corrected away: the sale has other items now. */
  dropped: boolean;
  lines: readonly Pick<PricedLine, 'nameJa' | 'inputs'>[];
}

export interface StickerHistory {
  sticker: string;
  /** Fiscal year of use. */
  year: number;
  /** Oldest first. */
  uses: StickerUse[];
  /** False: the city's record could not be asked, and other counters may have more. */
  isComplete: boolean;
}

/** What a sale does with the number: sells it, puts it in the place of `other`, or puts `other` in its place. */
export type StickerRole =
  { does: 'sells' } | { does: 'replaces'; other: string } | { does: 'is_replaced'; other: string };

/** What a sale does to this sticker number; `sticker` as `plainSticker` writes it. */
export function roleOf({ lines }: Pick<StickerUse, 'lines'>, sticker: string): StickerRole {
  for (const { inputs = [] } of lines) {
    const given = (code: string): string =>
      plainSticker(inputs.find((input) => input.code === code)?.value ?? '');
    const [now, before] = [given('sticker'), given('replaces')];
    if (before === sticker) return { does: 'is_replaced', other: now };
    if (now === sticker && before !== '') return { does: 'replaces', other: before };
  }
  return { does: 'sells' };
}

/** Who has it now. */
export type StickerStanding =
  | { is: 'never_sold' | 'given_back' }
  | { is: 'held' | 'in_use'; use: StickerUse }
  | { is: 'replaced'; by: string; use: StickerUse }
  /** More than one sale has it: two counters without network, or a number that was typed wrongly. */
  | { is: 'doubled'; uses: StickerUse[] };

/** Uses that were given back or dropped say nothing of who has it now. */
export function standingOf({ uses, sticker }: Pick<StickerHistory, 'uses' | 'sticker'>): StickerStanding {
  const standing = uses.filter(({ state, dropped }) => !dropped && (state === 'held' || state === 'used'));
  const replacement = standing.findLast((use) => roleOf(use, sticker).does === 'is_replaced');
  const holders = standing.filter((use) => roleOf(use, sticker).does !== 'is_replaced');
  if (holders.length > 1) return { is: 'doubled', uses: holders };
  if (replacement !== undefined) {
    const role = roleOf(replacement, sticker);
    return { is: 'replaced', by: role.does === 'is_replaced' ? role.other : '', use: replacement };
  }
  const [use] = holders;
  if (use !== undefined) return { is: use.state === 'held' ? 'held' : 'in_use', use };
  return { is: uses.some(({ state }) => state === 'undone') ? 'given_back' : 'never_sold' };
}
