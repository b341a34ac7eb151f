/** In the morning: the 出納員 opens the counter; everybody else reads who has to. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Unreachable } from '../shared/api.ts';
import { openCounter } from './service.ts';
import type { Session } from './session.ts';

export function OpeningBar({ session, reload }: { session: Session; reload: () => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const mayOpen = session.clerk.roles.includes('treasurer');
  async function open(): Promise<void> {
    const refused = await tryOpening();
    setMessage(refused);
    if (refused === null) reload();
  }
  return (
    <section className="opening-bar" aria-label="窓口を開く">
      <p>
        <b>今日の窓口はまだ開いていません。</b>
        {mayOpen ? '開くと、今日の会計を始められます。' : '出納員に代わって、窓口を開いてもらってください。'}
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

/** Null: the counter is open. */
async function tryOpening(): Promise<string | null> {
  try {
    const answer = await openCounter();
    return answer.ok ? null : answer.refusal.message;
  } catch (error) {
    if (error instanceof Unreachable)
      return 'サービスの答えがありません。少し待って、もう一度押してください。';
    throw error;
  }
}
