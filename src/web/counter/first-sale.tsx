/** Three steps for somebody who sees this for the first time. After the first sale it stays until it is closed or the page is
 * opened anew: nothing jumps from under a finger. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { recall, remember } from '../shared/storage.ts';
import type { LiveState } from './live.ts';
import type { Register } from './use-register.ts';
import { isStopped } from './what-works.ts';

const DONE = 'madoguchi.first-sale-done';
const AGAIN = '次の会計も同じ順です';

export function FirstSale({ live, register }: { live: LiveState; register: Register }) {
  const { step, basket } = register;
  const [isShown, setShown] = useState(() => recall(DONE) !== true);
  const [isDone, setDone] = useState(false);
  if (step === 'paid' && !isDone) setDone(true);
  useEffect(() => {
    if (isDone) remember(DONE, true);
  }, [isDone]);
  // Where no sale is taken nobody is invited to one.
  if (!isShown || isStopped(live)) return null;
  // A result that needs the clerk, and a service that is gone, have words of their own: nothing that has been managed.
  const needsClerk = step === 'unknown' || step === 'not_paid' || live.connection === 'lost';
  const words = needsClerk ? '会計の案内に沿って進めてください' : isDone && step !== 'paid' ? AGAIN : null;
  const started = step !== 'ringing';
  const steps = [
    { text: '料金を押す', done: basket.lines.length > 0 || started },
    { text: '支払い方法を選んで「支払う」', done: started },
    { text: '仮想端末でカードをかざす', done: step === 'paid' },
  ];
  const now = steps.findIndex(({ done }) => !done);
  return (
    <section className="first-sale" aria-label="はじめての会計">
      <h2>{isDone && !needsClerk ? 'できました' : 'はじめての会計'}</h2>
      {words === null ? (
        <ol>
          {steps.map(({ text, done }, index) => (
            <li key={text} data-step={done ? 'done' : index === now ? 'now' : 'next'}>
              <span className="first-sale-mark" aria-hidden="true">
                {done ? '済' : index + 1}
              </span>
              {text}
              {done && <span className="unseen">（済）</span>}
            </li>
          ))}
        </ol>
      ) : (
        <p>{words}</p>
      )}
      <Button
        className="quiet"
        onPress={() => {
          remember(DONE, true);
          setShown(false);
        }}
      >
        案内を閉じる
      </Button>
    </section>
  );
}
