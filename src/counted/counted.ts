/**
 * START. Sales without a terminal, counted only: cash (現金), which the city's own till takes, and what costs nothing.
 * One touch, one event of its own; never in a cashless total. With them a cashless share has something to be a share of.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import { checkBasket, type Basket, type BeforeSale } from '../fees/basket.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { PricedLine } from '../fees/pricing.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { Journal, JournalEvent } from '../journal/journal.ts';
import type { Once, OnceMark } from '../once/once.ts';
import type { ApproversFor } from '../payments/approvals.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import { sumUp, type Sum } from '../sum.ts';

/** `nothing`: every line is without charge. */
export type Tender = 'cash' | 'nothing';

export interface CountedRequest extends Basket {
  /** The screen's own; the same id and body is the same sale, for ever. */
  id: string;
  tender: Tender;
  /** The text of the charge ticket that it closes. */
  ticket?: string | undefined;
  /** The city's record could not be asked: the resident says that it is not used. */
  ticketUnsure?: true | undefined;
}

/** As the journal has it. Integer yen. */
interface Counted extends Signature, OnceMark {
  tender: Tender;
  window: string;
  windowNameJa: string;
  lines: PricedLine[];
  amountYen: number;
  /** Date in Tokyo when counted, `YYYY-MM-DD`. */
  businessDate: string;
  catalogueVersion: string;
  requestHash: string;
}

/** The events of a counted sale. */
type CountedEvent =
  | { type: 'counted'; payload: Counted }
  /** Touched by mistake: it counts no more. */
  | { type: 'counted_withdrawn'; payload: Signature };

/** A counted sale as the screens are shown it. */
export interface CountedSale {
  id: string;
  /** 伝票番号: its place in the journal. */
  number: number;
  tender: Tender;
  window: string;
  windowNameJa: string;
  lines: PricedLine[];
  amountYen: number;
  businessDate: string;
  countedAt: string;
  clerk: string;
  catalogueVersion: string;
  /** The charge ticket that it closes; null: none. */
  ticket: string | null;
  withdrawn: { at: string; clerk: string } | null;
}

/** Counted sales of a day, added up; what was withdrawn is not in it. Integer yen. */
export interface CountedTally {
  cash: Sum;
  nothing: { count: number };
}

/** What still counts, in yen: a withdrawn sale is in neither sum. */
export function tallyOf(sales: readonly CountedSale[]): CountedTally {
  const counting = sales.filter(({ withdrawn }) => withdrawn === null);
  const cash = counting.filter(({ tender }) => tender === 'cash');
  return {
    cash: sumUp(cash),
    nothing: { count: counting.length - cash.length },
  };
}

export interface CountedSales {
  /** Durable when it returns. @throws AppError; a refused request records nothing */
  count(request: CountedRequest, clerk: Person): CountedSale;
  /** Of today only: a day that is closed never changes. @throws AppError */
  withdraw(id: string, clerk: Person): CountedSale;
  find(id: string): CountedSale | undefined;
  /** Newest first, with those that were withdrawn. */
  onDate(businessDate: string): CountedSale[];
  usesApproval(approval: string): boolean;
}

export interface CountedOptions {
  journal: Journal;
  catalogue: () => Catalogue;
  now: () => Date;
  /** @throws AppError where no sale may be recorded now: record stopped, counter not open, clock in doubt */
  refuseNow: () => void;
  approversFor: ApproversFor;
  beforeSale: BeforeSale;
  once: Pick<Once, 'markFor'>;
  onCounted: (sale: CountedSale) => void;
}

/** The counted sales of one journal: each is read from it and recorded in it, nothing is kept beside it. */
export function createCountedSales(options: CountedOptions): CountedSales {
  const { journal, now, onCounted } = options;
  const find = (id: string): CountedSale | undefined => foldCounted(id, journal.eventsOf(id));
  const record = (id: string, { type, payload }: CountedEvent): CountedSale => {
    journal.append(type, id, payload);
    const sale = find(id);
    if (sale === undefined) throw new Error(`${id} was counted and is not there`);
    onCounted(sale);
    return sale;
  };
  const onDate = (businessDate: string): CountedSale[] =>
    journal
      .countedOn(businessDate)
      .flatMap((id) => find(id) ?? [])
      .reverse();

  return {
    find,
    onDate,
    count(request, clerk) {
      const requestHash = sha256(canonicalJson(request));
      const known = journal.eventsOf(request.id).at(0);
      if (known !== undefined) {
        const sale = find(request.id);
        const isSame = (known.payload as Partial<Counted>).requestHash === requestHash;
        if (sale === undefined || !isSame) throw new AppError('same_id_other_body');
        return sale;
      }
      options.refuseNow();
      const payload = check(options, request, clerk, requestHash);
      options.beforeSale(request.id, request.lines);
      return record(request.id, { type: 'counted', payload });
    },
    withdraw(id, clerk) {
      const sale = find(id);
      if (sale === undefined) throw new AppError('not_found');
      if (sale.withdrawn !== null) throw new AppError('already_withdrawn');
      if (sale.businessDate !== businessDateOf(now())) throw new AppError('withdrawn_too_late');
      return record(id, { type: 'counted_withdrawn', payload: signatureOf(clerk) });
    },
    usesApproval: (approval) =>
      onDate(businessDateOf(now())).some(
        ({ withdrawn, lines }) =>
          withdrawn === null && lines.some(({ exemption }) => exemption?.approval === approval),
      ),
  };
}

/** Cash has something to pay, and what costs nothing has not. @throws AppError */
function check(
  options: CountedOptions,
  request: CountedRequest,
  clerk: Person,
  requestHash: string,
): Counted {
  const { catalogue, journal, now } = options;
  const { window, tender } = request;
  const businessDate = businessDateOf(now());
  const approverOf = options.approversFor({ window, clerk, businessDate });
  const basket = checkBasket(request, catalogue(), journal.book, businessDate, approverOf);
  if ((tender === 'cash') !== basket.totalYen > 0) throw new AppError('not_counted');
  return {
    tender,
    window,
    windowNameJa: basket.windowNameJa,
    lines: basket.lines,
    amountYen: basket.totalYen,
    businessDate,
    catalogueVersion: basket.catalogueVersion,
    ...signatureOf(clerk),
    requestHash,
    ...options.once.markFor(request, businessDate),
  };
}

/** What the events make of it; undefined: they are not those of a counted sale. */
export function foldCounted(
  id: string,
  events: readonly Pick<JournalEvent, 'type' | 'payload' | 'sequence' | 'at'>[],
): CountedSale | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'counted') return undefined;
  const counted = first.payload as Counted;
  const withdrawal = rest.find(({ type }) => type === 'counted_withdrawn');
  return {
    id,
    number: first.sequence,
    tender: counted.tender,
    window: counted.window,
    windowNameJa: counted.windowNameJa,
    lines: counted.lines,
    amountYen: counted.amountYen,
    businessDate: counted.businessDate,
    countedAt: first.at,
    clerk: counted.clerk,
    catalogueVersion: counted.catalogueVersion,
    ticket: counted.ticket?.reference ?? null,
    withdrawn:
      withdrawal === undefined ? null : { at: withdrawal.at, clerk: (withdrawal.payload as Signature).clerk },
  };
}
