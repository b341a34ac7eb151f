/** A button that has just appeared under the finger is not pressed by the touch meant for the one before it. */
import { useEffect, useRef } from 'react';

const SETTLE_MS = 600;

/**
 * Nothing is charged by a `touch` on a fee: only a result that has just appeared is kept from being swept away, and a
 * deliberate touch shows that the new face has been seen.
 * @param isHarmless a touch on this face may come at once
 */
export function useSettled(
  face: string,
  isHarmless = false,
): { whenSettled: (act: () => void) => void; touch: (act: () => void) => void } {
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) shownAt.current = performance.now();
    first.current = false;
  }, [face]);
  const whenSettled = (act: () => void): void => {
    if (performance.now() - shownAt.current >= SETTLE_MS) act();
  };
  return {
    whenSettled,
    touch(act) {
      const touched = (): void => {
        act();
        shownAt.current = Number.NEGATIVE_INFINITY;
      };
      if (isHarmless) touched();
      else whenSettled(touched);
    },
  };
}
