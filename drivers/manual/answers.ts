/** A clerk's word in the form of a terminal's answer. */
import type { Prompt, Reply } from '../../src/terminal/prompt.ts';
import { TerminalError, type TerminalAnswer, type Verdict } from '../../src/terminal/terminal.ts';
import type { Known } from './questions.ts';

/** JPY in ISO 4217. */
const YEN = '392';

/** A connection to the clerk. */
export interface Session extends Known {
  terminalId: string | null;
  /** @throws TerminalError when the clerk can't be asked any more; the connection is gone then */
  ask: (prompt: Prompt) => Promise<Reply>;
  /** As `ask`; undefined if the question was withdrawn because somebody wishes to stop the payment. */
  askUnlessUnwanted: (prompt: Prompt) => Promise<Reply | undefined>;
}

type Facts = Partial<
  Pick<TerminalAnswer, 'amountYen' | 'method' | 'brand' | 'brandName' | 'receiptNumber' | 'isStored'>
>;

/** What was said, and nothing of what was not; `raw` is the reply itself. */
export function answerOf(
  { terminalId }: Session,
  reply: Reply,
  said: { verdict: Verdict; resultCode: string } & Facts,
): TerminalAnswer {
  return {
    amountYen: null,
    currency: YEN,
    method: null,
    brand: null,
    brandName: null,
    terminalId,
    receiptNumber: null,
    traceNumber: null,
    approvalCode: null,
    terminalTime: null,
    raw: Buffer.from(JSON.stringify(reply)).toString('hex'),
    ...said,
  };
}

function brandFacts({ brands }: Session, code: string | undefined): Facts {
  const brand = brands.find((each) => each.brand === code);
  return { method: brand?.method ?? null, brand: brand?.brand ?? null, brandName: brand?.nameJa ?? null };
}

/** A field that was a number or an amount in yen; NaN where there was none. */
export const numberOf = ({ values }: Reply, code: string): number => Number(values[code]);

/** What the slip of a sale says. */
export const approvalOf = (session: Session, reply: Reply): TerminalAnswer =>
  answerOf(session, reply, {
    verdict: 'approved',
    resultCode: 'approved',
    amountYen: numberOf(reply, 'amount'),
    receiptNumber: reply.values['slip'] ?? null,
    ...brandFacts(session, reply.values['brand']),
  });

/** Money may have moved. */
export const unknowable = (what: string): TerminalError =>
  new TerminalError(`the clerk can't tell ${what}`, true);

/** The own slip of a 取消 or 返品; it was paid back the way it was paid. */
export function givenBackOf(
  session: Session,
  reply: Reply,
  of: TerminalAnswer | undefined,
  resultCode: 'voided' | 'refunded',
): TerminalAnswer {
  return answerOf(session, reply, {
    verdict: 'approved',
    resultCode,
    amountYen: numberOf(reply, 'amount'),
    receiptNumber: reply.values['slip'] ?? null,
    method: of?.method ?? null,
    brand: of?.brand ?? null,
    brandName: of?.brandName ?? null,
  });
}
