/**
 * `npm run test:hardware -- --driver zvt --port usb:079b:0028 [--options JSON] [--without-cable]`
 *
 * The contract's cases that a real terminal allows, with a person beside it: sales of 1 yen, voided afterwards. It can
 * be tried against a virtual terminal: give the `line` that the virtual terminal prints as `--port`.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drivers } from '../drivers/index.ts';
import { maskCardNumbers } from '../src/card-mask.ts';
import { parseAddress, portOpener } from '../src/terminal/port.ts';
import {
  TerminalError,
  type Commit,
  type Ending,
  type Finding,
  type Progress,
  type Terminal,
  type TerminalAnswer,
} from '../src/terminal/terminal.ts';

const YEN = 1;
const USABLE_AGAIN_MS = 10_000;
/** How long the person may take with a cable. */
const PERSON_MS = 120_000;
const BUSY_MS = 60_000;

const { values } = parseArgs({
  options: {
    driver: { type: 'string', default: drivers[0]?.model ?? '' },
    port: { type: 'string' },
    options: { type: 'string', default: '{}' },
    'without-cable': { type: 'boolean', default: false },
  },
});
const driver = drivers.filter((each) => each.reach === 'line').find(({ model }) => model === values.driver);
const address = values.port === undefined ? undefined : parseAddress(values.port);
if (driver === undefined || address === undefined) {
  console.error(
    `--driver ${drivers.map(({ model }) => model).join('|')} --port usb:VENDOR:PRODUCT[:SERIAL] | serial:PATH[@BAUD] | ` +
      'tcp:HOST:PORT\n端末の接続先は npm run terminals で確かめられます / npm run terminals shows what is plugged in',
  );
  process.exit(2);
}

const options: unknown = JSON.parse(values.options);
const openPort = portOpener(address);
const connect = (): Promise<Terminal> => driver.connect(openPort, options);

/** What stands on the terminal and has to be voided before this ends. */
const standing: TerminalAnswer[] = [];
let terminal = await connect();
let lastStored: TerminalAnswer | null = null;
let armedAt = '';

interface Sold {
  ending: Ending;
  answer: TerminalAnswer | null;
  steps: string[];
}

function ask(ja: string, en: string): void {
  console.log(`\n  ▶ ${ja}\n    ${en}`);
}

/** Sells 1 yen; what the terminal approved and we acknowledged is remembered until it is voided. */
async function sell(
  onProgress: (progress: Progress) => void = () => undefined,
  decide: Commit = () => 'acknowledge',
): Promise<Sold> {
  const steps: string[] = [];
  const answers: TerminalAnswer[] = [];
  armedAt = new Date().toISOString();
  const ending = await terminal.authorizeSale(
    { operationId: `hardware-${armedAt}`, amountYen: YEN, method: 'credit', brand: null },
    (given) => {
      answers.push(given);
      return decide(given);
    },
    (progress) => {
      steps.push(progress.step);
      onProgress(progress);
    },
  );
  return { ending, answer: answers.at(-1) ?? null, steps };
}

async function find(answer: TerminalAnswer | null): Promise<Finding> {
  const patience = Date.now() + BUSY_MS;
  for (;;) {
    const found = await terminal.findTransaction({
      operationId: `hardware-${armedAt}`,
      amountYen: YEN,
      armedAt,
      answer,
      previous: lastStored,
    });
    if (found.kind !== 'in_progress' || Date.now() > patience) return found;
    await delay(1_000);
  }
}

async function sellWell(): Promise<TerminalAnswer> {
  ask('カードまたはスマートフォンを端末にかざしてください（1円）。', 'Present a card or a phone (1 yen).');
  const { ending, answer, steps } = await sell();
  assert.deepEqual(ending, { kind: 'completed' });
  if (answer === null) assert.fail('no answer came');
  assert.equal(answer.verdict, 'approved');
  standing.push(answer);
  lastStored = answer;
  assert.equal(steps[0], 'sent');
  return answer;
}

async function untilUsable(): Promise<number> {
  const patience = performance.now() + PERSON_MS;
  for (;;) {
    const began = performance.now();
    try {
      terminal = await connect();
      return performance.now() - began;
    } catch (error) {
      if (!(error instanceof TerminalError) || performance.now() > patience) throw error;
      await delay(250);
    }
  }
}

async function untilPulled(): Promise<void> {
  ask('端末のケーブルを抜いてください。', 'Pull the terminal’s cable out.');
  await Promise.race([
    terminal.closed,
    delay(PERSON_MS, undefined, { ref: false }).then(() => assert.fail('nobody pulled the cable')),
  ]);
  await terminal.close();
}

async function untilPlugged(): Promise<void> {
  ask('ケーブルを差してください。', 'Plug it in again.');
  const tookMs = await untilUsable();
  assert.ok(tookMs < USABLE_AGAIN_MS, `usable again after ${Math.round(tookMs)} ms`);
}

type Case = [name: string, run: () => Promise<void>];

