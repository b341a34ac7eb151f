/** What has come to a day after it was closed: it counts there, and the closing does not know of it. */
import type { LastClosing } from '../../closing/state.ts';
import { formatDate, formatTime, formatYen } from '../shared/format.ts';

export function SinceLastClosing(props: {
  today: string;
  /** The day that is to be closed. */
  businessDate: string;
  closing: LastClosing | null;
}) {
  const { today, closing } = props;
  if (closing === null) return null;
  const { businessDate, at, since } = closing;
  const came = [wordsOf('支払い', since.sold), wordsOf('取り消し・返金', since.returned)].filter(
    (words) => words !== '',
  );
  if (businessDate !== today && came.length === 0) return null;
  const name = `${businessDate === today ? '' : `${formatDate(businessDate)} `}${formatTime(at)} の締め`;
  return came.length === 0 ? (
    <p>{name}のあとに、今日の件数と金額は変わっていません。</p>
  ) : (
    <p className="tell">
      <b>
        {name}のあとに、{came.join('、')}
      </b>
      {businessDate === props.businessDate
        ? 'この分は、まだ締めに入っていません。もう一度締めてください。'
        : 'この分は、その日の締めに入っていません。会計課に知らせてください。次の締めのあと、端末の合計と突合されます。'}
    </p>
  );
}

/** Less than before: two people have found that something was not paid after all. */
function wordsOf(what: string, { count, amountYen }: LastClosing['since']['sold']): string {
  if (count === 0 && amountYen === 0) return '';
  const [sign, verb] = count < 0 || amountYen < 0 ? [-1, '減りました'] : [1, '加わりました'];
  return `${what}が ${sign * count}件 ${formatYen(sign * amountYen)} ${verb}`;
}
