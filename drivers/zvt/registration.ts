/** Registration (PA00P015 §2.1): what has to be agreed before a terminal takes a payment. */
import { TerminalError } from '../../src/terminal/terminal.ts';
import { BUSY_STATUS, CANCELLED_CODE, explainResult } from './codes.ts';
import { JPY, registration } from './commands.ts';
import { exchange, plainSilenceMs, type Session } from './dialogue.ts';
import { numberedLink } from './message-ids.ts';
import { readRegistered } from './messages.ts';
import { stopWhatRuns } from './recovery.ts';

/**
 * What a payment that still runs there answers a registration with: busy, or its own end. Nobody cancels a
 * registration; but the late answer to an abort was taken for ours, and then the end of what was aborted.
 */
const LEFT_BEHIND = [BUSY_STATUS, CANCELLED_CODE];

/**
 * A payment that still runs there has lost its register: it is wished to stop, so that nothing is taken that nobody
 * records. Message ids and character set hold until the next registration.
 * @returns the terminal's id, where it tells. @throws TerminalError
 */
export async function register(session: Session): Promise<string | null> {
  session.link = session.line;
  const command = registration(session.password, session.wishes);
  const silenceMs = plainSilenceMs(session);
  let registered = await exchange(session, command, { silenceMs });
  if (registered.kind !== 'completed' && LEFT_BEHIND.includes(registered.resultCode)) {
    await stopWhatRuns(session);
    registered = await exchange(session, command, { silenceMs });
  }
  if (registered.kind !== 'completed') {
    const { resultCode } = registered;
    throw new TerminalError(`registration: ${explainResult(resultCode)} (${resultCode})`, false);
  }
  const { terminalId, currency, charset, hasMessageIds } = readRegistered(registered.completion);
  if (currency !== null && currency !== JPY) {
    throw new TerminalError(`the terminal is set to currency ${currency}, not to yen`, false);
  }
  session.charset = charset;
  if (hasMessageIds) session.link = numberedLink(session.line, session.password);
  return terminalId;
}
