/** A closing as the 出納員 goes through it: what is open, 点検, 締め, and what came of it. */
import { useEffect, useState } from 'react';
import type { Check } from '../../closing/check.ts';
import type { RecordedClosing } from '../../closing/closing.ts';
import type { ComparedDay } from '../../closing/comparison.ts';
import type { ClosingState } from '../../closing/state.ts';
import { nameOfTerminal, type TerminalNames } from '../../terminal/offer.ts';
import { Unreachable, type Answer } from '../shared/api.ts';
import { checkTerminals, closeDay, readClosingState } from './service.ts';

export type ClosingStep =
  | { at: 'ready'; message: string | null }
  | { at: 'checking' }
  /** Nothing explains the difference: nothing was settled, and a reason is wanted. */
  | { at: 'differs'; message: string }
  | { at: 'second_person'; note: string }
  | { at: 'closing' }
  | { at: 'done'; closing: RecordedClosing };

export interface ClosingDesk {
  /** Null: not read yet. */
  state: ClosingState | null;
  step: ClosingStep;
  /** What was compared last; null: nothing yet. */
  compared: (ComparedDay & Partial<Pick<Check, 'unread'>>) | null;
  check: () => void;
  /** Asks for the second person first, where one is needed. */
  close: (note: string) => void;
  closeWith: (note: string, second: { number: string; pin: string }) => Promise<Answer<RecordedClosing>>;
  goBack: () => void;
}

const NO_ANSWER =
  'サービスの答えがありません。締めが残ったかどうか分かりません。少し待って、画面を開き直してください。';

export function useClosing(businessDate: string, names: TerminalNames): ClosingDesk {
  const state = useClosingState();
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
    const because = typeof details['because'] === 'string' ? details['because'] : '';
    const id = details['terminal'];
    const terminal = typeof id === 'string' ? `${nameOfTerminal(names, id)}：` : '';
    // The terminal's own reason says what became of its totals; without one, the refusal does.
    const why = because === '' ? message : `${because}締めは残していません。`;
    setStep({ at: 'ready', message: `${terminal}${why}` });
  };
  const answered = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setStep({ at: 'ready', message: NO_ANSWER });
    }
  };

  return {
    state,
    step,
    compared,
    check() {
      setStep({ at: 'checking' });
      void answered(async () => {
        const answer = await checkTerminals();
        if (answer.ok) setCompared(answer.value);
        setStep({ at: 'ready', message: answer.ok ? null : answer.refusal.message });
      });
    },
    close(note) {
      const isForTwo = state?.needsSecondPerson === true;
      setStep(isForTwo ? { at: 'second_person', note } : { at: 'closing' });
      if (isForTwo) return;
      void answered(async () => take(await closeDay({ businessDate, note })));
    },
    async closeWith(note, second) {
      const answer = await closeDay({ businessDate, note, second });
      // A wrong PIN is told where it was typed; what the terminals say, beside their totals.
      const isAboutPerson = !answer.ok && PERSON.has(answer.refusal.code);
      if (!isAboutPerson) take(answer);
      return answer;
    },
    goBack: () => setStep({ at: 'ready', message: null }),
  };
}

const PERSON: ReadonlySet<string> = new Set([
  ...['wrong_pin', 'locked_out', 'same_person', 'second_person_role', 'too_many_guesses'],
]);

/** How the days stand, as it was when the dialog was opened. */
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
