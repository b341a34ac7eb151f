/** A terminal that says card numbers wherever it can say anything. */
import type { AskClerk } from '../../src/terminal/prompt.ts';
import { TerminalError, type Terminal } from '../../src/terminal/terminal.ts';
import { grouped, plant } from './planted.ts';
import { answerOf } from './sale.ts';

export function tellingTerminal(ask: AskClerk): Terminal {
  const closed = Promise.withResolvers<void>();
  const totals = { terminalId: '52500041', rows: [], totalYen: 0, raw: '' };
  const says = answerOf('approved', {
    brandName: plant('brand name'),
    receiptNumber: plant('receipt number'),
    traceNumber: plant('trace number'),
    approvalCode: plant('approval code'),
    resultCode: plant('result code'),
    terminalTime: null,
  });
  let sales = 0;
  return {
    terminalId: '52500041',
    async authorizeSale({ operationId }, commit, onProgress, keepText) {
      onProgress({ step: 'working', hint: `Karte ${plant('display hint')}` });
      const line = { align: 'left', doubleWidth: false, doubleHeight: false } as const;
      const lines = [plant('receipt'), grouped(plant('receipt in groups'))].map((text) => ({
        ...line,
        text,
      }));
      await keepText?.({ receipt: 'customer', isLast: true, lines });
      sales += 1;
      if (sales === 1) {
        const field = {
          code: 'slip',
          nameJa: '番号',
          kind: 'digits',
          minDigits: 16,
          maxDigits: 16,
          isTwice: true,
        } as const;
        const outcomes = [{ code: 'done', nameJa: '済み', tone: 'good' as const, fields: [field] }];
        const prompt = {
          operationId,
          titleJa: '番号を入れてください',
          amountYen: 400,
          guideJa: [],
          outcomes,
        };
        await ask(prompt, new AbortController().signal);
      }
      await commit(says);
      if (sales > 1) throw new TerminalError(`the line broke: ${plant('broken line')}`, true);
      return { kind: 'completed' };
    },
    authorizeVoid: () => Promise.resolve({ kind: 'not_sent', reason: plant('void') }),
    findTransaction: () => Promise.resolve({ kind: 'inconclusive', reason: `seen ${plant('query')}` }),
    reportTotals: () => Promise.resolve(totals),
    checkHealth: () =>
      Promise.resolve({ terminalId: '52500041', status: 'ready', ready: true, remedy: 'none' }),
    abort: () => undefined,
    closed: closed.promise,
    close() {
      closed.resolve();
      return closed.promise;
    },
  };
}
