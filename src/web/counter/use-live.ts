/** The stream of what happens, opened again whenever it breaks. */
import { useEffect, useEffectEvent, useReducer, type Dispatch } from 'react';
import type { Changes, Snapshot } from '../../live.ts';
import { screenId, screenName } from '../shared/screen.ts';
import { NOTHING_YET, reduceLive, type LiveEvent, type LiveState } from './live.ts';

const REOPEN_AFTER_MS = 2_000;

/** `onBreak` is called at every break, so that somebody may look whether the log-in has run out. */
export function useLive(onBreak: () => void): [LiveState, Dispatch<LiveEvent>] {
  const [state, dispatch] = useReducer(reduceLive, NOTHING_YET);
  const noteBreak = useEffectEvent(onBreak);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let close = openStream(dispatch, reopen);
    function reopen(): void {
      noteBreak();
      timer = setTimeout(() => {
        close = openStream(dispatch, reopen);
      }, REOPEN_AFTER_MS);
    }
    return () => {
      clearTimeout(timer);
      close();
    };
  }, []);
  return [state, dispatch];
}

/** What is told under each name, as an event of the reducer. */
type Told = Changes & { snapshot: Snapshot };
const TAKE: { [Name in keyof Told]: (value: Told[Name]) => LiveEvent } = {
  snapshot: (snapshot) => ({ type: 'snapshot', snapshot }),
  payment: (payment) => ({ type: 'payment', payment }),
  counted: (counted) => ({ type: 'counted', counted }),
  progress: (reached) => ({ type: 'progress', reached }),
  prompts: (prompts) => ({ type: 'prompts', prompts }),
  terminal: (terminal) => ({ type: 'terminal', terminal }),
  record: (record) => ({ type: 'record', record }),
  clock: (clock) => ({ type: 'clock', clock }),
  scan: (scan) => ({ type: 'scanned', scan }),
  daycare: (daycare) => ({ type: 'daycare', daycare }),
  turns: (turns) => ({ type: 'turns', turns }),
  closing: (closing) => ({ type: 'closing', closing }),
};

/** The stream says which screen it is, so that the others know who has the terminal and who waits. */
function streamAddress(): string {
  return `/api/events?${new URLSearchParams({ screen: screenId(), name: screenName() }).toString()}`;
}

function openStream(dispatch: Dispatch<LiveEvent>, onLost: () => void): () => void {
  const source = new EventSource(streamAddress());
  const listen = <Name extends keyof Told>(name: Name, take: (value: Told[Name]) => LiveEvent): void => {
    source.addEventListener(name, ({ data }: MessageEvent<string>) => {
      dispatch(take(JSON.parse(data) as Told[Name]));
    });
  };
  listen('snapshot', TAKE.snapshot);
  listen('payment', TAKE.payment);
  listen('counted', TAKE.counted);
  listen('progress', TAKE.progress);
  listen('prompts', TAKE.prompts);
  listen('terminal', TAKE.terminal);
  listen('record', TAKE.record);
  listen('clock', TAKE.clock);
  listen('scan', TAKE.scan);
  listen('daycare', TAKE.daycare);
  listen('turns', TAKE.turns);
  listen('closing', TAKE.closing);
  // The browser's own reconnecting gives up on some errors; ours does not.
  source.addEventListener('error', () => {
    source.close();
    dispatch({ type: 'lost' });
    onLost();
  });
  return () => source.close();
}
