/**
 * Every state of a payment in words: what happened, what it means for the money, what to do next, and what to
 * tell the resident. Nothing here says more than the record knows.
 */
import type { PricedLine } from '../../fees/pricing.ts';
import type { EvidenceSource } from '../../payments/evidence.ts';
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { PaymentView } from '../../payments/view.ts';
import type { Method, Progress } from '../../terminal/terminal.ts';
import { formatYen } from '../shared/format.ts';
import type { SignKind } from '../shared/payment-words.ts';
import { returnOutcomeOf } from './return-words.ts';
import { isToldByBalance, unknownWords } from './unknown-words.ts';

export interface Outcome {
  sign: SignKind;
  headline: string;
  /** What it means for the money; null where the figures below say it. */
  money: string | null;
  next: string | null;
}

type SettledState = Exclude<PaymentState, 'armed' | 'unknown'>;

/** The words for a payment whose result is known. `unknownRule` is its brand's (`Brand.unknownRule`). */
export function outcomeOf(payment: PaymentView, unknownRule: string | null): Outcome {
  if (payment.kind !== 'sale') return returnOutcomeOf(payment);
  if (payment.state === 'approved' && payment.late) {
    return {
      sign: 'ok',
      headline: '支払われていました',
      money: `${establishedWords(payment)}確かめました。代金は受け取っています。もう一度支払いをしないでください。`,
      next: `お客様がいらっしゃれば、${handOver(payment.lines)}いらっしゃらなければ会計課に知らせてください。`,
    };
  }
  return SETTLED[payment.state as SettledState](payment, unknownRule);
}

const SETTLED: Record<SettledState, (payment: PaymentView, unknownRule: string | null) => Outcome> = {
  approved: (payment) => ({
    sign: 'ok',
    headline: '支払いました',
    money: null,
    next: handOver(payment.lines),
  }),
  declined: (payment) => ({
    sign: 'no',
    headline: `${PRESENTED[payment.method]}は使えませんでした`,
    // The terminal's code in words: what happened, that nothing was taken, what to do next.
    money: payment.resultMessage ?? '代金は引かれていません。別の方法にするか、現金でお受けください。',
    next: null,
  }),
  cancelled: (payment) => ({
    sign: 'stop',
    headline: '取り消されました',
    money:
      payment.resultMessage ?? '代金は引かれていません。続ける場合は、会計に戻って支払い直してください。',
    next: null,
  }),
  not_sent: () => ({
    sign: 'none',
    headline: '端末に送れませんでした',
    money: '支払いは始まっていません。代金は引かれていません。',
    next: '端末が使えるかどうかを、画面の上の欄で確かめてください。使えないときは現金でお受けください。',
  }),
  not_charged: (payment, unknownRule) => ({
    sign: 'none',
    headline: '支払われていませんでした',
    money: `支払いがないことを、${establishedWords(payment)}確かめました。${
      isToldByBalance(payment, unknownRule)
        ? 'カードの残高が減っているときは、支払い直さずに会計課に知らせてください。'
        : '代金は引かれていません。'
    }`,
    next: '続ける場合は、会計に戻って支払い直してください。',
  }),
};

/** Who knows it: a machine, a statement that the office brought in, or two people. */
const ESTABLISHED: Record<EvidenceSource, string> = {
  terminal_query: '端末の記録で',
  terminal_totals: '端末の合計で',
  provider_api: '決済会社の記録で',
  provider_statement: '決済会社の明細で',
  two_people: '二人で',
};

const establishedWords = ({ establishedBy }: PaymentView): string =>
  establishedBy === null ? '' : ESTABLISHED[establishedBy];

const PRESENTED: Record<Method, string> = {
  credit: 'カード',
  debit: 'カード',
  emoney: '電子マネー',
  qr: 'コード',
};

/** What the resident gets now. Only things counted in 通 are known to be certificates in that number. */
export function handOver(lines: readonly Pick<PricedLine, 'nameJa' | 'quantity' | 'unit'>[]): string {
  const copies = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (lines.every((line) => line.unit === '通')) return `証明書${String(copies)}通をお渡しください。`;
  if (lines.every((line) => line.nameJa.includes('証明書'))) return '証明書をお渡しください。';
  return '手続きを続けてください。';
}

export interface PayingWords {
  headline: string;
  /** The step of the list below that is under way: 0 sending, 1 the resident, 2 the answer. */
  step: 0 | 1 | 2;
  waitingFor: string;
}

const PRESENT: Record<Method, readonly [headline: string, waitingFor: string]> = {
  credit: ['カードをタッチするか、差し込んでもらってください', 'お客様のカードを待っています'],
  debit: ['カードをタッチするか、差し込んでもらってください', 'お客様のカードを待っています'],
  emoney: ['カードをタッチしてもらってください', 'お客様のタッチを待っています'],
  qr: ['コードを端末に見せてもらってください', 'お客様のコードを待っています'],
};

/** The words while money moves. A cancel is a wish: the terminal may still approve. */
export function payingWords(
  payment: Pick<PaymentView, 'method' | 'cancelRequested'>,
  step: Progress['step'] | null,
): PayingWords {
  const words = stepWords(payment.method, step);
  return payment.cancelRequested
    ? { ...words, headline: '取り消しを頼みました。端末の答えを待っています' }
    : words;
}

function stepWords(method: Method, step: Progress['step'] | null): PayingWords {
  const [present, waitingFor] = PRESENT[method];
  switch (step) {
    case null:
      return { headline: '端末に送っています', step: 0, waitingFor };
    case 'sent':
      return { headline: '端末が受け取りました', step: 1, waitingFor };
    case 'present_card':
      return { headline: present, step: 1, waitingFor };
    case 'enter_pin':
      return {
        headline: '暗証番号を入れてもらってください',
        step: 1,
        waitingFor: 'お客様の暗証番号を待っています',
      };
    case 'waiting_for_host':
      return { headline: '端末が結果を確かめています', step: 2, waitingFor };
    case 'remove_card':
      return { headline: 'カードを抜いてもらってください', step: 2, waitingFor };
    case 'reversing':
      return { headline: '端末が支払いを取り消しています', step: 2, waitingFor };
    case 'working':
      return { headline: '端末が処理しています', step: 2, waitingFor };
  }
}

/** What a screen reader is told, and nobody else needs. */
export function announcementOf(payment: PaymentView, unknownRule: string | null, cutOff: boolean): string {
  if (payment.state === 'armed') return '';
  if (payment.state === 'unknown') {
    const { warning, tell } = unknownWords(payment, unknownRule, cutOff);
    return `結果が分かりません。${warning}${tell.ja}`;
  }
  const { headline, money, next } = outcomeOf(payment, unknownRule);
  return `${headline}。${formatYen(payment.amountYen)}。${money ?? ''}${next ?? ''}`;
}
