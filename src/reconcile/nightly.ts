/**
 * When the work is done: at start-up and every night what is due (night.ts), and through the day what arrives late. A
 * PC that was off at three in the morning, a crash in the middle and a second office beside it all come to the same
 * result.
 */
import { schedule, setLogger } from 'node-cron';
import type { Logger } from 'pino';

/** After midnight, so that the day is over, and before anyone is in the office. */
const EVERY_NIGHT = '0 3 * * *';
/** A counter's PC that was off brings its closing in the morning; nobody has to ask for it. */
const EVERY_TEN_MINUTES = '*/10 * * * *';

export interface Nightly {
  /** Does now what the night would do; one at a time. Rejects as the work does. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when what is running has ended. */
  stop(): Promise<void>;
}

export interface NightWork {
  /** At start-up and at 03:00 in Asia/Tokyo, on holidays too: somebody may have been at work. */
  night: (cause: 'night' | 'start') => Promise<unknown>;
  /** Whatever has arrived since. */
  late: () => Promise<unknown>;
}

/** What fails is logged and tried again next time. */
export function startNightly({ night, late }: NightWork, log: Logger): Nightly {
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
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await run(work);
    } catch (error) {
      log.error({ err: error }, 'the nightly work failed; it is due again next time');
    }
  };
  const options = { timezone: 'Asia/Tokyo', noOverlap: true };
  const tasks = [
    schedule(EVERY_NIGHT, () => attempt(() => night('night')), { ...options, name: 'nightly' }),
    schedule(EVERY_TEN_MINUTES, () => attempt(late), { ...options, name: 'late' }),
  ];
  void attempt(() => night('start'));
  return {
    run,
    async stop() {
      for (const task of tasks) await task.destroy();
      await running;
    },
  };
}
