/** Every figure of a report that can be looked into, held against the lines that are then listed. */
import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { readEntries } from '../../src/reports/entries.ts';
import type { Period } from '../../src/reports/periods.ts';
import { readDeclared } from '../../src/reports/reports.ts';
import type { ReportView } from '../../src/reports/view.ts';
import { MUNICIPALITY } from './postgres.ts';

/** One page of lines. */
const SHOWN = 500;

/** @returns by section, how many figures were looked into */
export async function lookIntoFigures(
  db: Kysely<Database>,
  period: Period,
  view: ReportView,
): Promise<Map<string, number>> {
  const { names } = await readDeclared(db, MUNICIPALITY);
  const span = { municipality: MUNICIPALITY, from: period.from, until: period.until };
  const looked = new Map<string, number>();
  for (const { id, titleJa, columns, rows, total } of view.sections)
    for (const { cells, filter } of [...rows, ...(total === null ? [] : [total])])
      for (const [index, { nameJa, drill }] of columns.entries()) {
        const cell = cells[index] ?? null;
        if (drill === undefined || filter === null || cell === null) continue;
        const where = `${view.period.nameJa} ${titleJa} ${cells.slice(0, 2).join(' ')} ${nameJa}`;
        const asked = { ...filter, ...drill.filter };
        const { total: sum, lines, told } = await readEntries(db, span, asked, { names, skip: 0 });
        assert.equal(sum[drill.measure], cell, where);
        const listed = [...lines, ...told].reduce((yen, { amountYen }) => yen + amountYen, 0);
        if (sum.lines <= SHOWN) assert.equal(listed, sum.amountYen, where);
        const order = lines.map(
          ({ onDate, counter, number }) => `${onDate} ${counter} ${String(number).padStart(9)}`,
        );
        assert.deepEqual(order, order.toSorted(), `${where}: in the order of the slips`);
        looked.set(id, (looked.get(id) ?? 0) + 1);
      }
  return looked;
}
