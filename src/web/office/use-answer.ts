/** What the service answers to a question, asked again every minute and on demand. */
import { useEffect, useEffectEvent, useState } from 'react';
import { Unreachable, type Answer } from '../shared/api.ts';

export interface Asked<T> {
  /** The last answer; it stays while a later question goes unanswered. */
  value: T | null;
  /** Why the last question has no answer; null: it has. */
  fault: string | null;
  signedOut: boolean;
  askAgain: () => void;
}

const EVERY_MS = 60_000;
const NO_ANSWER = 'サービスが答えません。表示があれば、前に読んだものです。自動で読み直しています。';

/** `key`: another key is another question; its answer starts empty. `everyMs`: of what costs the service more, seldomer. */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<Answer<T>>,
  everyMs: number = EVERY_MS,
): Asked<T> {
  const [known, setKnown] = useState<{ key: string; value: T } | null>(null);
  const [fault, setFault] = useState<{ message: string; signedOut: boolean } | null>(null);
  const [round, setRound] = useState(0);
  const askNow = useEffectEvent(ask);

  useEffect(() => {
    let wanted = true;
    void answerOf(() => askNow()).then((answer) => {
      if (!wanted) return;
      if (answer.ok) setKnown({ key, value: answer.value });
      setFault(answer.ok ? null : answer);
    });
    const timer = setTimeout(() => setRound((last) => last + 1), everyMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, round, everyMs]);

  return {
    value: known?.key === key ? known.value : null,
    fault: fault?.message ?? null,
    signedOut: fault?.signedOut ?? false,
    askAgain: () => setRound((last) => last + 1),
  };
}

async function answerOf<T>(
  ask: () => Promise<Answer<T>>,
): Promise<{ ok: true; value: T } | { ok: false; message: string; signedOut: boolean }> {
  try {
    const answer = await ask();
    if (answer.ok) return answer;
    const { code, message } = answer.refusal;
    return { ok: false, message, signedOut: code === 'not_signed_in' };
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, message: NO_ANSWER, signedOut: false };
    throw error;
  }
}
