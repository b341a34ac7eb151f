/** Three steps for somebody who sees this for the first time. Gone, for good, after the first sale. */
import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { useRemembered } from '../shared/use-remembered.ts';
import type { PayStep } from './step.ts';

export function FirstSale({ step, hasLines }: { step: PayStep; hasLines: boolean }) {
  const [done, setDone] = useRemembered('madoguchi.first-sale-done', false);
  // Leaving the first result that says 「支払いました」 ends it.
  useEffect(() => (step === 'paid' ? () => setDone(true) : undefined));
  // A result that needs the clerk has the screen to itself.
  if (done || step === 'unknown' || step === 'not_paid') return null;
  const started = step !== 'ringing';
  const steps = [
    { text: '料金を押す', done: hasLines || started },
    { text: '支払い方法を選んで「支払う」', done: started },
    { text: '仮想端末でカードをかざす', done: step === 'paid' },
  ];
  const now = steps.findIndex(({ done }) => !done);
  return (
    <section className="first-sale" aria-label="はじめての会計">
      <h2>{step === 'paid' ? 'できました' : 'はじめての会計'}</h2>
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
      <Button className="quiet" onPress={() => setDone(true)}>
        案内を閉じる
      </Button>
    </section>
  );
}
