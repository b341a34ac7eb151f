/** A terminal that is gone is set aside, and another put in its place: by the 出納員 or an administrator. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { TerminalStatus } from '../../live.ts';
import { KEEPERS } from '../../staff/staff.ts';
import { refusalTo, type Answer } from '../shared/api.ts';
import { setAside, takeBack } from './service.ts';
import type { Session } from './session.ts';

const NO_ANSWER =
  'サービスの答えがありません。端末の表示が変わったかを確かめてから、もう一度押してください。';

export function LostTerminals(props: { session: Session; terminals: readonly TerminalStatus[] }) {
  const mayAct = KEEPERS.some((role) => props.session.clerk.roles.includes(role));
  return (
    <>
      <h3>端末の紛失・故障・交換</h3>
      <p>
        外した端末には支払いを送らず、問い合わせもしません。結果不明の支払いは結果不明のまま残り、決済会社の明細か2人の確認で決めます。締めは、その端末の合計なしで行えます。
        {!mayAct && '出納員か管理者に代わると、ここで外せます。'}
      </p>
      {mayAct && props.terminals.map((terminal) => <OneTerminal key={terminal.id} terminal={terminal} />)}
    </>
  );
}

function OneTerminal({ terminal: { id, nameJa, state } }: { terminal: TerminalStatus }) {
  const [note, setNote] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(act: () => Promise<Answer<unknown>>): Promise<void> {
    setBusy(true);
    setMessage(await refusalTo(act, NO_ANSWER));
    setBusy(false);
    setNote('');
  }
  return (
    <section className="lost-terminal" aria-label={nameJa}>
      {state === 'lost' ? (
        <div className="desk-acts">
          <Button className="button" isDisabled={busy} onPress={() => void run(() => takeBack(id, 'found'))}>
            {nameJa}が戻った（同じ端末を使う）
          </Button>
          <Button
            className="button"
            isDisabled={busy}
            onPress={() => void run(() => takeBack(id, 'replaced'))}
          >
            新しい端末に取り替えた
          </Button>
        </div>
      ) : (
        <>
          <TextField className="field" value={note} onChange={setNote} maxLength={200}>
            <Label>{nameJa}を外す理由</Label>
            <Input />
          </TextField>
          <Button
            className="button"
            isDisabled={busy || note.trim() === ''}
            onPress={() => void run(() => setAside(id, note.trim()))}
          >
            {nameJa}を外す
          </Button>
        </>
      )}
      <p className="form-error" role="alert">
        {message}
      </p>
    </section>
  );
}
