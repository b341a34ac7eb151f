/** A case side by side: what each of the four books says, and where they differ. */
import type { CaseFacts, Side } from '../../reconcile/desk/case.ts';
import type { Candidate } from '../../reconcile/desk/reasons.ts';
import { FIELDS, LACKING, OWN_NAMES, type CaseNames } from './case-words.ts';

const BOOKS = [
  { key: 'ours', nameJa: '窓口の記録' },
  { key: 'terminal', nameJa: '端末' },
  { key: 'statement', nameJa: '明細' },
  { key: 'bank', nameJa: '入金' },
] as const;

export function CaseBooks(props: {
  facts: CaseFacts;
  /** Stands where the other side has nothing yet, and is called what it is. */
  candidate: Candidate | null;
  /** The same, of what the case repeats or takes back. */
  original: Side | null;
  names: CaseNames;
}) {
  const { candidate, original, names } = props;
  const beside = candidate === null ? original : sideOf(candidate);
  const other = beside === null ? null : props.facts.ours === null ? 'ours' : 'statement';
  const facts: CaseFacts = other === null ? props.facts : { ...props.facts, [other]: beside };
  const said = candidate === null ? 'もとの取引' : '候補';
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
              {key === other && <span className="case-differs">{said}</span>}
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

const sideOf = ({ yen, onDate, at, brand, terminalId, slip, approval }: Candidate): Side => ({
  ...{ yen, onDate, at, brand, terminalId, slip, approval },
});
