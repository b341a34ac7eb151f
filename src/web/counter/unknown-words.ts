/**
 * A payment whose result nobody knows, in words, by its brand's rule (`Brand.unknownRule`): what it means, what tells, and
 * what is said to the resident. They claim no cause: the record may not have one. Pure.
 */
import { tellsByBalance } from '../../payments/brand-rules.ts';
import type { PaymentView } from '../../payments/view.ts';
import type { Method } from '../../terminal/terminal.ts';
import { formatTime, formatYen } from '../shared/format.ts';

/** To be said, or to be shown to whoever reads no Japanese. */
export interface Spoken {
  ja: string;
  en: string;
}

export interface UnknownWords {
  headline: string;
  warning: string;
  rule: string;
  /** To be said to the resident. */
  tell: Spoken;
}

/** `cutOff`: the terminal can't be asked just now. */
export function unknownWords(
  payment: PaymentView,
  unknownRule: string | null,
  cutOff: boolean,
): UnknownWords {
  const asking = payment.queries === 0 && !cutOff;
  const rule = ruleOf(payment, unknownRule);
  return {
    headline: asking ? '結果を端末に確かめています' : '結果がまだ分かりません',
    warning: 'もう一度支払いをしないでください。',
    rule: RULES[rule](payment),
    tell: tellOf(payment, rule, cutOff),
  };
}

/** What a lost result means; terminal vendors publish these rules. */
const RULES = {
  query_acquirer: ({ method }) =>
    method === 'debit'
      ? '口座からすぐに代金が引かれている場合があります。お客様の口座の明細が手がかりになります。端末で分からないときは、会計課がカード会社に確かめます。'
      : '代金が引かれている場合があります。端末で分からないときは、会計課がカード会社に確かめます。',
  query_provider: () =>
    '代金が引かれている場合があります。お客様のアプリの利用履歴が手がかりになります。端末で分からないときは、会計課が決済会社に確かめます。',
  not_a_sale_until_next_touch: () =>
    'まずカードの残高を確かめてください。減っていても、次にそのカードをかざすまで支払いは確定しません。',
  not_a_sale_until_next_touch_55_days: () =>
    'まずカードの残高を確かめ、端末の控えを残してください。減っていても、次にそのカードをかざすまで支払いは確定しません（調査の申し出は55日以内）。',
  a_sale_until_disproved: () =>
    'まずカードの残高を確かめてください。いったん支払われたものとして扱われ、失敗なら次にかざしたときに取り消されます。',
  not_a_sale_pay_again: () =>
    'この種類は、途中で離れた支払いは成立しないのが決まりです。支払い直すのは、端末の答えで確かめられてからです。',
} satisfies Record<string, (payment: PaymentView) => string>;
type Rule = keyof typeof RULES;

const BY_METHOD: Record<Method, Rule> = {
  credit: 'query_acquirer',
  debit: 'query_acquirer',
  emoney: 'not_a_sale_until_next_touch',
  qr: 'query_provider',
};

/** The brand's, or without a brand the method's. */
const ruleOf = ({ method }: PaymentView, unknownRule: string | null): Rule =>
  unknownRule !== null && unknownRule in RULES ? (unknownRule as Rule) : BY_METHOD[method];

/** Its card's balance tells whether it was paid, or given back; a card that is paid for afterwards has none. */
export const isToldByBalance = (payment: PaymentView, unknownRule: string | null): boolean =>
  payment.method === 'emoney' && tellsByBalance(ruleOf(payment, unknownRule));

const NOT_KNOWN: Spoken = {
  ja: 'お支払いができたか、まだ確かめられていません。',
  en: 'We do not know yet whether you have paid.',
};

function tellOf(payment: PaymentView, rule: Rule, cutOff: boolean): Spoken {
  if (cutOff) {
    return {
      ja: '「端末をつなぎ直しています。お支払いを確かめるまで、お待ちください。」',
      en: 'We are reconnecting the terminal to check your payment. Please wait a moment.',
    };
  }
  if (payment.queries === 0) {
    return {
      ja: '「お支払いができたかどうかを端末に確かめています。少しお待ちください。」',
      en: 'We are checking your payment with the terminal. Please wait a moment.',
    };
  }
  const { ja, en } = NEXT_STEPS[stepOf(payment, rule)];
  return { ja: `「${NOT_KNOWN.ja}${ja}」`, en: `${NOT_KNOWN.en} ${en}` };
}

const NEXT_STEPS = {
  balance: {
    ja: '同じカードをもう一度かざしてください。残高を見るだけで、代金は引きません。',
    en: 'Please touch the same card again: we only read its balance.',
  },
  app: {
    ja: 'アプリの利用履歴を、一緒に見せていただけますか。',
    en: 'Could you show us the history in your app?',
  },
  wait: {
    ja: '二重にいただくことのないよう、確かめてからご連絡します。',
    en: 'We will check and contact you, so that you do not pay twice.',
  },
} satisfies Record<string, Spoken>;

/** What the resident can do about it, here and now. */
function stepOf(payment: PaymentView, rule: Rule): keyof typeof NEXT_STEPS {
  if (rule === 'query_provider') return 'app';
  return isToldByBalance(payment, rule) && payment.balanceYen === null ? 'balance' : 'wait';
}

/** What to compare in the resident's app, and what it proves; null: no app tells of it. */
export function appWords(payment: PaymentView, unknownRule: string | null): string | null {
  if (ruleOf(payment, unknownRule) !== 'query_provider') return null;
  const [there, missing] = APP_MEANINGS[payment.kind];
  return (
    `${formatTime(payment.armedAt)}ごろの ${formatYen(payment.amountYen)} を探し、支払先の名前も見てください。` +
    `${there}見当たらなくても、あとから載ることがあるため、${missing}`
  );
}

const APP_MEANINGS: Record<PaymentView['kind'], readonly [there: string, missing: string]> = {
  sale: [
    'あって、取り消しと出ていなければ、支払われています。',
    '支払われていないとは決められません。もう一度支払いをしないでください。',
  ],
  void: ['取り消しと出ていれば、取り消されています。', '取り消されていないとは決められません。'],
  refund: ['返金と出ていれば、返金されています。', '返金されていないとは決められません。'],
};

/** What the card's balance says; what it was before stands on the terminal's own slip. */
export function balanceWords({ kind, amountYen }: PaymentView, balanceYen: number): string {
  const now = `いまの残高は ${formatYen(balanceYen)} です。`;
  if (kind !== 'sale') {
    const done = kind === 'void' ? '取り消されて' : '返金されて';
    return (
      `${now}支払いの控えの「取引後残高」が同じ ${formatYen(balanceYen)} なら、${done}いません。` +
      `${formatYen(balanceYen - amountYen)} なら、${done}います。どちらでもなければ、支払いに使ったカードかどうかを確かめてください。`
    );
  }
  return (
    `${now}端末の控えの「取引前残高」が同じ ${formatYen(balanceYen)} なら、支払われていません。二人で決めてから、支払い直せます。` +
    `${formatYen(balanceYen + amountYen)} なら、支払われています。もう一度支払いをせず、控えを会計課に渡してください。` +
    'どちらでもなければ、支払いに使ったカードかどうかを確かめてください。'
  );
}
