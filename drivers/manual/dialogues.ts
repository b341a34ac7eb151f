/** One function per dialogue: a question, what the clerk's answer means, and what is asked next. */
import {
  TerminalError,
  type Commit,
  type Ending,
  type Finding,
  type Inquiry,
  type Method,
  type OnProgress,
  type Refund,
  type Sale,
  type Settlement,
  type TerminalAnswer,
  type TerminalTotals,
  type Void,
} from '../../src/terminal/terminal.ts';
import { answerOf, approvalOf, givenBackOf, numberOf, unknowable, type Session } from './answers.ts';
import {
  correctionQuestion,
  inquiryQuestion,
  refundQuestion,
  saleQuestion,
  voidQuestion,
} from './questions.ts';
import { countCode, kindsOf, settlementQuestion, totalsQuestion, yenCode } from './totals-questions.ts';

/**
 * One sale, keyed in by the clerk. What was told is committed before it counts; a dialogue that breaks off leaves the
 * sale unknown. @throws TerminalError
 */
export async function sell(
  session: Session,
  sale: Sale,
  commit: Commit,
  onProgress: OnProgress,
): Promise<Ending> {
  onProgress({ step: 'sent', hint: null });
  const asked = session.askUnlessUnwanted(saleQuestion(session, sale, false));
  onProgress({ step: 'present_card', hint: null });
  // Whoever wishes to stop may come too late: what the terminal did is asked all the same.
  const reply = (await asked) ?? (await session.ask(saleQuestion(session, sale, true)).catch(afterShown));
  switch (reply.outcome) {
    case 'approved': {
      const answer = approvalOf(session, reply);
      const decision = await commit(answer);
      return decision === 'acknowledge'
        ? { kind: 'completed' }
        : correct(session, sale, answer, commit, onProgress);
    }
    case 'declined':
      await commit(answerOf(session, reply, { verdict: 'declined', resultCode: 'declined' }));
      return { kind: 'aborted', verdict: 'declined', resultCode: 'declined' };
    case 'cancelled':
      return { kind: 'aborted', verdict: 'cancelled', resultCode: 'cancelled' };
    default:
      throw unknowable('whether the sale was approved');
  }
}

/** The amount has been seen before, so money may have moved whatever came of this question. */
function afterShown(cause: unknown): never {
  throw new TerminalError('the question was lost after the amount had been shown', true, { cause });
}

/**
 * An approval that was refused stands on the terminal: only a 取消 there takes it back, with a number of its own. What
 * can't be cancelled is left as it is recorded, an approval of the wrong amount.
 */
async function correct(
  session: Session,
  { operationId, amountYen: dueYen }: Sale,
  approval: TerminalAnswer,
  commit: Commit,
  onProgress: OnProgress,
): Promise<Ending> {
  onProgress({ step: 'reversing', hint: null });
  let taken = approval;
  for (;;) {
    const { amountYen, receiptNumber } = taken;
    const about = { operationId, dueYen, amountYen: amountYen ?? dueYen, slip: receiptNumber ?? '' };
    const reply = await session.ask(correctionQuestion(session, about)).catch(afterShown);
    if (reply.outcome === 'misread') {
      taken = { ...taken, amountYen: numberOf(reply, 'amount') };
      if ((await commit(taken)) === 'acknowledge') return { kind: 'completed' };
      continue;
    }
    if (reply.outcome !== 'voided') return { kind: 'completed' };
    const { method, brand, brandName } = taken;
    const voided = { verdict: 'cancelled', resultCode: 'corrected', isStored: true } as const;
    const slip = reply.values['slip'] ?? null;
    await commit(
      answerOf(session, reply, { ...voided, amountYen, method, brand, brandName, receiptNumber: slip }),
    );
    return { kind: 'completed' };
  }
}

/**
 * Has the clerk make a 取消 of the whole payment on the terminal; nothing is asked where it can't be one. @throws
 * TerminalError if nobody knows whether it was cancelled; what `commit` threw
 */
export async function cancelPayment(
  session: Session,
  { operationId, amountYen, of, settledSince }: Void,
  commit: Commit,
  onProgress: OnProgress,
): Promise<Ending> {
  const slip = of.receiptNumber;
  if (slip === null) return { kind: 'not_sent', reason: 'the payment has no slip number' };
  if (of.amountYen !== amountYen) return { kind: 'not_sent', reason: 'a payment is cancelled as a whole' };
  if (settledSince === true) return { kind: 'not_sent', reason: 'the terminal has been settled since' };
  onProgress({ step: 'sent', hint: null });
  const reply = await session.ask(voidQuestion(session, { operationId, amountYen, slip }));
  if (reply.outcome === 'doubt') throw unknowable('whether the payment was cancelled');
  if (reply.outcome !== 'voided') {
    await commit(answerOf(session, reply, { verdict: 'declined', resultCode: 'void_refused' }));
    return { kind: 'aborted', verdict: 'declined', resultCode: 'void_refused' };
  }
  await commit(givenBackOf(session, reply, of, 'voided'));
  return { kind: 'completed' };
}

/**
 * Has the clerk make a 返品 of `amountYen`, all or a part of what the slip says was paid. @throws TerminalError if
 * nobody knows whether the money went back; what `commit` threw
 */
