/** Japanese words for statements and what became of their lines. */
import { QUIET, type LineStatus, type SettlementStatus } from '../../reconcile/books/view.ts';
import { LINE_STATUS_NAMES, SETTLEMENT_STATUS_NAMES } from '../../reconcile/books/words.ts';
import type { LineKind } from '../../reconcile/statements/format.ts';
import type { FileStatus, StatementFileView } from '../../reconcile/statements/view.ts';
import type { SignKind } from '../shared/payment-words.ts';

interface Words {
  nameJa: string;
  sign: SignKind;
}

export const LINE_WORDS: Record<LineStatus, Words> = {
  matched: { nameJa: LINE_STATUS_NAMES.matched, sign: 'ok' },
  amount_over: { nameJa: LINE_STATUS_NAMES.amount_over, sign: 'no' },
  amount_under: { nameJa: LINE_STATUS_NAMES.amount_under, sign: 'no' },
  kind_differs: { nameJa: LINE_STATUS_NAMES.kind_differs, sign: 'no' },
  data_differs: { nameJa: LINE_STATUS_NAMES.data_differs, sign: 'ask' },
  missing_at_provider: { nameJa: LINE_STATUS_NAMES.missing_at_provider, sign: 'no' },
  missing_in_ledger: { nameJa: LINE_STATUS_NAMES.missing_in_ledger, sign: 'no' },
  duplicate_at_provider: { nameJa: LINE_STATUS_NAMES.duplicate_at_provider, sign: 'no' },
  duplicate_in_ledger: { nameJa: LINE_STATUS_NAMES.duplicate_in_ledger, sign: 'no' },
  timing: { nameJa: LINE_STATUS_NAMES.timing, sign: 'run' },
  awaited: { nameJa: LINE_STATUS_NAMES.awaited, sign: 'run' },
  ambiguous: { nameJa: LINE_STATUS_NAMES.ambiguous, sign: 'ask' },
  unknown_resolved: { nameJa: LINE_STATUS_NAMES.unknown_resolved, sign: 'ask' },
  unknown_open: { nameJa: LINE_STATUS_NAMES.unknown_open, sign: 'ask' },
  chargeback: { nameJa: LINE_STATUS_NAMES.chargeback, sign: 'no' },
  refund_failed: { nameJa: LINE_STATUS_NAMES.refund_failed, sign: 'no' },
  not_taken: { nameJa: LINE_STATUS_NAMES.not_taken, sign: 'none' },
};

export const SETTLEMENT_WORDS: Record<SettlementStatus, Words> = {
  matched: { nameJa: SETTLEMENT_STATUS_NAMES.matched, sign: 'ok' },
  deposit_awaited: { nameJa: SETTLEMENT_STATUS_NAMES.deposit_awaited, sign: 'run' },
  deposit_late: { nameJa: SETTLEMENT_STATUS_NAMES.deposit_late, sign: 'no' },
  deposit_short: { nameJa: SETTLEMENT_STATUS_NAMES.deposit_short, sign: 'no' },
  deposit_over: { nameJa: SETTLEMENT_STATUS_NAMES.deposit_over, sign: 'no' },
  split_incomplete: { nameJa: SETTLEMENT_STATUS_NAMES.split_incomplete, sign: 'ask' },
  statement_awaited: { nameJa: SETTLEMENT_STATUS_NAMES.statement_awaited, sign: 'run' },
};

export const FAULT_WORDS = { fee_differs: '手数料が違う', fee_missing: '手数料の記載がない' } as const;

export const FILE_WORDS: Record<FileStatus, Words> = {
  received: { nameJa: '取り込み済み', sign: 'ok' },
  late: { nameJa: '取り込み済み（期限後）', sign: 'ask' },
  unreadable: { nameJa: '読み取れない行あり', sign: 'no' },
  control_differs: { nameJa: '合計が合わない', sign: 'no' },
  foreign: { nameJa: '市のものではない', sign: 'no' },
};

/** Nobody's number is looked for in it; a service asked with the city's own key gives the city's files only. */
export const isAnybodys = ({ isMerchantChecked, origin, faults }: StatementFileView): boolean =>
  !isMerchantChecked && origin !== 'service' && faults.length === 0;

/** Before a file is brought in by a format that looks for nobody's number. */
export const WILL_BE_ANYBODYS =
  'このフォーマットには「市の番号」がないため、だれのファイルかは確かめずに取り込みます。ほかの市や店舗のものでないことを、取り込む前に確かめてください。';

export const ANYBODYS =
  'だれのファイルかは確かめていません（フォーマットに「市の番号」がありません）。ほかの市や店舗のものでないことを、人が確かめてください。';

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
