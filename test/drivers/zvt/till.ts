/** A counter that sells through faults, asks what became of each sale, and compares itself with the terminal's book. */
import assert from 'node:assert/strict';
import type { FaultInput } from '../../../drivers/zvt/virtual/faults.ts';
import { TerminalError, type TerminalAnswer } from '../../../src/terminal/terminal.ts';
import { openCounter, untilState } from './counter.ts';

type Counter = Awaited<ReturnType<typeof openCounter>>;
export type Known = 'approved' | 'not_charged' | 'inconclusive' | 'in_progress';

/** Short, so that silence is noticed soon; longer than any silence that is planned here. */
export const IMPATIENT = { t3Ms: 1_000, t4Ms: 600 };
export const SILENCE_MS = 400;

interface Till {
  counter: Counter;
  /** What the register knows of a sale in the end, having asked the terminal if it had to. */
  sell(faults: FaultInput[]): Promise<Known>;
  /** The book, the register's knowledge and the totals are one. */
  agree(): Promise<void>;
}

export async function openTill(...given: Parameters<typeof openCounter>): Promise<Till> {
  const counter = await openCounter(...given);
  await counter.reconnect(IMPATIENT);
  counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }], true);
  const sold = new Map<number, Known>();
  let previous: TerminalAnswer | null = null;

  const till: Till = {
    counter,
    async sell(faults) {
      const amountYen = 300 + sold.size;
      counter.virtual.planFaults(faults);
      let answer: TerminalAnswer | null = null;
      const ended = await counter
        .sell(amountYen, (told) => {
          answer = told;
          return 'acknowledge';
        })
        .then(({ ending }) => ending.kind)
        .catch((error: unknown) => {
          assert.ok(error instanceof TerminalError && error.moneyMayHaveMoved, String(error));
          return 'broken';
        });
      const said = answer as TerminalAnswer | null;
      // The cable goes a moment after the last byte that gets through.
      const isCut =
        faults.some(({ fault }) => fault === 'cut') && counter.virtual.state().plannedFaults === 0;
      if (isCut) await untilState(counter.virtual, ({ cable }) => cable === 'pulled');
      let known: Known = said?.verdict === 'approved' ? 'approved' : 'not_charged';
      if (ended === 'broken' || (ended === 'aborted' && known === 'approved')) {
        await counter.virtual.plugCable();
        await counter.reconnect(IMPATIENT);
        const found = await counter.ask({ amountYen, previous, answer: said });
        known = found.kind;
        if (found.kind === 'approved') previous = found.answer;
      } else if (known === 'approved') previous = said;
      if (isCut && ended !== 'broken') {
        await counter.virtual.plugCable();
        await counter.reconnect(IMPATIENT);
      }
      sold.set(amountYen, known);
      return known;
    },
    async agree() {
      const stored = counter.virtual
        .book()
        .filter(({ state, kind }) => state === 'stored' && kind === 'sale');
      assert.deepEqual(
        stored.map(({ amount }) => amount),
        [...sold].filter(([, known]) => known === 'approved').map(([amount]) => amount),
      );
      assert.ok([...sold.values()].every((known) => known === 'approved' || known === 'not_charged'));
      const { totalYen } = await counter.terminal.reportTotals();
      assert.equal(
        totalYen,
        stored.reduce((sum, { amount }) => sum + amount, 0),
      );
    },
  };
  assert.equal(await till.sell([]), 'approved');
  return till;
}
