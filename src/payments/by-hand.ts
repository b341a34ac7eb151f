/**
 * What people write down about money that no dialogue moved: a refund outside the terminal, a correction of the items, and
 * payments that the terminal took while it was used alone. Nothing is sent to any terminal here.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import { checkBasket, type Basket } from '../fees/basket.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './lifecycle.ts';
import { findPending, linesLeft, linesOf, returnedYen } from './net.ts';
import { checkLines, needsSecondPerson, returnOptions, type GiveBack, type ReturnParts } from './returns.ts';

/**
 * Promises money back outside the terminal: accounting pays it out. It is in no terminal's totals.
 * @throws AppError; a refused request records nothing
 */
export function promiseRefund(
  parts: ReturnParts,
  saleId: string,
  request: GiveBack,
  clerk: Person,
  confirmedBy: Signature | null,
): Payment {
  const requestHash = sha256(canonicalJson({ ...request, of: saleId }));
  const { sale, options } = returnOptions(parts, saleId);
  const known = findKnown(sale.outside, request.id, requestHash);
  if (known !== undefined) return sale;
  const option = options.find(({ way }) => way === 'outside');
  if (option?.obstacle !== null) throw new AppError('cannot_return', { obstacle: option?.obstacle, options });
  const lines = checkLines(request, linesLeft(sale, parts.ledger.returnsOf(saleId)), option);
  if (needsSecondPerson(parts, request.totalYen, confirmedBy)) throw new AppError('second_person_needed');
  const { id, totalYen: amountYen, reason, note } = request;
  const businessDate = businessDateOf(parts.options.now());
  const signed = { ...signatureOf(clerk), confirmedBy, businessDate, requestHash };
  const payload = { id, lines, amountYen, reason, note, ...signed };
  return parts.ledger.record(saleId, { type: 'refund_requested', payload });
}

export interface CorrectionRequest extends Pick<Basket, 'lines' | 'totalYen'> {
  id: string;
  note: string;
}

/**
 * Other items at the same total: a new entry under today's date, beside what was rung up. Priced as of the day of the sale.
 * @throws AppError; a refused request records nothing
 */
export function correctItems(
  { ledger, options }: ReturnParts,
  saleId: string,
  request: CorrectionRequest,
  clerk: Person,
  confirmedBy: Signature,
): Payment {
  const sale = ledger.find(saleId);
  if (sale === undefined) throw new AppError('not_found');
  const requestHash = sha256(canonicalJson({ ...request, of: saleId }));
  if (findKnown(sale.corrections, request.id, requestHash) !== undefined) return sale;
  const returns = ledger.returnsOf(saleId);
  const isTouched = findPending(returns) !== undefined || returnedYen(returns) > 0 || sale.outside.length > 0;
  if (sale.armed.kind !== 'sale' || sale.state !== 'approved' || isTouched)
    throw new AppError('cannot_correct');
  if (request.totalYen !== sale.armed.amountYen) throw new AppError('correction_changes_total');
  const { window, businessDate } = sale.armed;
  const basket = { window, lines: request.lines, totalYen: request.totalYen };
  const { lines } = checkBasket(
    basket,
    options.catalogue(),
    options.journal.book,
    businessDate,
    options.approversFor({ window, clerk, businessDate }),
  );
  const { id, note } = request;
  const signed = { ...signatureOf(clerk), confirmedBy, requestHash };
  const payload = {
    id,
    lines,
    note,
    replaced: [...linesOf(sale)],
    businessDate: businessDateOf(options.now()),
  };
  return ledger.record(saleId, { type: 'corrected', payload: { ...payload, ...signed } });
}

/** A payment that the terminal took alone, as its slip says. */
export interface SlipEntry extends Basket {
  id: string;
  terminal: string;
  method: Method;
  brand?: string | undefined;
  slipNumber: string;
  /** When, by the slip. ISO 8601, UTC. */
  takenAt: string;
}

/**
 * Enters a slip under its own business date; where that day is closed the money counts today, for a closed day never
 * changes. @throws AppError; a refused request records nothing
 */
export function enterSlip(parts: ReturnParts, entry: SlipEntry, clerk: Person): Payment {
  const { ledger, options } = parts;
  const requestHash = sha256(canonicalJson(entry));
  const known = ledger.find(entry.id);
  if (known !== undefined) {
    if (known.armed.requestHash !== requestHash) throw new AppError('same_id_other_body');
    return known;
  }
  const now = options.now();
  const businessDate = businessDateOf(new Date(entry.takenAt));
  if (Date.parse(entry.takenAt) > now.getTime()) throw new AppError('slip_of_the_future');
  if (!parts.offers.some(({ id }) => id === entry.terminal)) throw new AppError('not_found');
  refuseKnownSlip(ledger, entry, businessDate);
  const catalogue = options.catalogue();
  const brand = catalogue.brands.find(({ code }) => code === entry.brand);
  if (entry.brand !== undefined && brand?.method !== entry.method) throw new AppError('brand_unavailable');
  const approver = options.approversFor({ window: entry.window, clerk, businessDate });
  const sale = checkBasket(entry, catalogue, options.journal.book, businessDate, approver);
  if (sale.totalYen === 0) throw new AppError('nothing_to_pay');
  const postedOn = isClosed(options.journal, businessDate) ? businessDateOf(now) : businessDate;
  const { id, terminal, window, method, slipNumber, takenAt } = entry;
  return ledger.record(id, {
    type: 'armed',
    payload: {
      kind: 'sale',
      ...{ terminal, terminalId: null, window, windowNameJa: sale.windowNameJa, lines: sale.lines },
      ...{ amountYen: sale.totalYen, method, brand: entry.brand ?? null, businessDate },
      ...{ catalogueVersion: sale.catalogueVersion, ...signatureOf(clerk), requestHash },
      byHand: { slipNumber, takenAt, postedOn },
    },
  });
}

/** One slip is one payment: whether it was sent from here, entered before, or is the unknown one. @throws AppError */
function refuseKnownSlip(ledger: Ledger, { terminal, slipNumber, totalYen }: SlipEntry, date: string): void {
  const withoutZeros = (number: string): string => number.replace(/^0+(?=.)/, '');
  for (const { id, sequence, state, answer, armed } of ledger.onDate(date)) {
    if (armed.terminal !== terminal) continue;
    const number = answer?.receiptNumber;
    if (number != null && withoutZeros(number) === withoutZeros(slipNumber)) {
      throw new AppError('slip_known', { paymentId: id, number: sequence });
    }
    if (state === 'unknown' && armed.kind === 'sale' && armed.amountYen === totalYen) {
      throw new AppError('slip_may_be_unknown', { paymentId: id, number: sequence });
    }
  }
}

const isClosed = (journal: Journal, date: string): boolean =>
  journal
    .eventsOfType('closed')
    .some(({ payload }) => (payload as { businessDate: string }).businessDate === date);

/** The same id and body is the same record, for ever. @throws AppError on another body */
function findKnown<Known extends { id: string; requestHash: string }>(
  all: readonly Known[],
  id: string,
  requestHash: string,
): Known | undefined {
  const known = all.find((each) => each.id === id);
  if (known !== undefined && known.requestHash !== requestHash) throw new AppError('same_id_other_body');
  return known;
}
