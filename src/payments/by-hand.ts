/**
 * What people write down about money that no terminal moves: a refund outside the terminal, that it is taken back, and a
 * correction of the items.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError, type RefusalCode } from '../errors.ts';
import { checkBasket, type Basket } from '../fees/basket.ts';
import type { Approver, AskedLine, PricedLine } from '../fees/pricing.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import { isTicketKey } from '../once/keys.ts';
import type { Once, OnceSale } from '../once/once.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import type { Payment } from './lifecycle.ts';
import type { PromisedRefund } from './return-records.ts';
import { findPending, linesLeft, linesOf, promisesOf, returnedYen } from './net.ts';
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

/**
 * Takes a promise back, as long as accounting has paid nothing out: accounting's own record says so first, and holds the
 * promise for ever; only then is it on record here. Done again, it finishes what a crash has left.
 * @throws AppError `paid_out_already`, `sticker_resold` where the promise freed a sticker that somebody else has by now; and
 * while PostgreSQL is away, because nobody can say then
 */
export async function withdrawRefund(
  { ledger, options }: ReturnParts,
  saleId: string,
  { refund, note }: { refund: string; note: string },
  clerk: Person,
  confirmedBy: Signature,
): Promise<Payment> {
  const find = (): { sale: Payment; promise: PromisedRefund } => {
    const sale = ledger.find(saleId);
    const promise = sale?.outside.find(({ id }) => id === refund);
    if (sale === undefined || promise === undefined) throw new AppError('not_found');
    return { sale, promise };
  };
  const { sale, promise } = find();
  const { window, businessDate: on } = sale.armed;
  const held = { id: saleId, window, lines: promise.lines.map(askedOf), on };
  return options.once.inTurn(held, async () => {
    if (find().promise.withdrawal !== null) return find().sale;
    await holdAgain(options.once, held);
    const businessDate = businessDateOf(options.now());
    await options.endPromise({ refund, note, businessDate }, clerk);
    // Another screen may have been quicker while accounting was asked.
    if (find().promise.withdrawal !== null) return find().sale;
    const payload = { refund, note, businessDate, ...signatureOf(clerk), confirmedBy };
    return ledger.record(saleId, { type: 'refund_withdrawn', payload });
  });
}

async function holdAgain(once: Pick<Once, 'reserve'>, held: OnceSale): Promise<void> {
  try {
    await once.reserve(held);
  } catch (error) {
    const isTaken = error instanceof AppError && RESOLD.includes(error.code);
    throw isTaken ? new AppError('sticker_resold', error.details, { cause: error }) : error;
  }
}

const RESOLD: readonly RefusalCode[] = ['sticker_sold', 'sticker_replaced'];

/** A line as it was asked for, as far as what it uses up goes. */
const askedOf = ({ code, quantity, inputs = [] }: PricedLine): AskedLine => ({
  code,
  quantity,
  inputs: Object.fromEntries(inputs.map((input) => [input.code, input.value])),
});

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
  const isTouched =
    findPending(returns) !== undefined || returnedYen(returns) > 0 || promisesOf(sale).length > 0;
  if (sale.armed.kind !== 'sale' || sale.state !== 'approved' || isTouched)
    throw new AppError('cannot_correct');
  if (request.totalYen !== sale.armed.amountYen) throw new AppError('correction_changes_total');
  const { window, businessDate } = sale.armed;
  const basket = { window, lines: request.lines, totalYen: request.totalYen };
  const approverOf = options.approversFor({ window, clerk, businessDate });
  const { lines } = checkBasket(
    basket,
    options.catalogue(),
    options.journal.book,
    businessDate,
    (line) => approvedBefore(sale, line) ?? approverOf(line),
  );
  const mark = options.once.markFor({ id: saleId, window, lines: request.lines }, businessDate);
  const { id, note } = request;
  const signed = { ...signatureOf(clerk), confirmedBy, requestHash };
  const payload = {
    id,
    lines,
    note,
    replaced: [...linesOf(sale)],
    businessDate: businessDateOf(options.now()),
    // Its ticket is paid with other items now; its stickers are those of the new lines.
    once: [...(sale.armed.once ?? []).filter(isTicketKey), ...(mark.once ?? [])],
  };
  return ledger.record(saleId, { type: 'corrected', payload: { ...payload, ...signed } });
}

/** What costs nothing in the sale as it is needs no other approval to stay in it. */
const approvedBefore = (sale: Payment, asked: AskedLine): Approver | undefined =>
  linesOf(sale).find(
    ({ code, count, exemption }) =>
      code === asked.code &&
      count === asked.quantity &&
      exemption != null &&
      exemption.ground === asked.exemption?.ground &&
      exemption.approval === (asked.exemption.approval ?? null),
  )?.exemption?.approver;

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
