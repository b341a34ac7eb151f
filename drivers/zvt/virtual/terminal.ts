/** How the virtual terminal answers a register: one command after the other, each a function read from top to bottom. */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { controlOf } from '../apdu.ts';
import type { Link } from '../link.ts';
import { TAKEN } from '../messages.ts';
import { createConversation, type Conversation } from './conversation.ts';
import { endDay, printTurnoverReceipts, repeatReceipt, reportTotals, sendOffline } from './day.ts';
import type { Machine } from './machine.ts';
import { abortion, refusal } from './messages.ts';
import { showBalance, takeSale, voidSale } from './money.ts';
import { readMessageId, readRequest, type Request } from './request.ts';
import {
  askHost,
  changeBaudRate,
  findReservations,
  logOff,
  printConfiguration,
  register,
  reportStatus,
  resetTerminal,
  setClock,
  showText,
} from './service.ts';
import { CODES } from './settlement.ts';
import type { Settings } from './settings.ts';

type Lock = NonNullable<Settings['lock']>;

interface Command {
  run(machine: Machine, conversation: Conversation, request: Request): Promise<void>;
  /** Refused with 6B until a register has registered. */
  needsRegistration?: true;
  /** The locks during which it is answered (§7.2): all, or those that it lifts. */
  despite?: 'every lock' | readonly Lock[];
}

const COMMANDS: Readonly<Record<string, Command>> = {
  '0501': { run: reportStatus, despite: 'every lock' },
  '0600': { run: register, despite: 'every lock' },
  '0601': { run: takeSale, needsRegistration: true },
  '0602': { run: logOff, despite: 'every lock' },
  '0603': { run: showBalance, needsRegistration: true },
  '0610': { run: reportTotals },
  '0612': { run: printTurnoverReceipts },
  '0618': { run: resetTerminal },
  '061a': { run: printConfiguration },
  '0620': { run: repeatReceipt },
  '0623': { run: findReservations },
  '0630': { run: voidSale, needsRegistration: true },
  '0631': { run: takeSale, needsRegistration: true },
  '0650': { run: endDay, needsRegistration: true, despite: ['f0', 'b1'] },
  '0651': { run: sendOffline, needsRegistration: true },
  '0670': { run: askHost, despite: ['62', 'c1', 'c2'] },
  '0691': { run: setClock, despite: ['62', 'c1'] },
  '0693': { run: askHost, despite: ['51'] },
  // Nothing runs, so nothing is left to abort.
  '06b0': { run: (_, conversation) => conversation.say(TAKEN), despite: 'every lock' },
  '06e0': { run: showText, despite: 'every lock' },
  '0840': { run: changeBaudRate },
};

const IDLE_MS = 60_000;
const WRONG_PASSWORD = '37';
const NOT_POSSIBLE = '83';
const NO_PAPER = 'cc';
/** A card that is still in the reader stops nothing (§11). */
const CARD_INSIDE = 'dc';

/** Serves one connection until it is gone. */
export async function serve(machine: Machine, link: Link): Promise<void> {
  machine.wake = () => link.interrupt();
  let lastCommand: Buffer | undefined;
  for (;;) {
    const reception = await link.receive(IDLE_MS);
    if (reception.kind === 'closed') return;
    if (reception.kind !== 'apdu') continue;
    const command = reception.apdu;
    const conversation = createConversation(machine, link, command);
    // With message ids (§5) a repeated message keeps its id: it has been done already, and is only answered again.
    const isNumbered = machine.messageId !== undefined && (readMessageId(command) ?? 0) > 0;
    const isRepetition = isNumbered && lastCommand?.equals(command) === true;
    lastCommand = command;
    machine.isInDialogue = true;
    // It may have come in together with the last word of the dialogue before.
    const control = controlOf(command);
    if (!control.startsWith('8')) machine.command = control;
    try {
      if (isRepetition) await conversation.say(TAKEN);
      else await answer(machine, conversation, command);
    } catch (error) {
      // The register went away within a dialogue; the dialogue has cleared up after itself.
      if (!(error instanceof TerminalError)) throw error;
    } finally {
      machine.isInDialogue = false;
    }
  }
}

async function answer(machine: Machine, conversation: Conversation, bytes: Buffer): Promise<void> {
  const read = readRequest(bytes);
  // An answer to a question that is over is no command.
  if (read?.request.control.startsWith('8') === true) return;
  const command = COMMANDS[read?.request.control ?? ''];
  if (read === undefined || command === undefined) return conversation.say(refusal(NOT_POSSIBLE));
  const { request, password } = read;
  if (password !== undefined && password !== machine.password)
    return conversation.say(refusal(WRONG_PASSWORD));
  // An unknown bitmap in a command (§13); registrations bring what no table names.
  if (request.control !== '0600' && hasUnknownBitmap(request)) return conversation.say(refusal(NOT_POSSIBLE));
  if (machine.faults.takeInDialogue('no_paper', request.control) !== undefined) {
    machine.settings.lock = NO_PAPER;
    machine.screen.touch();
    return conversation.say(refusal(NO_PAPER));
  }
  const lock = lockAgainst(machine, command);
  const why = lock ?? (command.needsRegistration && !machine.registeredAs ? CODES.notRegistered : undefined);
  if (why === undefined) return command.run(machine, conversation, request);
  await conversation.say(TAKEN);
  await conversation.tell(abortion(why));
}

/** The lock that stands against the command. */
function lockAgainst({ settings: { lock } }: Machine, { despite = [] }: Command): Lock | undefined {
  const isOpen = lock === null || lock === CARD_INSIDE || despite === 'every lock' || despite.includes(lock);
  return isOpen ? undefined : lock;
}

/** A baud rate (§2.57) and a range of receipts (§2.19) stand there as they are. */
function hasUnknownBitmap({ control, fields }: Request): boolean {
  return !['0612', '0840'].includes(control) && fields.rest.length > 0;
}
