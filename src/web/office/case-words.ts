/** Japanese words for cases: what is wrong in a sentence, what would be done next, and how a case ended. */
import type { CaseStatus, Side, Testimony, Whom } from '../../reconcile/desk/case.ts';
import { REASONS, type Proposal } from '../../reconcile/desk/reasons.ts';
import type { CaseView } from '../../reconcile/desk/view.ts';
import { formatDate, formatDifference, formatTime, formatYen } from '../shared/format.ts';
import { KIND_WORDS } from './statement-words.ts';

export interface CaseNames {
  brands: ReadonlyMap<string, string>;
  acquirers: ReadonlyMap<string, string>;
}

/** The book in which what the case is about should stand, and does not. */
export const LACKING: Partial<Record<CaseStatus, 'ours' | 'terminal' | 'statement' | 'bank'>> = {
  missing_at_provider: 'statement',
  missing_in_ledger: 'ours',
  unknown_open: 'statement',
  deposit_late: 'bank',
  terminal_uncompared: 'terminal',
  closing_missing: 'terminal',
  payout_failed: 'bank',
  undeclared: 'statement',
};

interface Said {
  facts: CaseView['facts'];
  counter: string;
  /** `11月2日(月) PayPay 400円`; the day and the way alone; whose it is; the difference. */
  what: string;
  day: string;
  way: string;
  whose: string;
  off: string;
}

const fileOf = ({ facts }: Said): string => `「${facts.statement?.name ?? ''}」`;
const countOf = ({ facts }: Said): string =>
  `${String(facts.ours?.count ?? 0)}件 ${formatYen(facts.atStakeYen)}`;

function terminalJa({ facts, counter, day, off }: Said): string {
  if (facts.differenceYen === 0) return `${day}窓口 ${counter} は合計が同じで、内訳が違う`;
  return `${day}窓口 ${counter} の端末の合計が ${off}${facts.differenceYen > 0 ? '多い' : '少ない'}`;
}

const SENTENCES: Record<CaseStatus, (said: Said) => string> = {
  amount_over: ({ what, off }) => `${what}の明細が ${off}多い`,
  amount_under: ({ what, off }) => `${what}の明細が ${off}少ない`,
  kind_differs: ({ what }) => `${what}の売上と返金が、記録と明細で逆になっている`,
  data_differs: ({ what }) => `${what}は金額が同じで、内容が違う`,
  missing_at_provider: ({ what, whose }) => `${what}が${whose}の明細にない`,
  missing_in_ledger: ({ what }) => `${what}が明細だけにある`,
  duplicate_at_provider: ({ what, whose }) => `${what}が${whose}の明細に2回ある`,
  duplicate_in_ledger: ({ what }) => `${what}が窓口の記録に2回ある`,
  ambiguous: ({ what }) => `${what}の相手が一つに決まらない`,
  unknown_resolved: ({ what }) => `結果不明の ${what}が、明細では売上になっている`,
  unknown_open: ({ what }) => `${what}の結果がまだ分からない`,
  contradicted: ({ what }) => `${what}の証拠が食い違っている`,
  chargeback: ({ day, way, facts }) => `${day}${way} ${formatYen(facts.atStakeYen)}がチャージバックされた`,
  refund_failed: ({ what }) => `${what}の返金が戻された`,
  deposit_late: ({ facts, whose, day }) => {
    const what = `${whose}の ${formatYen(facts.statement?.yen ?? facts.atStakeYen)}が、${day.trim()}`;
    const paidOn = facts.bank?.onDate ?? null;
    return paidOn === null
      ? `${what}を過ぎても銀行の明細に入金がない`
      : `${what}より遅れて、${formatDate(paidOn)}に入金された`;
  },
  deposit_short: ({ day, whose, off }) => `${day}${whose}の入金が ${off}足りない`,
  split_incomplete: ({ day, whose, off }) => `${day}${whose}の入金が ${off}足りない`,
  deposit_over: ({ day, whose, off }) => `${day}${whose}の入金が ${off}多い`,
  fee_differs: ({ day, whose, off }) => `${day}${whose}の手数料が ${off}違う`,
  fee_missing: ({ day, whose }) => `${day}${whose}の明細に手数料の記載がない`,
  payout_failed: ({ day, facts }) =>
    `${day}に入るはずの ${formatYen(facts.atStakeYen)}が、市の口座に届かなかった`,
  file_unreadable: (said) => `${fileOf(said)}は読めない行があり、取り込んでいない`,
  file_control_differs: (said) => `${fileOf(said)}は合計が合わず、取り込んでいない`,
  file_foreign: (said) => `${fileOf(said)}は市の番号のファイルではなく、取り込んでいない`,
  file_late: (said) => `${fileOf(said)}が期限のあとに届いた`,
  terminal_differs: terminalJa,
  terminal_uncompared: ({ facts, counter, day }) =>
    `${day}窓口 ${counter} の ${formatYen(facts.atStakeYen)}を端末の合計と比べていない`,
  closing_missing: (said) => `${said.day}窓口 ${said.counter} を締めていない（${countOf(said)}）`,
  undeclared: (said) => `決済会社の登録がない支払い ${countOf(said)}を比べていない`,
  unexplained: ({ facts, whose }) =>
    `${whose === '' ? '入金' : whose}の差 ${formatDifference(facts.differenceYen)}を説明できない`,
};

