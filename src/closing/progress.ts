/** Which terminal a closing is at, for every screen of the counter, also for one that is opened meanwhile. */
import type { ClosingProgress, Live } from '../live.ts';

export interface ClosingWatch {
  at(): ClosingProgress | null;
  tell(progress: ClosingProgress | null): void;
}

/** Nothing is closed yet; each step that differs from the last is published to the screens. */
export function createClosingWatch(live: Live): ClosingWatch {
  let at: ClosingProgress | null = null;
  return {
    at: () => at,
    tell(progress) {
      if (progress === at) return;
      at = progress;
      live.publish('closing', progress);
    },
  };
}
