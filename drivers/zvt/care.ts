/** What keeps a terminal usable (PA00P015 §2.3 to §2.26, §7, §11). Nothing here can move money or clear anything. */
import type { Balance, KeepText, OnProgress } from '../../src/terminal/terminal.ts';
import { verdictOf } from './codes.ts';
import {
  ABORT,
  BALANCE_INQUIRY,
  clockSetting,
  DIAGNOSIS,
  displayText,
  initialisation,
  LOG_OFF,
  reprintReceipt,
} from './commands.ts';
import { ask, exchange, type AbortWish, type Session } from './dialogue.ts';
import { readAnswer } from './messages.ts';
import { readStatus } from './recovery.ts';
import { UTF_8 } from './receipts.ts';

/**
 * The commands that lift a status (§11), as far as a program may send them, in the order in which they are tried. A
 * terminal with a wrong clock (62, C1) gets the host's time by a diagnosis; ours only where that did not help, for this
 * computer's clock may be wrong too. An end of day is for a person to begin; B2, C4 and the rest are for the service.
 */
function restoringCommands(status: string, password: string): Buffer[] {
  switch (status) {
    case '51':
      return [initialisation(password)];
    case '62':
    case 'c1':
      return [DIAGNOSIS, clockSetting(password, new Date())];
    case 'c2':
      return [DIAGNOSIS];
    case CARD_INSIDE:
      return [ABORT];
    default:
      return [];
  }
}

const CARD_INSIDE = 'dc';

/** Does what the status asks for. @returns the status afterwards @throws TerminalError */
export async function restore(session: Session, onProgress: OnProgress): Promise<string> {
  const status = await readStatus(session);
  for (const command of restoringCommands(status, session.password)) {
    // The abort has no completion (§2.23): its effect shows in the status.
    if (command === ABORT) await ask(session, command);
    else await exchange(session, command, { onProgress });
    const afterwards = await readStatus(session);
    if (afterwards !== status) return afterwards;
  }
  return status;
}

/** Balance inquiry (§2.3): the amount in its status information is what is left. @throws TerminalError */
export async function readBalance(
  session: Session,
  onProgress: OnProgress,
  abortWish: AbortWish,
): Promise<Balance> {
  let said: ReturnType<typeof readAnswer> | undefined;
  const ended = await exchange(session, BALANCE_INQUIRY, {
    takeStatus: (message) => {
      said = readAnswer(message);
    },
    onProgress,
    abortWish,
  });
  if (ended.kind !== 'completed') return { kind: 'unread', resultCode: ended.resultCode };
  if (said?.amountYen == null || verdictOf(said.resultCode) !== 'approved') {
    return { kind: 'unread', resultCode: said?.resultCode ?? 'none' };
  }
  const { amountYen: balanceYen, method, brand, brandName } = said;
  return { kind: 'read', balanceYen, method, brand, brandName };
}

/** The last receipt once more (§2.20), as text. @throws TerminalError */
export async function reprint(session: Session, keepText: KeepText): Promise<boolean> {
  const ended = await exchange(session, reprintReceipt(session.password), {
    takeStatus: () => undefined,
    keepText,
  });
  return ended.kind === 'completed';
}

/** Display text (§2.26). Its duration takes the place of T3 (PA00P016 §5.2.5). @throws TerminalError */
export async function showText(
  session: Session,
  lines: readonly string[],
  seconds: number,
): Promise<boolean> {
  const command = displayText(lines, seconds, session.charset === UTF_8);
  const answer = await ask(session, command, session.t3Ms + seconds * 1_000);
  return answer.kind === 'taken';
}

/** Log-off (§2.24): the terminal forgets what was agreed when it was registered with. @throws TerminalError */
export async function logOff(session: Session): Promise<void> {
  await ask(session, LOG_OFF);
}
