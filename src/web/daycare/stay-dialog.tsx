/** A child put on the list, or what is known of one changed. */
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import type { DropReason, StayEntry, StayView } from '../../daycare/daycare.ts';
import type { PricedItem, PricingDay } from '../../fees/pricing.ts';
import { Unreachable } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { addStay, changeStay, dropStay } from './service.ts';
import { CareFields, EntryCharge, LabelField, TimeFields } from './stay-fields.tsx';
import { DROP_WORDS } from './stay-words.ts';

interface StayDialogProps {
  /** Null: a new one. */
  stay: StayView | null;
  begin: StayEntry;
  items: readonly PricedItem[];
  pricing: PricingDay;
  onSaved: (stay: StayView) => void;
  /** The same child on another day. */
  onAnotherDay: (draft: StayEntry) => void;
  onDropped: (id: string) => void;
  onClose: () => void;
}

const NO_ANSWER =
  'サービスの答えがありません。残ったかどうか分かりません。閉じて一覧を確かめてから、入れ直してください。';

export function StayDialog(props: StayDialogProps) {
  const { stay, begin, items, pricing } = props;
  const [entry, setEntry] = useState<StayEntry>(begin);
  const [message, setMessage] = useState<string | null>(null);
  const [dropping, setDropping] = useState(false);
  const set = (changes: Partial<StayEntry>): void => setEntry((known) => ({ ...known, ...changes }));
  const save = async (): Promise<void> => {
    const told = await tryTo(async () => {
      const answer = await (stay === null ? addStay(entry) : changeStay(stay.id, changesOf(entry)));
      if (!answer.ok) return answer.refusal.message;
      props.onSaved(answer.value);
      return null;
    });
    if (told === null) props.onClose();
    else setMessage(told);
  };
  if (dropping && stay !== null) {
    return <DropDialog {...props} stay={stay} onBack={() => setDropping(false)} />;
  }
  const isComplete = hasAll(entry);
  return (
    <DialogFrame
      title={stay === null ? '子どもを加える' : (stay.label ?? '未収の預かり')}
      onClose={props.onClose}
    >
      <Form
        className="form entry stay-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) void save();
        }}
      >
        {entry.label !== null && (
          <LabelField value={entry.label} isNew={stay === null} onChange={(label) => set({ label })} />
        )}
        <CareFields entry={entry} items={items} pricing={pricing} onChange={set} />
        <TimeFields entry={entry} pricing={pricing} onChange={set} />
        <EntryCharge entry={entry} items={items} pricing={pricing} />
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          {stay !== null && (
            <ExistingActs
              hasLabel={stay.label !== null}
              onDrop={() => setDropping(true)}
              onAnotherDay={() => props.onAnotherDay({ ...entry, caredOn: '' })}
            />
          )}
          <Button className="button" onPress={props.onClose}>
            やめる
          </Button>
          <Button className="button primary" type="submit" isDisabled={!isComplete}>
            {stay === null ? '一覧に加える' : '変更する'}
          </Button>
        </div>
      </Form>
    </DialogFrame>
  );
}

const hasAll = ({ care, arrivedAt, caredOn, label }: StayEntry): boolean =>
  care !== '' && arrivedAt !== '' && caredOn !== '' && label?.trim() !== '';

function ExistingActs(props: { hasLabel: boolean; onDrop: () => void; onAnotherDay: () => void }) {
  return (
    <>
      <Button className="quiet stay-drop" onPress={props.onDrop}>
        一覧から外す
      </Button>
      {props.hasLabel && (
        <Button className="button" onPress={props.onAnotherDay}>
          別の日を加える
        </Button>
      )}
    </>
  );
}

/** An erased label can't be sent, and does not come back. */
function changesOf({ label, ...rest }: StayEntry): Partial<StayEntry> {
  return label === null ? rest : { label, ...rest };
}

/** What became of it is on record; whose it was is not. */
function DropDialog(props: StayDialogProps & { stay: StayView; onBack: () => void }) {
  const { stay } = props;
  const [message, setMessage] = useState<string | null>(null);
  const drop = async (reason: DropReason): Promise<void> => {
    const told = await tryTo(async () => {
      const answer = await dropStay(stay.id, reason);
      return answer.ok ? null : answer.refusal.message;
    });
    if (told === null) {
      props.onDropped(stay.id);
      props.onClose();
    } else setMessage(told);
  };
  return (
    <DialogFrame title={`${stay.label ?? '未収の預かり'}を一覧から外す`} onClose={props.onBack}>
      <p>代金は受け取りません。呼び名は消え、日付・区分・時刻・金額と理由だけが記録に残ります。</p>
      <div className="drop-reasons">
        {(Object.entries(DROP_WORDS) as [DropReason, string][]).map(([reason, word]) => (
          <Button key={reason} className="button" onPress={() => void drop(reason)}>
            {word}
          </Button>
        ))}
      </div>
      <p className="form-error" role="alert">
        {message}
      </p>
      <div className="dialog-actions">
        <Button className="button" onPress={props.onBack}>
          戻る
        </Button>
      </div>
    </DialogFrame>
  );
}

async function tryTo(act: () => Promise<string | null>): Promise<string | null> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Unreachable) return NO_ANSWER;
    throw error;
  }
}
