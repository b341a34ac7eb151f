/** Registration, status, and what keeps a terminal in order (PA00P015 §2.1, §2.17 to §2.26, §2.56). */
import { bcdDigits, findField } from '../bitmaps.ts';
import { TAKEN } from '../messages.ts';
import { findTlv, type Tlv } from '../tlv.ts';
import { BAUD_RATES, rateIn } from './baud-rate.ts';
import type { Conversation } from './conversation.ts';
import { endDayByItself } from './day.ts';
import { registrationOf, restart, type Machine } from './machine.ts';
import {
  abortion,
  completion,
  hostTime,
  NO_RESERVATION,
  refusal,
  registered,
  statusCompletion,
  withMessageId,
  wrongCurrency,
} from './messages.ts';
import { reportOf } from './receipts.ts';
import { currencyOf, serviceByteOf, type Request } from './request.ts';
import type { Settings } from './settings.ts';
import { ASSUMED_CURRENCY, CODES, showStep } from './settlement.ts';

/** Registration (§2.1): config byte, currency, service byte, TLV container. */
export async function register(
  machine: Machine,
  conversation: Conversation,
  { data, fields }: Request,
): Promise<void> {
  const config = data[0] ?? 0;
  const currency = currencyOf(data.length >= 3 ? data.subarray(1, 3) : undefined);
  const { currencies, screen, settings } = machine;
  if (currency !== undefined && !currencies.includes(currency)) {
    return conversation.say(wrongCurrency(CODES.wrongCurrency, currencies[0] ?? currency));
  }
  const has = (mask: number): boolean => (config & mask) === mask;
  machine.registeredAs = {
    currency,
    wantsSteps: has(0x08),
    wantsReceipts: has(0x82),
    wantsReports: has(0x84),
    wantsTextBlocks: permitsTextBlocks(fields.tlv),
    takesTlv: fields.fields.some(({ bitmap }) => bitmap === '06'),
  };
  machine.messageId = undefined;
  const unnamed = currencies.includes(ASSUMED_CURRENCY) ? ASSUMED_CURRENCY : (currencies[0] ?? '');
  const taken = currency ?? unnamed;
  screen.show('idle', { currency: taken });
  await conversation.say(TAKEN);
  // Message ids are agreed upon by echoing 000000; what follows counts from there (§5).
  const hasIds = settings.messageIds && findTlv(fields.tlv, '1f73') !== undefined;
  const completed = registered(machine, taken);
  await conversation.tell(hasIds ? withMessageId(completed, 0) : completed);
  if (hasIds) machine.messageId = 0;
}

/** TLV 26 lists the commands that the register takes, as 0A objects of two bytes each. */
function permitsTextBlocks(tlv: readonly Tlv[]): boolean {
  const permitted = tlv.find(({ tag }) => tag === '26')?.children ?? [];
  return permitted.some(
    ({ tag, value }) => tag === '0a' && value.toString('hex').match(/.{4}/g)?.includes('06d3'),
  );
}

/** Log-off (§2.24): no completion; config 86, no TLV, no message ids. */
export async function logOff(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  machine.registeredAs = undefined;
  machine.messageId = undefined;
  machine.screen.touch();
}

/** Status enquiry (§2.56): the terminal does its timed jobs here. Service bit 1: no software version. */
export async function reportStatus(
  machine: Machine,
  conversation: Conversation,
  request: Request,
): Promise<void> {
  await conversation.say(TAKEN);
  if (machine.settings.endOfDayDue) await endDayByItself(machine, conversation);
  const status = parseInt(machine.settings.lock ?? '00', 16);
  await conversation.tell(statusCompletion(status, (serviceByteOf(request) & 0x02) === 0));
}

