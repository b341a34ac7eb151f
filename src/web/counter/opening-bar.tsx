/** In the morning: the 出納員 opens the counter; everybody else reads who has to. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { refusalTo } from '../shared/api.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import { ForgottenBar } from './forgotten-bar.tsx';
import { openCounter } from './service.ts';
import type { Session } from './session.ts';

const NO_ANSWER = 'サービスの答えがありません。少し待って、もう一度押してください。';

/** A day that nobody has closed, and one that nobody has opened. */
export function MorningBars(props: {
  session: Session;
  reload: () => void;
  dialog: OpenDialog;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { session, reload, dialog, onOpen } = props;
  return (
    <>
      {session.tablet === null && <ForgottenBar session={session} round={dialog === null} onOpen={onOpen} />}
      {!session.isOpen && <OpeningBar session={session} reload={reload} />}
    </>
  );
}

function OpeningBar({ session, reload }: { session: Session; reload: () => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const isTablet = session.tablet !== null;
  const mayOpen = !isTablet && session.clerk.roles.includes('treasurer');
  async function open(): Promise<void> {
    const refused = await refusalTo(openCounter, NO_ANSWER);
    setMessage(refused);
    if (refused === null) reload();
  }
  return (
    <section className="opening-bar" aria-label="窓口を開く">
      <p>
        <b>今日の窓口はまだ開いていません。</b>
        {mayOpen
          ? '開くと、今日の会計を始められます。'
          : isTablet
            ? '出納員が、カウンターの画面で開きます。'
            : '出納員に代わって、窓口を開いてもらってください。'}
      </p>
      <p className="form-error" role="alert">
        {message}
      </p>
      {mayOpen && (
        <Button className="button primary" onPress={() => void open()}>
          窓口を開く
        </Button>
      )}
    </section>
  );
}
