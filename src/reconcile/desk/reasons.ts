/** Why a case is closed: a closed list for each status, and which of them need a second person. Pure data. */
import type { CaseFacts, CaseStatus, Whom } from './case.ts';

export type ReasonCode =
  | 'paired_by_hand'
  | 'same_transaction'
  | 'acquirer_corrects'
  | 'offset_by_line'
  | 'corrected_at_counter'
  | 'entered_by_hand'
  | 'refunded_outside'
  | 'not_ours'
  | 'difference_accepted'
  | 'arrived_otherwise'
  | 'rate_corrected'
  | 'proved_by_statement'
  | 'counter_not_used'
  | 'file_replaced'
  | 'no_statement'
  | 'seen';

/**
 * `fourEyes`: the money of the books is left as it is, or two rows are called one, on a person's word: another person
 * confirms it. `note`: what was found has to be written down.
 */
export const REASONS: Record<
  ReasonCode,
  {
    nameJa: string;
    fourEyes: boolean;
    note: boolean;
    /** It rests on what somebody else will do, and holds until a day. */
    until?: true;
  }
> = {
  paired_by_hand: { nameJa: '明細の行と組にする（手動一致）', fourEyes: true, note: false },
  same_transaction: { nameJa: '同じ取引と確かめた', fourEyes: true, note: false },
  acquirer_corrects: { nameJa: '決済会社が次の明細で直す', fourEyes: true, note: true, until: true },
  offset_by_line: { nameJa: '明細の別の行と打ち消し合う', fourEyes: true, note: true },
  corrected_at_counter: { nameJa: '窓口で訂正・取消した', fourEyes: true, note: true },
  entered_by_hand: { nameJa: '伝票を窓口で入力した', fourEyes: true, note: true },
  refunded_outside: { nameJa: '会計課から返金した', fourEyes: true, note: true },
  not_ours: { nameJa: '市の取引ではない', fourEyes: true, note: true },
  difference_accepted: { nameJa: '差を決裁のうえ処理した', fourEyes: true, note: true },
  arrived_otherwise: { nameJa: '別の口座・別の日に入金を確かめた', fourEyes: true, note: true },
  rate_corrected: { nameJa: '手数料率の登録を直した', fourEyes: true, note: true },
  proved_by_statement: { nameJa: '明細で確かめた', fourEyes: true, note: true },
  counter_not_used: { nameJa: '締められない事情を確かめた', fourEyes: true, note: true },
  file_replaced: { nameJa: '直したファイルを取り込んだ', fourEyes: false, note: false },
  no_statement: { nameJa: '市の明細ではないファイルだった', fourEyes: false, note: true },
  seen: { nameJa: '確かめた', fourEyes: false, note: false },
};

/** In the order in which they are offered. An unknown is closed by evidence alone, never from here. */
export const REASONS_OF: Record<CaseStatus, readonly ReasonCode[]> = {
  amount_over: ['acquirer_corrects', 'corrected_at_counter', 'refunded_outside', 'difference_accepted'],
  amount_under: ['acquirer_corrects', 'corrected_at_counter', 'difference_accepted'],
  kind_differs: ['acquirer_corrects', 'corrected_at_counter', 'refunded_outside', 'difference_accepted'],
  data_differs: ['same_transaction', 'acquirer_corrects'],
  missing_at_provider: ['acquirer_corrects', 'paired_by_hand', 'corrected_at_counter', 'difference_accepted'],
  missing_in_ledger: [
    'entered_by_hand',
    'paired_by_hand',
    'offset_by_line',
    'acquirer_corrects',
    'refunded_outside',
    'not_ours',
    'difference_accepted',
  ],
  duplicate_at_provider: ['acquirer_corrects', 'offset_by_line', 'refunded_outside', 'difference_accepted'],
  duplicate_in_ledger: ['corrected_at_counter', 'refunded_outside', 'paired_by_hand', 'difference_accepted'],
  ambiguous: ['paired_by_hand', 'acquirer_corrects', 'difference_accepted'],
  unknown_resolved: [],
  unknown_open: [],
  chargeback: ['difference_accepted', 'acquirer_corrects', 'offset_by_line'],
  refund_failed: ['refunded_outside', 'acquirer_corrects', 'offset_by_line'],
  deposit_late: ['arrived_otherwise', 'acquirer_corrects', 'difference_accepted'],
  deposit_short: ['acquirer_corrects', 'arrived_otherwise', 'difference_accepted'],
  deposit_over: ['acquirer_corrects', 'not_ours', 'difference_accepted'],
  split_incomplete: ['acquirer_corrects', 'arrived_otherwise', 'difference_accepted'],
  fee_differs: ['acquirer_corrects', 'rate_corrected', 'difference_accepted'],
  fee_missing: ['acquirer_corrects', 'rate_corrected', 'difference_accepted'],
  payout_failed: ['acquirer_corrects', 'arrived_otherwise', 'difference_accepted'],
  file_unreadable: ['file_replaced', 'no_statement'],
  file_control_differs: ['file_replaced', 'no_statement'],
  file_foreign: ['no_statement', 'file_replaced'],
  file_late: ['seen'],
  terminal_differs: ['entered_by_hand', 'corrected_at_counter', 'proved_by_statement', 'difference_accepted'],
  terminal_uncompared: ['proved_by_statement', 'difference_accepted'],
  closing_missing: ['counter_not_used'],
  contradicted: ['proved_by_statement', 'refunded_outside', 'difference_accepted'],
  undeclared: [],
  unexplained: [],
};

