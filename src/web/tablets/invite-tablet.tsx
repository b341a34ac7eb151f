/** One tablet is let in: its name, then the address with the code, and what it has to trust. */
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { TabletInvitation, TabletsView } from '../../tablets/view.ts';
import { call, Unreachable } from '../shared/api.ts';
import { formatTime } from '../shared/format.ts';
import { useNow } from '../shared/use-now.ts';

const NO_ANSWER = 'サービスの答えがありません。少し待って、もう一度押してください。';

export function InviteTablet(props: {
  lan: NonNullable<TabletsView['lan']>;
  invitation: TabletInvitation | null;
  /** Which tablet has used the code before. */
  usedBy: string | null;
  onInvited: (invitation: TabletInvitation | null) => void;
}) {
  const { invitation, usedBy, onInvited } = props;
  const now = useNow(1000);
  if (invitation === null) {
    return <NameTablet told={usedBy && `${usedBy}がつながりました。`} onInvited={onInvited} />;
  }
  if (Date.parse(invitation.until) <= now.getTime()) {
    return <NameTablet told="前の番号は、期限（5分）を過ぎました。" onInvited={onInvited} />;
  }
  return <ShowCode lan={props.lan} invitation={invitation} onAnother={() => onInvited(null)} />;
}

function NameTablet(props: { told: string | null; onInvited: (invitation: TabletInvitation) => void }) {
  const [name, setName] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  async function invite(): Promise<void> {
    try {
      const answer = await call<TabletInvitation>('POST', '/api/tablets', { name: name.trim() });
      if (answer.ok) props.onInvited(answer.value);
      else setMessage(answer.refusal.message);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setMessage(NO_ANSWER);
    }
  }
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      {props.told !== null && (
        <p role="status">
          <b>{props.told}</b>
        </p>
      )}
      <TextField value={name} onChange={setName} autoFocus autoComplete="off" maxLength={20}>
        <Label>つなぐタブレットの名前（例：ひよこ組）</Label>
        <Input />
      </TextField>
      <p className="form-note">
        つないだタブレットでは、職員が自分の番号と暗証番号でサインインして、保育の会計をします。締め・返金・設定は、この画面だけで行います。
      </p>
      <p className="form-error" role="alert">
        {message}
      </p>
      <div className="dialog-actions">
        <Button className="button primary" type="submit" isDisabled={name.trim() === ''}>
          番号を出す
        </Button>
      </div>
    </Form>
  );
}

/** Eight pairs a row: compared by eye with what a tablet shows. */
const inRows = (fingerprint: string): string => fingerprint.replace(/((?:..:){7}..):/g, '$1 ');

function ShowCode(props: {
  lan: NonNullable<TabletsView['lan']>;
  invitation: TabletInvitation;
  onAnother: () => void;
}) {
  const { lan, invitation } = props;
  const [chosen, setChosen] = useState(0);
  const way = invitation.ways[chosen];
  if (way === undefined)
    return <p className="tell">このパソコンのアドレスが分かりません。ネットワークを確かめてください。</p>;
  return (
    <section className="tablets-code" aria-label={`${invitation.name}をつなぐ`}>
      <img src={way.code} width={232} height={232} alt={`${way.url} を開くQRコード`} />
      <div>
        <p>
          <b>{invitation.name}</b>のカメラで読み取るか、次のアドレスを開いて番号を入れます。
        </p>
        <p className="tablets-url">{way.url}</p>
        <p className="tablets-letters">{invitation.code.replace(/(.{4})/, '$1 ')}</p>
        <p className="tablets-note">1台だけに、{formatTime(invitation.until)}まで使えます。</p>
        {invitation.ways.length > 1 && (
          <Button className="quiet" onPress={() => setChosen((chosen + 1) % invitation.ways.length)}>
            開けないときは別のアドレス（{chosen + 1}/{invitation.ways.length}）
          </Button>
        )}
        <Button className="quiet" onPress={props.onAnother}>
          別のタブレットをつなぐ
        </Button>
      </div>
      <div className="tablets-trust">
        <p>
          {lan.isOwn
            ? '初めてのタブレットには警告が出ます。出た画面の「証明書を受け取る」で証明書を入れ、設定に出る指紋が次と同じことを確かめてから、番号を入れてください。'
            : 'タブレットに警告が出たときは、つながずに管理者に知らせてください。市の証明書の指紋は次のとおりです。'}
        </p>
        <p className="tablets-fingerprint">{inRows(lan.fingerprint)}</p>
        {lan.isOwn && (
          <a className="quiet" href="/api/tablets/authority" download="madoguchi.crt">
            証明書をファイルで受け取る（まとめて配るとき）
          </a>
        )}
      </div>
    </section>
  );
}
