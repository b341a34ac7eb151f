/** Which question stands in the sale's column; the others wait, and never cover a payment. */
import { useState } from 'react';
import type { OpenPrompt } from '../../live.ts';
import type { PaymentView } from '../../payments/view.ts';
import type { Command } from './keys.ts';
import type { LiveState } from './live.ts';
import type { PayStep } from './step.ts';
import { useQuestion, type Question } from './use-question.ts';

export interface FrontQuestion {
  front: Question | null;
  waiting: readonly OpenPrompt[];
  /** Brings one that waits to the front; undefined while money moves, or nobody knows whether it has. */
  bring: ((id: string) => void) | undefined;
  /** Back to the sale, the question waits; undefined where it is about the payment on the screen. */
  putOff: (() => void) | undefined;
  /** A key of the counter, while a question is in front. False: it means what it always does. */
  obey: (command: Command) => boolean;
}

/**
 * A question about what is given back comes over a result too: whoever paid is served, and the clerk has just asked for it.
 * @param screen.comes a question may come by itself: nothing has been rung up, or the clerk has just asked for something
 */
export function useFrontQuestion(
  { prompts, payments }: Pick<LiveState, 'prompts' | 'payments'>,
  payment: PaymentView | null,
  step: PayStep,
  screen: { isLocked: boolean; comes: boolean },
): FrontQuestion {
  const [brought, setBrought] = useState<string | null>(null);
  const [putOff, setPutOff] = useState<readonly string[]>([]);
  const own = prompts.find(({ prompt }) => payment !== null && prompt.operationId === payment.id);
  const isFree = (step === 'ringing' || step === 'paid' || step === 'not_paid') && !screen.isLocked;
  const wanted = prompts.find(({ id }) => id === brought);
  const isOfReturn = ({ prompt: { operationId } }: OpenPrompt): boolean =>
    operationId !== null && (payments.get(operationId)?.kind ?? 'sale') !== 'sale';
  const mayCome = (prompt: OpenPrompt): boolean => (step === 'ringing' ? screen.comes : isOfReturn(prompt));
  const byItself = prompts.find((prompt) => !putOff.includes(prompt.id) && mayCome(prompt));
  const front = useQuestion(isFree ? (wanted ?? byItself) : own);

  const leave = (id: string): void => {
    setBrought(null);
    setPutOff((before) => [...before, id]);
  };
  return {
    front,
    waiting: prompts.filter(({ id }) => id !== front?.open.id),
    bring: isFree ? setBrought : undefined,
    putOff: isFree && front !== null ? () => leave(front.open.id) : undefined,
    obey(command) {
      if (front === null) return false;
      switch (command.do) {
        case 'fee_more': {
          const outcome = front.open.prompt.outcomes[command.index];
          if (front.draft.outcome === null && outcome !== undefined) {
            front.change({ type: 'outcome_chosen', outcome: outcome.code });
          }
          return true;
        }
        case 'primary':
          front.send();
          return true;
        case 'escape':
          if (front.draft.outcome !== null) front.change({ type: 'back' });
          else if (isFree) leave(front.open.id);
          return front.draft.outcome !== null || isFree;
        case 'fee_less':
        case 'last_less':
        case 'method':
        case 'brand':
        case 'cash':
        case 'print':
          return true;
      }
    },
  };
}
