/** Lines that keep a sentence of the law (law.md) alone, each made wrong in one way; more of mutants.ts. */
import type { Mutant } from './mutants.ts';

export const LAW_MUTANTS: readonly Mutant[] = [
  {
    name: 'a terminal that holds nothing is believed that it took nothing',
    test: 'test/proof/crashpoints.test.ts',
    edits: [
      {
        file: 'drivers/zvt/recovery.ts',
        find: 'return inconclusive(`the terminal shows no last payment (code ${shown.resultCode})`);',
        replace: "return { kind: 'not_charged', reason: `code ${shown.resultCode}` };",
      },
    ],
  },
];
