/** A sale or a refund, as a terminal holds it (PA00P015 §2.2, §2.15): the card, the network, the register's word. */
import { brandProfile } from '../brands.ts';
import { isRefundable, outcomeOfLeaving, purseOf } from './emoney.ts';
import type { Conversation } from './conversation.ts';
import { reach, type Machine } from './machine.ts';
import { abortion, refusedStatus } from './messages.ts';
import type { ResidentAct, ScriptStep } from './resident.ts';
import { CODES, enter, settleWithRegister, showStep, type MoneyRequest } from './settlement.ts';

type Act = ResidentAct | 'register aborts' | 'nobody';

/**
 * @param planned what the resident of this sale will do by themselves; undefined: somebody will say
 * @throws TerminalError when the line breaks; what was authorised by then is reversed, or left to the register
 */
export async function takePayment(
  machine: Machine,
  conversation: Conversation,
  request: MoneyRequest,
  planned: ScriptStep | undefined,
): Promise<void> {
  const { screen } = machine;
  screen.show('waiting', { amount: request.amount, currency: request.currency });
  await showStep(machine, conversation, 0x0a);
  const act = await awaitAct(machine, conversation, planned);
  await reach(machine, 'card_shown');
  if (isNoCard(act)) {
    const detail = CANCELLED_BY[typeof act === 'string' ? act : act.act];
    await refuse(machine, conversation, request, CODES.aborted);
    screen.show('cancelled', { detail });
    return;
  }

  screen.show('processing');
  await showStep(machine, conversation, 0x0e);
  await conversation.hold(machine.timing.readMs);
  if (act.act === 'leave_early' && !(await isTouchedAgain(machine, conversation, planned))) {
    return leaveUnfinished(machine, conversation, request, act.brand);
  }
  await showStep(machine, conversation, 0x04);
  await conversation.hold(machine.timing.issuerMs);
  const refusal = refusalOf(machine, request, act);
  if (refusal !== undefined) {
    const [code, why] = refusal;
    await refuse(machine, conversation, request, code);
    screen.show('declined', { detail: `${why}お金は動いていません。` });
    return;
  }
  await settleWithRegister(machine, conversation, request, brandOf(act));
}

const NO_CARD = ['stop', 'walk_away', 'touch_again'] as const;
type NoCard = 'register aborts' | 'nobody' | Extract<ResidentAct, { act: (typeof NO_CARD)[number] }>;

function isNoCard(act: Act): act is NoCard {
  return typeof act === 'string' || NO_CARD.some((each) => each === act.act);
}

const CANCELLED_BY: Record<'register aborts' | 'nobody' | (typeof NO_CARD)[number], string> = {
  'register aborts': '窓口が取り消しました。お金は動いていません。',
  nobody: '時間内にカードが出されませんでした。お金は動いていません。',
  stop: 'お客様が中止しました。お金は動いていません。',
  walk_away: 'お客様がいなくなりました。お金は動いていません。',
  touch_again: '確かめる支払いがありませんでした。お金は動いていません。',
};

const brandOf = (act: Exclude<ResidentAct, NoCard>): string => act.brand ?? 'visa';

/** Why the network, or the purse, says no: the code, and the sentence for the display. */
function refusalOf(
  machine: Machine,
  { kind, amount }: MoneyRequest,
  act: Exclude<ResidentAct, NoCard>,
): readonly [code: string, why: string] | undefined {
  if (machine.faults.takeInDialogue('host_down', machine.command) !== undefined) {
    return [CODES.noHost, 'カード会社と通信できませんでした。'];
  }
  if (act.act === 'refuse') return [CODES.declined, 'カード会社が承認しませんでした。'];
  const isShort = kind === 'sale' && amount > (purseOf(machine, brandOf(act)) ?? Infinity);
  if (act.act === 'insufficient' || isShort) return [CODES.noFunds, '残高が足りません。'];
  const method = brandProfile(brandOf(act))?.method;
  if (kind === 'refund' && (method === undefined || !isRefundable(method))) {
    return [CODES.notThisMethod, 'この方法では返金できません。'];
  }
  return undefined;
}

/** What the resident does: as planned by a script, or as somebody says meanwhile. */
export async function awaitAct(
  machine: Machine,
  conversation: Conversation,
  planned: ScriptStep | undefined,
): Promise<Act> {
  machine.pullCableAt = planned?.pullCableAt;
  machine.isWaitingForCard = true;
  machine.screen.touch();
  const act = await conversation.awaitResident(planned?.afterMs ?? machine.timing.residentMs);
  machine.isWaitingForCard = false;
  return act === 'nobody' && planned !== undefined ? planned.do : act;
}

/** The card left the field; the terminal asks for it again. */
async function isTouchedAgain(
  machine: Machine,
  conversation: Conversation,
  planned: ScriptStep | undefined,
): Promise<boolean> {
  machine.act = undefined;
  machine.screen.show('retouch');
  await showStep(machine, conversation, 0x0a);
  machine.isWaitingForCard = true;
  machine.screen.touch();
  const waitMs = planned === undefined ? machine.timing.residentMs : (planned.touchAgainAfterMs ?? 0);
  const act = await conversation.awaitResident(waitMs);
  machine.isWaitingForCard = false;
  machine.screen.show('processing');
  if (typeof act !== 'string') return act.act === 'touch_again';
  return planned?.touchAgainAfterMs !== undefined;
}

/** 処理未了: FF, a code that is neither yes nor no, because the terminal does not know either. */
async function leaveUnfinished(
  machine: Machine,
  conversation: Conversation,
  request: MoneyRequest,
  brand: string,
): Promise<void> {
  const { book, screen } = machine;
  const entry = enter(machine, request, brand);
  const outcome = outcomeOfLeaving(brand);
  if (outcome === 'pending') book.suspend(entry);
  else if (outcome === 'stored') book.store(entry);
  else book.reverse(entry, '処理未了（もう一度お支払いください）');
  screen.show('pending');
  await refuse(machine, conversation, request, CODES.system);
}

/** 04 0F with the code, then 06 1E with the same. */
async function refuse(
  machine: Machine,
  conversation: Conversation,
  request: MoneyRequest,
  code: string,
): Promise<void> {
  await conversation.tell(refusedStatus(machine, code, request), request.acknowledgeMs);
  await conversation.tell(abortion(code));
}
