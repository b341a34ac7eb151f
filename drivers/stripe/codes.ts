/** What came of a payment or refund, in Stripe's word for the record and a sentence for the clerk. */
import type { Ending } from '../../src/terminal/terminal.ts';

type Verdict = Extract<Ending, { kind: 'aborted' }>['verdict'];
type Subject = 'sale' | 'void' | 'refund' | 'settlement';

/** Our own words, for what ends here without a word of Stripe's. */
export const OWN = {
  stopped: 'stopped_at_counter',
  noCard: 'no_card_presented',
  noResult: 'no_result_from_reader',
  canceled: 'canceled_elsewhere',
  refundPending: 'refund_pending',
  refundFailed: 'refund_failed',
} as const;

const NOTHING_TAKEN = '代金は引かれていません。';
const OTHER_CARD = '別のカードか、別の方法にしてください。';
const AGAIN = '必要なら会計に戻ってやり直してください。';
const CALL = '出納員に知らせてください。';

/** What happened, and what to do next. A lost or stolen card is not told apart: the resident stands there. */
const REFUSALS: Readonly<Record<string, readonly [what: string, next: string]>> = {
  card_declined: ['カード会社が承認しませんでした。', OTHER_CARD],
  insufficient_funds: ['残高か利用限度額が足りません。', OTHER_CARD],
  expired_card: ['カードの有効期限が切れています。', OTHER_CARD],
  incorrect_pin: ['暗証番号が違います。', 'もう一度カードを差し込んでもらうか、別の方法にしてください。'],
  invalid_pin: ['暗証番号が違います。', 'もう一度カードを差し込んでもらうか、別の方法にしてください。'],
  pin_try_exceeded: ['暗証番号を間違えた回数が限度を超えました。', OTHER_CARD],
  online_or_offline_pin_required: ['暗証番号が必要なカードです。', 'カードを差し込んでやり直してください。'],
  withdrawal_count_limit_exceeded: ['カードの利用限度を超えています。', OTHER_CARD],
  card_not_supported: ['この窓口では使えないカードです。', OTHER_CARD],
  currency_not_supported: ['円で使えないカードです。', OTHER_CARD],
  processing_error: ['カード会社の処理に失敗しました。', AGAIN],
  issuer_not_available: ['カード会社につながりません。', AGAIN],
  customer_canceled: ['お客様が支払いを中止しました。', AGAIN],
  connection_error: ['カードリーダーの通信が途中で切れ、支払いは取り消されました。', AGAIN],
  [OWN.stopped]: ['窓口で支払いを中止しました。', AGAIN],
  [OWN.noCard]: ['カードが示されないまま時間が過ぎました。', AGAIN],
  [OWN.noResult]: ['カードリーダーから結果が届かず、支払いは取り消されました。', AGAIN],
  [OWN.canceled]: ['支払いが決済会社の側で取り消されました。', AGAIN],
  terminal_reader_offline: ['カードリーダーが応答しません。', '電源とネットワークを確かめてください。'],
  terminal_reader_timeout: ['カードリーダーが応答しません。', '電源とネットワークを確かめてください。'],
  terminal_reader_busy: [
    'カードリーダーが別の処理をしています。',
    '表示を確かめ、少し待ってやり直してください。',
  ],
  terminal_reader_hardware_fault: ['カードリーダーが故障しています。', '別の方法をお勧めください。'],
  terminal_reader_invalid_location_for_payment: ['カードリーダーの設置場所の設定が合いません。', CALL],
  amount_too_small: ['カードで支払える金額より少ないです。', '別の方法にしてください。'],
};

/** Endings that are nobody's refusal: someone stopped, or nothing happened at all. */
const CANCELLED: ReadonlySet<string> = new Set([
  ...['customer_canceled', 'connection_error'],
  ...[OWN.stopped, OWN.noCard, OWN.noResult, OWN.canceled],
]);

/** How a sale ended that Stripe, or this driver, calls by `code`; what is not known is a refusal. */
export const verdictOf = (code: string): Verdict => (CANCELLED.has(code) ? 'cancelled' : 'declined');

const SUCCESS: Readonly<Record<string, string>> = {
  sale: 'お支払いは済みました。代金はカードから引かれます。',
  void: '返金しました。代金は同じカードに、カード会社から返されます。',
};
const NO_REFUND: Readonly<Record<string, string>> = {
  charge_already_refunded:
    'この支払いはもう返金されています。代金を二重には返していません。当日一覧で確かめてください。',
  [OWN.refundFailed]: `返金できませんでした。支払いは成立したままで、代金は返っていません。${CALL}`,
  [OWN.refundPending]: `返金を受け付けましたが、まだ代金が返っていません。もう一度返金しないでください。${CALL}`,
};

/** The clerk's sentence: what happened, what it means for the money, what to do next. */
export function explainResult(code: string, of: Subject = 'sale'): string {
  const done = code === 'succeeded' ? SUCCESS[of] : undefined;
  if (done !== undefined) return done;
  const noRefund = NO_REFUND[code];
  if (noRefund !== undefined) return noRefund;
  if (of !== 'sale') {
    return `返金の結果が分からない番号（${code}）が返りました。支払いは成立したままかもしれません。もう一度返金しないで、${CALL}`;
  }
  const [what, next] = REFUSALS[code] ?? [];
  if (what === undefined || next === undefined) {
    return `決済会社が知らない番号（${code}）を返しました。代金が引かれたかどうか分かりません。もう一度支払いをしないで、${CALL}`;
  }
  return `${what}${NOTHING_TAKEN}${next}`;
}

/** A decline code that no table names is a decline all the same: the payment itself says that nothing was taken. */
export const declineCode = (said: string | null | undefined): string =>
  said != null && said in REFUSALS ? said : 'card_declined';

/** As `declineCode`, for what the API or the reader refused before a card was asked for. */
export const refusalCode = (said: string): string => (said in REFUSALS ? said : OWN.noResult);
