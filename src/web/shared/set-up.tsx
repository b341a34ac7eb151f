/** The one-time set-up of an installation, at the office's screen: its first administrator. No password is preset. */
import { useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { call, refusalTo } from './api.ts';
import { FormEnd } from './form-end.tsx';
import { plainTextOf, STAFF_NUMBER, textOf } from './form.ts';
import { PINS_DIFFER, PinTwice } from './pin-twice.tsx';

const NO_ANSWER =
  'サービスの答えがありません。登録されたかもしれません。画面を開き直して、サインインできるか確かめてください。';

export function SetUp({ onSetUp }: { onSetUp: () => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(fields: FormData): Promise<void> {
    const [nameJa, pin, again] = ['nameJa', 'pin', 'again'].map((name) => textOf(fields, name));
    if (pin !== again) {
      setMessage(PINS_DIFFER);
      return;
    }
    setBusy(true);
    const body = {
      token: textOf(fields, 'token').trim(),
      number: plainTextOf(fields, 'number'),
      ...{ nameJa, pin },
    };
    const refused = await refusalTo(() => call('POST', '/api/setup', body), NO_ANSWER);
    setBusy(false);
    setMessage(refused);
    if (refused === null) onSetUp();
  }

  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <p>
        職員がまだ登録されていません。はじめの管理者を登録してください。ほかの職員は、その人が「職員」の画面で加えます。
      </p>
      <TextField name="token" type="password" isRequired autoFocus autoComplete="off">
        <Label>API_TOKEN</Label>
        <Input />
        <Text slot="description">この PC の設定（.env）にある API_TOKEN の値</Text>
        <FieldError>API_TOKENを入れてください。</FieldError>
      </TextField>
      <div className="number-and-pin">
        <TextField name="number" isRequired autoComplete="off" pattern={STAFF_NUMBER}>
          <Label>職員番号</Label>
          <Input inputMode="numeric" />
          <Text slot="description">数字10桁まで</Text>
          <FieldError>職員番号は数字10桁までです。</FieldError>
        </TextField>
        <TextField name="nameJa" isRequired autoComplete="off" maxLength={40}>
          <Label>氏名</Label>
          <Input />
          <Text slot="description">記録に残る名前</Text>
          <FieldError>氏名を入れてください。</FieldError>
        </TextField>
      </div>
      <PinTwice label="暗証番号" isRequired />
      <FormEnd message={message} busy={busy} submit="管理者を登録する" onClose={undefined} />
    </Form>
  );
}