export async function refundPayment(
  session: Session,
  { operationId, amountYen, of, soldAt }: Refund,
  commit: Commit,
  onProgress: OnProgress,
): Promise<Ending> {
  const slip = of.receiptNumber;
  const soldYen = of.amountYen;
  if (slip === null) return { kind: 'not_sent', reason: 'the payment has no slip number' };
  if (soldYen === null || soldYen < amountYen) {
    return { kind: 'not_sent', reason: 'more would go back than the slip says was paid' };
  }
  onProgress({ step: 'sent', hint: null });
  const sold = { slip, at: soldAt, amountYen: soldYen, brandName: of.brandName };
  const reply = await session.ask(refundQuestion(session, { operationId, amountYen, sold }));
  if (reply.outcome === 'doubt') throw unknowable('whether the money went back');
  if (reply.outcome !== 'refunded') {
    await commit(answerOf(session, reply, { verdict: 'declined', resultCode: 'refund_refused' }));
    return { kind: 'aborted', verdict: 'declined', resultCode: 'refund_refused' };
  }
  await commit(givenBackOf(session, reply, of, 'refunded'));
  return { kind: 'completed' };
}

const withoutZeros = (slip: string | null | undefined): string | undefined => slip?.replace(/^0+/, '');

const isSameSlip = (one: string | null | undefined, other: string | undefined): boolean =>
  other !== undefined && withoutZeros(one) === withoutZeros(other);

/** What the newest slip proves, of a sale or of what gave it back. A number that we don't know proves nothing in either direction. */
export async function findTransaction(session: Session, inquiry: Inquiry): Promise<Finding> {
  const { operationId, amountYen, answer, previous, of } = inquiry;
  const { kind = 'sale' } = inquiry;
  // After a settlement the numbers may have begun anew: the same number may be another slip.
  const previousSlip = inquiry.settledSince === true ? null : (previous?.receiptNumber ?? null);
  const reply = await session.ask(inquiryQuestion(session, { kind, operationId, amountYen, previousSlip }));
  const { slip } = reply.values;
  const open = (reason: string): Finding => ({ kind: 'inconclusive', reason });
  const isPrevious = isSameSlip(previousSlip, slip);
  switch (reply.outcome) {
    case 'found': {
      const givenBack = (): TerminalAnswer =>
        givenBackOf(session, reply, of, kind === 'refund' ? 'refunded' : 'voided');
      const said = kind === 'sale' ? approvalOf(session, reply) : givenBack();
      if (said.amountYen !== amountYen)
        return open(`slip ${slip ?? '?'} is of ${said.amountYen ?? '?'} yen, not of ${amountYen}`);
      if (isPrevious) return open(`slip ${slip ?? '?'} is of an earlier payment`);
      return { kind: 'approved', answer: said };
    }
    case 'last_slip': {
      const name = slip ?? '?';
      if (answer?.verdict === 'cancelled' && isSameSlip(answer.receiptNumber, slip)) {
        return { kind: 'not_charged', reason: `the newest slip, ${name}, is that of its own cancellation` };
      }
      // Numbers begin anew with a settlement, of which only the clerk can tell.
      if (isPrevious && reply.values['settled'] !== 'no')
        return open(`the newest slip, ${name}, may be of a new period`);
      if (isPrevious) {
        return { kind: 'not_charged', reason: `the newest slip, ${name}, is that of the payment before` };
      }
      return open(`the newest slip, ${name}, is of another payment that we do not know`);
    }
    case 'none':
      return open('the terminal has printed no slip at all');
    default:
      return open('the clerk could not tell');
  }
}

/** @throws TerminalError where the clerk can't get them out of the terminal; the next call asks again */
export async function reportTotals(session: Session): Promise<TerminalTotals> {
  const reply = await session.ask(totalsQuestion(session));
  if (reply.outcome === 'unreadable') throw new TerminalError('the terminal shows no totals now', false);
  const read = (code: string): number => (reply.outcome === 'nothing' ? 0 : numberOf(reply, code));
  const rows = kindsOf(session).map(({ method }: { method: Method }) => ({
    bucket: method,
    count: read(countCode(method)),
    amountYen: read(yenCode(method)),
  }));
  return {
    terminalId: session.terminalId,
    rows,
    totalYen: rows.reduce((sum, { amountYen }) => sum + amountYen, 0),
    raw: Buffer.from(JSON.stringify(reply)).toString('hex'),
  };
}

/** The totals are read and on record while the terminal still holds them; only then is it told to clear them. */
export async function settle(
  session: Session,
  known: TerminalTotals | undefined,
  commit: (totals: TerminalTotals) => void | Promise<void>,
  onProgress: OnProgress,
): Promise<Settlement> {
  onProgress({ step: 'sent', hint: null });
  const totals = known ?? (await reportTotals(session));
  await commit(totals);
  const { outcome } = await session.ask(settlementQuestion(session, totals.totalYen));
  if (outcome === 'doubt') throw unknowable('whether the terminal has settled');
  return outcome === 'settled'
    ? { kind: 'settled', totals, isBusyAfterwards: false }
    : { kind: 'open', resultCode: 'not_settled' };
}
