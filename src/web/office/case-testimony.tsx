/** Sources that contradict each other over one payment: who says what, and when. */
import type { CaseFacts } from '../../reconcile/desk/case.ts';
import { formatDayAndTime } from '../shared/format.ts';
import { findingWordsOf } from '../shared/payment-words.ts';
import { TESTIMONY_NAMES } from './case-words.ts';

export function CaseTestimony({ facts: { ours, testimony } }: { facts: CaseFacts }) {
  if (testimony === undefined) return null;
  const { approved, not_charged: notCharged } = findingWordsOf(ours?.kind);
  return (
    <table className="case-books">
      <caption className="unseen">食い違う証拠</caption>
      <thead>
        <tr>
          <th scope="col">証拠</th>
          <th scope="col">いつ</th>
          <th scope="col">{approved}</th>
          <th scope="col">{notCharged}</th>
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
