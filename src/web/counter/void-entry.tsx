/** A 取消 that was made on the terminal alone: what its slip says, entered later at the payment that it undid. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { ReturnReason } from '../../payments/return-records.ts';
import type { PaymentView } from '../../payments/view.ts';
import { refusalTo, type Answer } from '../shared/api.ts';
import { formatNumber, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { newId } from '../shared/new-id.ts';
import { Reasons } from './return-reasons.tsx';
import { enterVoid } from './service.ts';
import { isSlipWhole, SlipFields, takenAtOf } from './slip-fields.tsx';

const NO_ANSWER =
  'サービスの答えがありません。記録されたかどうか分かりません。もう一度押してください。二重に記録されることはありません。';

interface VoidEntryProps {
  payment: PaymentView;
  today: string;
  secondPersonFromYen: number;
  onClose: () => void;
}

const AT_REST = { busy: false, message: '', second: false };

/** What is filled in, and sending it: the same id until there is an answer. */
function useVoidEntry({ payment, today, secondPersonFromYen, onClose }: VoidEntryProps) {
  const [facts, setFacts] = useState({ slipNumber: '', date: today, time: '' });
  const [reason, setReason] = useState<ReturnReason | null>(null);
  const [note, setNote] = useState('');
  const [state, setState] = useState(AT_REST);
  const [id] = useState(newId);
  const totalYen = payment.amountYen;
  const send = (second?: { number: string; pin: string }): Promise<Answer<unknown>> =>
    enterVoid(payment.id, {
      ...{ id, totalYen, reason, note: note.trim(), slipNumber: facts.slipNumber },
      ...{ takenAt: takenAtOf(facts), ...(second && { second }) },
    });
  async function press(): Promise<void> {
    if (totalYen >= secondPersonFromYen) {
      setState({ ...AT_REST, second: true });
      return;
    }
    setState({ ...AT_REST, busy: true });
    const refused = await refusalTo(send, NO_ANSWER);
    setState({ ...AT_REST, message: refused ?? '' });
    if (refused === null) onClose();
  }
  const isWhole = isSlipWhole(facts) && reason !== null && (reason !== 'other' || note.trim() !== '');
  const rest = (): void => setState(AT_REST);
  return { facts, setFacts, reason, setReason, note, setNote, state, isWhole, send, press, rest };
}

export function VoidEntry(props: VoidEntryProps) {
  const { payment, today, onClose } = props;
  const { facts, reason, note, state, isWhole, ...form } = useVoidEntry(props);
  const amount = formatYen(payment.amountYen);
  return (
    <div className="give-back-form">
      <p>端末だけで済ませた取消（{amount}）の伝票を見て入れてください。端末には何も送りません。</p>
      <SlipFields facts={facts} today={today} numberLabel="取消の伝票番号" onChange={form.setFacts} />
      <Reasons reason={reason} onChoose={form.setReason} />
      <TextField value={note} onChange={form.setNote} maxLength={200}>
        <Label>内容・連絡したこと{reason === 'other' ? '（必ず書いてください）' : ''}</Label>
        <Input />
      </TextField>
      <p className="form-error" role="alert">
        {state.message}
      </p>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          やめる
        </Button>
        <Button
          className="button primary"
          isDisabled={!isWhole || state.busy}
          onPress={() => void form.press()}
        >
          {amount}の取消を記録する
        </Button>
      </div>
      {state.second && (
        <SecondPerson
          what={`伝票 ${formatNumber(payment.number)} の ${amount} を、端末で取り消してあったと記録します。`}
          roles={['treasurer', 'accounting']}
          onConfirm={form.send}
          onDone={onClose}
          onClose={form.rest}
        />
      )}
    </div>
  );
}
