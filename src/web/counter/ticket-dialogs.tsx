/** Reading a charge ticket by hand, and cancelling one. */
import { useState, type Dispatch } from 'react';
import { Form, Label, TextArea, TextField } from 'react-aria-components';
import { CANCEL_REASON_NAMES, CANCEL_REASONS, type CancelReason } from '../../tickets/reasons.ts';
import { refusalTo } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FieldFault } from '../shared/field-fault.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import type { SaleAction } from './sale.ts';
import { cancelTicket } from './service.ts';
import type { TicketReader } from './use-ticket.ts';

export type TicketDialogName = { show: 'ticket' } | { show: 'cancel_ticket'; reference: string };

export function TicketDialogs(props: {
  dialog: TicketDialogName;
  reader: TicketReader;
  dispatch: Dispatch<SaleAction>;
  onClose: () => void;
}) {
  const { dialog, reader, dispatch, onClose } = props;
  if (dialog.show === 'ticket') return <TicketDialog {...reader} onClose={onClose} />;
  return (
    <CancelTicketDialog
      reference={dialog.reference}
      onDone={() => {
        dispatch({ type: 'ticket_removed' });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

/** For a ticket that no scanner reads: its text, typed or pasted. */
function TicketDialog(props: {
  take: (text: string) => Promise<string | null>;
  busy: boolean;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  return (
    <DialogFrame title="会計票を読む" onClose={props.onClose}>
      <p>スキャナーで読み取ると、この画面を開かなくても会計に入ります。</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void props.take(text.trim()).then((found) => {
            if (found === null) props.onClose();
            else setFault(found);
          });
        }}
      >
        <TextField value={text} onChange={setText} autoFocus isRequired maxLength={3000}>
          <Label>コードの文字（MDG1. で始まります）</Label>
          <TextArea rows={4} />
          <FieldFault />
        </TextField>
        <FormEnd message={fault} busy={props.busy} submit="読み取る" onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}

const NO_ANSWER = 'サービスの答えがありません。取り消せたかどうか分かりません。もう一度押してください。';

/** It will not be paid: who says so and why. */
function CancelTicketDialog(props: { reference: string; onDone: () => void; onClose: () => void }) {
  const [reason, setReason] = useState<CancelReason>('withdrawn');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  async function cancel(): Promise<void> {
    setBusy(true);
    const found = await refusalTo(
      () => cancelTicket(props.reference, { reason, note: note.trim() }),
      NO_ANSWER,
    );
    setBusy(false);
    setFault(found);
    if (found === null) props.onDone();
  }
  return (
    <DialogFrame title={`会計票 ${props.reference} を取り消す`} onClose={props.onClose}>
      <p>取り消した会計票は、もう使えません。代金は引かれていません。</p>
      <Form
        className="form entry"
        onSubmit={(event) => {
          event.preventDefault();
          void cancel();
        }}
      >
        <fieldset className="choices">
          <legend>理由</legend>
          {CANCEL_REASONS.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="reason"
                checked={reason === each}
                autoFocus={each === 'withdrawn'}
                onChange={() => setReason(each)}
              />
              {CANCEL_REASON_NAMES[each]}
            </label>
          ))}
        </fieldset>
        <TextField value={note} onChange={setNote} isRequired={reason === 'other'} maxLength={200}>
          <Label>{reason === 'other' ? '理由の説明' : '説明（なくてもよい）'}</Label>
          <TextArea rows={2} />
          <FieldFault />
        </TextField>
        <FormEnd message={fault} busy={busy} submit="取り消す" onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}
