/** The settlement period: totals, the last receipt again, the end of day (PA00P015 §2.16, §2.20, §2.43). */
import { bcdDigits } from '../bitmaps.ts';
import { TAKEN } from '../messages.ts';
import type { Conversation } from './conversation.ts';
import { reach, registrationOf, type Machine } from './machine.ts';
import { abortion, approvedStatus, bareStatus, completion, step, totalsStatus } from './messages.ts';
import { resolveMirror } from './money.ts';
import { formatAmount, receiptsOf, reportOf } from './receipts.ts';
import { serviceByteOf, type Request } from './request.ts';
import { CODES, showStep } from './settlement.ts';

const NOT_POSSIBLE = '83';
const NO_END_OF_DAY = '77';
const MAINTENANCE = Buffer.of(0x27, 0xe0);

/** Send turnover totals: clears nothing. */
export async function reportTotals(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  await conversation.tell(totalsStatus(machine, machine.book.open()));
  await conversation.tell(completion());
}

/**
 * Repeat receipt: the last payment that is stored, whatever was refused since. One that is pending (処理未了) has been
 * stored as that. Service byte: 01 send its status, 02 print nothing.
 */
export async function repeatReceipt(
  machine: Machine,
  conversation: Conversation,
  request: Request,
): Promise<void> {
  const service = serviceByteOf(request);
  const entries = machine.book.entries();
  const remembered = entries.filter(({ settled }) => !settled || !machine.settings.forgetsSettled);
  const last = remembered.findLast(({ state }) => state === 'stored' || state === 'pending');
  await conversation.say(TAKEN);
  if (last === undefined) {
    await conversation.tell(abortion(NOT_POSSIBLE));
    return;
  }
  if (last.state === 'pending') {
    if ((service & 0x01) !== 0) await conversation.tell(bareStatus(CODES.system));
    await conversation.tell(completion());
    return;
  }
  const of = entries.find(({ traceNumber }) => traceNumber === last.of);
  if ((service & 0x01) !== 0) {
    await conversation.tell(approvedStatus(machine, last, { withCurrency: true, of }));
  }
  const prints = (service & 0x02) === 0 ? receiptsOf(machine, last) : [];
  for (const print of prints) await conversation.tell(print);
  await conversation.tell(completion());
}

/** Print turnover receipts (§2.19): those of the turnover store from one number to another, or of one alone. */
export async function printTurnoverReceipts(
  machine: Machine,
  conversation: Conversation,
  { data }: Request,
): Promise<void> {
  await conversation.say(TAKEN);
  const [from, to = from] = [data.subarray(0, 2), data.subarray(2, 4)]
    .filter(({ length }) => length === 2)
    .map((number) => Number(bcdDigits(number)));
  const wanted = machine.book
    .turnover()
    .filter(({ receiptNumber }) => receiptNumber >= Number(from) && receiptNumber <= Number(to));
  for (const print of wanted.flatMap((entry) => receiptsOf(machine, entry))) await conversation.tell(print);
  await conversation.tell(wanted.length === 0 ? abortion(NOT_POSSIBLE) : completion());
}

/** Send offline transactions (06 51): this terminal is always online, so that none wait. */
export async function sendOffline(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  await showStep(machine, conversation, 0x04);
  const isHostDown = machine.faults.takeInDialogue('host_down', machine.command) !== undefined;
  await conversation.tell(isHostDown ? abortion(CODES.noHost) : completion());
}

/** End of day: the totals, and once the register has them the turnover is settled. Failed, the day stays open (F0). */
export async function endDay(machine: Machine, conversation: Conversation, request: Request): Promise<void> {
  await conversation.say(TAKEN);
  resolveMirror(machine, request);
  await showStep(machine, conversation, 0x0e);
  await showStep(machine, conversation, 0x04);
  if (machine.faults.takeInDialogue('host_down', machine.command) !== undefined) {
    await conversation.tell(bareStatus(NO_END_OF_DAY));
    return leaveOpen(machine, conversation);
  }
  const totals = totalsStatus(machine, machine.book.open());
  const report = totalsReport(machine);
  await reach(machine, 'approved');
  if ((await conversation.tell(totals)) !== 'taken') return leaveOpen(machine, conversation);
  await reach(machine, 'acknowledged');
  settle(machine);
  await reach(machine, 'stored');
  for (const print of report) await conversation.tell(print);
  const update = machine.faults.takeInDialogue('software_update', machine.command);
  await conversation.tell(completion(update && MAINTENANCE));
  if (update !== undefined) machine.faults.silentUntil = performance.now() + update.ms;
}

async function leaveOpen(machine: Machine, conversation: Conversation): Promise<void> {
  machine.settings.lock = 'f0';
  machine.screen.touch();
  await conversation.tell(abortion(NO_END_OF_DAY));
}

function settle({ book, settings, screen }: Machine): void {
  book.settle(settings.restartsReceipts);
  settings.endOfDayDue = false;
  if (settings.lock === 'f0' || settings.lock === 'b1') settings.lock = null;
  screen.touch();
}

/** The terminal's own timed job, at a status enquiry: 04 FF 0F (§3.7). No status information belongs to it. */
export async function endDayByItself(machine: Machine, conversation: Conversation): Promise<void> {
  if (registrationOf(machine).wantsSteps) await conversation.tell(step(0x0f));
  const report = totalsReport(machine);
  settle(machine);
  for (const print of report) await conversation.tell(print);
}

function totalsReport(machine: Machine): Buffer[] {
  const open = machine.book.open();
  const currency = open.at(-1)?.currency ?? machine.currencies[0] ?? '';
  const total = open.reduce((sum, { amount }) => sum + amount, 0);
  return reportOf(machine, [
    'TRIAL - NO REAL PAYMENT',
    'END OF DAY',
    `PAYMENTS ${open.length}`,
    `TOTAL ${formatAmount(total, currency)}`,
    `TERMINAL ${machine.terminalId}`,
  ]);
}
