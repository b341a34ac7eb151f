/** The days that have been compared, newest first; each can be shown above. */
import { Button } from 'react-aria-components';
import type { ReconciliationView } from '../../reconcile/view.ts';
import { formatDate, formatDifference, formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { STATUS_WORDS } from './reconciled-day.tsx';
import { TableHead } from './table-head.tsx';

export function PastDays(props: {
  days: readonly ReconciliationView[];
  shownDate: string | null;
  onShow: (date: string) => void;
  /** Null: these are all. */
  onMore: (() => void) | null;
}) {
  return (
    <section>
      <table className="grid">
        <caption>これまでの突合</caption>
        <TableHead
          columns={['日付', '窓口', { n: '窓口の記録' }, { n: '端末の合計' }, { n: '差' }, '状態']}
        />
        <tbody>
          {props.days.map((day) => (
            <PastDay
              key={`${day.businessDate} ${day.counter}`}
              day={day}
              shownDate={props.shownDate}
              onShow={props.onShow}
            />
          ))}
        </tbody>
      </table>
      {props.onMore !== null && (
        <Button className="quiet" onPress={props.onMore}>
          もっと前の日も見る
        </Button>
      )}
    </section>
  );
}

function PastDay(props: {
  day: ReconciliationView;
  shownDate: string | null;
  onShow: (date: string) => void;
}) {
  const { day, shownDate, onShow } = props;
  return (
    <tr data-todo={day.status === 'different'}>
      <th scope="row">
        <Button
          className="quiet"
          aria-current={day.businessDate === shownDate}
          onPress={() => {
            onShow(day.businessDate);
            window.scrollTo({ top: 0 });
          }}
        >
          {formatDate(day.businessDate)}
        </Button>
      </th>
      <td>{day.counter}</td>
      <td className="n">{formatYen(day.ours.amountYen)}</td>
      <td className="n">{formatYen(day.theirs.amountYen)}</td>
      <td className="n">{formatDifference(day.differenceYen)}</td>
      <td>
        <span className="tag" data-kind={STATUS_WORDS[day.status].sign}>
          <Sign kind={STATUS_WORDS[day.status].sign} size="small" />
          {STATUS_WORDS[day.status].word}
        </span>
      </td>
    </tr>
  );
}
