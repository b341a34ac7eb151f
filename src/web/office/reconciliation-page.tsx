/** The morning: one sentence, two books, then the rows; what waits; and the days before. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Waiting } from '../../reconcile/view.ts';
import { Fault } from './fault.tsx';
import { PastDays } from './past-days.tsx';
import { ReconciledDay } from './reconciled-day.tsx';
import { readReconciliations, readWaiting, reconcileNow } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { useReconciling } from './use-reconciling.ts';

export function ReconciliationPage({ brandNames }: { brandNames: ReadonlyMap<string, string> }) {
  const days = useAnswer('reconciliations', readReconciliations);
  const waiting = useAnswer('waiting', readWaiting);
  const [chosenDate, setChosenDate] = useState<string | null>(null);
  const run = useReconciling(reconcileNow, () => {
    days.askAgain();
    waiting.askAgain();
    setChosenDate(null);
  });
  const date = chosenDate ?? days.value?.[0]?.businessDate ?? null;
  const shown = days.value?.filter(({ businessDate }) => businessDate === date) ?? [];
  return (
    <>
      <Fault message={days.fault ?? waiting.fault} />
      {days.value?.length === 0 && <FirstDay />}
      {shown.map((day) => (
        <ReconciledDay key={`${day.counter} ${day.businessDate}`} day={day} brandNames={brandNames} />
      ))}
      <section className="run" aria-label="突合の実行">
        <Button className="button" isDisabled={run.busy} onPress={run.start}>
          {run.busy ? '突合しています' : '今すぐ突合する'}
        </Button>
        <p role="status">{run.message ?? '毎晩、自動で突合します。'}</p>
      </section>
      <WaitingList waiting={waiting.value ?? []} />
      {days.value !== null && days.value.length > 0 && (
        <PastDays days={days.value} shownDate={date} onShow={setChosenDate} />
      )}
    </>
  );
}

function FirstDay() {
  return (
    <section>
      <h2 className="lead">まだ突合した日はありません</h2>
      <p>窓口の画面の「メニュー」から「締め」をすると、端末の合計が残り、ここで窓口の記録と比べられます。</p>
    </section>
  );
}

function WaitingList({ waiting }: { waiting: readonly Waiting[] }) {
  if (waiting.length === 0) return null;
  return (
    <section>
      <h2 className="section-title">待っている日</h2>
      <ul className="notes">
        {waiting.map(({ counter, businessDate, sentence }) => (
          <li key={`${counter} ${businessDate}`}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
