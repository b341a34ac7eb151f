/**
 * The end that sale, void and refund share: the network has approved, and the register has to confirm that it knows
 * (PA00P015 §2.2.8) before anything is stored.
 */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { brandProfile } from '../brands.ts';
import type { BookEntry } from './book.ts';
import type { Conversation, Heard } from './conversation.ts';
import { purseOf } from './emoney.ts';
import { reach, registrationOf, type Machine } from './machine.ts';
import { abortion, approvedStatus, bareStatus, completion, step } from './messages.ts';
import { receiptsOf } from './receipts.ts';
import { describe } from './screen.ts';

/** Result codes (§10) that this terminal ends a money dialogue with. */
export const CODES = {
  aborted: '6c',
  declined: '05',
  noFunds: '33',
  unreadable: '64',
  notRegistered: '6b',
  wrongCurrency: '6f',
  noHost: '9b',
  alreadyVoided: 'b4',
  notVoidable: 'b5',
  notThisMethod: 'c5',
  notReady: 'a0',
  system: 'ff',
} as const;

/** §2.2: a register that names no currency means euros. */
export const ASSUMED_CURRENCY = '978';

/** What a money command asks for, as this terminal understood it. */
export interface MoneyRequest {
  kind: BookEntry['kind'];
  /** The sale that a void undoes. */
  of: BookEntry | undefined;
  amount: number;
  /** ISO 4217; undefined if the register named none: then none is named to it (§3.1.1). */
  asked: string | undefined;
  currency: string;
  traceNumber: number;
  /** BMP 01, or the terminal's own time for the answer to a status information. */
  acknowledgeMs: number;
  /** BMP 02: how often the register may ask for more time (84 9C). */
  repetitionsMax: number;
}

/** What the register made of an approval; `lost`: no answer can be heard. */
type Confirmation = 'confirmed' | 'refused' | 'lost' | 'too often';

/** The payment is stored only after the register has acknowledged the status information and every receipt. */
export async function settleWithRegister(
  machine: Machine,
  conversation: Conversation,
  request: MoneyRequest,
  brand: string,
): Promise<void> {
  const { screen } = machine;
  const entry = enter(machine, request, brand);
  screen.show('confirming', { detail: describe(entry) });
  let confirmation: Confirmation = 'lost';
  let stands = false;
  try {
    await reach(machine, 'approved');
    confirmation = await confirm(machine, conversation, request, entry);
  } finally {
    stands = decide(machine, entry, confirmation);
  }
  if (!stands) return endUnconfirmed(machine, conversation, confirmation);
  await reach(machine, 'stored');
  await conversation.tell(completion());
}

/** Enters what the network has approved. */
export function enter(
  machine: Machine,
  request: Pick<MoneyRequest, 'kind' | 'of' | 'amount' | 'currency' | 'traceNumber'>,
  brand: string,
): BookEntry {
  const profile = brandProfile(brand);
  if (profile === undefined) throw new Error(`no brand ${brand}`);
  const { nameJa: brandName, method } = profile;
  const { kind, of, amount, currency, traceNumber } = request;
  const purse = kind === 'sale' ? purseOf(machine, brand) : undefined;
  return machine.book.begin({
    kind,
    of: of?.traceNumber ?? null,
    traceNumber,
    amount,
    currency,
    brand,
    brandName,
    method,
    balance: purse === undefined ? null : purse - amount,
  });
}

/** The status information, again every two seconds while the register asks for that, then every receipt. */
async function confirm(
  machine: Machine,
  conversation: Conversation,
  { asked, of, acknowledgeMs, repetitionsMax }: MoneyRequest,
  entry: BookEntry,
): Promise<Confirmation> {
  const status = approvedStatus(machine, entry, { withCurrency: asked !== undefined, of });
  let heard: Heard = 'again';
  for (let told = 0; heard === 'again' && told <= repetitionsMax; told++) {
    if (told > 0) await conversation.hold(machine.timing.repeatMs);
    heard = await conversation.tell(status, acknowledgeMs);
  }
  if (heard === 'again') return 'too often';
  if (heard !== 'taken') return typeof heard === 'object' ? 'refused' : 'lost';
  await reach(machine, 'acknowledged');
  for (const print of receiptsOf(machine, entry)) {
    const printed = await conversation.tell(print, acknowledgeMs);
    if (printed !== 'taken') return typeof printed === 'object' ? 'refused' : 'lost';
  }
  return 'confirmed';
}

/**
 * Whether it stands. A refusal is the register's word and reverses always; silence and a broken line reverse at once
 * (§2.2.8), or leave it to the register's next command (§4), as this terminal is set.
 */
function decide({ book, screen, settings, isOff }: Machine, entry: BookEntry, said: Confirmation): boolean {
  const isDeferred = said === 'lost' && settings.autoReversal === 'deferred' && !isOff;
  if (said === 'confirmed' || isDeferred) {
    book.store(entry);
    screen.show(
      'approved',
      isDeferred ? { detail: '窓口の返事がないまま、端末の控えに残りました。' } : { detail: describe(entry) },
    );
    return true;
  }
  const note = settings.autoReversal === 'none' ? '不成立として記録しました' : '取り消しました';
  book.reverse(entry, `窓口の確認が得られなかったため${note}`);
  screen.show('reversed');
  return false;
}

async function endUnconfirmed(
  machine: Machine,
  conversation: Conversation,
  confirmation: Confirmation,
): Promise<void> {
  if (machine.settings.autoReversal !== 'none') await showStep(machine, conversation, 0x05);
  if (confirmation === 'too often') await conversation.tell(bareStatus(CODES.aborted));
  await conversation.tell(abortion(confirmation === 'too often' ? CODES.aborted : CODES.notReady));
}

/** 04 FF, if the register has asked for such (§3.7). @throws TerminalError if the line is gone */
export async function showStep(machine: Machine, conversation: Conversation, status: number): Promise<void> {
  if (registrationOf(machine).wantsSteps) await conversation.tell(step(status));
}

/** Runs a money dialogue; whatever ends it, the terminal waits for nobody afterwards. @throws TerminalError */
export async function holdMoneyDialogue(machine: Machine, dialogue: () => Promise<void>): Promise<void> {
  const { screen } = machine;
  try {
    await dialogue();
  } catch (error) {
    const isOpen = ['waiting', 'retouch', 'processing', 'confirming'].includes(screen.display.phase);
    if (error instanceof TerminalError && isOpen) {
      screen.show('cancelled', {
        title: machine.isOff ? '電源が切れました' : 'ケーブルが外れました',
        detail: '支払いは成立していません。お金は動いていません。',
      });
    }
    throw error;
  } finally {
    machine.isWaitingForCard = false;
    machine.act = undefined;
    machine.pullCableAt = undefined;
  }
}
