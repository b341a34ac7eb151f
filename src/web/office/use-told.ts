/** What the service says of something that is being typed: asked once the typing rests, and only the newest answer counts. */
import { useEffect, useEffectEvent, useState } from 'react';
import { Unreachable, type Answer } from '../shared/api.ts';

/** Between the last key and the question. */
const QUIET_MS = 300;
const NO_ANSWER = 'サービスの答えがありません。何も変えていません。';

export type Told<T> = { ok: true; value: T } | { ok: false; message: string };

/** `key`: another key is another question; null: nothing is asked. The last answer stays until the next one is there. */
export function useTold<T>(key: string | null, ask: () => Promise<Answer<T>>): Told<T> | null {
  const [told, setTold] = useState<Told<T> | null>(null);
  const askNow = useEffectEvent(ask);
  useEffect(() => {
    if (key === null) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      void toldOf(() => askNow()).then((answer) => {
        if (wanted) setTold(answer);
      });
    }, QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key]);
  return key === null ? null : told;
}

/** An answer, or why there is none, as a sentence. */
export async function toldOf<T>(ask: () => Promise<Answer<T>>): Promise<Told<T>> {
  try {
    const answer = await ask();
    return answer.ok ? answer : { ok: false, message: answer.refusal.message };
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, message: NO_ANSWER };
    throw error;
  }
}
