/** Nothing was recorded on the days that are shown: where there is something, one touch away. */
import { Button } from 'react-aria-components';
import { formatDate } from '../shared/format.ts';
import { findDays } from './service.ts';
import { useAnswer } from './use-answer.ts';

/** @param props.from and `until`: the days that are shown, both included */
export function NearestDays(props: { from: string; until: string; onShow: (day: string) => void }) {
  const { from, until, onShow } = props;
  const { value } = useAnswer(`days ${from} ${until}`, () => findDays(from, until));
  if (value === null) return null;
  const days = [value.before, value.after].filter((day) => day !== null);
  if (days.length === 0) return <p>市の記録には、まだ何もありません。</p>;
  return (
    <p className="nearest-days">
      <span>記録があるいちばん近い日：</span>
      {days.map((day) => (
        <Button key={day} className="button" onPress={() => onShow(day)}>
          {formatDate(day)}
        </Button>
      ))}
    </p>
  );
}
