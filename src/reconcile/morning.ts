/** The morning (朝の確認): whether the day before is clean and what needs a person, in one sentence. Pure. */
import type { Sum } from '../sum.ts';
import { dateJa, sumJa, yenJa } from './day.ts';
import type { Method } from '../terminal/terminal.ts';
import type { Waiting } from './view.ts';

/** One window and method of the day. */
export interface MorningRow {
  windowNameJa: string;
  method: Method;
  count: number;
  amountYen: number;
  /** Lines of statements that are awaited within their time. */
  awaited: number;
  /** Payments that no comparison with the statements has met yet. */
  unmatched: number;
  /** Open cases about these payments. */
  cases: number;
}

export interface MorningFacts {
  today: string;
  /** The last day before today on which something was taken; where there is none, the last business day. */
  day: string;
  /** The last business day, where nothing was taken on it and `day` lies before it; null: it does not. */
  quietDay: string | null;
  /** Our record of that day: sales less what was given back. */
  ours: Sum;
  /** Null: no counter of the day has been compared yet. `isExplained`: it differs, and what makes it up is known. */
  terminal: (Sum & { differenceYen: number; isDifferent: boolean; isExplained: boolean }) | null;
  /** What statements say of that day's payments so far, and what of them is still to come. */
  statement: Sum & { awaited: Sum; until: string | null };
  /** Of that day's payments, what the bank has settled; and when the rest is due. */
  bank: { settledYen: number; dueFrom: string | null; dueUntil: string | null };
  /** Counters whose closing of that day has not arrived. */
  waitingCounters: readonly string[];
  /** Taken on that day after its closing: the next one reaches it, and no total has met it yet. */
  afterClosing: Sum;
  /** Of any day. */
  openCases: number;
  /** Of any day: what is sold once and was sold by more than one sale that stands (`once_doubles`). */
  doubles: number;
  /** Of any day: payments whose statement is not due yet, or lies just around a cut-off. */
  awaitedInAll: Sum;
  /** The last night's work. Null: there has been none. */
  night: NightView | null;
}

export interface MorningView extends MorningFacts {
  sentence: string;
  /** Nothing needs a person and the day is closed. */
  isClean: boolean;
  /** What stands in the place of the terminals' totals where there are none. */
  noTotals: string;
  rows: MorningRow[];
  waiting: Waiting[];
}

/** The last night's work. */
export interface NightView {
  night: string;
  startedAt: string;
  /** Null: it did not come to its end. */
  endedAt: string | null;
  state: 'done' | 'failed' | 'cut_off' | 'running';
  attempt: number;
  /** Nights before it on which no office was up, whose work it has done. */
  missed: number;
}

/** `昨日 83件 41,200円、端末と一致。要対応 0件。明細待ち 812件（期限内）。` */
export function morningSentence(facts: MorningFacts): string {
  const { ours, openCases, doubles, awaitedInAll } = facts;
  const day = dayName(facts.day, facts.today);
  const quiet =
    facts.quietDay === null
      ? ''
      : `${dayName(facts.quietDay, facts.today)} 会計はありませんでした。最後の会計は `;
  const first =
    ours.count === 0 && ours.amountYen === 0 && facts.waitingCounters.length === 0 && facts.terminal === null
      ? `${day} 会計はありませんでした。`
      : `${day} ${sumJa(ours)}、${besideTerminal(facts)}${besideNext(facts)}。`;
  const awaited =
    awaitedInAll.count === 0 ? '' : `明細待ち ${awaitedInAll.count.toLocaleString('ja-JP')}件（期限内）。`;
  const open = `要対応 ${openCases.toLocaleString('ja-JP')}件。`;
  const twice = doubles === 0 ? '' : `二重の疑い ${doubles.toLocaleString('ja-JP')}件。`;
  return `${quiet}${first}${besideNight(facts.night)}${open}${twice}${awaited}`;
}

/** Until the night's work is done, nobody knows whether there are more matters for a person. */
function besideNight(night: NightView | null): string {
  switch (night?.state) {
    case 'done':
      return '';
    case 'running':
      return '夜間の突合は途中で、まだ増えることがあります。';
    case 'failed':
    case 'cut_off':
      return '突合が途中で止まったため、まだ増えることがあります。';
    case undefined:
      return '夜間の突合はまだです。';
  }
}

/** Everything was compared, and nothing needs a person. */
export function isCleanMorning(facts: MorningFacts): boolean {
  const { openCases, doubles, waitingCounters, terminal, ours, night } = facts;
  if (night?.state !== 'done') return false;
  const isCompared = terminal === null ? ours.count === 0 && ours.amountYen === 0 : !terminal.isDifferent;
  return openCases + doubles === 0 && waitingCounters.length === 0 && isCompared;
}

function dayName(day: string, today: string): string {
  const yesterday = new Date(Date.parse(`${today}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  return day === yesterday ? '昨日' : dateJa(day);
}

function besideTerminal({ terminal, waitingCounters }: MorningFacts): string {
  if (waitingCounters.length > 0) return `窓口 ${waitingCounters.join('・')} の締めを待っています`;
  if (terminal === null) return '端末の合計はまだありません';
  const { differenceYen } = terminal;
  if (!terminal.isDifferent && terminal.isExplained) {
    return differenceYen === 0
      ? '端末と合計は同じで、端末ごとの差は説明済み'
      : `端末と差 ${signedJa(differenceYen)}（説明済み）`;
  }
  if (!terminal.isDifferent) return '端末と一致';
  if (differenceYen === 0) return '端末と合計は同じで内訳に差があります';
  return `端末と差 ${signedJa(differenceYen)}`;
}

/** Why there is nothing beside our record of the day yet. */
export function whyNoTotals({
  waitingCounters,
  ours,
}: Pick<MorningFacts, 'waitingCounters' | 'ours'>): string {
  if (waitingCounters.length > 0) return '締めを待っています';
  // Closed, and not compared for some minutes, or as long as comparing fails.
  return ours.count > 0 ? 'まだ比べていません' : '締めはありません';
}

const besideNext = ({ afterClosing }: MorningFacts): string =>
  afterClosing.count === 0 ? '' : `（締めのあとの ${sumJa(afterClosing)}は、次の締めで比べます）`;

const signedJa = (yen: number): string => `${yen > 0 ? '+' : '−'}${yenJa(Math.abs(yen))}`;
