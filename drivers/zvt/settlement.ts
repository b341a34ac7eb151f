/** Totals of a terminal (PA00P015 §2.43, §2.16): to read them, and to settle them at the end of the day. */
import {
  TerminalError,
  type KeepText,
  type Mirror,
  type OnProgress,
  type Settlement,
  type TerminalTotals,
} from '../../src/terminal/terminal.ts';
import { explainResult } from './codes.ts';
import { endOfDay, turnoverTotals } from './commands.ts';
import { exchange, plainSilenceMs, type Session } from './dialogue.ts';
import { readCompletionCode, readTotals } from './messages.ts';
import { mirrorFor } from './payment.ts';

/** After an end of day (§2.16): the terminal begins an update of itself and is silent meanwhile. */
const UPDATE_FOLLOWS = 'e0';

/** Send turnover totals (§2.43); they stay as they are. @throws TerminalError */
export async function reportTotals(session: Session, terminalId: string | null): Promise<TerminalTotals> {
  let totals: TerminalTotals | undefined;
  const reported = await exchange(session, turnoverTotals(session.password), {
    takeStatus: (message) => {
      totals = readTotals(message) ?? totals;
    },
    silenceMs: plainSilenceMs(session),
  });
  if (reported.kind !== 'completed') {
    throw new TerminalError(
      `totals: ${explainResult(reported.resultCode, 'settlement')} (${reported.resultCode})`,
      false,
    );
  }
  if (totals === undefined) throw new TerminalError('the terminal sent no totals', false);
  return { ...totals, terminalId: totals.terminalId ?? terminalId };
}

interface SettlementListener {
  commit: (totals: TerminalTotals) => void | Promise<void>;
  onProgress: OnProgress;
  keepText: KeepText | undefined;
}

/**
 * End of day. The totals are recorded before they are acknowledged, for the terminal has none of them afterwards. A
 * failure (04 0F with a code, then 06 1E) leaves its day open.
 * @throws TerminalError when the wire breaks: whether it has settled only its totals can tell then
 */
export async function settle(
  session: Session,
  terminalId: string | null,
  mirror: Mirror | undefined,
  { commit, onProgress, keepText }: SettlementListener,
): Promise<Settlement> {
  let totals: TerminalTotals | null = null;
  const command = endOfDay(session.password, mirrorFor(session, mirror));
  const ended = await exchange(session, command, {
    takeStatus: async (message) => {
      const read = readTotals(message);
      if (read === undefined) return;
      totals = { ...read, terminalId: read.terminalId ?? terminalId };
      await commit(totals);
    },
    onProgress,
    keepText,
  });
  if (ended.kind !== 'completed') return { kind: 'open', resultCode: ended.resultCode };
  const resultCode = readCompletionCode(ended.completion) ?? '00';
  const isBusyAfterwards = resultCode === UPDATE_FOLLOWS;
  if (resultCode !== '00' && !isBusyAfterwards) return { kind: 'open', resultCode };
  return { kind: 'settled', totals, isBusyAfterwards };
}
