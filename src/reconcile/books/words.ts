/** What became of a row or a settlement, in Japanese: the same on the screen, in files and on paper. */
import type { LineStatus, SettlementStatus } from './view.ts';

export const LINE_STATUS_NAMES: Record<LineStatus, string> = {
  matched: '一致',
  amount_over: '明細の金額が多い',
  amount_under: '明細の金額が少ない',
  kind_differs: '売上と返金が逆',
  data_differs: '金額は同じで内容が違う',
  missing_at_provider: '明細にない',
  missing_in_ledger: '窓口の記録にない',
  duplicate_at_provider: '明細に二重',
  duplicate_in_ledger: '窓口の記録に二重',
  timing: '締めの前後（様子を見ています）',
  awaited: '明細待ち（期限内）',
  ambiguous: '相手が一つに決まらない',
  unknown_resolved: '結果不明：明細では売上',
  unknown_open: '結果不明のまま',
  chargeback: 'チャージバック',
  refund_failed: '返金が戻された',
  not_taken: '支払いなしと確認済み',
};

export const SETTLEMENT_STATUS_NAMES: Record<SettlementStatus, string> = {
  matched: '入金と一致',
  deposit_awaited: '入金待ち（期限内）',
  deposit_late: '入金が遅れている',
  deposit_short: '入金が足りない',
  deposit_over: '入金が多い',
  split_incomplete: '分割入金の残りがない',
  statement_awaited: '入金あり・明細待ち',
};
