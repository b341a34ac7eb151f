/** A sale, as a terminal holds it (PA00P015 §2.2): the card, the issuer, and the register's word that it knows. */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { bcdDigits, findField, parseFields } from '../bitmaps.ts';
import { brandProfile } from '../brands.ts';
import { TAKEN } from '../messages.ts';
import type { BookEntry } from './book.ts';
import type { Conversation, Heard } from './conversation.ts';
import type { Machine } from './machine.ts';
import { abortion, approvedStatus, completion, receiptPrints, refusedStatus, step } from './messages.ts';
import type { CutPoint, ResidentAct } from './resident.ts';
import { describe } from './screen.ts';

/** Result codes (§10) that a terminal of ours ends a sale with. */
const ABORTED = '6c';
const DECLINED = '05';
const NO_FUNDS = '33';
const NOT_REGISTERED = '6b';
const WRONG_CURRENCY = '6f';
const RECEIVER_NOT_READY = 'a0';

/** How often the register may ask for more time (84 9C, each time two seconds) before the payment is reversed. */
const REPETITIONS_MAX = 10;
const REPEAT_AFTER_MS = 2_000;

interface SaleRequest {
  amount: number;
  /** ISO 4217; undefined if the register named none. */
  asked: string | undefined;
  currency: string;
  traceNumber: number;
}

