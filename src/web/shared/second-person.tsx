/** A second person confirms with number and PIN, typed here and sent with the act itself: no act without the person. */
import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { ROLE_NAMES, type Role } from '../../staff/staff.ts';
import { refusalTo, type Answer } from './api.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { FormEnd } from './form-end.tsx';
import { plainTextOf, textOf } from './form.ts';
import { NumberAndPin } from './sign-in.tsx';

export function SecondPerson(props: {
  /** What is confirmed, as a sentence for the second person. */
  what: string;
  /** What it is about in full, where a sentence is not enough. */
  children?: ReactNode;
  roles: readonly Role[];
  /** Does the act with the second person in its body; a refusal is shown here, and another may try. */
  onConfirm: (second: { number: string; pin: string }) => Promise<Answer<unknown>>;
  onDone: () => void;
  onClose: () => void;
}) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(fields: FormData): Promise<void> {
    setBusy(true);
    const second = { number: plainTextOf(fields, 'number'), pin: textOf(fields, 'pin') };
    const refused = await refusalTo(() => props.onConfirm(second), NO_ANSWER);
    setBusy(false);
    setMessage(refused);
    if (refused === null) props.onDone();
  }

  const names = props.roles.map((role) => ROLE_NAMES[role]).join('・');
  return (
    <DialogFrame title="別の人の確認" role="alertdialog" onClose={props.onClose}>
      <p>{props.what}</p>
      {props.children}
      <p className="form-note">いま操作している人とは別の、{names}の人が入れてください。</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <NumberAndPin />
        <FormEnd message={message} busy={busy} submit="確認しました" onClose={props.onClose} />
      </Form>
    </DialogFrame>
  );
}

const NO_ANSWER =
  'サービスの答えがありません。記録が変わったかどうかは、画面を開き直すまで分かりません。もう一度押す前に確かめてください。';
