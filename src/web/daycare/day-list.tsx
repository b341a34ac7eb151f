/** 今日の預かり: who is here, who has been picked up, who has paid. One touch at pick-up rings everything up. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { classesOf } from '../../daycare/charge.ts';
import type { StayEntry, StayView } from '../../daycare/daycare.ts';
import { tokyoTime } from '../shared/format.ts';
import { createCharging, type DayListProps } from './charging.ts';
import { StayDialog } from './stay-dialog.tsx';
import { StayRow } from './stay-row.tsx';
import { entryOf, inListOrder, isInBasket } from './stay-words.ts';

/** A dialog that is open: a stay to change, or what a new one begins with. */
type Open = { stay: StayView } | { draft: StayEntry };

export function DayList(props: DayListProps) {
  const { day, pricing } = props;
  const [open, setOpen] = useState<Open | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const charging = createCharging(props, setMessage, (stay) => setOpen({ stay }));
  const classes = classesOf(props.items);
  const { open: here, owed, paid } = inListOrder(day.stays);
  const row = (stay: StayView) => (
    <StayRow
      key={stay.id}
      stay={stay}
      today={pricing.on}
      className={classes.find(({ code }) => code === stay.class)?.nameJa ?? ''}
      charge={charging.chargeNow(stay)}
      inBasket={isInBasket(stay, props.basket)}
      onPickUp={() => charging.pickUp(stay)}
      onTakeOut={() => props.onChange({ type: 'stay_charged', stay: stay.id, lines: [] })}
      onOpen={() => setOpen({ stay })}
    />
  );
  return (
    <section className="day" aria-label="今日の預かり">
      <DayHead
        here={here.filter(({ pickedUpAt }) => pickedUpAt === null).length}
        owed={owed.length}
        canAdd={day.fault === null && classes.length > 0}
        onAdd={() => setOpen({ draft: newStay(props, classes[0]?.code ?? '') })}
      />
      <DayFault fault={day.fault ?? message} hasClasses={classes.length > 0} />
      {!day.isRead && <p className="day-empty">読み込んでいます</p>}
      {day.isRead && day.stays.length === 0 && day.fault === null && classes.length > 0 && (
        <p className="day-empty">
          まだだれもいません。「子どもを加える」で、番号か呼び名を入れて始めます。呼び名はこのパソコンだけに残り、締めると消えます。
        </p>
      )}
      <Group>{here.map(row)}</Group>
      <Group title="未収（呼び名は消してあります）">{owed.map(row)}</Group>
      <Group title="支払いの済んだ預かり">{paid.map(row)}</Group>
      {open !== null && (
        <StayDialog
          key={'stay' in open ? open.stay.id : 'new'}
          stay={'stay' in open ? open.stay : null}
          begin={'stay' in open ? entryOf(open.stay) : open.draft}
          items={props.items}
          pricing={pricing}
          onSaved={(saved) => charging.chargeAnew(saved)}
          onAnotherDay={(draft) => setOpen({ draft })}
          onDropped={(id) => props.onChange({ type: 'stay_charged', stay: id, lines: [] })}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function newStay({ pricing, now }: DayListProps, feeClass: string): StayEntry {
  const times = { arrivedAt: tokyoTime(now), plannedAt: null, pickedUpAt: null };
  return { label: '', caredOn: pricing.on, class: feeClass, care: '', meals: [], ...times };
}

function DayHead(props: { here: number; owed: number; canAdd: boolean; onAdd: () => void }) {
  return (
    <div className="day-head">
      <p>
        預かり中 <b>{props.here}人</b>
        {props.owed > 0 && <span className="day-owed">　未収 {props.owed}件</span>}
      </p>
      <Button className="button primary" isDisabled={!props.canAdd} onPress={props.onAdd}>
        子どもを加える
      </Button>
    </div>
  );
}

function Group({ title, children }: { title?: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <>
      {title !== undefined && <h2 className="day-group">{title}</h2>}
      <ul className="stays">{children}</ul>
    </>
  );
}

function DayFault({ fault, hasClasses }: { fault: string | null; hasClasses: boolean }) {
  const text =
    fault ??
    (hasClasses
      ? null
      : '料金表に預かりの料金がありません（数え方の条件 provides）。「料金から選ぶ」で会計できます。管理者に料金表を確かめてもらってください。');
  return text === null ? null : (
    <p className="tell" role="alert">
      {text}
    </p>
  );
}
