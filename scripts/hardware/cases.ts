/** The contract's cases that a real terminal allows. */
import assert from 'node:assert/strict';
import { maskCardNumbers } from '../../src/card-mask.ts';
import type { TotalsGrain } from '../../src/terminal/driver.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { ask, YEN, type HardwareBench } from './bench.ts';

export type Case = [name: string, run: () => Promise<void>];

/** With the cable in. @param totals the buckets that the driver declares */
export const casesOf = (bench: HardwareBench, totals: TotalsGrain): Case[] => [
  [
    '端末が名乗る / the terminal says which one it is',
    () => {
      assert.ok(bench.terminal.terminalId !== null && bench.terminal.terminalId !== '');
      console.log(`  ${bench.terminal.terminalId}`);
      return Promise.resolve();
    },
  ],
  [
    '状態を三回確かめる / health is fine, three times',
    async () => {
      for (let round = 0; round < 3; round++) {
        const { ready, status } = await bench.terminal.checkHealth();
        assert.ok(ready, status);
      }
    },
  ],
  [
    '中間計は何も消さない / totals are not cleared by being asked for',
    async () => {
      const { rows, totalYen } = await bench.terminal.reportTotals();
      const again = await bench.terminal.reportTotals();
      assert.deepEqual([again.rows, again.totalYen], [rows, totalYen]);
      const buckets = totals.buckets.map(({ code }) => code);
      assert.ok(rows.every(({ bucket }) => buckets.includes(bucket)));
    },
  ],
  [
    '1円の支払いが承認され、中間計に載り、後から見つかる / 1 yen is approved, counted, and found afterwards',
    async () => {
      const before = await bench.terminal.reportTotals();
      const { answer, previous } = await bench.sellWell();
      assert.deepEqual([answer.amountYen, answer.terminalId], [YEN, bench.terminal.terminalId]);
      assert.ok(answer.receiptNumber !== null || answer.traceNumber !== null);
      const said = JSON.stringify({ ...answer, raw: null });
      assert.equal(maskCardNumbers(said), said, 'a card number is in the answer');
      console.log(`  ${answer.brandName ?? '?'} ${answer.receiptNumber ?? ''}`);
      assert.equal((await bench.terminal.reportTotals()).totalYen - before.totalYen, YEN);
      assert.equal((await bench.find(answer, previous)).kind, 'approved');
    },
  ],
  [
    '端末の中止キー / the stop key ends a sale, and nothing was taken',
    async () => {
      ask(
        'カードを出さず、端末の中止（×）キーを押してください。',
        'Present nothing; press the terminal’s stop key.',
      );
      const { ending, answer } = await bench.sell();
      assert.equal(ending.kind, 'aborted');
      assert.notEqual((await bench.find(answer)).kind, 'approved');
    },
  ],
  [
    '窓口からの取り消し / the counter’s wish to stop ends a sale',
    async () => {
      const { ending } = await bench.sell(({ step }) => {
        if (step === 'present_card') bench.terminal.abort();
      });
      assert.equal(ending.kind, 'aborted');
    },
  ],
  [
    '記録できない支払いは端末が取り消す / what the counter refuses is reversed by the terminal',
    async () => {
      const before = await bench.terminal.reportTotals();
      ask(
        'もう一度かざしてください。この支払いは取り消されます。',
        'Present again; this payment will be reversed.',
      );
      const { answer } = await bench.sell(undefined, (given) =>
        given.verdict === 'approved' ? 'refuse' : 'acknowledge',
      );
      assert.ok(answer !== null);
      assert.notEqual((await bench.find(answer)).kind, 'approved');
      assert.equal((await bench.terminal.reportTotals()).totalYen, before.totalYen);
    },
  ],
];

/** The person pulls the cable, and plugs it in again. */
export const cableCasesOf = (bench: HardwareBench): Case[] => [
  [
    'ケーブルが抜けたことに気づき、差せば十秒以内に使える / a pulled cable is noticed, and back within ten seconds',
    async () => {
      await bench.untilPulled();
      await assert.rejects(
        bench.sell(),
        (error) => error instanceof TerminalError && !error.moneyMayHaveMoved,
      );
      await bench.untilPlugged();
      assert.ok((await bench.terminal.checkHealth()).ready);
    },
  ],
  [
    'カード待ちの間に抜く：確かめるまで分からず、確かめれば分かる / a cable pulled while a card is awaited',
    async () => {
      let pulling: Promise<void> | undefined;
      const lost = await bench
        .sell(({ step }) => {
          if (step === 'present_card') pulling ??= bench.untilPulled();
        })
        .then(
          ({ ending }) => assert.fail(`the sale ended as ${ending.kind}`),
          (error: unknown) => error,
        );
      assert.ok(lost instanceof TerminalError && lost.moneyMayHaveMoved);
      await pulling;
      await bench.untilPlugged();
      const found = await bench.find(null);
      console.log(`  ${found.kind}`);
      if (found.kind === 'approved') bench.remember(found.answer);
      assert.notEqual(found.kind, 'approved');
    },
  ],
  [
    '抜けた後も支払える / a sale works after all that',
    async () => {
      await bench.sellWell();
    },
  ],
];
