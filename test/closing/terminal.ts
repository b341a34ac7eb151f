/** A terminal that takes every card at once and settles as it is told, for closings without a line. */
import type { Driver } from '../../src/terminal/driver.ts';
import {
  TerminalError,
  type Settlement,
  type Terminal,
  type TerminalAnswer,
  type TerminalTotals,
} from '../../src/terminal/terminal.ts';
import { drivers } from '../../drivers/index.ts';
import { answerOf } from '../support/sale.ts';

export type Settles =
  'well' | 'not' | 'silently' | 'silently, and not' | 'without a word to us' | 'busy afterwards';

export interface TestTerminal {
  driver: Driver;
  connect: () => Promise<Terminal>;
  /** Sums of the running period. */
  taken: { count: number; amountYen: number };
  settles: Settles;
  /** Its totals can't be read. */
  isMute: boolean;
  /** What was asked of it, in order. */
  asked: string[];
  /** Called before the 日計 answers. */
  onSettling: () => void;
}

export function createTestTerminal(id: string): TestTerminal {
  const [driver] = drivers;
  if (driver === undefined) throw new Error('there are no drivers');
  const terminalId = `5250004${id}`;
  const terminal: TestTerminal = {
    driver,
    connect: () => Promise.resolve(connect()),
    taken: { count: 0, amountYen: 0 },
    settles: 'well',
    isMute: false,
    asked: [],
    onSettling: () => undefined,
  };
  const totals = (): TerminalTotals => {
    const { count, amountYen } = terminal.taken;
    return { terminalId, rows: [{ bucket: 'visa', count, amountYen }], totalYen: amountYen, raw: '' };
  };
  const settle = async (commit: (read: TerminalTotals) => unknown): Promise<Settlement> => {
    terminal.asked.push('settle');
    terminal.onSettling();
    const { settles } = terminal;
    if (settles === 'not') return { kind: 'open', resultCode: '77' };
    if (settles === 'silently, and not') throw new TerminalError('the line broke', true);
    const read = totals();
    await commit(read);
    terminal.taken = { count: 0, amountYen: 0 };
    if (settles === 'silently') throw new TerminalError('the line broke', true);
    return { kind: 'settled', totals: read, isBusyAfterwards: settles === 'busy afterwards' };
  };
  const outOfPlace = (): never => {
    throw new Error('nothing else is asked of it');
  };
  const connect = (): Terminal => {
    const gone = Promise.withResolvers<void>();
    return {
      terminalId,
      closed: gone.promise,
      close() {
        gone.resolve();
        return gone.promise;
      },
      async authorizeSale({ amountYen }, commit) {
        const answer: TerminalAnswer = answerOf('approved', {
          amountYen,
          terminalId,
          method: 'credit',
          brand: 'visa',
          terminalTime: null,
        });
        await commit(answer);
        terminal.taken = {
          count: terminal.taken.count + 1,
          amountYen: terminal.taken.amountYen + amountYen,
        };
        return { kind: 'completed' };
      },
      authorizeVoid: outOfPlace,
      findTransaction: outOfPlace,
      reportTotals() {
        terminal.asked.push('totals');
        if (terminal.isMute) return Promise.reject(new TerminalError('no totals', false));
        return Promise.resolve(totals());
      },
      settle: (_, commit) => settle(commit),
      checkHealth: () => Promise.resolve({ terminalId, ready: true, status: 'ready', remedy: 'none' }),
      abort: () => undefined,
    };
  };
  return terminal;
}
