/** Whether nobody has touched the screen for a while. */
import { useEffect, useState } from 'react';

const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** @param minutes null: never; `isIdle` stays true until `wake` */
export function useIdle(minutes: number | null): { isIdle: boolean; wake: () => void } {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    if (minutes === null || isIdle) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const restart = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setIsIdle(true), minutes * 60_000);
    };
    restart();
    for (const name of SIGNS_OF_LIFE) window.addEventListener(name, restart, { capture: true });
    return () => {
      clearTimeout(timer);
      for (const name of SIGNS_OF_LIFE) window.removeEventListener(name, restart, { capture: true });
    };
  }, [minutes, isIdle]);
  return { isIdle, wake: () => setIsIdle(false) };
}
