/** A day before today that nobody has closed: said at the top until it is done, also before the counter is opened. */
import { Button } from 'react-aria-components';
import { formatDate } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { Session } from './session.ts';
import { useClosingState } from './use-closing.ts';

/** @param round another one: a dialog was closed, and the day may be closed too */
export function ForgottenBar(props: {
  session: Session;
  round: boolean;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { session, round } = props;
  const state = useClosingState(`${session.today} ${String(round)}`);
  const dates = state?.days.map(({ businessDate }) => businessDate) ?? [];
  const days = dates.filter((date) => date < session.today);
  const [first] = days;
  if (first === undefined) return null;
  const mayClose = session.clerk.roles.includes('treasurer');
  return (
    <section className="stop-bar" data-kind="ask" aria-label="締めていない日">
      <Sign kind="ask" size="small" />
      <p>
        <b>{days.map((day) => formatDate(day)).join('、')} の締めがまだです。</b>
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
