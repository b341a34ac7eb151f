/**
 * After the sale: voids and refunds. Each is an operation of its own, with the same life as a sale, `of` which it is; what
 * may be done is decided in return-rules.ts, what is left of a sale in net.ts.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { Once } from '../once/once.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import type { Offer } from '../terminal/offer.ts';
import type { Claim, Terminals } from '../terminal/terminals.ts';
import type { ApproversFor } from './approvals.ts';
import { claimOneOf } from './claims.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import type { ReturnedLine, ReturnReason } from './return-records.ts';
import { linesLeft, pickLines, type PickedLine } from './net.ts';
import { paidWith } from './view.ts';
import { hasSettledSinceSale } from './periods.ts';
import type { SettlementDesk } from './settlement.ts';
import { whatCanBeDone, type ReturnOption } from './return-rules.ts';

/** What the screen sends; the id is the screen's own and stays the same until it has an answer. */
export interface GiveBack {
  id: string;
  /** Of a refund; left out: all that is left. */
  lines?: PickedLine[] | undefined;
  /** What was shown to go back. */
  totalYen: number;
  reason: ReturnReason;
  note: string;
}

/** Of a void or refund. */
export interface ReturnRequest extends GiveBack {
  kind: 'void' | 'refund';
}

/**
 * Has accounting's record say that a promise is withdrawn. @throws AppError `paid_out_already`, `promise_on_its_way`; a
 * database's own error while it is away
 */
export type EndPromise = (
  promise: { refund: string; note: string; businessDate: string },
  by: Person,
) => Promise<void>;

export interface ReturnParts {
  ledger: Ledger;
  terminals: Terminals;
  settlement: Pick<SettlementDesk, 'findOpen'>;
  offers: readonly Offer[];
  options: {
    journal: Journal;
    catalogue: () => Catalogue;
    now: () => Date;
    /** From this amount on a second person confirms. */
    secondPersonFromYen: number;
    approversFor: ApproversFor;
    once: Pick<Once, 'keysOf' | 'markFor' | 'reserve' | 'inTurn'>;
    endPromise: EndPromise;
  };
}

/** The sale and every way in which it can be given back now. @throws AppError */
export function returnOptions(
  parts: ReturnParts,
  saleId: string,
): { sale: Payment; options: ReturnOption[] } {
  const { ledger, terminals } = parts;
  const { journal, catalogue, now } = parts.options;
  const sale = ledger.find(saleId);
  if (sale === undefined) throw new AppError('not_found');
  const { brand } = paidWith(sale);
  const { terminal } = sale.armed;
  const connected = terminals.connected(terminal);
  const options = whatCanBeDone({
    sale,
    returns: ledger.returnsOf(saleId),
    brand: catalogue().brands.find(({ code }) => code === brand),
    terminal: {
      connectedId: connected === undefined ? undefined : connected.terminalId,
      canRefund: connected?.canRefund === true,
      hasSettledSince: hasSettledSinceSale(journal, ledger, sale),
    },
    isNoLongerLast: isNoLongerLast(ledger, sale),
    today: businessDateOf(now()),
  });
  return { sale, options };
}

/** Whether the terminal has approved something since; what was entered by hand was taken at the time on its slip. */
function isNoLongerLast(ledger: Ledger, { id, sequence, armedAt, armed }: Payment): boolean {
  const { terminal, businessDate, byHand } = armed;
  const ofItsDay = byHand === undefined ? [] : ledger.onDate(businessDate);
  const later = ofItsDay.filter((other) => other.armed.terminal === terminal && other.armedAt > armedAt);
  return [...ledger.onTerminalAfter(terminal, sequence), ...later].some(
    (other) => other.id !== id && other.state === 'approved',
  );
}

/**
 * Checks what is to be given back, has the sale's own terminal, and records it. Nothing is sent yet; between the check
 * and the record nothing else can happen, so two clerks can't give the same back.
 * @param confirmedBy the second person, who has typed the PIN; null: there was none
 * @returns `claim` undefined: this id is on record already
 * @throws AppError; a refused request records nothing
 */
export function armReturn(
  parts: ReturnParts,
  saleId: string,
  request: ReturnRequest,
  clerk: Person,
  confirmedBy: Signature | null,
): { payment: Payment; claim: Claim | undefined } {
  const { ledger } = parts;
  const requestHash = sha256(canonicalJson({ ...request, of: saleId }));
  const known = ledger.find(request.id);
  if (known !== undefined) {
    if (known.armed.requestHash !== requestHash) throw new AppError('same_id_other_body');
    return { payment: known, claim: undefined };
  }
  const { sale, options } = returnOptions(parts, saleId);
  const option = options.find(({ way }) => way === request.kind);
  if (option?.obstacle !== null) {
    throw new AppError('cannot_return', { obstacle: option?.obstacle, options });
  }
  const lines = checkLines(request, linesLeft(sale, ledger.returnsOf(saleId)), option);
  if (needsSecondPerson(parts, request.totalYen, confirmedBy)) throw new AppError('second_person_needed');
  const offers = parts.offers.filter(({ id }) => id === sale.armed.terminal);
  const { claim } = claimOneOf(parts, offers);
  try {
    const payment = ledger.record(request.id, {
      type: 'armed',
      payload: {
        ...frozenOf(sale),
        kind: request.kind,
        of: saleId,
        terminalId: claim.terminal.terminalId,
        lines,
        amountYen: request.totalYen,
        reason: request.reason,
        note: request.note,
        businessDate: businessDateOf(parts.options.now()),
        ...signatureOf(clerk),
        confirmedBy,
        requestHash,
      },
    });
    return { payment, claim };
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** What a void or refund has from its sale. */
export function frozenOf(sale: Payment) {
  const { terminal, terminalId, window, windowNameJa, catalogueVersion } = sale.armed;
  return { terminal, terminalId, window, windowNameJa, catalogueVersion, ...paidWith(sale) };
}

/** Whether the amount needs a second person, and there is none. */
export const needsSecondPerson = (
  { options }: ReturnParts,
  amountYen: number,
  confirmedBy: Signature | null,
): boolean => confirmedBy === null && amountYen >= options.secondPersonFromYen;

/** What goes back, line by line; it must be what the screen showed. @throws AppError */
export function checkLines(
  { lines: picked, totalYen }: GiveBack,
  left: readonly ReturnedLine[],
  { isWholeOnly }: Pick<ReturnOption, 'isWholeOnly'>,
): ReturnedLine[] {
  const all = left.filter(({ quantity }) => quantity > 0);
  const lines = picked === undefined ? all : pickLines(left, picked);
  if (lines === undefined) throw new AppError('more_than_left');
  const sum = (some: readonly ReturnedLine[]): number =>
    some.reduce((yen, { amountYen }) => yen + amountYen, 0);
  if (isWholeOnly && sum(lines) !== sum(all)) throw new AppError('whole_only');
  if (sum(lines) !== totalYen || totalYen === 0)
    throw new AppError('more_than_left', { totalYen: sum(lines) });
  return lines;
}
