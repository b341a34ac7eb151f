/** What a change would make of the tables, entry by entry, before somebody confirms it. */
import type { Change, Difference } from '../../fees/describe.ts';

export function Differences({ differences }: { differences: readonly Difference[] }) {
  return (
    <ul className="differences" aria-label="変わるところ">
      {differences.map((difference) => (
        <li key={difference.code}>
          <p>
            <strong>{difference.nameJa}</strong> <small>{difference.code}</small>
            <span className="mark">{markOf(difference)}</span>
          </p>
          <Changes changes={difference.changes} isNew={difference.isNew} />
        </li>
      ))}
    </ul>
  );
}

function markOf({ isNew, isImmediate }: Difference): string {
  if (isNew) return '新しく加わります';
  return isImmediate ? '公開するとすぐに変わります' : 'これからの分が変わります';
}

/** Of a new entry there is no before. */
export function Changes({ changes, isNew }: { changes: readonly Change[]; isNew: boolean }) {
  return (
    <table className="changes">
      <thead>
        <tr>
          <th scope="col">項目</th>
          {!isNew && <th scope="col">前</th>}
          <th scope="col">{isNew ? '内容' : '後'}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ labelJa, before, after }) => (
          <tr key={labelJa}>
            <th scope="row">{labelJa}</th>
            {!isNew && <td>{before === '' ? '（なし）' : before}</td>}
            <td>{after === '' ? '（なし）' : after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
