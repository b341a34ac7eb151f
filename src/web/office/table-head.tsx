/** A table's head row. Every table of the office has one; what its columns are called is all that differs. */

/** `n`: a column of figures, whose name stands to the right as they do. */
export type Column = string | { n: string };

/** A column that is left out where it has nothing to say: false. */
export function TableHead({ columns }: { columns: readonly (Column | false)[] }) {
  return (
    <thead>
      <tr>
        {columns
          .filter((column) => column !== false)
          .map((column) =>
            typeof column === 'string' ? (
              <th key={column} scope="col">
                {column}
              </th>
            ) : (
              <th key={column.n} scope="col" className="n">
                {column.n}
              </th>
            ),
          )}
      </tr>
    </thead>
  );
}