/** Diagnosis (§2.17) and initialisation (§2.18): the host is asked, and what they lift is lifted. */
export async function askHost(
  machine: Machine,
  conversation: Conversation,
  { control }: Request,
): Promise<void> {
  await conversation.say(TAKEN);
  await showStep(machine, conversation, 0x04);
  await conversation.hold(machine.timing.issuerMs);
  if (machine.faults.takeInDialogue('host_down', control) !== undefined) {
    await conversation.tell(abortion(CODES.noHost));
    return;
  }
  const isDiagnosis = control === '0670';
  if (isDiagnosis) await conversation.tell(hostTime(new Date()));
  const title = isDiagnosis ? 'DIAGNOSIS' : 'INITIALISATION';
  for (const print of reportOf(machine, [title, `TERMINAL ${machine.terminalId}`, 'OK'])) {
    await conversation.tell(print);
  }
  lift(machine, isDiagnosis ? ['62', 'c1', 'c2'] : ['51']);
  await conversation.tell(completion());
}

function lift({ settings, screen }: Machine, locks: NonNullable<Settings['lock']>[]): void {
  if (settings.lock !== null && locks.includes(settings.lock)) settings.lock = null;
  screen.touch();
}

/** Set date and time (§2.25): `AA yymmdd 0C hhmmss`. The clock itself is this computer's, and stays. */
export async function setClock(
  machine: Machine,
  conversation: Conversation,
  { fields }: Request,
): Promise<void> {
  const isWhole = [findField(fields, 'aa'), findField(fields, '0c')].every(
    (value) => bcdDigits(value) !== undefined,
  );
  if (!isWhole) return conversation.say(refusal('83'));
  await conversation.say(TAKEN);
  lift(machine, ['62', 'c1']);
  await conversation.tell(completion());
}

/** Reset (06 18): it ends the dialogue, then starts anew, and hears nothing meanwhile. */
export async function resetTerminal(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  await conversation.tell(completion());
  restart(machine);
  machine.faults.silentUntil = performance.now() + machine.timing.restartMs;
  machine.screen.show('idle');
}

/** Print system configuration. */
export async function printConfiguration(machine: Machine, conversation: Conversation): Promise<void> {
  await conversation.say(TAKEN);
  const { currency } = registrationOf(machine);
  const lines = [
    'SYSTEM CONFIGURATION',
    `TERMINAL ${machine.terminalId}`,
    `CURRENCIES ${machine.currencies.join(' ')}`,
    `REGISTERED ${currency ?? '-'}`,
  ];
  for (const print of reportOf(machine, lines)) await conversation.tell(print);
  await conversation.tell(completion());
}

const LINES = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'];

/** Display text (§2.26): no completion. A byte 14 in front means a large font. */
export async function showText(
  machine: Machine,
  conversation: Conversation,
  { fields }: Request,
): Promise<void> {
  await conversation.say(TAKEN);
  const lines = LINES.map((line) => findField(fields, line)?.toString('latin1').trim() ?? '').filter(
    (line) => line !== '',
  );
  machine.screen.show('message', { title: lines[0] ?? '', detail: lines.slice(1).join('　') });
}

/** Change of baud rate (§2.57): answered at the old rate; the new one holds until the next start. */
export async function changeBaudRate(
  machine: Machine,
  conversation: Conversation,
  { data }: Request,
): Promise<void> {
  const rate = BAUD_RATES.get(data[0] ?? 0xff);
  if (rate === undefined) return conversation.say(refusal('fd'));
  await conversation.say(TAKEN);
  const fromMs = performance.now() + machine.timing.newRateMs;
  machine.baudRate = { now: rateIn(machine.baudRate), next: { rate, fromMs } };
  machine.screen.touch();
}

/** Open pre-authorisations (06 23 with receipt FFFF, without a password): this terminal takes none, so none is open. */
export async function findReservations(
  _: Machine,
  conversation: Conversation,
  { fields }: Request,
): Promise<void> {
  if (findField(fields, '87')?.toString('hex') !== 'ffff') return conversation.say(refusal('83'));
  await conversation.say(TAKEN);
  await conversation.tell(NO_RESERVATION);
}
