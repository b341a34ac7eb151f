/** The counter's own closing of the day, with its explanation of every difference, as it was recorded there. */
import type { CounterClosing } from '../../closing/office.ts';
import { nameOfTerminal } from '../../terminal/offer.ts';
import { formatDayAndTime, formatDifference, formatTime, formatYen } from '../shared/format.ts';
import { readClosings } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function CounterClosings(props: { date: string; counter: string; compared: number }) {
  const { date, counter, compared } = props;
  const { value } = useAnswer(`closings ${date}`, () => readClosings(date));
  return (value ?? [])
    .filter((each) => each.counter === counter)
    .map((each) => <Closed key={each.counter} day={each} isCompared={each.times <= compared} />);
}

function Closed({ day, isCompared }: { day: CounterClosing; isCompared: boolean }) {
  const { at, times, clerk, confirmedBy, notes } = day;
  const people = [clerk, ...(confirmedBy === null ? [] : [`確認 ${confirmedBy}`])].filter(
    (name) => name !== '',
  );
  const told = sentencesOf(day);
  return (
    <section aria-label={`窓口 ${day.counter} の締め`}>
      <h3 className="section-title">窓口の締め</h3>
      <p>
        {formatDayAndTime(at)}　{people.join('・')}
        {times > 1 && `　${String(times)}回目の締めです。前の締めも記録に残っています。`}
      </p>
      {!isCompared && <p>上の突合は、この締めの前のものです。10分以内に、自動で突合し直します。</p>}
      {notes.map((each) => (
        <p key={each.at}>
          <b>
            差のまま締めた理由（{formatTime(each.at)} {each.clerk}）：
          </b>
          {each.note}
        </p>
      ))}
      {told.length === 0 ? (
        <p className="form-note">締めのとき、端末の合計と窓口の記録に差はありませんでした。</p>
      ) : (
        <ul className="notes">
          {told.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function sentencesOf({ periods, leftOut, lost, names }: CounterClosing): string[] {
  return [
    ...periods.flatMap(({ terminal, name, period, isSettled, differenceYen, isUnexplained, sentences }) => {
      const nth = period === null ? '' : `・第${String(period)}期`;
      const head = `${nameOfTerminal(names, terminal)}${name.slice(terminal.length)}（${isSettled ? '日計' : '中間計'}${nth}）`;
      if (sentences.length === 0 && !isUnexplained) return [];
      return [`${head}：差 ${formatDifference(differenceYen)}。${sentences.join('、')}`];
    }),
    ...leftOut.map(
      ({ terminal, count, amountYen }) =>
        `${nameOfTerminal(names, terminal)} の ${String(count)}件 ${formatYen(amountYen)}は、端末の合計と比べていません。`,
    ),
    ...lost.map(
      (terminal) => `${nameOfTerminal(names, terminal)} は紛失・交換中のため、合計を読んでいません。`,
    ),
  ];
}
