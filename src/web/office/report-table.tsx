/** A section of a report as a table, the total first; a figure can be looked into. */
import { Button } from 'react-aria-components';
import type { Cell, Column, LineFilter, Measure, Row, Section } from '../../reports/view.ts';
import { formatCount, formatDay, formatYen } from '../shared/format.ts';

/** A figure that somebody wants to look into. */
export interface LookedInto {
  titleJa: string;
  shown: string;
  filter: LineFilter;
  /** What it was when the report was read, and of what. */
  figure: number;
  measure: Measure;
}

export function ReportTable({ section, onLook }: { section: Section; onLook: (figure: LookedInto) => void }) {
  const { titleJa, note, columns, rows, total } = section;
  const row = (each: Row, key: string) => (
    <tr key={key} data-total={each === total} data-todo={each.isTodo === true}>
      {columns.map((column, index) => (
        <Figure
          key={index}
          column={column}
          cell={each.cells[index] ?? null}
          isFirst={index === 0}
          look={lookOf(section, each, column, index)}
          onLook={onLook}
        />
      ))}
    </tr>
  );
  return (
    <section aria-label={titleJa} className="report-section">
      <h3 className="section-title">{titleJa}</h3>
      {note !== '' && <p className="form-note">{note}</p>}
      <div className="report-scroll" role="group" aria-label={`${titleJa}の表`} tabIndex={0}>
        <table className="grid report-grid">
          <caption className="unseen">{titleJa}</caption>
          <thead>
            <tr>
              {columns.map(({ nameJa, kind }, index) => (
                <th key={index} scope="col" className={isNumber(kind) ? 'n' : undefined}>
                  {nameJa}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {total !== null && row(total, 'total')}
            {rows.map((each, index) => row(each, String(index)))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Figure(props: {
  column: Column;
  cell: Cell;
  isFirst: boolean;
  look: LookedInto | null;
  onLook: (figure: LookedInto) => void;
}) {
  const { column, cell, isFirst, look, onLook } = props;
  const text = showCell(cell, column);
  if (isFirst) {
    return (
      <th scope="row" className={column.kind}>
        {text}
      </th>
    );
  }
  if (column.kind === 'codes') return <Codes codes={text.split('、')} />;
  if (look === null) return <td className={isNumber(column.kind) ? 'n' : column.kind}>{text}</td>;
  return (
    <td className="n">
      <Button
        className="quiet"
        aria-label={`${text}の内訳を見る（${look.titleJa}）`}
        onPress={() => onLook(look)}
      >
        {text}
      </Button>
    </td>
  );
}

/** More than one: the first, and the others on a touch. */
function Codes({ codes }: { codes: readonly string[] }) {
  const [first, ...others] = codes;
  return (
    <td className="report-codes">
      {others.length === 0 ? (
        first
      ) : (
        <details>
          <summary>
            {first} ほか{others.length}件
          </summary>
          {others.map((code) => (
            <span key={code}>{code}</span>
          ))}
        </details>
      )}
    </td>
  );
}

/** Null: nothing stands there, or it has no lines of its own. */
function lookOf(section: Section, { cells, filter }: Row, column: Column, index: number): LookedInto | null {
  const cell = cells[index] ?? null;
  if (column.drill === undefined || filter === null || typeof cell !== 'number' || cell === 0) return null;
  const words = section.columns.flatMap((each, place) => {
    const word = cells[place] ?? null;
    return typeof word === 'string' && place < index ? [showCell(word, each)] : [];
  });
  return {
    titleJa: [section.titleJa, ...words, column.nameJa].join('・'),
    shown: showCell(cell, column),
    filter: { ...filter, ...column.drill.filter },
    figure: cell,
    measure: column.drill.measure,
  };
}

const isNumber = (kind: Column['kind']): boolean => kind === 'yen' || kind === 'count';

function showCell(cell: Cell, { kind }: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return kind === 'yen' ? formatYen(cell) : formatCount(cell);
  return kind === 'date' && /^\d{4}-/.test(cell) ? formatDay(`${cell}T00:00:00+09:00`) : cell;
}
