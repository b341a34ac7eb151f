/**
 * What the terminal did while it was used alone, entered later from its slips: payments, and the 取消 of one. Nothing is
 * sent to any terminal here, and what is entered is compared with the terminal's totals by the time on its slip.
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
import { linesLeft } from './net.ts';
import type { EnteredSlip } from './return-records.ts';
import {
  checkLines,
  frozenOf,
  needsSecondPerson,
  returnOptions,
  type GiveBack,
  type ReturnParts,
} from './returns.ts';

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
  const known = findKnown(parts, entry.id, requestHash);
  if (known !== undefined) return known;
  const { businessDate, byHand } = readSlip(parts, entry);
  if (!parts.offers.some(({ id }) => id === entry.terminal)) throw new AppError('not_found');
  refuseKnownSlip(ledger, entry, businessDate);
  refuseUnknownSale(ledger, entry, businessDate);
  const catalogue = options.catalogue();
  const brand = catalogue.brands.find(({ code }) => code === entry.brand);
  if (entry.brand !== undefined && brand?.method !== entry.method) throw new AppError('brand_unavailable');
  const approver = options.approversFor({ window: entry.window, clerk, businessDate });
  const sale = checkBasket(entry, catalogue, options.journal.book, businessDate, approver);
  if (sale.totalYen === 0) throw new AppError('nothing_to_pay');
  const { id, terminal, window, method } = entry;
  return ledger.record(id, {
    type: 'armed',
    payload: {
      kind: 'sale',
      ...{ terminal, terminalId: null, window, windowNameJa: sale.windowNameJa, lines: sale.lines },
      ...{ amountYen: sale.totalYen, method, brand: entry.brand ?? null, businessDate },
      ...{ catalogueVersion: sale.catalogueVersion, ...signatureOf(clerk), requestHash },
      byHand,
      ...options.once.keysOf(entry.lines, businessDate),
    },
  });
}

/** The slip of a 取消 that the clerk made on the terminal alone. */
export interface VoidEntry extends Omit<GiveBack, 'lines'> {
  slipNumber: string;
  /** When, by the slip. ISO 8601, UTC. */
  takenAt: string;
}

/** Slips tell the minute. */
const MINUTE_MS = 60_000;

/**
 * Enters that a sale was undone on the terminal: its own record `of` the sale, as a void from here is. What the brand's
 * rules allow is for the terminal to judge, and it has. @throws AppError; a refused request records nothing
 */
export function enterVoid(
  parts: ReturnParts,
  saleId: string,
  entry: VoidEntry,
  clerk: Person,
  confirmedBy: Signature | null,
): Payment {
  const { ledger } = parts;
  const requestHash = sha256(canonicalJson({ ...entry, of: saleId }));
  const known = findKnown(parts, entry.id, requestHash);
  if (known !== undefined) return known;
  const { sale, options } = returnOptions(parts, saleId);
  const left = linesLeft(sale, ledger.returnsOf(saleId));
  // Outside stands open whenever there is something left to give back at all.
  const open = options.find(({ way }) => way === 'outside');
  if (open?.obstacle !== null) throw new AppError('cannot_return', { obstacle: open?.obstacle, options });
  const lines = checkLines(entry, left, { isWholeOnly: true });
  if (entry.totalYen !== sale.armed.amountYen) throw new AppError('whole_only');
  const { businessDate, byHand } = readSlip(parts, entry);
  if (Date.parse(entry.takenAt) + MINUTE_MS < Date.parse(sale.armedAt))
    throw new AppError('slip_before_sale');
  refuseKnownSlip(ledger, { terminal: sale.armed.terminal, slipNumber: entry.slipNumber }, businessDate);
  if (needsSecondPerson(parts, entry.totalYen, confirmedBy)) throw new AppError('second_person_needed');
  const { id, reason, note, totalYen: amountYen } = entry;
  return ledger.record(id, {
    type: 'armed',
    payload: {
      ...frozenOf(sale),
      ...{ kind: 'void', of: saleId, lines, amountYen, reason, note, businessDate },
      ...signatureOf(clerk),
      ...{ confirmedBy, requestHash, byHand },
    },
  });
}

/** Its date, and the one under which the money counts: a closed day never changes. @throws AppError */
function readSlip(
  { options }: ReturnParts,
  { slipNumber, takenAt }: Pick<EnteredSlip, 'slipNumber' | 'takenAt'>,
): { businessDate: string; byHand: EnteredSlip } {
  const now = options.now();
  if (Date.parse(takenAt) > now.getTime()) throw new AppError('slip_of_the_future');
  const businessDate = businessDateOf(new Date(takenAt));
  const postedOn = isClosed(options.journal, businessDate) ? businessDateOf(now) : businessDate;
  return { businessDate, byHand: { slipNumber, takenAt, postedOn } };
}

/** The same id and body is the same record, for ever. @throws AppError on another body */
function findKnown({ ledger }: ReturnParts, id: string, requestHash: string): Payment | undefined {
  const known = ledger.find(id);
  if (known !== undefined && known.armed.requestHash !== requestHash)
    throw new AppError('same_id_other_body');
  return known;
}

const withoutZeros = (number: string): string => number.replace(/^0+(?=.)/, '');

/** One slip is one record: whether it was sent from here or entered before. @throws AppError */
function refuseKnownSlip(
  ledger: Ledger,
  { terminal, slipNumber }: Pick<SlipEntry, 'terminal' | 'slipNumber'>,
  date: string,
): void {
  for (const { id, sequence, answer, armed } of ledger.onDate(date)) {
    const number = armed.terminal === terminal ? answer?.receiptNumber : null;
    if (number != null && withoutZeros(number) === withoutZeros(slipNumber)) {
      throw new AppError('slip_known', { paymentId: id, number: sequence });
    }
  }
}

/** The slip may be that of a payment whose result is unknown here. @throws AppError */
function refuseUnknownSale(ledger: Ledger, { terminal, totalYen }: SlipEntry, date: string): void {
  for (const { id, sequence, state, armed } of ledger.onDate(date)) {
    const isAlike = armed.terminal === terminal && armed.kind === 'sale' && armed.amountYen === totalYen;
    if (state === 'unknown' && isAlike) {
      throw new AppError('slip_may_be_unknown', { paymentId: id, number: sequence });
    }
  }
}

const isClosed = (journal: Journal, date: string): boolean =>
  journal
    .eventsOfType('closed')
    .some(({ payload }) => (payload as { businessDate: string }).businessDate === date);
