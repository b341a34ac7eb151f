/** What is left of a sale after what was given back. Pure: the sale itself stays what it was. */
import type { PricedLine } from '../fees/pricing.ts';
import { isToBeDecided, type MayBeLate, type Payment, type PaymentState } from './lifecycle.ts';
import type { ArmedReturn } from './operation-events.ts';
import type { PromisedRefund, ReturnedLine } from './return-records.ts';

/** A void or refund that has not ended, or of which nobody knows whether it happened: nothing else may be given back. */
export const findPending = (returns: readonly Payment[]): Payment | undefined =>
  returns.find(({ state }) => state === 'armed' || state === 'unknown');

/** What a terminal has given back of a sale, in yen. */
export const returnedYen = (returns: readonly Payment[]): number =>
  returns.reduce((sum, { state, armed }) => sum + (state === 'approved' ? armed.amountYen : 0), 0);

/** Undone as a whole: no sale was made, and nothing was handed over. */
export const isVoided = (returns: readonly Payment[]): boolean =>
  returns.some(({ state, armed }) => state === 'approved' && armed.kind === 'void');

/** What is promised back outside the terminal and was not withdrawn. */
export const promisesOf = ({ outside }: Pick<Payment, 'outside'>): PromisedRefund[] =>
  outside.filter(({ withdrawal }) => withdrawal === null);

/** What the sale is for, after it was corrected. */
export const linesOf = ({ armed, corrections }: Payment): readonly PricedLine[] =>
  corrections.at(-1)?.lines ?? armed.lines;

/** What decides it, at a counter and in the office alike. */
export interface DecisionFacts extends MayBeLate, Pick<Payment, 'decision'> {
  /** Of its voids and refunds. */
  returns: readonly PaymentState[];
  /** Promised back outside the terminal, and not withdrawn. */
  isPromised: boolean;
}

/** Whether a person has still to say, or to do, what becomes of a sale that was found late. Decided is not done. */
export const isDecisionOpen = (sale: DecisionFacts): boolean =>
  isToBeDecided(sale) && sale.decision !== 'keep' && !sale.isPromised && !sale.returns.some(mayGiveBack);

const mayGiveBack = (state: PaymentState): boolean =>
  state === 'armed' || state === 'unknown' || state === 'approved';

/** What `isDecisionOpen` goes by. @param returns the sale's voids and refunds, also those that failed */
export const decisionFacts = (
  { state, late, armed, decision, outside }: Payment,
  returns: readonly Payment[],
): DecisionFacts => ({
  ...{ state, late, armed, decision },
  returns: returns.map((each) => each.state),
  isPromised: promisesOf({ outside }).length > 0,
});

/** The lines of the sale with what is still paid of them: given back nowhere, and not promised back. */
export function linesLeft(sale: Payment, returns: readonly Payment[]): ReturnedLine[] {
  const gone = [
    ...returns.flatMap(({ state, armed }) => (state === 'approved' ? (armed as ArmedReturn).lines : [])),
    ...promisesOf(sale).flatMap(({ lines }) => lines),
  ];
  return linesOf(sale).map((line, index) => {
    const left = { ...line, position: index + 1 };
    for (const { position, quantity, amountYen } of gone) {
      if (position !== left.position) continue;
      left.quantity -= quantity;
      left.amountYen -= amountYen;
    }
    return left;
  });
}

/** Some of what is left of a line. */
export interface PickedLine {
  position: number;
  quantity: number;
}

/**
 * The picked lines with their amounts. Undefined: one is not there, is picked twice, or is more than is left; or it is
 * a part of a line whose price does not divide.
 */
export function pickLines(
  left: readonly ReturnedLine[],
  picked: readonly PickedLine[],
): ReturnedLine[] | undefined {
  if (new Set(picked.map(({ position }) => position)).size < picked.length) return undefined;
  const lines: ReturnedLine[] = [];
  for (const { position, quantity } of picked) {
    const line = left.find((each) => each.position === position);
    if (line === undefined || quantity > line.quantity) return undefined;
    const isWhole = quantity === line.quantity;
    if (!isWhole && line.amountYen !== line.unitPriceYen * line.quantity) return undefined;
    lines.push({ ...line, quantity, amountYen: isWhole ? line.amountYen : line.unitPriceYen * quantity });
  }
  return lines;
}
