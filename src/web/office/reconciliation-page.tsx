/** 突合: the morning, the exceptions desk, and who pays when. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Waiting } from '../../reconcile/view.ts';
import type { OfficeSession } from './service.ts';
import { AcquirersPage } from './acquirers-page.tsx';
import { DeskPage } from './desk-page.tsx';
import { Fault } from './fault.tsx';
import { FourBooks, MorningLead, MorningRows, OtherDay } from './morning-page.tsx';
import { PastDays } from './past-days.tsx';
import { addressOf, usePlace } from './place.ts';
import { ReconciledDay } from './reconciled-day.tsx';
import { readMorning, readReconciliations, readStatements, reconcileNow } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { useReconciling } from './use-reconciling.ts';

const VIEWS = [
  { id: 'morning', nameJa: '朝の確認' },
  { id: 'desk', nameJa: '要対応' },
  { id: 'acquirers', nameJa: '決済会社' },
] as const;

export function ReconciliationPage(props: {
  person: OfficeSession['person'];
  today: string;
  brandNames: ReadonlyMap<string, string>;
}) {
  const { person, today, brandNames } = props;
  const { asked } = usePlace();
  const view = VIEWS.find(({ id }) => id === asked.get('view'))?.id ?? 'morning';
  const statements = useAnswer('statements', readStatements);
  const acquirers = (statements.value?.acquirers ?? []).map(
    ({ definition: { code, nameJa } }): [string, string] => [code, nameJa],
  );
  const names = { brands: brandNames, acquirers: new Map(acquirers) };
  const shown: Record<(typeof VIEWS)[number]['id'], () => ReactNode> = {
    morning: () => <Morning brandNames={brandNames} />,
    desk: () => <DeskPage person={person} names={names} />,
    acquirers: () => <AcquirersPage person={person} today={today} brandNames={brandNames} />,
  };
  return (
    <>
      <nav className="views" aria-label="突合の画面">
        {VIEWS.map(({ id, nameJa }) => (
          <a key={id} href={addressOf('reconciliation', { view: id })} aria-current={id === view && 'page'}>
            {nameJa}
          </a>
        ))}
      </nav>
      {shown[view]()}
    </>
  );
}

/** Of the days before, first and with each touch. */
const [DAYS_SHOWN, MORE_DAYS] = [20, 60];

function Morning({ brandNames }: { brandNames: ReadonlyMap<string, string> }) {
  const [chosenDate, setChosenDate] = useState<string | null>(null);
  const morning = useAnswer(`morning ${chosenDate ?? ''}`, () => readMorning(chosenDate));
  const [limit, setLimit] = useState(DAYS_SHOWN);
  const days = useAnswer('reconciliations', () => readReconciliations(limit));
  const run = useReconciling(reconcileNow, () => {
    days.askAgain();
    morning.askAgain();
    setChosenDate(null);
  });
  const newest = days.value?.[0]?.businessDate ?? null;
  const day = morning.value?.day ?? null;
  // What was closed today is shown as soon as it is compared; the sentence is about the day before.
  const date = days.value?.some(({ businessDate }) => businessDate === day) === true ? day : newest;
  const isNightDone = morning.value === null || morning.value.night?.state === 'done';
  const runNow = <RunNow run={run} />;
  const compared = days.value?.filter(({ businessDate }) => businessDate === (chosenDate ?? date)) ?? [];
  return (
    <>
      <Fault message={morning.fault ?? days.fault} />
      {morning.value !== null && (
        <section className="morning" aria-label="朝の確認">
          <MorningLead morning={morning.value} run={isNightDone ? null : runNow} />
          {chosenDate !== null && <OtherDay onBack={() => setChosenDate(null)} />}
          <FourBooks morning={morning.value} />
          <MorningRows rows={morning.value.rows} />
        </section>
      )}
      {days.value?.length === 0 && <FirstDay />}
      {compared.map((each) => (
        <ReconciledDay key={`${each.counter} ${each.businessDate}`} day={each} brandNames={brandNames} />
      ))}
      {isNightDone && runNow}
      <WaitingList waiting={morning.value?.waiting ?? []} />
      {days.value !== null && days.value.length > 0 && (
        <PastDays
          days={days.value}
          shownDate={chosenDate ?? date}
          onShow={setChosenDate}
          onMore={
            days.value.length < limit
              ? null
              : () => {
                  setLimit(limit + MORE_DAYS);
                  days.askAgain();
                }
          }
        />
      )}
    </>
  );
}

function RunNow({ run }: { run: ReturnType<typeof useReconciling> }) {
  return (
    <section className="run" aria-label="突合の実行">
      <Button className="button" isDisabled={run.busy} onPress={run.start}>
        {run.busy ? '突合しています' : '今すぐ突合する'}
      </Button>
      <p role="status">
        {run.message ?? '毎晩3時と、明細が届いたとき、締めが届いて10分以内に、自動で突合します。'}
      </p>
    </section>
  );
}

function FirstDay() {
  return (
    <section>
      <h2 className="section-title">まだ突合した日はありません</h2>
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
