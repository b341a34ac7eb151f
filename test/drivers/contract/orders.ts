/** Voids, refunds and the settlement of the day; and what a driver can do besides, where it declares that. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Ending, TerminalAnswer } from '../../../src/terminal/terminal.ts';
import type { Bench, Counter } from './bench.ts';

const ignore = (): void => undefined;
/** A day before, by the slip: 11月24日 in Tokyo. */
const SOLD_AT = '2026-11-23T15:30:00.000Z';

interface Ordered {
  ending: Ending;
  answers: TerminalAnswer[];
}

async function cancel(
  counter: Counter,
  of: TerminalAnswer,
  amountYen: number,
  decision: 'acknowledge' | 'refuse' = 'acknowledge',
): Promise<Ordered> {
  const answers: TerminalAnswer[] = [];
  const ending = await counter.terminal.authorizeVoid(
    { operationId: randomUUID(), amountYen, of },
    (answer) => {
      answers.push(answer);
      return decision;
    },
    ignore,
  );
  return { ending, answers };
}

/** Undefined where the terminal gives nothing back but whole payments. */
async function giveBack(
  counter: Counter,
  of: TerminalAnswer,
  amountYen: number,
): Promise<Ordered | undefined> {
  const answers: TerminalAnswer[] = [];
  const ending = await counter.terminal.authorizeRefund?.(
    { operationId: randomUUID(), amountYen, of, soldAt: SOLD_AT },
    (answer) => {
      answers.push(answer);
      return 'acknowledge';
    },
    ignore,
  );
  return ending && { ending, answers };
}

