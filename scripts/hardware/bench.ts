/** A real terminal on its line, and the person beside it: what the cases of the hardware test do with both. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  TerminalError,
  type Commit,
  type Ending,
  type Finding,
  type Progress,
  type Terminal,
  type TerminalAnswer,
} from '../../src/terminal/terminal.ts';

export const YEN = 1;
const USABLE_AGAIN_MS = 10_000;
/** How long the person may take with a cable. */
const PERSON_MS = 120_000;
const BUSY_MS = 60_000;

interface Sold {
  ending: Ending;
  answer: TerminalAnswer | null;
  steps: string[];
}

export interface HardwareBench {
  /** The one that is connected now. */
  readonly terminal: Terminal;
  /** What stands on the terminal and has to be voided before this ends. */
  readonly standing: readonly TerminalAnswer[];
  /** Sells 1 yen to whoever is there. @throws TerminalError */
  sell(onProgress?: (progress: Progress) => void, decide?: Commit): Promise<Sold>;
  /** Sells 1 yen by card, approved; it stands until it is voided. `previous`: what the terminal had stored last before. */
  sellWell(): Promise<{ answer: TerminalAnswer; previous: TerminalAnswer | null }>;
  /** Asks for the last sale. @param previous left out: what the terminal had stored last before it, as far as is known */
  find(answer: TerminalAnswer | null, previous?: TerminalAnswer | null): Promise<Finding>;
  /** It was found approved: it has to be voided too. */
  remember(answer: TerminalAnswer): void;
  untilPulled(): Promise<void>;
  /** Plugged in and usable again within ten seconds. */
  untilPlugged(): Promise<void>;
  /** A dialogue that broke has closed its line; the next case begins on a new one. */
  reconnect(): Promise<void>;
  /** Newest first, because some terminals can cancel only the last payment. */
  voidAll(): Promise<void>;
}

/** Tells the person what to do now. */
export function ask(ja: string, en: string): void {
  console.log(`\n  ▶ ${ja}\n    ${en}`);
}

/** @throws TerminalError if the terminal can't be had */
export async function openHardwareBench(connect: () => Promise<Terminal>): Promise<HardwareBench> {
  const standing: TerminalAnswer[] = [];
  let terminal = await connect();
  let lastStored: TerminalAnswer | null = null;
  let armedAt = '';

  const sell: HardwareBench['sell'] = async (onProgress = () => undefined, decide = () => 'acknowledge') => {
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
  };

  const untilUsable = async (): Promise<number> => {
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
  };

  return {
    get terminal() {
      return terminal;
    },
    standing,
    sell,
    async sellWell() {
      ask(
        'カードまたはスマートフォンを端末にかざしてください（1円）。',
        'Present a card or a phone (1 yen).',
      );
      const { ending, answer, steps } = await sell();
      assert.deepEqual(ending, { kind: 'completed' });
      if (answer === null) assert.fail('no answer came');
      assert.equal(answer.verdict, 'approved');
      const previous = lastStored;
      standing.push(answer);
      lastStored = answer;
      assert.equal(steps[0], 'sent');
      return { answer, previous };
    },
    async find(answer, previous = lastStored) {
      const asked = { operationId: `hardware-${armedAt}`, amountYen: YEN, armedAt, answer, previous };
      const patience = Date.now() + BUSY_MS;
      for (;;) {
        const found = await terminal.findTransaction(asked);
        if (found.kind !== 'in_progress' || Date.now() > patience) return found;
        await delay(1_000);
      }
    },
    remember: (answer) => void standing.push(answer),
    async untilPulled() {
      ask('端末のケーブルを抜いてください。', 'Pull the terminal’s cable out.');
      await Promise.race([
        terminal.closed,
        delay(PERSON_MS, undefined, { ref: false }).then(() => assert.fail('nobody pulled the cable')),
      ]);
      await terminal.close();
    },
    async untilPlugged() {
      ask('ケーブルを差してください。', 'Plug it in again.');
      const tookMs = await untilUsable();
      assert.ok(tookMs < USABLE_AGAIN_MS, `usable again after ${Math.round(tookMs)} ms`);
    },
    async reconnect() {
      await terminal.close();
      await untilUsable();
    },
    async voidAll() {
      for (let of = standing.at(-1); of !== undefined; of = standing.at(-1)) {
        await voidOne(terminal, of);
        standing.pop();
      }
    },
  };
}

async function voidOne(terminal: Terminal, of: TerminalAnswer): Promise<void> {
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
}
