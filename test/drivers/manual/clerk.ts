/** A careful clerk at the virtual terminal: does there what a question says, and tells what came of it. */
import assert from 'node:assert/strict';
import type { Entry } from '../../../drivers/manual/virtual/book.ts';
import type { Key, State } from '../../../drivers/manual/virtual/terminal.ts';
import type { Prompt, Reply } from '../../../src/terminal/prompt.ts';
import { replyOf } from '../../../src/terminal/reply.ts';
import type { VirtualPage } from '../virtual-page.ts';

/** The terminal under the clerk's hands. */
type Terminal = VirtualPage<State>;

const press = (terminal: Terminal, key: Key): Promise<void> => terminal.tell('/key', key);

/** Whether a question may be answered so. */
export const has = ({ outcomes }: Prompt, code: string): boolean =>
  outcomes.some((each) => each.code === code);

export interface Question {
  prompt: Prompt;
  /** Typed in the place of a slip number first, and not taken there. */
  cardNumber: string | undefined;
  /** The amount has been keyed in on the terminal. */
  onKeyed: () => void;
}

/** Does on the terminal what the question says, and tells what it did. */
export async function answer(terminal: Terminal, { prompt, cardNumber, onKeyed }: Question): Promise<Reply> {
  const entered = (outcome: string, values: Record<string, string> = {}): Reply => {
    const entry = { outcome, values, again: values, scan: null };
    if (cardNumber !== undefined && 'slip' in values) {
      const mistyped = { ...values, slip: cardNumber };
      assert.equal(replyOf(prompt, { ...entry, values: mistyped, again: mistyped }), undefined);
    }
    return replyOf(prompt, entry) ?? assert.fail(`${outcome} with ${JSON.stringify(values)} is no answer`);
  };
  if (has(prompt, 'approved')) {
    // Whoever wishes to stop ends what runs there; an approval that came first stands.
    await (prompt.titleJa.includes('中止') ? clear(terminal) : keyIn(terminal, prompt.amountYen ?? 0));
    onKeyed();
    return tellResult(terminal, entered);
  }
  if (has(prompt, 'voided')) return voidThere(terminal, prompt, entered);
  if (has(prompt, 'refunded')) return refundThere(terminal, prompt, entered, onKeyed);
  if (has(prompt, 'found')) return lookThere(terminal, prompt, entered);
  if (has(prompt, 'read')) {
    await press(terminal, { key: 'report' });
    const { papers } = await terminal.until(() => true);
    return entered('read', readTotals(papers[0]?.lines ?? [], prompt));
  }
  if (has(prompt, 'settled')) {
    await press(terminal, { key: 'settle' });
    return entered('settled');
  }
  return assert.fail(`a clerk does not understand ${prompt.titleJa}`);
}

type Entered = (outcome: string, values?: Record<string, string>) => Reply;

/** What an earlier customer has left on the terminal is ended by hand: nobody else does. */
export async function clear(terminal: Terminal): Promise<void> {
  const { phase } = await terminal.until((state) => state.phase !== 'processing');
  if (phase === 'waiting') await press(terminal, { key: 'stop' });
}

async function keyIn(terminal: Terminal, amountYen: number): Promise<void> {
  await clear(terminal);
  await press(terminal, { key: 'stop' });
  // The key is answered when the resident has acted, so nobody waits for it.
  press(terminal, { key: 'sale', amountYen }).catch(() => undefined);
  await terminal.until(({ phase }) => phase !== 'idle');
}

async function tellResult(terminal: Terminal, entered: Entered): Promise<Reply> {
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  if (result !== 'approved') return entered(result === 'declined' ? 'declined' : 'cancelled');
  const slip = (await terminal.entries<Entry>()).at(-1);
  assert.ok(slip !== undefined);
  return entered('approved', slipValues(slip));
}

const slipValues = ({ slip, brand, amountYen }: Entry): Record<string, string> => ({
  slip,
  brand,
  amount: String(amountYen),
});

async function voidThere(terminal: Terminal, prompt: Prompt, entered: Entered): Promise<Reply> {
  const number = /伝票番号 (\d+)/.exec(prompt.guideJa.join())?.[1] ?? '';
  await press(terminal, { key: 'void', slip: number });
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  const voided = (await terminal.entries<Entry>()).at(-1);
  return result === 'voided' && voided !== undefined
    ? entered('voided', slipValues(voided))
    : entered('not_voided');
}

async function refundThere(
  terminal: Terminal,
  prompt: Prompt,
  entered: Entered,
  onKeyed: () => void,
): Promise<Reply> {
  const slip = /伝票番号 (\d+)/.exec(prompt.guideJa.join())?.[1] ?? '';
  await press(terminal, { key: 'stop' });
  press(terminal, { key: 'refund', slip, amountYen: prompt.amountYen ?? 0 }).catch(() => undefined);
  await terminal.until(({ phase }) => phase !== 'idle');
  onKeyed();
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  const refunded = (await terminal.entries<Entry>()).at(-1);
  return result === 'refunded' && refunded !== undefined
    ? entered('refunded', slipValues(refunded))
    : entered('not_refunded');
}

async function lookThere(terminal: Terminal, prompt: Prompt, entered: Entered): Promise<Reply> {
  await clear(terminal);
  const last = (await terminal.entries<Entry>()).at(-1);
  if (last === undefined) return entered('none');
  const previous = /1つ前の伝票番号は (\d+)/.exec(prompt.guideJa.join())?.[1];
  // The slip of a 取消 names no brand: it was paid back the way it was paid.
  const { fields = [] } = prompt.outcomes.find(({ code }) => code === 'found') ?? {};
  const isSale = fields.some(({ code }) => code === 'brand');
  const sought = isSale ? 'sale' : prompt.titleJa.includes('返品') ? 'refund' : 'void';
  const isIt = last.kind === sought && last.amountYen === prompt.amountYen && last.slip !== previous;
  if (isIt) return entered('found', slipValues(last));
  return entered('last_slip', { slip: last.slip, ...(previous !== undefined && { settled: 'no' }) });
}

/** The paper's lines, kind by kind, into the question's fields of the same names. */
function readTotals(
  lines: readonly (readonly [string, string])[],
  { outcomes }: Prompt,
): Record<string, string> {
  const fields = outcomes.flatMap((outcome) => outcome.fields);
  return Object.fromEntries(
    fields.map(({ code, nameJa, kind }) => {
      const [, text = ''] = lines.find(([label]) => nameJa.startsWith(label)) ?? [];
      const [, count = '', yen = ''] = /^(\d+)件 ([\d,]+)円$/.exec(text) ?? [];
      return [code, kind === 'count' ? count : yen.replaceAll(',', '')];
    }),
  );
}
