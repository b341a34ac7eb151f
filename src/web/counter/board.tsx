/** The left-hand side: the fees, and what has happened today. Each rests while it must not be touched. */
import type { Dispatch, ReactNode } from 'react';
import type { DayStays } from '../daycare/use-stays.ts';
import { ClearedNotices } from './cleared-notices.tsx';
import type { OpenDialog } from './counter-dialogs.tsx';
import { FeeBoard } from './fee-board.tsx';
import type { LiveEvent, LiveState } from './live.ts';
import { basketOf } from './sale-basket.ts';
import { boardRests, todayRests } from './step.ts';
import { Today } from './today.tsx';
import { sellsStickers, type Reference } from './use-reference.ts';
import type { Register } from './use-register.ts';

export function Board(props: {
  reference: Reference;
  live: LiveState;
  tellLive: Dispatch<LiveEvent>;
  register: Register;
  now: Date;
  day: DayStays | null;
  onOpen: (dialog: OpenDialog) => void;
  /** Stands in the place of the fees; null: they do. */
  door: ReactNode;
}) {
  const { reference, live, register } = props;
  const { sale, step, payment } = register;
  const { door } = props;
  return (
    <div className="board">
      <div className="board-part" inert={boardRests(step) && door === null}>
        {door ?? (
          <FeeBoard
            sale={sale}
            // What is paid is no longer in the basket, although it stands there until the next sale begins.
            basket={step === 'paid' ? [] : basketOf(sale)}
            reference={reference}
            day={props.day}
            now={props.now}
            onChange={register.change}
          />
        )}
      </div>
      <div className="board-part" inert={todayRests(step) && door === null}>
        <ClearedNotices
          payments={live.cleared.filter(({ id }) => id !== payment?.id)}
          reference={reference}
          onSeen={(id) => props.tellLive({ type: 'cleared_seen', id })}
        />
        <Today
          live={live}
          today={reference.session.today}
          now={props.now}
          brandNames={reference.brandNames}
          hasStickers={sellsStickers(reference)}
          isTablet={reference.session.tablet !== null}
          onOpen={props.onOpen}
        />
      </div>
    </div>
  );
}
