/** The life of a case in Japanese: what was done and found, by whom, and what of it changed. */
import type { CaseEvent, Resolution, SettledBy, Side } from '../../reconcile/desk/case.ts';
import { REASONS } from '../../reconcile/desk/reasons.ts';
import { CASE_STATUS_NAMES } from '../../reconcile/desk/words.ts';
import { formatDate, formatYen } from '../shared/format.ts';
import { BOOKS, FIELDS, whomJa, type CaseNames } from './case-words.ts';

export const SETTLED_WORDS: Record<SettledBy, string> = {
  statement: '明細の到着で一致しました',
  record: '窓口の記録の到着で一致しました',
  deposit: '入金で一致しました',
  closing: '締めが届きました',
  file: '同じファイルを取り込めました',
  known: '窓口で結果が確かめられ、明細と一致しました',
  joined: '相手の支払いが分かり、その案件で続けます',
  regrouped: '入金のまとまりが変わり、そのまとまりの案件で続けます',
  waits: '期限内の待ちに戻りました',
  not_taken: '支払いがなかったと確かめられました',
  pair: '別の行と組になりました',
  changed: '内容が変わり、差がなくなりました',
};

/** An event of a case's life, as a sentence behind who and when. `life`: all of them. */
export function eventJa(event: CaseEvent, life: readonly CaseEvent[], names: CaseNames): string {
  switch (event.kind) {
    case 'opened':
      return `${CASE_STATUS_NAMES[event.payload.facts.status]}：案件ができました`;
    case 'changed':
      return `内容が変わりました：${CASE_STATUS_NAMES[event.payload.facts.status]}${changesJa(event, life, names)}`;
    case 'reopened':
      if (event.payload.why === 'unpaired') return '組を解いたため、また開きました';
      return event.payload.why === 'overdue'
        ? '約束の期限を過ぎても変わらないため、また開きました'
        : `済んだあとで内容が変わり（${CASE_STATUS_NAMES[event.payload.was]}→${CASE_STATUS_NAMES[event.payload.facts.status]}）、また開きました${changesJa(event, life, names)}`;
    case 'settled':
      return SETTLED_WORDS[event.payload.by];
    case 'assigned':
      return event.payload.to === null ? '担当をはずしました' : `担当：${event.payload.to.name}`;
    case 'commented':
      return event.payload.text;
    case 'asked':
      return `${whomJa(event.payload.whom)}に問い合わせました。${event.payload.text}`;
    case 'evidence':
      return `裏付け：${event.payload.text}`;
    case 'proposed':
      return `提案：${resolutionJa(event.payload)}`;
    case 'unpaired':
      return `組を解きました。${event.payload.text}`;
    case 'withdrawn':
      return `提案を${takenBackJa(proposerBefore(event, life) === event.by.number)}ました。${event.payload.text}`;
    case 'resolved':
      return `済み：${resolutionJa(event.payload)}`;
  }
}

/** Who proposed takes it back; anybody else sends it back. */
export const takenBackJa = (isOwn: boolean): string => (isOwn ? '取り下げ' : '差し戻し');

const proposerBefore = ({ number }: CaseEvent, life: readonly CaseEvent[]): string | undefined =>
  life.findLast((event) => event.kind === 'proposed' && event.number < number)?.by.number;

/** Why it is closed, until when that holds, and what was found. */
export const resolutionJa = ({ reason, note, until }: Resolution): string =>
  `${REASONS[reason].nameJa}${until === undefined ? '' : `（${formatDate(until)}まで）`}。${note}`;

/** What each book said before, and says now, behind a sentence; empty where it is the same. */
function changesJa(
  { number, payload }: Extract<CaseEvent, { kind: 'changed' | 'reopened' }>,
  life: readonly CaseEvent[],
  names: CaseNames,
): string {
  const last = life.findLast((event) => event.number < number && 'facts' in event.payload);
  if (last === undefined || !('facts' in last.payload)) return '';
  const [was, is] = [last.payload.facts, payload.facts];
  const changes = BOOKS.flatMap(({ key, nameJa }) => {
    const [old, now] = [was[key], is[key]];
    if (old === null || now === null) return old === now ? [] : [`${nameJa} ${wholeJa(old)}→${wholeJa(now)}`];
    return FIELDS.flatMap(({ label, of }) => {
      const [before, after] = [of(old, names) ?? '—', of(now, names) ?? '—'];
      return before === after ? [] : [`${nameJa}の${label} ${before}→${after}`];
    });
  });
  return changes.length === 0 ? '' : `。${changes.join('、')}`;
}

/** A book that says nothing yet, or no more. */
const wholeJa = (side: Side | null): string =>
  side === null ? 'なし' : side.yen === null ? 'あり' : formatYen(side.yen);
