/** A day before today that nobody has closed: said at the top until it is done, also before the counter is opened. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { Unreachable } from '../shared/api.ts';
import { formatDate } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import type { OpenDialog } from './counter-dialogs.tsx';
import { readClosingState } from './service.ts';
import type { Session } from './session.ts';

/** @param round another one: a dialog was closed, and the day may be closed too */
export function ForgottenBar(props: {
  session: Session;
  round: boolean;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { session, round } = props;
  const days = useForgotten(session.today, round);
  const [first] = days;
  if (first === undefined) return null;
  const mayClose = session.clerk.roles.includes('treasurer');
  return (
    <section className="stop-bar" data-kind="ask" aria-label="締めていない日">
      <Sign kind="ask" size="small" />
      <p>
        <b>{days.map(formatDate).join('、')} の締めがまだです。</b>
        {mayClose
          ? '今日の最初の会計の前に締めると、その日の分だけを端末の合計と比べられます。'
          : '出納員に知らせてください。会計は続けられます。'}
      </p>
      <Button className="button" onPress={() => props.onOpen({ show: 'closing', businessDate: first })}>
        {formatDate(first)} を締める
      </Button>
    </section>
  );
}

function useForgotten(today: string, round: boolean): string[] {
  const [days, setDays] = useState<string[]>([]);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await readClosingState();
        if (isGone || !answer.ok) return;
        setDays(answer.value.days.map(({ businessDate }) => businessDate).filter((day) => day < today));
      } catch (error) {
        // A service that is out of reach is told in the bar above.
        if (!(error instanceof Unreachable)) throw error;
      }
    };
    void ask();
    return () => {
      isGone = true;
    };
  }, [today, round]);
  return days;
}
