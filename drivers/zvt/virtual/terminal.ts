/**
 * How the virtual terminal answers a register: one command after the other, each a function read from top to bottom.
 * The sale is in sale.ts.
 */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { decodeApdu, type Apdu } from '../apdu.ts';
import { bcdDigits, parseFields } from '../bitmaps.ts';
import type { Link } from '../link.ts';
import { TAKEN } from '../messages.ts';
import type { Tlv } from '../tlv.ts';
import { createConversation, type Conversation } from './conversation.ts';
import type { Machine } from './machine.ts';
import {
  abortion,
  approvedStatus,
  completion,
  refusal,
  registered,
  statusCompletion,
  step,
  totalsStatus,
} from './messages.ts';
import { receiptsOf, takeSale } from './sale.ts';

const IDLE_MS = 60_000;

/** Serves one connection until it is gone. */
export async function serve(machine: Machine, link: Link): Promise<void> {
  machine.wake = () => link.interrupt();
  for (;;) {
    const reception = await link.receive(IDLE_MS);
    if (reception.kind === 'closed') return;
    if (reception.kind !== 'apdu') continue;
    const command = decodeApdu(reception.apdu);
    try {
      if (command === undefined) await link.send(refusal('83'));
      else await answer(machine, createConversation(machine, link), command);
    } catch (error) {
      // The register went away within a dialogue; the dialogue has cleared up after itself.
      if (!(error instanceof TerminalError)) throw error;
    }
  }
}

async function answer(machine: Machine, conversation: Conversation, { control, data }: Apdu): Promise<void> {
  const needsPassword = ['0600', '0610', '0620', '0650'].includes(control);
  if (needsPassword && data.toString('hex', 0, 3) !== machine.password) {
    await conversation.say(refusal('37'));
    return;
  }
  switch (control) {
    case '0600':
      return register(machine, conversation, data);
    case '0601':
      return takeSale(machine, conversation, data);
    case '0602':
      machine.registeredAs = undefined;
      return conversation.say(TAKEN);
    case '0610':
      return reportTotals(machine, conversation);
    case '0620':
      return repeatReceipt(machine, conversation, data);
    case '0650':
      return endDay(machine, conversation);
    case '0501':
      return reportStatus(conversation, data);
    // Nothing runs, so nothing is left to abort.
    case '06b0':
      return conversation.say(TAKEN);
    default:
      // An answer to a question that is over is no command.
      if (!control.startsWith('8')) await conversation.say(refusal('83'));
  }
}

/** Registration (§2.1): password, config byte, currency, service byte, TLV container. */
async function register(machine: Machine, conversation: Conversation, data: Buffer): Promise<void> {
  const config = data[3] ?? 0;
  const currency = bcdDigits(data.subarray(4, 6))?.slice(1) ?? '';
  const { tlv, fields } = parseFields(data.subarray(6));
  const has = (mask: number): boolean => (config & mask) === mask;
  const registeredAs = {
    currency: currency === '' ? machine.screen.display.currency : currency,
    wantsSteps: has(0x08),
    wantsReceipts: has(0x82),
    wantsTextBlocks: permitsTextBlocks(tlv),
    takesTlv: fields.some(({ bitmap }) => bitmap === '06'),
  };
  machine.registeredAs = registeredAs;
  machine.screen.show('idle', { currency: registeredAs.currency });
  await conversation.say(TAKEN);
  await conversation.tell(registered(machine, registeredAs.currency));
}

/** TLV 26 lists the commands that the register takes, as 0A objects of two bytes each. */
function permitsTextBlocks(tlv: readonly Tlv[]): boolean {
  const permitted = tlv.find(({ tag }) => tag === '26')?.children ?? [];
  return permitted.some(
    ({ tag, value }) => tag === '0a' && value.toString('hex').match(/.{4}/g)?.includes('06d3'),
  );
}

/** Send turnover totals (§2.43): clears nothing. */
async function reportTotals(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  await conversation.tell(totalsStatus(machine, machine.book.open()));
  await conversation.tell(completion());
}

/** Repeat receipt (§2.20): the last payment that is stored. Service byte: 01 send its status, 02 print nothing. */
async function repeatReceipt(machine: Machine, conversation: Conversation, data: Buffer): Promise<void> {
  const service = parseFields(data.subarray(3)).fields.find(({ bitmap }) => bitmap === '03')?.value[0] ?? 0;
  const last = machine.book.entries().findLast(({ state }) => state === 'stored');
  await conversation.say(TAKEN);
  if (last === undefined) {
    await conversation.tell(abortion('83'));
    return;
  }
  if ((service & 0x01) !== 0) await conversation.tell(approvedStatus(machine, last, true));
  const prints = (service & 0x02) === 0 ? receiptsOf(machine, last) : [];
  for (const print of prints) await conversation.tell(print);
  await conversation.tell(completion());
}

/** End of day (§2.16): the totals, and once the register has them the turnover is settled. */
async function endDay(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  if (machine.registeredAs?.wantsSteps === true) await conversation.tell(step(0x0e));
  const taken = await conversation.tell(totalsStatus(machine, machine.book.open()));
  if (taken !== 'taken') {
    await conversation.tell(abortion('77'));
    return;
  }
  machine.book.settle();
  await conversation.tell(completion());
  machine.screen.touch();
}

/** Status enquiry (§2.56): service bit 1 asks for no software version. */
async function reportStatus(conversation: Conversation, data: Buffer): Promise<void> {
  const service = parseFields(data.subarray(3)).fields.find(({ bitmap }) => bitmap === '03')?.value[0] ?? 0;
  await conversation.say(TAKEN);
  await conversation.tell(statusCompletion(0x00, (service & 0x02) === 0));
}
