/** Voids and refunds in words: whether money went back, and what to do next. Pure. */
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { ReturnReason } from '../../payments/return-records.ts';
import type { ReturnCondition, ReturnObstacle, ReturnWay } from '../../payments/return-rules.ts';
import type { PaymentView } from '../../payments/view.ts';
import { RETURN_NAMES, type SignKind } from '../shared/payment-words.ts';

interface ReturnOutcome {
  sign: SignKind;
  headline: string;
  /** What it means for the money. */
  money: string;
  next: string | null;
}

const OUTCOMES: Record<PaymentState, (what: string, payment: PaymentView) => ReturnOutcome> = {
  armed: (what) => ({
    sign: 'run',
    headline: `端末で${what}の途中です`,
    money: `まだお客様に戻っていません。端末の答えを待っています。`,
    next: null,
  }),
  approved: (what, { late }) => ({
    sign: 'stop',
    headline: late ? `${what}されていました` : `${what}しました`,
    money: `代金はお客様に戻ります。もう一度${what}をしないでください。`,
    next: `取消票と端末の控えを残してください。`,
  }),
  declined: (what, { resultMessage }) => ({
    sign: 'no',
    headline: `${what}できませんでした`,
    money: `${resultMessage ?? ''}代金は戻っていません。もとの支払いはそのままです。`,
    next: `ほかの返し方を選んでください。`,
  }),
  cancelled: (what) => ({
    sign: 'no',
    headline: `${what}を途中でやめました`,
    money: `代金は戻っていません。もとの支払いはそのままです。`,
    next: null,
  }),
  unknown: (what) => ({
    sign: 'ask',
    headline: `${what}の結果がまだ分かりません`,
    money: `代金が戻ったかどうか分かりません。もう一度${what}をせず、現金でも返さないでください。`,
    next: `端末に問い合わせています。分かるまで、この支払いは返金できません。`,
  }),
  not_charged: (what) => ({
    sign: 'none',
    headline: `${what}されていませんでした`,
    money: `代金は戻っていません。もとの支払いはそのままです。`,
    next: `必要なら、もう一度${what}できます。`,
  }),
  not_sent: (what) => ({
    sign: 'none',
    headline: `端末に送れませんでした`,
    money: `代金は戻っていません。もとの支払いはそのままです。`,
    next: `端末を確かめて、もう一度${what}してください。`,
  }),
};

export function returnOutcomeOf(payment: PaymentView): ReturnOutcome {
  return OUTCOMES[payment.state](
    payment.kind === 'refund' ? RETURN_NAMES.refund : RETURN_NAMES.void,
    payment,
  );
}

/** What each way is called, what it does, and what its button says. */
export const WAYS: Record<ReturnWay, { label: string; help: string; act: (amount: string) => string }> = {
  void: {
    label: '端末で取り消す',
    help: 'この支払いを全部なかったことにします。',
    act: (amount) => `${amount}を端末で取り消す`,
  },
  refund: {
    label: '端末で返金する',
    help: '別の取引として、お客様のカードやコードに戻します。',
    act: (amount) => `${amount}を端末で返金する`,
  },
  outside: {
    label: '会計課から返金する',
    help: '端末では戻さず、会計課が現金か振込で返します。',
    act: (amount) => `${amount}の返金を会計課に頼む`,
  },
  acquirer: {
    label: 'カード会社に電話する',
    help: '端末の控えを手元に、カード会社か決済会社に取り消しを頼みます。',
    act: (amount) => amount,
  },
};

export const CONDITIONS: Record<ReturnCondition, string> = {
  same_terminal: '支払いを受けた端末で',
  last_transaction: '端末の最後の支払いのうちに',
  card_needed: 'お客様の同じカードが必要',
};

const OBSTACLES: Record<ReturnObstacle, string> = {
  not_paid: '支払済ではありません。',
  pending: '取り消しか返金の途中です。結果が分かるまで待ってください。',
  nothing_left: '全額が返されています。',
  brand_never: 'この種類は、端末では取り消せません。',
  brand_no_refund: 'この種類には、返金の取引がありません。',
  too_late: '取り消せる期限を過ぎました。',
  not_last: 'このあとに端末で別の取引があったため、できません。',
  settled: '端末の日計が済んだため、取り消せません。',
  partly_returned: '一部がすでに返されているため、全部の取り消しはできません。',
  not_reported: '端末の伝票番号が分からないため、できません。',
  other_terminal: '支払いを受けた端末が、別の端末に替わっています。',
  terminal_missing: '支払いを受けた端末とつながっていません。',
  terminal_cannot: 'この端末には、返金の機能がありません。',
  another_way: '端末で返せるあいだは、いりません。',
};

/** What can't be undone at the terminal is not undone by the card company either. */
export const obstacleWords = (obstacle: ReturnObstacle, way: ReturnWay): string =>
  obstacle === 'brand_never' && way === 'acquirer'
    ? 'この種類は、電話でも取り消せません。'
    : OBSTACLES[obstacle];

export const REASONS: readonly { code: ReturnReason; label: string }[] = [
  { code: 'wrong_item', label: '項目・数量の間違い' },
  { code: 'wrong_method', label: '支払い方法の変更' },
  { code: 'charged_twice', label: '二重の支払い' },
  { code: 'not_issued', label: '交付できなかった' },
  { code: 'found_late', label: 'あとで支払いが分かった' },
  { code: 'resident_request', label: 'お客様の申し出' },
  { code: 'other', label: 'その他' },
];
