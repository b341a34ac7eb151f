/**
 * The life of one process, as the world sees it: its effects. Everything that the process does to the world goes
 * through here, so that it can be ended before or after any effect, and from then on does nothing at all.
 */
import type { Owner } from '../../scripts/virtual/time.ts';

/** The six ports. */
export type PortName = 'journal' | 'line' | 'database' | 'clock' | 'files' | 'http';

/** A moment at which a process may die. */
export interface Moment {
  port: PortName;
  what: string;
  when: 'before' | 'after';
}

export interface Life extends Owner {
  /** An effect that is done when it returns. @throws Death */
  does<T>(port: PortName, what: string, act: () => T): T;
  /** An effect that takes time. Never settles once the process is dead. */
  doesLater<T>(port: PortName, what: string, act: () => Promise<T>): Promise<T>;
  /** SIGKILL. */
  end(): void;
}

/** Unwinds what was running when its process died; nobody may take it for a fault of the program. */
export class Death extends Error {
  override readonly name = 'Death';
}

/**
 * @param onMoment told of every moment; true: the process dies now
 * @param onEnd the world's part of a death: lines and files are let go
 */
export function createLife(name: string, onMoment: (moment: Moment) => boolean, onEnd: () => void): Life {
  const pass = (port: PortName, what: string, when: Moment['when']): void => {
    if (!life.isGone && onMoment({ port, what, when })) life.end();
    if (life.isGone) throw new Death();
  };
  const life: Life = {
    name,
    isGone: false,
    does(port, what, act) {
      pass(port, what, 'before');
      const done = act();
      pass(port, what, 'after');
      return done;
    },
    async doesLater(port, what, act) {
      try {
        pass(port, what, 'before');
        const done = await act();
        pass(port, what, 'after');
        return done;
      } catch (error) {
        if (life.isGone) return new Promise<never>(() => undefined);
        throw error;
      }
    },
    end() {
      if (life.isGone) return;
      life.isGone = true;
      onEnd();
    },
  };
  return life;
}
