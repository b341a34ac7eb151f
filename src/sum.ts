/** Counts with their amounts (件数・金額). Pure. */

/** Integer yen. */
export interface Sum {
  count: number;
  amountYen: number;
}

/** Of things that count as one each. */
export const sumUp = (some: readonly { amountYen: number }[]): Sum => ({
  count: some.length,
  amountYen: some.reduce((yen, { amountYen }) => yen + amountYen, 0),
});

export const addUp = (sums: readonly Sum[]): Sum => ({
  count: sums.reduce((count, sum) => count + sum.count, 0),
  amountYen: sums.reduce((yen, sum) => yen + sum.amountYen, 0),
});
