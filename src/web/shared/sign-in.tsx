/** Signing in, over whatever is on the screen: a running payment stays where it is. */
import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components';
import { call, Unreachable } from './api.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { textOf } from './form.ts';

/** `onClose` undefined: there is nothing behind it that could be used without signing in. */
export function SignIn(props: { onSignedIn: () => void; onClose: (() => void) | undefined }) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(fields: FormData): Promise<void> {
    setBusy(true);
    setMessage(await trySignIn(textOf(fields, 'name'), textOf(fields, 'token'), props.onSignedIn));
    setBusy(false);
  }

  const { onClose } = props;
  return (
    <DialogFrame title="サインイン" role="alertdialog" onClose={() => onClose?.()}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <TextField name="name" isRequired autoFocus autoComplete="name">
          <Label>お名前</Label>
          <Input />
          <FieldError>お名前を入れてください。</FieldError>
        </TextField>
        <TextField name="token" type="password" isRequired autoComplete="current-password">
          <Label>合言葉（管理者から受け取ったもの）</Label>
          <Input />
          <FieldError>合言葉を入れてください。</FieldError>
        </TextField>
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          {onClose !== undefined && (
            <Button className="button" onPress={onClose}>
              やめる
            </Button>
          )}
          <Button className="button primary" type="submit" isDisabled={busy}>
            サインイン
          </Button>
        </div>
      </Form>
    </DialogFrame>
  );
}

/** Null: signed in. Otherwise what to tell the person. */
async function trySignIn(name: string, token: string, onSignedIn: () => void): Promise<string | null> {
  try {
    const answer = await call<null>('POST', '/api/session', { name, token });
    if (!answer.ok) return answer.refusal.message;
    onSignedIn();
    return null;
  } catch (error) {
    if (error instanceof Unreachable) return 'サービスが答えません。少し待って、もう一度押してください。';
    throw error;
  }
}
