/** One question of a terminal without a link: what is entered, and how it is sent. Another question begins anew. */
import { useState } from 'react';
import type { OpenPrompt } from '../../live.ts';
import { refusalTo } from '../shared/api.ts';
import {
  EMPTY_DRAFT,
  entryOf,
  fieldsOf,
  isWhole,
  reduceDraft,
  type Draft,
  type DraftAction,
} from './draft.ts';
import { answerPrompt } from './service.ts';
import { useSettled } from './use-settled.ts';

export interface Question {
  open: OpenPrompt;
  draft: Draft;
  change: (action: DraftAction) => void;
  /** Does nothing while something is missing. */
  send: () => void;
  /** It is on its way. */
  busy: boolean;
  /** Why it was not taken, for the clerk. */
  message: string | null;
}

/** A question is answered once: pressing again after silence records nothing twice. */
const NO_ANSWER =
  'サービスの答えがありません。記録されたかどうか分かりません。もう一度押してください。同じ答えが二重に記録されることはありません。';

export function useQuestion(open: OpenPrompt | undefined): Question | null {
  const [state, setState] = useState({ of: '', ...NOTHING_ENTERED });
  const { draft, busy, message } = state.of === open?.id ? state : NOTHING_ENTERED;
  const { whenSettled } = useSettled(`${open?.id ?? ''} ${draft.outcome ?? ''}`);
  if (open === undefined) return null;

  const set = (change: Partial<typeof NOTHING_ENTERED>): void => {
    setState({ of: open.id, draft, busy, message, ...change });
  };
  const change = (action: DraftAction): void => {
    const act = (): void => set({ draft: reduceDraft(open.prompt, draft, action), message: null });
    if (busy) return;
    if (action.type === 'outcome_chosen') whenSettled(act);
    else act();
  };
  async function send({ id, terminal, prompt }: OpenPrompt): Promise<void> {
    set({ busy: true, message: null });
    const refused = await refusalTo(() => answerPrompt(terminal, id, entryOf(prompt, draft)), NO_ANSWER);
    // Taken: the stream tells what comes next, and this question goes with it.
    if (refused !== null) set({ busy: false, message: refused });
  }
  return {
    open,
    draft,
    change,
    send: () => {
      const act = (): void => void send(open);
      if (busy || !isWhole(open.prompt, draft)) return;
      if (fieldsOf(open.prompt, draft).length === 0) whenSettled(act);
      else act();
    },
    busy,
    message,
  };
}

const NOTHING_ENTERED: { draft: Draft; busy: boolean; message: string | null } = {
  draft: EMPTY_DRAFT,
  busy: false,
  message: null,
};
