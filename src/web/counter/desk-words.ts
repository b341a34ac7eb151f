/** The unknown desk in words: what is on record about a payment, by when one must act, what can be decided. Pure. */
import type { Evidence } from '../../payments/evidence.ts';
import type { Recorded } from '../../payments/lifecycle.ts';
import type { Decision, OperationEvent } from '../../payments/operation-events.ts';
import type { PaymentView } from '../../payments/view.ts';
import { formatYen } from '../shared/format.ts';
import { FINDING_WORDS, RETURN_NAMES } from '../shared/payment-words.ts';

export interface HistoryLine {
  at: string;
  text: string;
}

type Event = Recorded<OperationEvent>;
type Kind = PaymentView['kind'];
type Payload<Type extends Event['type']> = Extract<Event, { type: Type }>['payload'];

const VERDICTS = {
  approved: '承認',
  declined: '不承認',
  cancelled: '取り消し',
  unlisted: '意味の分からない結果',
};
const SOURCES = {
  terminal_query: '端末の取引記録',
  terminal_totals: '端末の合計',
  provider_api: '決済会社の取引記録',
  provider_statement: '決済会社の明細',
  two_people: '二人の確認',
};
const findingWords = (kind: Kind, finding: Evidence['finding']): string =>
  finding === 'inconclusive' ? '分からなかった' : FINDING_WORDS[kind][finding];

const SENTENCES: { [Type in Event['type']]: (payload: Payload<Type>, kind: Kind) => string } = {
  armed: (armed) => {
    const what = armed.kind === 'sale' ? '' : `の${RETURN_NAMES[armed.kind]}`;
    const { clerk, amountYen, byHand } = armed;
    const amount = `${formatYen(amountYen)} ${what}`;
    const second =
      armed.kind === 'sale' || armed.confirmedBy === null ? '' : `（確認：${armed.confirmedBy.clerk}）`;
    return byHand === undefined
      ? `${clerk}が ${amount}を端末に送る前に記録しました${second}。`
      : `${clerk}が ${amount}を、端末の伝票 ${byHand.slipNumber} から記録しました${second}。`;
  },
  cancel_requested: ({ clerk }) => `${clerk}が取り消しを頼みました。`,
  clerk_reply: ({ titleJa, clerk, isScanned }) =>
    `${clerk}が「${titleJa}」に答えました${isScanned ? '（伝票を読み取り）' : ''}。`,
  reference: ({ reference }) => `決済会社での番号を記録しました：${reference}。`,
  receipt_text: () => '端末の控えを記録しました。',
  answer: ({ answer, refused }) =>
    `端末の答え：${VERDICTS[answer.verdict]}（コード ${answer.resultCode}）${refused === null ? '。' : `。${answer.amountYen === null ? '' : `端末では ${formatYen(answer.amountYen)}。`}金額などが合わないため、受け取りませんでした。`}`,
  ended: (ended) => ENDINGS[ended.kind],
  // A line that broke, a service that fell silent, a clerk who could not tell: no cause is claimed.
  interrupted: () => '結果が分からないまま、端末とのやり取りが終わりました。',
  evidence: ({ source, finding, reason, people, statement }, kind) => {
    const found = findingWords(kind, finding);
    if (source === 'two_people')
      return `${people?.join('と') ?? '二人'}が確かめました：${found}。理由：${reason}`;
    const place = statement === undefined ? '' : `（${statement.file} の ${String(statement.line)}行目）`;
    return `${SOURCES[source]}${place}を確かめました：${found}。`;
  },
  lock_released: ({ clerk }) => `${clerk}が、端末の答えを待たずに端末を使えるようにしました。`,
  balance_read: ({ balanceYen }) => `カードの残高を確かめました：${formatYen(balanceYen)}。`,
  refund_requested: ({ amountYen, clerk }) =>
    `${clerk}が、会計課から ${formatYen(amountYen)} を返金すると記録しました。`,
  refund_withdrawn: ({ clerk, confirmedBy, note }) =>
    `${clerk}が、会計課からの返金を取り下げました（確認：${confirmedBy.clerk}）。理由：${note}`,
  corrected: ({ clerk, confirmedBy, note }) =>
    `${clerk}が項目を直しました（確認：${confirmedBy.clerk}）。理由：${note}`,
  decided: ({ decision, note, clerk }) =>
    `${clerk}が決めました：${DECISIONS[decision].label}。${note === '' ? '' : `（${note}）`}`,
};

const ENDINGS: Record<Payload<'ended'>['kind'], string> = {
  completed: '端末とのやり取りが最後まで済みました。',
  aborted: '端末がやり取りを終えました。',
  not_sent: '端末には何も送られませんでした。',
};

/**
 * What is on record, oldest first. A piece of a receipt is not worth a line; what was asked again and again with the same
 * answer is one line, with the last time.
 */
export function historyLines(events: readonly Event[], kind: Kind): HistoryLine[] {
  const lines: (HistoryLine & { times: number })[] = [];
  for (const event of events) {
    if (event.type === 'receipt_text') continue;
    const say = SENTENCES[event.type] as (payload: unknown, kind: Kind) => string;
    const text = say(event.payload, kind);
    const last = lines.at(-1);
    if (last?.text === text) lines.splice(-1, 1, { at: event.at, text, times: last.times + 1 });
    else lines.push({ at: event.at, text, times: 1 });
  }
  return lines.map(({ at, text, times }) => ({
    at,
    text: times === 1 ? text : `${text}（${String(times)}回）`,
  }));
}

interface DecisionWords {
  label: string;
  /** What it means for the money and what is to be done. */
  help: string;
}

export const DECISIONS: Record<Decision, DecisionWords> = {
  keep: { label: 'このまま受け取る', help: 'お客様に渡すものを渡したときに。代金はそのまま受け取ります。' },
  void: {
    label: '端末で取り消す',
    help: '端末の取り消し操作で、お客様の同じカードに戻します。取り消した控えを会計課に渡してください。',
  },
  refund_outside: {
    label: '会計課から返金する',
    help: '端末では戻しません。会計課がお客様に連絡して返金します。',
  },
};

/** An unknown that lasts is said louder from here on. */
const ALARM_AFTER_MS = 120_000;

/** Unknown for two minutes or more. */
export const isAlarming = ({ state, stateAt }: PaymentView, now: Date): boolean =>
  state === 'unknown' && now.getTime() - Date.parse(stateAt) >= ALARM_AFTER_MS;
