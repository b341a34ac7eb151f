/** At the counter's own screen: letting a tablet in, and cutting one off. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { TabletInvitation, TabletsView } from '../../tablets/view.ts';
import { call, refusalTo, Unreachable, type Answer } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatTimeOrDay } from '../shared/format.ts';
import { InviteTablet } from './invite-tablet.tsx';

const NO_ANSWER = 'サービスの答えがありません。一覧を確かめてから、もう一度押してください。';

/** @param mayKeep what the service's rule for these routes says of whoever is signed in (`staff/access.ts`) */
export function TabletsDialog({ mayKeep, onClose }: { mayKeep: boolean; onClose: () => void }) {
  return (
    <DialogFrame title="タブレットをつなぐ" onClose={onClose}>
      {mayKeep ? <Tablets /> : <ForKeepers />}
      <div className="dialog-actions">
        <Button className="button primary" onPress={onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

function Tablets() {
  const { view, message, read } = useTablets();
  const { invitation, usedBy, setInvitation } = useInvitation(view?.tablets ?? []);
  return (
    <div className="tablets">
      <p className="form-error" role="alert">
        {message}
      </p>
      {view !== null && view.lan === null && <SwitchedOff />}
      {view?.lan != null && (
        <>
          <InviteTablet lan={view.lan} invitation={invitation} usedBy={usedBy} onInvited={setInvitation} />
          <PairedTablets tablets={view.tablets} onChanged={read} />
        </>
      )}
    </div>
  );
}

function ForKeepers() {
  return (
    <p className="tell">
      <b>タブレットをつなぐのは、出納員と管理者です。</b>
      出納員か管理者に頼むか、画面の上の「担当」で交代してから開いてください。
    </p>
  );
}

/** What is shown until a tablet has used it; a code that is used up does not come back when that tablet is cut off. */
function useInvitation(tablets: TabletsView['tablets']) {
  const [invitation, setInvitation] = useState<TabletInvitation | null>(null);
  const [usedBy, setUsedBy] = useState<string | null>(null);
  const isUsed = tablets.some(({ name }) => name === invitation?.name);
  if (invitation !== null && isUsed) {
    setInvitation(null);
    setUsedBy(invitation.name);
  }
  return { invitation: isUsed ? null : invitation, usedBy, setInvitation };
}

function SwitchedOff() {
  return (
    <p className="tell">
      <b>タブレットの受け入れは、切ってあります。</b>
      使うときは、管理者が設定に COUNTER_LAN=8610 のように番号を書き、サービスを起動し直します。
    </p>
  );
}

function PairedTablets({ tablets, onChanged }: { tablets: TabletsView['tablets']; onChanged: () => void }) {
  const [leaving, setLeaving] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  async function end(id: string): Promise<void> {
    const path = `/api/tablets/${encodeURIComponent(id)}/end`;
    setMessage(await refusalTo(() => call('POST', path), NO_ANSWER));
    setLeaving(null);
    onChanged();
  }
  return (
    <section className="tablets-paired" aria-labelledby="tablets-paired">
      <h3 id="tablets-paired">つながっているタブレット</h3>
      <p className="form-error" role="alert">
        {message}
      </p>
      {tablets.length === 0 && <p>まだありません。</p>}
      <ul>
        {tablets.map(({ id, name, pairedBy, pairedAt, lastSeenAt }) => (
          <li key={id}>
            <p>
              <b>{name}</b>
              <span className="tablets-note">
                {lastSeenAt === null
                  ? 'まだ使われていません'
                  : `最後に使った時刻 ${formatTimeOrDay(lastSeenAt)}`}
              </span>
              <span className="tablets-note">
                {pairedBy}が {formatTimeOrDay(pairedAt)} につなぎました
              </span>
            </p>
            {leaving === id ? (
              <div className="tablets-sure">
                <p>切ると、すぐに使えなくなります。</p>
                <Button className="button" onPress={() => setLeaving(null)} autoFocus>
                  やめる
                </Button>
                <Button className="button primary" onPress={() => void end(id)}>
                  {name}を切る
                </Button>
              </div>
            ) : (
              <Button className="button" onPress={() => setLeaving(id)}>
                つながりを切る<span className="unseen">（{name}）</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const LOOKS_EVERY_MS = 2_000;

/** Read again and again while the dialog is open: the tablet that has just been paired is to be seen. */
function useTablets(): { view: TabletsView | null; message: string | null; read: () => void } {
  const [view, setView] = useState<TabletsView | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const read = (): void => setRound((last) => last + 1);
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void readTablets().then((answer) => {
      if (!wanted) return;
      if (answer?.ok === true) setView(answer.value);
      timer = setTimeout(read, LOOKS_EVERY_MS);
      setMessage(answer === undefined ? NO_ANSWER : answer.ok ? null : answer.refusal.message);
    });
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [round]);
  return { view, message, read };
}

async function readTablets(): Promise<Answer<TabletsView> | undefined> {
  try {
    return await call<TabletsView>('GET', '/api/tablets');
  } catch (error) {
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
}