/** @throws TerminalError when the line breaks; what was authorised by then is reversed. */
export async function takeSale(machine: Machine, conversation: Conversation, data: Buffer): Promise<void> {
  await conversation.say(TAKEN);
  const { registeredAs, screen } = machine;
  if (registeredAs === undefined) {
    await conversation.tell(abortion(NOT_REGISTERED));
    return;
  }
  const fields = parseFields(data);
  const asked = bcdDigits(findField(fields, '49'))?.slice(1);
  if (asked !== undefined && asked !== registeredAs.currency) {
    await conversation.tell(abortion(WRONG_CURRENCY, registeredAs.currency));
    return;
  }
  const sale: SaleRequest = {
    amount: Number(bcdDigits(findField(fields, '04')) ?? 0),
    asked,
    currency: registeredAs.currency,
    traceNumber: machine.book.nextTrace(),
  };
  try {
    await holdSale(machine, conversation, sale);
  } catch (error) {
    if (
      error instanceof TerminalError &&
      screen.display.phase !== 'reversed' &&
      screen.display.phase !== 'approved'
    ) {
      screen.show('cancelled', {
        title: 'ケーブルが外れました',
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

async function holdSale(machine: Machine, conversation: Conversation, sale: SaleRequest): Promise<void> {
  const { screen, timing } = machine;
  screen.show('waiting', { amount: sale.amount, currency: sale.currency });
  await showStep(machine, conversation, 0x0a);
  const act = await awaitAct(machine, conversation);
  await cutIf(machine, 'card_shown');
  if (act === 'register aborts' || act === 'nobody' || act.act === 'stop' || act.act === 'walk_away') {
    const detail = CANCELLED_BY[typeof act === 'string' ? act : act.act];
    await refuse(machine, conversation, sale, ABORTED);
    screen.show('cancelled', { detail });
    return;
  }

  screen.show('processing');
  await showStep(machine, conversation, 0x0e);
  await conversation.hold(timing.readMs);
  await showStep(machine, conversation, 0x04);
  await conversation.hold(timing.issuerMs);
  if (act.act !== 'present') {
    await refuse(machine, conversation, sale, act.act === 'insufficient' ? NO_FUNDS : DECLINED);
    const why = act.act === 'insufficient' ? '残高が足りません。' : 'カード会社が承認しませんでした。';
    screen.show('declined', { detail: `${why}お金は動いていません。` });
    return;
  }
  await settleWithRegister(machine, conversation, sale, act.brand);
}

const CANCELLED_BY: Record<'register aborts' | 'nobody' | 'stop' | 'walk_away', string> = {
  'register aborts': '窓口が取り消しました。お金は動いていません。',
  nobody: '時間内にカードが出されませんでした。お金は動いていません。',
  stop: 'お客様が中止しました。お金は動いていません。',
  walk_away: 'お客様がいなくなりました。お金は動いていません。',
};

/** What the resident does: as planned by a script, or as somebody says meanwhile. */
async function awaitAct(
  machine: Machine,
  conversation: Conversation,
): Promise<ResidentAct | 'register aborts' | 'nobody'> {
  const planned = machine.resident.nextStep();
  machine.pullCableAt = planned?.pullCableAt;
  machine.isWaitingForCard = true;
  machine.screen.touch();
  const act = await conversation.awaitResident(planned?.afterMs ?? machine.timing.residentMs);
  machine.isWaitingForCard = false;
  return act === 'nobody' && planned !== undefined ? planned.do : act;
}

/** 04 0F with the code, then 06 1E with the same. */
async function refuse(
  machine: Machine,
  conversation: Conversation,
  sale: SaleRequest,
  code: string,
): Promise<void> {
  await conversation.tell(
    refusedStatus(machine, code, { ...sale, currency: sale.asked }),
    machine.timing.acknowledgeMs,
  );
  await conversation.tell(abortion(code));
}

/**
 * The issuer has approved. The payment is stored for good only after the register has acknowledged the status
 * information and, if it prints, every receipt (§2.2.8); otherwise it is reversed.
 */
async function settleWithRegister(
  machine: Machine,
  conversation: Conversation,
  sale: SaleRequest,
  brand: string,
): Promise<void> {
  const { book, screen } = machine;
  const profile = brandProfile(brand);
  if (profile === undefined) throw new Error(`no brand ${brand}`);
  const { nameJa: brandName, method } = profile;
  const { amount, currency, traceNumber } = sale;
  const entry = book.begin({ traceNumber, amount, currency, brand, brandName, method });
  screen.show('confirming', { detail: describe(entry) });
  let isConfirmed = false;
  try {
    await cutIf(machine, 'approved');
    isConfirmed = await confirm(machine, conversation, entry, sale.asked !== undefined);
  } finally {
    if (isConfirmed) {
      book.store(entry);
      screen.show('approved', { detail: describe(entry) });
    } else {
      book.reverse(entry, '窓口の確認が得られなかったため');
      screen.show('reversed');
    }
  }
  if (!isConfirmed) {
    await showStep(machine, conversation, 0x05);
    await conversation.tell(abortion(RECEIVER_NOT_READY));
    return;
  }
  await cutIf(machine, 'stored');
  await conversation.tell(completion());
}

/** The status information, again every two seconds while the register asks for that, then every receipt. */
async function confirm(
  machine: Machine,
  conversation: Conversation,
  entry: BookEntry,
  withCurrency: boolean,
): Promise<boolean> {
  const status = approvedStatus(machine, entry, withCurrency);
  let heard: Heard = 'again';
  for (let told = 0; heard === 'again' && told <= REPETITIONS_MAX; told++) {
    if (told > 0) await conversation.hold(REPEAT_AFTER_MS);
    heard = await conversation.tell(status, machine.timing.acknowledgeMs);
  }
  if (heard !== 'taken') return false;
  await cutIf(machine, 'acknowledged');
  for (const print of receiptsOf(machine, entry)) {
    if ((await conversation.tell(print, machine.timing.acknowledgeMs)) !== 'taken') return false;
  }
  return true;
}

/** Both copies as print commands; none if the terminal prints itself. */
export function receiptsOf(machine: Machine, entry: BookEntry): Buffer[] {
  if (machine.registeredAs?.wantsReceipts !== true) return [];
  return [...receiptPrints(machine, entry, 'merchant'), ...receiptPrints(machine, entry, 'customer')];
}

async function showStep(machine: Machine, conversation: Conversation, status: number): Promise<void> {
  if (machine.registeredAs?.wantsSteps === true) await conversation.tell(step(status));
}

async function cutIf(machine: Machine, point: CutPoint): Promise<void> {
  if (machine.pullCableAt === point) await machine.pullCable();
}
