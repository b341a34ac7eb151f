/** The one-time set-up of an installation, at the office's screen: its first administrator. No password is preset. */
import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { call, refusalTo } from './api.ts';
import { textOf } from './form.ts';

const FIELDS = [
  { name: 'token', label: 'API_TOKEN', help: 'この PC の設定（.env）にある API_TOKEN の値', secret: true },
  { name: 'number', label: '職員番号', help: '数字10桁まで', secret: false },
  { name: 'nameJa', label: '氏名', help: '記録に残る名前', secret: false },
  { name: 'pin', label: '暗証番号', help: '6文字以上。職員番号を含まないもの', secret: true },
  { name: 'again', label: '暗証番号（もう一度）', help: '', secret: true },
] as const;

const NO_ANSWER =
  'サービスの答えがありません。登録されたかもしれません。画面を開き直して、サインインできるか確かめてください。';

export function SetUp({ onSetUp }: { onSetUp: () => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(fields: FormData): Promise<void> {
    const [token, number, nameJa, pin, again] = FIELDS.map(({ name }) => textOf(fields, name));
    if (pin !== again) {
      setMessage('暗証番号が2回とも同じではありません。入れ直してください。');
      return;
    }
    setBusy(true);
    const body = { token, number, nameJa, pin };
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
      {FIELDS.map(({ name, label, help, secret }) => (
        <TextField
          key={name}
          name={name}
          isRequired
          type={secret ? 'password' : 'text'}
          autoComplete={secret ? 'new-password' : 'off'}
        >
          <Label>{label}</Label>
          <Input />
          {help !== '' && <Text slot="description">{help}</Text>}
          <FieldError>{label}を入れてください。</FieldError>
        </TextField>
      ))}
      <p className="form-error" role="alert">
        {message}
      </p>
      <div className="dialog-actions">
        <Button className="button primary" type="submit" isDisabled={busy}>
          管理者を登録する
        </Button>
      </div>
    </Form>
  );
}
