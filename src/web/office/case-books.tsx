/** A case side by side: what each of the four books says, and where they differ. */
import type { CaseFacts, Side } from '../../reconcile/desk/case.ts';
import type { Candidate } from '../../reconcile/desk/reasons.ts';
import { FIELDS, OWN_NAMES, type CaseNames } from './case-words.ts';

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
  names: CaseNames;
}) {
  const { candidate, names } = props;
  const other = candidate === null ? null : props.facts.ours === null ? 'ours' : 'statement';
  const facts: CaseFacts =
    candidate === null || other === null ? props.facts : { ...props.facts, [other]: sideOf(candidate) };
  const rows = FIELDS.map(({ label, of }) => {
    const cells = BOOKS.map(({ key }) => {
      const side = facts[key];
      return side === null ? null : of(side, names);
    });
    const said = cells.filter((cell) => cell !== null);
    return { label, cells, differs: !OWN_NAMES.includes(label) && new Set(said).size > 1, said: said.length };
  }).filter(({ said }) => said > 0);
  return (
    <table className="case-books">
      <caption className="unseen">四つの帳簿の内容</caption>
      <thead>
        <tr>
          <td />
          {BOOKS.map(({ key, nameJa }) => (
            <th key={key} scope="col">
              {nameJa}
              {key === other && <span className="case-differs">候補</span>}
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
