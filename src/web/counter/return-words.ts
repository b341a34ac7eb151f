/** Voids and refunds in words: whether money went back, and what to do next. Pure. */
import type { PaymentState } from '../../payments/lifecycle.ts';
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
