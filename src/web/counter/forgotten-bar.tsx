/** A day before today that nobody has closed, or not to its end: said at the top until it is done, also before the counter is opened. */
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
  const days = state?.days.filter(({ businessDate }) => businessDate < session.today) ?? [];
  const [first] = days;
  if (first === undefined) return null;
  const named = (isClosed: boolean): string =>
    days
      .filter((day) => day.isClosed === isClosed)
      .map(({ businessDate }) => formatDate(businessDate))
      .join('、');
  const mayClose = session.clerk.roles.includes('treasurer');
  return (
    <section className="stop-bar" data-kind="ask" aria-label="締めていない日">
      <Sign kind="ask" size="small" />
      <p>
        <b>
          {named(false) !== '' && `${named(false)} の締めがまだです。`}
          {named(true) !== '' && `${named(true)} は、締めのあとの分の締めがまだです。`}
        </b>
        {mayClose
          ? days.length === 1
            ? '今日の最初の会計の前に締めると、その日の分だけを端末の合計と比べられます。'
            : '今日の最初の会計の前に、古い日から締めてください。端末の合計は、最初に締める日にまとめて比べます。'
          : '出納員に知らせてください。会計は続けられます。'}
      </p>
      <Button
        className="button"
        onPress={() => props.onOpen({ show: 'closing', businessDate: first.businessDate })}
      >
        {formatDate(first.businessDate)} を締める
      </Button>
    </section>
  );
}
