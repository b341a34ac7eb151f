/** Money commands: what they ask for, and what is checked before anybody shows a card (PA00P015 §2.2, §2.9, §2.15). */
import { bcdDigits, findField } from '../bitmaps.ts';
import { TAKEN } from '../messages.ts';
import { findTlv } from '../tlv.ts';
import type { BookEntry } from './book.ts';
import type { Conversation } from './conversation.ts';
import { isVoidable, purseOf } from './emoney.ts';
import { reach, type Machine } from './machine.ts';
import { abortion, balanceStatus, completion, refusedStatus } from './messages.ts';
import { currencyOf, type Request } from './request.ts';
import { awaitAct, takePayment } from './sale.ts';
import {
  ASSUMED_CURRENCY,
  CODES,
  holdMoneyDialogue,
  settleWithRegister,
  showStep,
  type MoneyRequest,
} from './settlement.ts';

/** How often 84 9C is taken if BMP 02 does not say. */
const REPETITIONS_MAX = 10;

/** Authorisation (§2.2) and refund (§2.15). */
export async function takeSale(
  machine: Machine,
  conversation: Conversation,
  request: Request,
): Promise<void> {
  // Whose sale it is stands from the command on: a register that is killed here must leave the next plan alone.
  const planned = machine.resident.nextStep();
  await conversation.say(TAKEN);
  resolveMirror(machine, request);
  const kind = request.control === '0631' ? 'refund' : 'sale';
  const money = readMoney(machine, request, kind, undefined);
  if (!(await isCurrencyTaken(machine, conversation, money))) return;
  await holdMoneyDialogue(machine, () => takePayment(machine, conversation, money, planned));
}

/** Reversal (§2.9): the receipt must be in the turnover store, and the amount, if it is given, must match. */
export async function voidSale(
  machine: Machine,
  conversation: Conversation,
  request: Request,
): Promise<void> {
  await conversation.say(TAKEN);
  resolveMirror(machine, request);
  const { book, screen } = machine;
  const receiptNumber = Number(bcdDigits(findField(request.fields, '87')) ?? 0);
  const turnover = book.turnover();
  const sale = turnover.findLast((entry) => entry.kind === 'sale' && entry.receiptNumber === receiptNumber);
  const money = readMoney(machine, request, 'void', sale);
  if (!(await isCurrencyTaken(machine, conversation, money))) return;
  const code = whyNotVoided(machine, sale, money, turnover.at(-1));
  if (sale === undefined || code !== undefined) {
    await conversation.tell(abortion(code ?? CODES.notVoidable));
    return;
  }
  await holdMoneyDialogue(machine, async () => {
    screen.show('processing', { amount: money.amount, currency: money.currency });
    await showStep(machine, conversation, 0x0e);
    await reach(machine, 'card_shown');
    await showStep(machine, conversation, 0x04);
    await conversation.hold(machine.timing.issuerMs);
    if (machine.faults.takeInDialogue('host_down', machine.command) !== undefined) {
      await conversation.tell(refusedStatus(machine, CODES.noHost, money), money.acknowledgeMs);
      await conversation.tell(abortion(CODES.noHost));
      screen.show('declined', { detail: 'カード会社と通信できませんでした。取り消されていません。' });
      return;
    }
    await settleWithRegister(machine, conversation, money, sale.brand);
  });
}

function whyNotVoided(
  { book }: Machine,
  sale: BookEntry | undefined,
  money: MoneyRequest,
  last: BookEntry | undefined,
): string | undefined {
  if (sale === undefined) return CODES.notVoidable;
  if (book.isVoided(sale)) return CODES.alreadyVoided;
  const fits = sale.amount === money.amount && sale.currency === money.currency;
  return fits && isVoidable(sale, last) ? undefined : CODES.notVoidable;
}

/** Balance inquiry (§2.3): what is in a purse; nothing is taken and nothing stored. */
export async function showBalance(
  machine: Machine,
  conversation: Conversation,
  request: Request,
): Promise<void> {
  const planned = machine.resident.nextStep();
  await conversation.say(TAKEN);
  const { book, screen } = machine;
  const money = readMoney(machine, request, 'sale', undefined);
  await holdMoneyDialogue(machine, async () => {
    screen.show('waiting', { currency: money.currency });
    await showStep(machine, conversation, 0x0a);
    const act = await awaitAct(machine, conversation, planned);
    await showStep(machine, conversation, 0x11);
    const brand = typeof act !== 'string' && act.act === 'present' ? act.brand : undefined;
    const balance = brand === undefined ? undefined : purseOf(machine, brand);
    if (brand === undefined || balance === undefined) {
      const code = brand === undefined ? CODES.aborted : CODES.notThisMethod;
      await conversation.tell(refusedStatus(machine, code, { ...money, amount: 0 }));
      await conversation.tell(abortion(code));
      screen.show('idle');
      return;
    }
    const { currency } = money;
    const traceNumber = book.nextTrace();
    await conversation.tell(balanceStatus(machine, { brand, amount: balance, currency, traceNumber }));
    await conversation.tell(completion());
    screen.show('message', { title: '残高', detail: `${balance.toLocaleString('ja-JP')}円` });
  });
}

/** @param of the sale that is undone: its amount and currency hold where the command is silent */
function readMoney(
  machine: Machine,
  { fields }: Request,
  kind: MoneyRequest['kind'],
  of: BookEntry | undefined,
): MoneyRequest {
  const asked = currencyOf(findField(fields, '49'));
  const digits = bcdDigits(findField(fields, '04'));
  const seconds = findField(fields, '01')?.[0];
  return {
    kind,
    of,
    amount: digits === undefined ? (of?.amount ?? 0) : Number(digits),
    asked,
    currency: asked ?? of?.currency ?? machine.registeredAs?.currency ?? ASSUMED_CURRENCY,
    traceNumber: machine.book.nextTrace(),
    acknowledgeMs: seconds === undefined ? machine.timing.acknowledgeMs : seconds * 1_000,
    repetitionsMax: findField(fields, '02')?.[0] ?? REPETITIONS_MAX,
  };
}

/** A currency that this terminal does not take ends the command with 6F and the one that it would. */
async function isCurrencyTaken(
  { currencies }: Machine,
  conversation: Conversation,
  { currency }: MoneyRequest,
): Promise<boolean> {
  if (currencies.includes(currency)) return true;
  await conversation.tell(abortion(CODES.wrongCurrency, currencies[0]));
  return false;
}

/**
 * Deferred reversal (§4): the register mirrors the newest receipt number that it knows of (TLV 1F1F). The newest but one
 * means that it never heard of the newest, which is then reversed; anything else changes nothing.
 */
export function resolveMirror({ book, settings }: Machine, { fields }: Request): void {
  const mirrored = bcdDigits(findTlv(fields.tlv, '1f1f'));
  if (settings.autoReversal !== 'deferred' || mirrored === undefined || mirrored === '') return;
  const [before, last] = book.turnover().slice(-2);
  if (last !== undefined && before?.receiptNumber === Number(mirrored)) {
    book.reverse(last, '窓口が知らない支払いのため取り消しました (1F1F)');
  }
}
