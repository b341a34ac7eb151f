/** The counter's screen, put together. What its parts show is decided by `sale.ts`, `live.ts` and `step.ts`. */
import { useEffect, useEffectEvent, useReducer, useState, type Dispatch } from 'react';
import { tokyoDate } from '../shared/format.ts';
import { useStays } from '../daycare/use-stays.ts';
import { useNow } from '../shared/use-now.ts';
import { useRemembered } from '../shared/use-remembered.ts';
import { Board } from './board.tsx';
import { useClerkSwitch } from './clerk-switch.tsx';
import { CounterDialogs, type OpenDialog } from './counter-dialogs.tsx';
import { FirstSale } from './first-sale.tsx';
import type { LiveEvent, LiveState } from './live.ts';
import { MorningBars } from './opening-bar.tsx';
import { createSale, reduceSale, type Sale, type SaleAction } from './sale.ts';
import { SaleFace } from './sale-face.tsx';
import { StatusBar } from './status-bar.tsx';
import { boardRests, type PayStep } from './step.ts';
import { StopBars } from './stop-bars.tsx';
import { recallPending, useDelivery, useMissingPayment } from './use-delivery.ts';
import { recallCounting } from './use-counting.ts';
import { useCounterKeys } from './use-counter-keys.ts';
import { useLive } from './use-live.ts';
import type { Reference } from './use-reference.ts';
import { useRegister, type Register, type ScreenState } from './use-register.ts';
import { useScanKeys } from './use-scan-keys.ts';
import { useTicket } from './use-ticket.ts';
import { useResultSounds } from './use-result-sounds.ts';
import { VirtualTerminals } from './virtual-terminals.tsx';

export function Counter(props: { reference: Reference; signedOut: boolean; reload: () => void }) {
  const { reference, reload } = props;
  const { session } = reference;
  const [live, tellLive] = useLive(reload);
  const listen = useScanKeys();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const isWished = dialog?.show === 'sign_in';
  const onClose = (): void => setDialog(null);
  const { isLocked, door } = useClerkSwitch({ ...props, session, live, isWished, onClose });
  const screen = { isLocked, hasDialog: dialog !== null };
  const { sale, dispatch, register } = useSale(reference, live, tellLive, reload, screen);
  const [muted, setMuted] = useRemembered('madoguchi.muted', false);
  const now = useNow(1000);
  const reader = useTicket(sale, register, reference, live, { ...screen, listen, setDialog });
  const { payment, step } = register;
  useReloadAtMidnight(tokyoDate(now), session.today, reload);
  useResultSounds(payment, sale.stage.at === 'basket' ? sale.stage.notice : null, muted);

  const shown = { reference, live, register, now, day: useStays(reference, live.daycare) };
  return (
    <div className="counter">
      <StatusBar
        reference={reference}
        live={live}
        now={now}
        paying={step === 'paying'}
        muted={muted}
        onMute={setMuted}
        onOpen={setDialog}
      />
      <div className="bars">
        <StopBars live={live} session={session} />
        <MorningBars session={session} reload={reload} dialog={dialog} onOpen={setDialog} />
        {session.virtualTerminals.length > 0 && <FirstSale live={live} register={register} />}
      </div>
      <main className="work">
        <Board {...shown} tellLive={tellLive} onOpen={setDialog} door={door} />
        <SaleFace {...shown} onOpen={setDialog} />
      </main>
      {session.virtualTerminals.length > 0 && (
        <VirtualTerminals
          pages={session.virtualTerminals}
          wanted={payment?.terminal.id ?? register.questions.front?.open.terminal ?? null}
          needed={isTerminalNeeded(live, step, door !== null)}
        />
      )}
      <CounterDialogs
        dialog={dialog}
        onOpen={setDialog}
        onClose={onClose}
        reference={reference}
        live={live}
        tellLive={tellLive}
        sale={sale}
        dispatch={dispatch}
        reader={reader}
        now={now}
      />
    </div>
  );
}

/** The sale on the screen, brought to the service and followed there. */
function useSale(
  reference: Reference,
  live: LiveState,
  tellLive: Dispatch<LiveEvent>,
  reload: () => void,
  screen: ScreenState,
): { sale: Sale; dispatch: Dispatch<SaleAction>; register: Register } {
  const [sale, dispatch] = useReducer(reduceSale, reference, openSale);
  const register = useRegister(reference, live, tellLive, sale, dispatch, screen, reload);
  useCounterKeys(register, reference, screen.isLocked);
  const { stage } = sale;
  const { windows } = reference;
  useEffect(() => {
    dispatch({ type: 'windows_given', windows: windows.map(({ code }) => code) });
  }, [windows, stage.at]);
  useDelivery(sale, dispatch, tellLive, reload);
  useMissingPayment(
    stage.at === 'payment' && register.payment === null ? stage.pending.request.id : undefined,
    tellLive,
  );
  return { sale, dispatch, register };
}

/** The sale that a reload has interrupted goes on; otherwise the first window with an empty basket. */
function openSale({ windows }: Reference): Sale {
  const empty = createSale(windows[0]?.code ?? '');
  const pending = recallPending();
  if (pending !== undefined) return reduceSale(empty, { type: 'resumed', pending });
  const request = recallCounting();
  return request === undefined ? empty : reduceSale(empty, { type: 'counting_resumed', request });
}

/** Whoever signs in does so in the place of the fees, where the terminal would stand: it makes way, unless money moves. */
function isTerminalNeeded(live: LiveState, step: PayStep, isDoorOpen: boolean): boolean {
  const isWanted = boardRests(step) || isCutOff(live) || live.prompts.length > 0;
  return isWanted && (!isDoorOpen || step === 'paying');
}

function isCutOff({ terminals }: LiveState): boolean {
  return terminals.length > 0 && terminals.every(({ state }) => state === 'disconnected');
}

/** A new day has new prices. */
function useReloadAtMidnight(date: string, today: string, reload: () => void): void {
  const readAnew = useEffectEvent(reload);
  useEffect(() => {
    if (date > today) readAnew();
  }, [date, today]);
}