export function testOrders({ subject, anyBrand, hasLink, connect, connectAnew }: Bench): void {
  const { driver } = subject;
  const kinds = async (counter: Counter) =>
    (await counter.book()).map(({ kind, amountYen, state }) => [kind, amountYen, state]);

  describe('a void', () => {
    test('cancels the payment that it names, and the totals know', async (t) => {
      const counter = await connectAnew(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const { ending, answers } = await cancel(counter, sale, 700);
      assert.deepEqual(ending, { kind: 'completed' });
      assert.deepEqual(
        answers.map(({ verdict, amountYen }) => [verdict, amountYen]),
        [['approved', 700]],
      );
      assert.deepEqual(await kinds(counter), [
        ['sale', 700, 'stored'],
        ['void', 700, 'stored'],
      ]);
    });

    test('of another amount than the payment’s is refused, and the payment stands', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const { ending } = await cancel(counter, sale, 600);
      assert.notEqual(ending.kind, 'completed');
      assert.deepEqual(await kinds(counter), [['sale', 700, 'stored']]);
    });

    test('happens once: the second one is refused', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      await cancel(counter, sale, 700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      assert.notEqual((await cancel(counter, sale, 700)).ending.kind, 'completed');
      assert.equal(
        (await kinds(counter)).filter(([kind, , state]) => kind === 'void' && state === 'stored').length,
        1,
      );
    });

    test('whose answer the counter refuses does not stand where the terminal awaits our word', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      await cancel(counter, sale, 700, 'refuse');
      await counter.farEnd.isIdle();
      const isVoided = (await kinds(counter)).some(
        ([kind, , state]) => kind === 'void' && state === 'stored',
      );
      assert.equal(isVoided, !driver.awaitsAcknowledgement);
    });

    test('without a number that the terminal reported is not sent at all', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      const before = counter.sent().length;
      const { ending } = await cancel(counter, { ...sale, receiptNumber: null, traceNumber: null }, 700);
      assert.equal(ending.kind, 'not_sent');
      assert.equal(counter.sent().length, before);
    });
  });

  describe('a refund, where the terminal gives any,', () => {
    test('gives some of a payment back, and the far end’s book says so', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const given = await giveBack(counter, sale, 250);
      if (given === undefined) return;
      assert.deepEqual(given.ending, { kind: 'completed' });
      assert.equal(given.answers.at(-1)?.amountYen, 250);
      assert.deepEqual(await kinds(counter), [
        ['sale', 700, 'stored'],
        ['refund', 250, 'stored'],
      ]);
    });

    test('that the resident stops gives nothing back', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      await counter.farEnd.plan({ act: 'stop' });
      assert.equal((await giveBack(counter, sale, 250))?.ending.kind ?? 'aborted', 'aborted');
      assert.deepEqual(await kinds(counter), [['sale', 700, 'stored']]);
    });

    test('tells whoever does it at the terminal which slip it is of: number, day and amount', async (t) => {
      const counter = await connect(t);
      const sale = await counter.sellWell(700);
      const before = counter.sent().length;
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      await giveBack(counter, sale, 250);
      const said = String(counter.sent().subarray(before));
      if (hasLink || said === '') return;
      for (const fact of [`伝票番号 ${sale.receiptNumber ?? '?'}`, '11月24日', '700円']) {
        assert.ok(said.includes(fact), `${fact} in ${said}`);
      }
    });
  });

  describe('a settlement, where the terminal has one,', () => {
    test('hands over the final totals before it is done, and begins a new period', async (t) => {
      const counter = await connectAnew(t);
      await counter.sellWell(300);
      await counter.sellWell(400);
      const committed: number[] = [];
      const settled = await counter.terminal.settle?.(
        {},
        ({ totalYen }) => void committed.push(totalYen),
        ignore,
      );
      if (settled === undefined) return;
      assert.equal(settled.kind, 'settled');
      assert.deepEqual(committed, [700]);
      assert.equal((await counter.terminal.reportTotals()).totalYen, 0);
      await counter.sellWell(50);
      assert.equal((await counter.terminal.reportTotals()).totalYen, 50);
    });

    test('whose totals can not be recorded clears nothing, the fault comes out, and the next one has them', async (t) => {
      const counter = await connectAnew(t);
      await counter.sellWell(300);
      const fault = new Error('disk full');
      const commit = (): never => {
        throw fault;
      };
      const refused = counter.terminal.settle?.({}, commit, ignore);
      if (refused === undefined) return;
      await assert.rejects(refused, fault);
      await counter.farEnd.isIdle();
      await counter.reconnect();
      const committed: number[] = [];
      const settled = await counter.terminal.settle?.(
        {},
        ({ totalYen }) => void committed.push(totalYen),
        ignore,
      );
      assert.equal(settled?.kind, 'settled');
      assert.deepEqual(committed, [300]);
    });
  });

  describe('besides, where it is declared', () => {
    test('a receipt is shown once more, and nothing is taken for it', async (t) => {
      const counter = await connect(t);
      await counter.sellWell(100);
      const pieces: unknown[] = [];
      const shown = await counter.terminal.reprint?.((text) => void pieces.push(text));
      assert.equal(shown ?? false, pieces.length > 0);
      assert.equal((await counter.book()).length, 1);
    });

    test('a balance is read without taking anything', async (t) => {
      const counter = await connect(t);
      await counter.farEnd.plan({ act: 'present', brand: anyBrand });
      const balance = await counter.terminal.readBalance?.(ignore);
      assert.ok(balance === undefined || ['read', 'unread'].includes(balance.kind));
      assert.deepEqual(await counter.book(), []);
    });

    test('a terminal is restored without taking or clearing anything', async (t) => {
      const counter = await connect(t);
      await counter.sellWell(100);
      const before = (await counter.terminal.reportTotals()).totalYen;
      const health = await counter.terminal.restore?.(ignore);
      assert.ok(health?.ready ?? true);
      assert.equal((await counter.terminal.reportTotals()).totalYen, before);
    });

    test('taking leave closes the line', async (t) => {
      const { terminal } = await connect(t);
      if (terminal.logOff === undefined) await terminal.close();
      else await terminal.logOff();
      await terminal.closed;
    });
  });
}
