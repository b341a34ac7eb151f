/**
 * The night's work, and the nights that were missed: at start-up and every night, everything that is due.
 *
 * Nothing is kept about which night has run: what is due is asked of the database, so that a PC that was off at three
 * in the morning, a crash in the middle and a second office beside it all come to the same result.
 */
import { schedule, setLogger } from 'node-cron';
import type { Logger } from 'pino';

/** After midnight, so that the day is over, and before anyone is in the office. */
const EVERY_NIGHT = '0 3 * * *';

export interface Nightly {
  /** Does now what the night would do; one at a time. Rejects as the work does. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when what is running has ended. */
  stop(): Promise<void>;
}

/** Runs `work` at once and every night at 03:00 in Asia/Tokyo; what fails is logged and tried again next time. */
export function startNightly(work: () => Promise<unknown>, log: Logger): Nightly {
  setLogger({
    info: (message) => log.debug(message),
    debug: (message) => log.debug(message),
    warn: (message) => log.warn(message),
    error: (message, error) => log.error({ err: error ?? message }, 'nightly'),
  });
  let running: Promise<unknown> = Promise.resolve();
  const run = <Result>(next: () => Promise<Result>): Promise<Result> => {
    const result = running.then(next);
    running = result.catch(() => undefined);
    return result;
  };
  const attempt = async (): Promise<void> => {
    try {
      await run(work);
    } catch (error) {
      log.error({ err: error }, 'the nightly work failed; it is due again next time');
    }
  };
  const task = schedule(EVERY_NIGHT, attempt, { timezone: 'Asia/Tokyo', noOverlap: true, name: 'nightly' });
  void attempt();
  return {
    run,
    async stop() {
      await task.destroy();
      await running;
    },
  };
}
