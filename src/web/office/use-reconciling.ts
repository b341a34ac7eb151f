/** 「今すぐ突合する」: started once at a time, and what came of it in words. */
import { useState } from 'react';
import type { Waiting } from '../../reconcile/view.ts';
import { Unreachable, type Answer } from '../shared/api.ts';

interface Result {
  reconciled: number;
  waiting: Waiting[];
}

export function useReconciling(
  reconcile: () => Promise<Answer<Result>>,
  onDone: () => void,
): { busy: boolean; message: string | null; start: () => void } {
  const [state, setState] = useState<{ busy: boolean; message: string | null }>({
    busy: false,
    message: null,
  });
  async function start(): Promise<void> {
    setState({ busy: true, message: null });
    const message = await messageOf(reconcile);
    setState({ busy: false, message });
    onDone();
  }
  return { ...state, start: () => void start() };
}

async function messageOf(reconcile: () => Promise<Answer<Result>>): Promise<string> {
  try {
    const answer = await reconcile();
    if (!answer.ok) return answer.refusal.message;
    const { reconciled } = answer.value;
    return reconciled === 0
      ? '新しく突合する日はありませんでした。'
      : `${String(reconciled)}件の窓口・日付を突合しました。`;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return 'サービスの答えがありません。突合が済んだかどうかは、少し待って一覧で確かめてください。';
  }
}
