/** Sources that contradict each other over one payment: who says what, and when. */
import type { Testimony } from '../../reconcile/desk/case.ts';
import { formatDayAndTime } from '../shared/format.ts';
import { TESTIMONY_NAMES } from './case-words.ts';

export function CaseTestimony({ testimony }: { testimony: readonly Testimony[] }) {
  return (
    <table className="case-books">
      <caption className="unseen">食い違う証拠</caption>
      <thead>
        <tr>
          <th scope="col">証拠</th>
          <th scope="col">いつ</th>
          <th scope="col">支払われていた</th>
          <th scope="col">支払われていなかった</th>
        </tr>
      </thead>
      <tbody>
        {testimony.map(({ source, at, isPaid }, index) => (
          <tr key={index} data-differs={isPaid !== testimony[0]?.isPaid}>
            <th scope="row">{TESTIMONY_NAMES[source]}</th>
            <td>{formatDayAndTime(at)}</td>
            <td>{isPaid ? 'こう言っています' : '—'}</td>
            <td>{isPaid ? '—' : 'こう言っています'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
