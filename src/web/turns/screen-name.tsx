/** What the other screens call this one: it stands on the tablet itself, so that everybody knows which. */
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { nameScreen, screenName } from '../shared/screen.ts';

export function ScreenName({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState(screenName);
  return (
    <DialogFrame title="この画面の名前" onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          nameScreen(name.trim());
          window.location.reload();
        }}
      >
        <p>
          一台の端末を何台かの画面で使うとき、だれが使っているか、次はだれかを、この名前で伝えます。空にすると番号で呼びます。
        </p>
        <TextField value={name} onChange={setName} autoFocus autoComplete="off" maxLength={20}>
          <Label>名前（例：ひよこ組、タブレット2）</Label>
          <Input />
        </TextField>
        <p className="form-note">画面を開き直します。送っていない会計は消えます。</p>
        <div className="dialog-actions">
          <Button className="button" onPress={onClose}>
            やめる
          </Button>
          <Button className="button primary" type="submit">
            変更する
          </Button>
        </div>
      </Form>
    </DialogFrame>
  );
}
