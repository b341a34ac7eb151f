/** A closing as the 出納員 goes through it: what is open, 点検, 締め, and what came of it. */
import { useEffect, useState } from 'react';
import type { Check } from '../../closing/check.ts';
import type { RecordedClosing } from '../../closing/closing.ts';
import type { ComparedDay } from '../../closing/comparison.ts';
import type { ClosingState } from '../../closing/state.ts';
import { nameOfTerminal, type TerminalNames } from '../../terminal/offer.ts';
import { Unreachable, type Answer, type Refusal } from '../shared/api.ts';
import { formatTime } from '../shared/format.ts';
import { checkTerminals, closeDay, readClosingState } from './service.ts';

export type ClosingStep =
  | { at: 'ready'; message: string | null }
  | { at: 'checking' }
  /** Nothing explains the difference: nothing was settled, and a reason is wanted. */
  | { at: 'differs'; message: string }
  | { at: 'second_person'; note: string }
  | { at: 'closing' }
  /** The service has not answered; `asked`: how the days stood when it was asked. */
  | { at: 'unanswered'; asked: ClosingState | null }
  | { at: 'done'; closing: RecordedClosing };

export interface ClosingDesk {
  /** Null: not read yet. */
  state: ClosingState | null;
  step: ClosingStep;
  /** What is known of a closing that the service has not answered; null: there is none. */
  unanswered: string | null;
  /** What was compared last; null: nothing yet. */
  compared: (ComparedDay & Partial<Pick<Check, 'unread'>>) | null;
  check: () => Promise<void>;
  /** Asks for the second person first, where one is needed. */
  close: (note: string) => Promise<void>;
  closeWith: (note: string, second: { number: string; pin: string }) => Promise<Answer<unknown>>;
  goBack: () => void;
}

const NO_ANSWER = 'サービスの答えがありません。';
const NOT_CHECKED = `${NO_ANSWER}点検は済んでいません。`;
const NOT_KNOWN_YET = `${NO_ANSWER}締めが残ったかどうかは、サービスが戻ると、ここに出ます。自動でつなぎ直しています。`;
const NOT_CLOSED = 'サービスが途中で止まりました。締めは残していません。もう一度締めてください。';

const LATER = '今日のうちに締められないときは、次の日に、画面の上の案内からこの日を締められます。';

export function useClosing(
  { businessDate, today, isCutOff }: { businessDate: string; today: string; isCutOff: boolean },
  names: TerminalNames,
): ClosingDesk {
  const state = useClosingState(isCutOff);
  const [step, setStep] = useState<ClosingStep>({ at: 'ready', message: null });
  const [compared, setCompared] = useState<ClosingDesk['compared']>(null);

  const take = (answer: Answer<RecordedClosing>): void => {
    if (answer.ok) {
      setStep({ at: 'done', closing: answer.value });
      return;
    }
    const { code, details, message } = answer.refusal;
    if (code === 'closing_differs') {
      setCompared(details as unknown as ComparedDay);
      setStep({ at: 'differs', message });
      return;
    }
    setStep({ at: 'ready', message: whyOpen(answer.refusal, names) + (businessDate === today ? LATER : '') });
  };
  /** Undefined: the service has not answered. */
  const ask = async <T>(act: () => Promise<T>, otherwise: ClosingStep): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setStep(otherwise);
      return undefined;
    }
  };
  const order = (rest: Omit<Parameters<typeof closeDay>[0], 'businessDate'>) =>
    ask(() => closeDay({ businessDate, ...rest }), { at: 'unanswered', asked: state });

  return {
    state,
    step,
    unanswered: step.at === 'unanswered' ? becameOf(businessDate, step.asked, state) : null,
    compared,
    async check() {
      setStep({ at: 'checking' });
      const answer = await ask(checkTerminals, { at: 'ready', message: NOT_CHECKED });
      if (answer === undefined) return;
      if (answer.ok) setCompared(answer.value);
      setStep({ at: 'ready', message: answer.ok ? null : answer.refusal.message });
    },
    async close(note) {
      // What a 点検 has said is of an earlier moment; what is asked about a difference stays.
      if (note === '') setCompared(null);
      const isForTwo = state?.needsSecondPerson === true;
      setStep(isForTwo ? { at: 'second_person', note } : { at: 'closing' });
      const answer = isForTwo ? undefined : await order({ note });
      if (answer !== undefined) take(answer);
    },
    async closeWith(note, second) {
      const answer = await order({ note, second });
      if (answer === undefined) return { ok: true, value: undefined };
      // A wrong PIN is told where it was typed; what the terminals say, beside their totals.
      const isAboutPerson = !answer.ok && PERSON.has(answer.refusal.code);
      if (!isAboutPerson) take(answer);
      return answer;
    },
    goBack: () => setStep({ at: 'ready', message: null }),
  };
}

/** Why a day stays open. The terminal's own reason says what became of its totals; without one, the refusal does. */
function whyOpen({ details, message }: Refusal, names: TerminalNames): string {
  const { because, terminal } = details;
  const why = typeof because === 'string' ? `${because}締めは残していません。` : message;
  return typeof terminal === 'string' ? `${nameOfTerminal(names, terminal)}：${why}` : why;
}

/** What became of a closing, by how the days stood before it and stand now. */
function becameOf(businessDate: string, asked: ClosingState | null, now: ClosingState | null): string {
  if (now === null || now === asked) return NOT_KNOWN_YET;
  const { last } = now;
  if (last?.businessDate !== businessDate || last.at === asked?.last?.at) return NOT_CLOSED;
  return `締めは残っています（${formatTime(last.at)}）。控えは、下のボタンから印刷できます。`;
}

const PERSON: ReadonlySet<string> = new Set([
  ...['wrong_pin', 'locked_out', 'same_person', 'second_person_role', 'too_many_guesses'],
]);

/** How the days stand: as it was when the dialog was opened, and with each other `round`. */
export function useClosingState(round: unknown = null): ClosingState | null {
  const [state, setState] = useState<ClosingState | null>(null);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await readClosingState();
        if (!isGone && answer.ok) setState(answer.value);
      } catch (error) {
        // Whoever presses 締める is told that the service is out of reach.
        if (!(error instanceof Unreachable)) throw error;
      }
    };
    void ask();
    return () => {
      isGone = true;
    };
  }, [round]);
  return state;
}