/** One sentence: whose money, how much, and what is wrong with it. */
export function sentenceOf(
  { facts, counter }: Pick<CaseView, 'facts' | 'counter'>,
  names: CaseNames,
): string {
  const { status, acquirer, onDate, atStakeYen, differenceYen, ours, statement } = facts;
  const whose = acquirer === null ? '' : (names.acquirers.get(acquirer) ?? acquirer);
  const brand = ours?.brand ?? statement?.brand ?? null;
  const way = brand === null ? whose : (names.brands.get(brand) ?? brand);
  const day = onDate === null ? '' : `${formatDate(onDate)} `;
  const what = `${day}${way} ${formatYen(ours?.yen ?? statement?.yen ?? atStakeYen)}`;
  return SENTENCES[status]({
    facts,
    counter,
    what,
    day,
    way,
    whose,
    off: formatYen(Math.abs(differenceYen)),
  });
}

/** A payment or a line of a statement, by what somebody compares it with. */
export function rowJa(
  { onDate, at, yen, brand, slip, terminalId, approval }: Side,
  { brands }: CaseNames,
): string {
  return [
    onDate == null ? '' : `${formatDate(onDate)}${at == null ? '' : ` ${formatTime(at)}`}`,
    yen === null ? '' : formatYen(yen),
    brand == null ? '' : (brands.get(brand) ?? brand),
    slip == null ? '' : `伝票 ${slip}`,
    terminalId == null ? '' : `端末 ${terminalId}`,
    approval == null ? '' : `承認 ${approval}`,
  ]
    .filter((part) => part !== '')
    .join('　');
}

const WHOM: Record<Whom, string> = {
  acquirer: '決済会社',
  counter: '窓口',
  sender: 'ファイルの送り主',
  administrator: '管理者',
};
export const whomJa = (whom: Whom): string => WHOM[whom];

/** What Enter does, in the case as it stands. */
export function nextJa(next: Proposal): string {
  switch (next.kind) {
    case 'resolve':
      return next.reason === 'paired_by_hand'
        ? 'この1件と組にして、済みにする'
        : `「${REASONS[next.reason].nameJa}」として済みにする`;
    case 'choose':
      return '候補のうち、どれが相手かを選ぶ';
    case 'ask':
      return `${WHOM[next.whom]}に問い合わせたことを記録する`;
    case 'wait':
      return `${WHOM[next.whom]}の答えに合わせて、理由を選んで済みにする`;
  }
}

/** Who says it, of a payment whose sources contradict each other. */
export const TESTIMONY_NAMES: Record<Testimony['source'], string> = {
  terminal: '支払いのときの端末の答え',
  terminal_query: '端末の取引記録',
  terminal_totals: '端末の合計',
  provider_api: '決済会社の取引記録',
  provider_statement: '決済会社の明細',
  two_people: '二人の確認',
};

const SIDE_STATES: Record<string, string> = { approved: '支払済', unknown: '結果不明', armed: '支払い中' };
const OUR_KINDS: Record<string, string> = { sale: '売上', void: '返金・取消', refund: '返金・取消' };

/** A book's word, field by field, in the order in which they are compared. */
export const FIELDS: readonly { label: string; of: (side: Side, names: CaseNames) => string | null }[] = [
  { label: '金額', of: ({ yen }) => (yen === null ? null : formatYen(yen)) },
  { label: '件数', of: ({ count }) => (count === undefined ? null : `${String(count)}件`) },
  {
    label: '種別',
    of: ({ kind }) =>
      kind === undefined ? null : (OUR_KINDS[kind] ?? KIND_WORDS[kind as keyof typeof KIND_WORDS]),
  },
  { label: '日', of: ({ onDate }) => (onDate == null ? null : formatDate(onDate)) },
  { label: '時刻', of: ({ at }) => (at == null ? null : formatTime(at)) },
  { label: '種類', of: ({ brand }, { brands }) => (brand == null ? null : (brands.get(brand) ?? brand)) },
  { label: '端末', of: ({ terminalId }) => terminalId ?? null },
  { label: '端末の伝票', of: ({ slip }) => slip ?? null },
  { label: '承認番号', of: ({ approval }) => approval ?? null },
  { label: '手数料', of: ({ feeYen }) => (feeYen == null ? null : formatYen(feeYen)) },
  { label: '番号・名前', of: ({ name, reference }) => name ?? reference ?? null },
  { label: '状態', of: ({ state }) => (state == null ? null : (SIDE_STATES[state] ?? state)) },
];
/** These are names of each book's own: that they differ says nothing. */
export const OWN_NAMES: readonly string[] = ['番号・名前', '状態', '時刻'];

/** In the order of their columns. */
export const BOOKS = [
  { key: 'ours', nameJa: '窓口の記録' },
  { key: 'terminal', nameJa: '端末' },
  { key: 'statement', nameJa: '明細' },
  { key: 'bank', nameJa: '入金' },
] as const;
