/** Who is at the office's screen: the name with what belongs to it, and a lock when nobody is there. */
import { useEffect, useState } from 'react';
import {
  Button,
  FieldError,
  Form,
  Input,
  Label,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  TextField,
} from 'react-aria-components';
import { refusalTo, Unreachable } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { textOf } from '../shared/form.ts';
import { PINS_DIFFER, PinTwice } from '../shared/pin-twice.tsx';
import { useIdle } from '../shared/use-idle.ts';
import { changePin, signOut, type OfficeSession } from './service.ts';

const LOCKS_AFTER_MINUTES = 10;

/** Signs out where nobody has touched the screen for a while; a trial's page signs in by itself. */
export function useOfficeLock(book: OfficeSession['book'] | undefined, onSignedOut: () => void): void {
  const { isIdle, wake } = useIdle(book === undefined || book === 'trial' ? null : LOCKS_AFTER_MINUTES);
  useEffect(() => {
    if (!isIdle) return;
    void endSession().then(() => {
      wake();
      onSignedOut();
    });
  });
}

export function Account(props: { name: string; onSignedOut: () => void }) {
  const [changing, setChanging] = useState(false);
  return (
    <>
      <MenuTrigger>
        <Button className="bar-button">{props.name}</Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu">
            <MenuItem className="menu-item" onAction={() => setChanging(true)}>
              暗証番号を変える
            </MenuItem>
            <MenuItem className="menu-item" onAction={() => void endSession().then(props.onSignedOut)}>
              サインアウト
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {changing && <PinDialog onClose={() => setChanging(false)} />}
    </>
  );
}

async function endSession(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    // Out of reach: the next question finds that out, and says so.
    if (!(error instanceof Unreachable)) throw error;
  }
}

const NO_ANSWER =
  'サービスの答えがありません。変わったかどうかは分かりません。新しい暗証番号でサインインできるか確かめてください。';

function PinDialog({ onClose }: { onClose: () => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(fields: FormData): Promise<void> {
    const [old, pin, again] = ['old', 'pin', 'again'].map((name) => textOf(fields, name));
    if (pin !== again) {
      setMessage(PINS_DIFFER);
      return;
    }
    setBusy(true);
    const refused = await refusalTo(() => changePin(old ?? '', pin ?? ''), NO_ANSWER);
    setBusy(false);
    setMessage(refused);
    if (refused === null) onClose();
  }
  return (
    <DialogFrame title="暗証番号を変える" role="alertdialog" onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <p className="form-note">変えると、ほかの画面のサインインは終わります。窓口には1分ほどで届きます。</p>
        <TextField name="old" type="password" isRequired autoFocus autoComplete="current-password">
          <Label>いまの暗証番号</Label>
          <Input />
          <FieldError>いまの暗証番号を入れてください。</FieldError>
        </TextField>
        <PinTwice label="新しい暗証番号" isRequired />
        <FormEnd message={message} busy={busy} submit="変える" onClose={onClose} />
      </Form>
    </DialogFrame>
  );
}
