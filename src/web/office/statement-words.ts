/** Japanese words for statements and what became of their lines. */
import { QUIET, type LineStatus, type SettlementStatus } from '../../reconcile/books/view.ts';
import type { LineKind } from '../../reconcile/statements/format.ts';
import type { FileStatus } from '../../reconcile/statements/view.ts';
import type { SignKind } from '../shared/payment-words.ts';

interface Words {
  nameJa: string;
  sign: SignKind;
}

export const LINE_WORDS: Record<LineStatus, Words> = {
  matched: { nameJa: '一致', sign: 'ok' },
  amount_over: { nameJa: '明細の金額が多い', sign: 'no' },
  amount_under: { nameJa: '明細の金額が少ない', sign: 'no' },
  kind_differs: { nameJa: '売上と返金が逆', sign: 'no' },
  data_differs: { nameJa: '金額は同じで内容が違う', sign: 'ask' },
  missing_at_provider: { nameJa: '明細にない', sign: 'no' },
  missing_in_ledger: { nameJa: '窓口の記録にない', sign: 'no' },
  duplicate_at_provider: { nameJa: '明細に二重', sign: 'no' },
  duplicate_in_ledger: { nameJa: '窓口の記録に二重', sign: 'no' },
  timing: { nameJa: '締めの前後（様子を見ています）', sign: 'run' },
  awaited: { nameJa: '明細待ち（期限内）', sign: 'run' },
  ambiguous: { nameJa: '相手が一つに決まらない', sign: 'ask' },
  unknown_resolved: { nameJa: '結果不明：明細では売上', sign: 'ask' },
  unknown_open: { nameJa: '結果不明のまま', sign: 'ask' },
  chargeback: { nameJa: 'チャージバック', sign: 'no' },
  refund_failed: { nameJa: '返金が戻された', sign: 'no' },
  not_taken: { nameJa: '支払いなしと確認済み', sign: 'none' },
};

export const SETTLEMENT_WORDS: Record<SettlementStatus, Words> = {
  matched: { nameJa: '入金と一致', sign: 'ok' },
  deposit_awaited: { nameJa: '入金待ち（期限内）', sign: 'run' },
  deposit_late: { nameJa: '入金が遅れている', sign: 'no' },
  deposit_short: { nameJa: '入金が足りない', sign: 'no' },
  deposit_over: { nameJa: '入金が多い', sign: 'no' },
  split_incomplete: { nameJa: '分割入金の残り待ち', sign: 'ask' },
  statement_awaited: { nameJa: '入金あり・明細待ち', sign: 'run' },
};

export const FAULT_WORDS = { fee_differs: '手数料が違う', fee_missing: '手数料の記載がない' } as const;

export const FILE_WORDS: Record<FileStatus, Words> = {
  received: { nameJa: '取り込み済み', sign: 'ok' },
  late: { nameJa: '取り込み済み（期限後）', sign: 'ask' },
  unreadable: { nameJa: '読み取れない行あり', sign: 'no' },
  control_differs: { nameJa: '合計が合わない', sign: 'no' },
};

export const KIND_WORDS: Record<LineKind, string> = {
  sale: '売上',
  refund: '返金・取消',
  chargeback: 'チャージバック',
  refund_failed: '返金の戻り',
  fee: '手数料',
  carried: '繰越',
  deposit: '入金',
  withdrawal: '出金',
};

export const needsSomeone = (status: LineStatus): boolean =>
  !(QUIET as readonly LineStatus[]).includes(status);