/** Who can say more about it. */
export const ASKED_OF: Record<CaseStatus, Whom> = {
  amount_over: 'acquirer',
  amount_under: 'acquirer',
  kind_differs: 'acquirer',
  data_differs: 'acquirer',
  missing_at_provider: 'acquirer',
  missing_in_ledger: 'counter',
  duplicate_at_provider: 'acquirer',
  duplicate_in_ledger: 'counter',
  ambiguous: 'acquirer',
  unknown_resolved: 'counter',
  unknown_open: 'counter',
  chargeback: 'acquirer',
  refund_failed: 'acquirer',
  deposit_late: 'acquirer',
  deposit_short: 'acquirer',
  deposit_over: 'acquirer',
  split_incomplete: 'acquirer',
  fee_differs: 'acquirer',
  fee_missing: 'acquirer',
  payout_failed: 'acquirer',
  file_unreadable: 'sender',
  file_control_differs: 'sender',
  file_foreign: 'sender',
  file_late: 'sender',
  terminal_differs: 'counter',
  terminal_uncompared: 'counter',
  closing_missing: 'counter',
  contradicted: 'counter',
  undeclared: 'administrator',
  unexplained: 'administrator',
};

/** A row that the same transaction may be, on the other side. */
export interface Candidate {
  counter: string;
  operationId: string;
  lineId: number;
  /** What the other side says. */
  yen: number;
  onDate: string;
  at: string | null;
  brand: string | null;
  slip: string | null;
  terminalId: string | null;
  approval: string | null;
}

/** What the engine would do next. */
export type Proposal =
  | { kind: 'resolve'; reason: ReasonCode; candidate?: Candidate }
  /** Several rows may be meant: a person chooses. */
  | { kind: 'choose' }
  | { kind: 'ask'; whom: Whom }
  /** Somebody was asked: the answer decides. */
  | { kind: 'wait'; whom: Whom };

/** The usual next step, which one key takes. An answer that is awaited is never guessed. */
export function proposeFor(facts: CaseFacts, asked: boolean, candidates: readonly Candidate[]): Proposal {
  const { status } = facts;
  const whom = ASKED_OF[status];
  const [only] = candidates;
  if (only !== undefined && REASONS_OF[status].includes('paired_by_hand'))
    return candidates.length === 1
      ? { kind: 'resolve', reason: 'paired_by_hand', candidate: only }
      : { kind: 'choose' };
  if (status === 'data_differs') return { kind: 'resolve', reason: 'same_transaction' };
  // It was late, and it is here.
  if (status === 'deposit_late' && facts.bank?.onDate != null)
    return { kind: 'resolve', reason: 'arrived_otherwise' };
  if (status === 'file_late') return { kind: 'resolve', reason: 'seen' };
  return asked ? { kind: 'wait', whom } : { kind: 'ask', whom };
}