const CASES: Case[] = [
  [
    '端末が名乗る / the terminal says which one it is',
    () => {
      assert.ok(terminal.terminalId !== null && terminal.terminalId !== '');
      console.log(`  ${terminal.terminalId}`);
      return Promise.resolve();
    },
  ],
  [
    '状態を三回確かめる / health is fine, three times',
    async () => {
      for (let round = 0; round < 3; round++) {
        const { ready, status } = await terminal.checkHealth();
        assert.ok(ready, status);
      }
    },
  ],
  [
    '中間計は何も消さない / totals are not cleared by being asked for',
    async () => {
      const { rows, totalYen } = await terminal.reportTotals();
      const again = await terminal.reportTotals();
      assert.deepEqual([again.rows, again.totalYen], [rows, totalYen]);
      const buckets = driver.totals.buckets.map(({ code }) => code);
      assert.ok(rows.every(({ bucket }) => buckets.includes(bucket)));
    },
  ],
  [
    '1円の支払いが承認され、中間計に載り、後から見つかる / 1 yen is approved, counted, and found afterwards',
    async () => {
      const before = await terminal.reportTotals();
      const previous = lastStored;
      const answer = await sellWell();
      assert.deepEqual([answer.amountYen, answer.terminalId], [YEN, terminal.terminalId]);
      assert.ok(answer.receiptNumber !== null || answer.traceNumber !== null);
      const said = JSON.stringify({ ...answer, raw: null });
      assert.equal(maskCardNumbers(said), said, 'a card number is in the answer');
      console.log(`  ${answer.brandName ?? '?'} ${answer.receiptNumber ?? ''}`);
      assert.equal((await terminal.reportTotals()).totalYen - before.totalYen, YEN);
      lastStored = previous;
      const found = await find(answer);
      lastStored = answer;
      assert.equal(found.kind, 'approved');
    },
  ],
  [
    '端末の中止キー / the stop key ends a sale, and nothing was taken',
    async () => {
      ask(
        'カードを出さず、端末の中止（×）キーを押してください。',
        'Present nothing; press the terminal’s stop key.',
      );
      const { ending, answer } = await sell();
      assert.equal(ending.kind, 'aborted');
      assert.notEqual((await find(answer)).kind, 'approved');
    },
  ],
  [
    '窓口からの取り消し / the counter’s wish to stop ends a sale',
    async () => {
      const { ending } = await sell(({ step }) => {
        if (step === 'present_card') terminal.abort();
      });
      assert.equal(ending.kind, 'aborted');
    },
  ],
  [
    '記録できない支払いは端末が取り消す / what the counter refuses is reversed by the terminal',
    async () => {
      const before = await terminal.reportTotals();
      ask(
        'もう一度かざしてください。この支払いは取り消されます。',
        'Present again; this payment will be reversed.',
      );
      const { answer } = await sell(undefined, (given) =>
        given.verdict === 'approved' ? 'refuse' : 'acknowledge',
      );
      assert.ok(answer !== null);
      assert.notEqual((await find(answer)).kind, 'approved');
      assert.equal((await terminal.reportTotals()).totalYen, before.totalYen);
    },
  ],
];

const CABLE_CASES: Case[] = [
  [
    'ケーブルが抜けたことに気づき、差せば十秒以内に使える / a pulled cable is noticed, and back within ten seconds',
    async () => {
      await untilPulled();
      await assert.rejects(sell(), (error) => error instanceof TerminalError && !error.moneyMayHaveMoved);
      await untilPlugged();
      assert.ok((await terminal.checkHealth()).ready);
    },
  ],
  [
    'カード待ちの間に抜く：確かめるまで分からず、確かめれば分かる / a cable pulled while a card is awaited',
    async () => {
      let pulling: Promise<void> | undefined;
      const lost = await sell(({ step }) => {
        if (step === 'present_card') pulling ??= untilPulled();
      }).then(
        ({ ending }) => assert.fail(`the sale ended as ${ending.kind}`),
        (error: unknown) => error,
      );
      assert.ok(lost instanceof TerminalError && lost.moneyMayHaveMoved);
      await pulling;
      await untilPlugged();
      const found = await find(null);
      console.log(`  ${found.kind}`);
      if (found.kind === 'approved') standing.push(found.answer);
      assert.notEqual(found.kind, 'approved');
    },
  ],
  [
    '抜けた後も支払える / a sale works after all that',
    async () => {
      await sellWell();
    },
  ],
];

/** Newest first, because some terminals can cancel only the last payment. */
async function voidAll(): Promise<void> {
  for (let of = standing.at(-1); of !== undefined; of = standing.at(-1)) {
    ask(
      '1円の支払いを取り消します。求められたらカードをかざしてください。',
      'Voiding 1 yen: present the card if asked to.',
    );
    const verdicts: string[] = [];
    const ending = await terminal.authorizeVoid(
      { operationId: `hardware-void-${of.receiptNumber ?? ''}`, amountYen: YEN, of },
      ({ verdict }) => {
        verdicts.push(verdict);
        return 'acknowledge';
      },
      () => undefined,
    );
    assert.ok(
      ending.kind === 'completed' && verdicts.at(-1) === 'approved',
      `the void ended as ${ending.kind}`,
    );
    standing.pop();
  }
}

console.log(
  `${driver.nameJa} ${values.port ?? ''}\n1円の支払いを行い、最後に取り消します / sales of 1 yen, voided at the end`,
);
const cases: Case[] = [
  ...CASES,
  ...(values['without-cable'] ? [] : CABLE_CASES),
  ['1円の支払いをすべて取り消す / every 1 yen is voided', voidAll],
];
let failures = 0;
try {
  for (const [name, run] of cases) {
    try {
      await run();
      console.log(`✔ ${name}`);
    } catch (error) {
      failures += 1;
      console.log(`✖ ${name}\n  ${String(error)}`);
      // A dialogue that broke has closed its line; the next case begins on a new one.
      await terminal.close();
      await untilUsable();
    }
  }
} finally {
  await terminal.close();
  for (const { receiptNumber, brandName } of standing) {
    console.log(
      `残っています。端末で取り消してください / still taken, void it on the terminal: ${brandName ?? ''} ${receiptNumber ?? ''}`,
    );
  }
}
console.log(failures === 0 ? '合格 / passed' : `不合格 ${failures} / failed`);
process.exitCode = failures === 0 ? 0 : 1;
