/**
 * What can be done about a sale afterwards. Pure: brand × terminal × settlement period × days, as a table; the service
 * asks it before it arms anything, and the screen offers what it allows and says why the rest is not.
 *
 * What each brand allows comes with the catalogue (`brands.csv`: rule, days, same terminal, last only), as merchant
 * pages of PAYGATE, Airペイ and Square state it; an acquirer's contract may say otherwise, and is entered there.
 */
import { daysAfter } from '../business-date.ts';
import type { Brand } from '../fees/catalogue.ts';
import type { Payment } from './lifecycle.ts';
import type { ReturnedLine } from './return-records.ts';
import { findPending, linesLeft, promisesOf } from './net.ts';
import { paidWith } from './view.ts';

/** `outside`: through accounting, in cash or by transfer. `acquirer`: by telephone, with the slip at hand. */
export type ReturnWay = 'void' | 'refund' | 'outside' | 'acquirer';

/** What has to hold at the terminal; the program can't see the card. */
export type ReturnCondition = 'same_terminal' | 'last_transaction' | 'card_needed';

/** Why a way is closed. */
export type ReturnObstacle =
  | 'not_paid'
  | 'pending'
  | 'nothing_left'
  | 'brand_never'
  | 'brand_no_refund'
  | 'too_late'
  | 'not_last'
  | 'settled'
  | 'partly_returned'
  | 'not_reported'
  | 'other_terminal'
  | 'terminal_missing'
  | 'terminal_cannot'
  | 'another_way';

export interface ReturnOption {
  way: ReturnWay;
  /** Null: it can be done. */
  obstacle: ReturnObstacle | null;
  conditions: ReturnCondition[];
  /** The last day, `YYYY-MM-DD`; null: there is none, or it is closed for another reason. */
  until: string | null;
  /** The whole of what is left, or some of its lines too. */
  isWholeOnly: boolean;
}

/** The sale's terminal as it is now. */
export interface ReturnTerminal {
  /** What is connected there calls itself so; null: it does not say. Undefined: nothing is connected. */
  connectedId: string | null | undefined;
  canRefund: boolean;
  /** It has been settled since the sale: its receipt numbers may have begun anew. */
  hasSettledSince: boolean;
}

export interface ReturnFacts {
  sale: Payment;
  /** Its voids and refunds, whatever became of them. */
  returns: readonly Payment[];
  /** What the brand that was really paid with allows; undefined: the terminal named none that we know. */
  brand: Brand | undefined;
  terminal: ReturnTerminal;
  /** The terminal has approved something since. */
  isNoLongerLast: boolean;
  /** Business date, `YYYY-MM-DD`. */
  today: string;
}

/** Per rule of `brands.csv`: what the terminal can do, and whether a part can be given back. */
const RULES: Record<string, { void: boolean; refund: 'never' | 'whole' | 'lines' }> = {
  void_or_refund: { void: true, refund: 'lines' },
  same_day: { void: true, refund: 'never' },
  void_last_only: { void: true, refund: 'never' },
  void_only: { void: true, refund: 'never' },
  refund: { void: true, refund: 'lines' },
  refund_full_only: { void: true, refund: 'whole' },
  never: { void: false, refund: 'never' },
};

/** A brand that nobody has written down: the same day at the terminal, which has the last word. */
const UNKNOWN_BRAND = { cancelRule: 'same_day', cancelDays: 0, sameTerminal: true, lastOnly: false };

/** Every way, in the order in which it is to be preferred. */
export function whatCanBeDone(facts: ReturnFacts): ReturnOption[] {
  const { sale, brand = UNKNOWN_BRAND, today } = facts;
  const rule = RULES[brand.cancelRule] ?? RULES['never'];
  const until = lastDay(sale.armed.businessDate, brand.cancelDays);
  const isLate = until !== null && today > until;
  const conditions: ReturnCondition[] = [];
  if (brand.sameTerminal === true) conditions.push('same_terminal');
  if (brand.lastOnly === true) conditions.push('last_transaction');
  if (paidWith(sale).method !== 'qr') conditions.push('card_needed');
  const atAll = obstacleToAny(facts);
  const left = linesLeft(sale, facts.returns);

  const byVoid = atAll ?? (rule?.void === true ? obstacleToVoid(facts, isLate, left) : 'brand_never');
  const byRefund = atAll ?? obstacleToRefund(facts, isLate, rule?.refund ?? 'never');
  const atTerminal = byVoid === null || byRefund === null;
  const isBrandNever = byVoid === 'brand_never';
  return [
    { way: 'void', obstacle: byVoid, conditions, until, isWholeOnly: true },
    { way: 'refund', obstacle: byRefund, conditions, until, isWholeOnly: rule?.refund === 'whole' },
    { way: 'outside', obstacle: atAll, conditions: [], until: null, isWholeOnly: false },
    {
      way: 'acquirer',
      obstacle: atAll ?? (isBrandNever ? 'brand_never' : atTerminal ? 'another_way' : null),
      conditions: [],
      until: null,
      isWholeOnly: true,
    },
  ];
}

function obstacleToAny({ sale, returns }: ReturnFacts): ReturnObstacle | null {
  if (sale.state !== 'approved' || sale.armed.kind !== 'sale') return 'not_paid';
  if (findPending(returns) !== undefined) return 'pending';
  const leftYen = linesLeft(sale, returns).reduce((sum, { amountYen }) => sum + amountYen, 0);
  return leftYen === 0 ? 'nothing_left' : null;
}

function obstacleToVoid(
  facts: ReturnFacts,
  isLate: boolean,
  left: readonly ReturnedLine[],
): ReturnObstacle | null {
  const { sale, terminal, brand = UNKNOWN_BRAND } = facts;
  if (isLate) return 'too_late';
  if (brand.lastOnly === true && facts.isNoLongerLast) return 'not_last';
  const leftYen = left.reduce((sum, { amountYen }) => sum + amountYen, 0);
  if (leftYen < sale.armed.amountYen) return 'partly_returned';
  if (sale.answer === null) return 'not_reported';
  if (terminal.hasSettledSince) return 'settled';
  return obstacleAtTerminal(facts);
}

function obstacleToRefund(
  facts: ReturnFacts,
  isLate: boolean,
  refund: 'never' | 'whole' | 'lines',
): ReturnObstacle | null {
  const { sale, returns, terminal } = facts;
  if (refund === 'never') return 'brand_no_refund';
  if (isLate) return 'too_late';
  const isPartly = promisesOf(sale).length > 0 || returns.some(({ state }) => state === 'approved');
  if (refund === 'whole' && isPartly) return 'partly_returned';
  if (sale.answer === null) return 'not_reported';
  const obstacle = obstacleAtTerminal(facts);
  return obstacle ?? (terminal.canRefund ? null : 'terminal_cannot');
}

/** A device that has taken the other's place knows nothing of the sale. */
function obstacleAtTerminal({ sale, terminal, brand }: ReturnFacts): ReturnObstacle | null {
  const { connectedId } = terminal;
  if (connectedId === undefined) return 'terminal_missing';
  const soldBy = sale.answer?.terminalId ?? sale.armed.terminalId;
  const isOther = soldBy !== null && connectedId !== null && soldBy !== connectedId;
  return isOther && brand?.sameTerminal !== false ? 'other_terminal' : null;
}

/** @param days 0: the same day; null: no end is known */
function lastDay(businessDate: string, days: number | null): string | null {
  return days === null ? null : daysAfter(businessDate, days);
}
