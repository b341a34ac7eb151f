/** A case side by side: what each of the four books says, and where they differ. */
import type { CaseFacts, Side } from '../../reconcile/desk/case.ts';
import { BOOKS, FIELDS, LACKING, OWN_NAMES, type CaseNames } from './case-words.ts';

/** A row that the case's own books do not have, and what it is called. */
export interface Beside {
  side: Side;
  nameJa: string;
}

export function CaseBooks(props: {
  facts: CaseFacts;
  /** Stands where the other side has nothing. */
  beside: Beside | null;
  names: CaseNames;
}) {
  const { beside, names } = props;
  const other = beside === null ? null : props.facts.ours === null ? 'ours' : 'statement';
  const facts: CaseFacts = other === null ? props.facts : { ...props.facts, [other]: beside?.side ?? null };
  const rows = FIELDS.map(({ label, of }) => {
    const cells = BOOKS.map(({ key }) => {
      const side = facts[key];
      return side === null ? null : of(side, names);
    });
    const given = cells.filter((cell) => cell !== null);
    const differs = !OWN_NAMES.includes(label) && new Set(given).size > 1;
    return { label, cells, differs, isSaid: given.length > 0 };
  }).filter(({ isSaid }) => isSaid);
  return (
    <table className="case-books">
      <caption className="unseen">四つの帳簿の内容</caption>
      <thead>
        <tr>
          <td />
          {BOOKS.map(({ key, nameJa }) => (
            <th key={key} scope="col">
              {nameJa}
              {key === other && <span className="case-differs">{beside?.nameJa}</span>}
              {key === LACKING[facts.status] && facts[key] === null && (
                <span className="case-differs">ありません</span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, cells, differs }) => (
          <tr key={label} data-differs={differs}>
            <th scope="row">
              {label}
              {differs && <span className="case-differs">違います</span>}
            </th>
            {cells.map((cell, index) => (
              <td key={BOOKS[index]?.key}>{cell ?? '—'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
