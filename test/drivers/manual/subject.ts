/** The driver for a terminal without a link, as the contract plays it: between them sits a careful clerk. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { manual } from '../../../drivers/manual/manual.ts';
import type { Entry as BookEntry } from '../../../drivers/manual/virtual/book.ts';
import type { Key, State } from '../../../drivers/manual/virtual/terminal.ts';
import { replyOf } from '../../../src/terminal/reply.ts';
import type { AskClerk, Prompt, Reply } from '../../../src/terminal/prompt.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { makeFolder } from '../../support/folder.ts';
import type { BookLine, FarEnd, Step, Subject, Wire } from '../contract.ts';

const PROGRAM = fileURLToPath(new URL('../../../drivers/manual/virtual/main.ts', import.meta.url));
const { virtual } = manual;

const subject: Subject = {
  driver: manual,
  line: 'a clerk',
  options: virtual?.options ?? {},
  senselessOptions: [
    { slip: { minDigits: 5, maxDigits: 3 } },
    { slip: { minDigits: 5, maxDigits: 16 } },
    { scanPattern: '(' },
    { brands: { credit: ['paypay'] } },
    { nane: '端末' },
  ],
  impostors: [],
  noticesLoss: false,
  cutPoints: [{ at: 'approved', what: 'before the clerk could tell of the approval', stands: true }],
  open: (t, { issuerMs = 0 } = {}) => openFarEnd(t, issuerMs),
  couldMoveMoney: (sent) =>
    asked(sent).some((prompt) => ['approved', 'voided', 'refunded'].some((code) => has(prompt, code))),
};
export const subjects: readonly Subject[] = [subject];

/** Every question is a line. */
const asked = (sent: Buffer): Prompt[] =>
  String(sent)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Prompt);

const has = ({ outcomes }: Prompt, code: string): boolean => outcomes.some((each) => each.code === code);

async function openFarEnd(t: Cleanup, issuerMs: number): Promise<FarEnd> {
  const http = await startProgram(t, issuerMs);
  const terminal = handle(http);
  const inFlight = new Set<(error: TerminalError) => void>();
  let isAway = false;
  let leavesAtApproval = false;
  const pullCable = (): Promise<void> => {
    isAway = true;
    for (const giveUp of inFlight) giveUp(new TerminalError('the clerk has been called away', true));
    return Promise.resolve();
  };
  const operate = async (question: Question): Promise<Reply> => {
    const reply = await answer(terminal, question);
    if (reply.outcome === 'approved' && leavesAtApproval) {
      leavesAtApproval = false;
      await pullCable();
    }
    return reply;
  };
  const askThrough =
    ({ pass, cardNumber }: Wire): AskClerk =>
    (prompt, withdrawn) =>
      new Promise((resolve, reject) => {
        const nobody = new TerminalError('nobody is at the counter', false);
        if (isAway || withdrawn.aborted) {
          reject(nobody);
          return;
        }
        const giveUp = (error: TerminalError): void => {
          inFlight.delete(giveUp);
          reject(error);
        };
        inFlight.add(giveUp);
        withdrawn.addEventListener('abort', () => giveUp(new TerminalError('withdrawn', true)));
        let operating: Promise<Reply> | undefined;
        const send = async (): Promise<void> => {
          if (isAway) throw nobody;
          const { promise: keyed, resolve: onKeyed } = Promise.withResolvers<undefined>();
          operating = operate({ prompt, cardNumber, onKeyed: () => onKeyed(undefined) });
          // Handed over once the terminal has the amount: from then on the resident goes on without the clerk.
          await Promise.race([keyed, operating]);
        };
        pass(Buffer.from(`${JSON.stringify(prompt)}\n`), send)
          .then(() => operating)
          .then((reply) => {
            inFlight.delete(giveUp);
            if (isAway || reply === undefined) throw new TerminalError('the clerk went away', true);
            resolve(reply);
          })
          .catch((error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
      });

  return {
    address: 'clerk',
    connect(options, wire) {
      const clerk = askThrough(wire);
      return manual.connect(wire.screen?.(clerk) ?? clerk, options);
    },
    async plan(...steps) {
      leavesAtApproval = steps.some((step) => step.act === 'present' && step.cutAt === 'approved');
      await terminal.tell('/script', { steps: steps.map(withoutCut) });
    },
    cardIsAwaited: () => terminal.until(({ phase }) => phase === 'waiting').then(() => undefined),
    act: (step) => terminal.tell('/resident', withoutCut(step)),
    isIdle: () => clear(terminal),
    pullCable,
    plugCable: () => {
      isAway = false;
      return Promise.resolve();
    },
    book: async () => (await terminal.book()).map(bookLine),
  };
}

const withoutCut = (step: Step): object =>
  step.act === 'present' ? { act: step.act, brand: step.brand } : step;

const bookLine = ({ kind, slip, amountYen, method, brand }: BookEntry): BookLine => ({
  ...{ kind, amountYen, method, brand },
  receiptNumber: slip,
  state: 'stored',
});

async function startProgram(t: Cleanup, issuerMs: number): Promise<string> {
  const args = ['--data', makeFolder(t), '--issuer-ms', String(issuerMs)];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const [ready] = (await once(createInterface(child.stdout), 'line')) as [string];
  return (JSON.parse(ready) as { http: string }).http;
}

/** The terminal under the clerk's hands. */
interface Hands {
  press(key: Key): Promise<void>;
  tell(path: string, body: object): Promise<void>;
  until(isSo: (state: State) => boolean): Promise<State>;
  book(): Promise<BookEntry[]>;
}

function handle(http: string): Hands {
  const tell = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${http}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${said}`);
  };
  return {
    tell,
    press: (key) => tell('/key', key),
    until: (isSo) => untilState(http, isSo),
    async book() {
      const { entries } = (await (await fetch(`${http}/book`)).json()) as { entries: BookEntry[] };
      return entries;
    },
  };
}

async function untilState(http: string, isSo: (state: State) => boolean): Promise<State> {
  const { body } = await fetch(`${http}/events`);
  assert.ok(body !== null);
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.startsWith('data: '))) {
      const state = JSON.parse(line.slice('data: '.length)) as State;
      if (isSo(state)) return state;
    }
  }
  return assert.fail('the virtual terminal has ended');
}

interface Question {
  prompt: Prompt;
  /** Typed in the place of a slip number first, and not taken there. */
  cardNumber: string | undefined;
  /** The amount has been keyed in on the terminal. */
  onKeyed: () => void;
}

/** Does on the terminal what the question says, and tells what it did. */
async function answer(terminal: Hands, { prompt, cardNumber, onKeyed }: Question): Promise<Reply> {
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
    await terminal.press({ key: 'report' });
    const { papers } = await terminal.until(() => true);
    return entered('read', readTotals(papers[0]?.lines ?? [], prompt));
  }
  if (has(prompt, 'settled')) {
    await terminal.press({ key: 'settle' });
    return entered('settled');
  }
  return assert.fail(`a clerk does not understand ${prompt.titleJa}`);
}

type Entered = (outcome: string, values?: Record<string, string>) => Reply;

/** What an earlier customer has left on the terminal is ended by hand: nobody else does. */
async function clear(terminal: Hands): Promise<void> {
  const { phase } = await terminal.until((state) => state.phase !== 'processing');
  if (phase === 'waiting') await terminal.press({ key: 'stop' });
}

async function keyIn(terminal: Hands, amountYen: number): Promise<void> {
  await clear(terminal);
  await terminal.press({ key: 'stop' });
  // The key is answered when the resident has acted, so nobody waits for it.
  terminal.press({ key: 'sale', amountYen }).catch(() => undefined);
  await terminal.until(({ phase }) => phase !== 'idle');
}

async function tellResult(terminal: Hands, entered: Entered): Promise<Reply> {
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  if (result !== 'approved') return entered(result === 'declined' ? 'declined' : 'cancelled');
  const slip = (await terminal.book()).at(-1);
  assert.ok(slip !== undefined);
  return entered('approved', slipValues(slip));
}

const slipValues = ({ slip, brand, amountYen }: BookEntry): Record<string, string> => ({
  slip,
  brand,
  amount: String(amountYen),
});

async function voidThere(terminal: Hands, prompt: Prompt, entered: Entered): Promise<Reply> {
  const number = /伝票番号 (\d+)/.exec(prompt.guideJa.join())?.[1] ?? '';
  await terminal.press({ key: 'void', slip: number });
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  const voided = (await terminal.book()).at(-1);
  return result === 'voided' && voided !== undefined
    ? entered('voided', slipValues(voided))
    : entered('not_voided');
}

async function refundThere(
  terminal: Hands,
  prompt: Prompt,
  entered: Entered,
  onKeyed: () => void,
): Promise<Reply> {
  const slip = /伝票番号 (\d+)/.exec(prompt.guideJa.join())?.[1] ?? '';
  await terminal.press({ key: 'stop' });
  terminal.press({ key: 'refund', slip, amountYen: prompt.amountYen ?? 0 }).catch(() => undefined);
  await terminal.until(({ phase }) => phase !== 'idle');
  onKeyed();
  const { result } = await terminal.until(({ phase }) => phase === 'done');
  const refunded = (await terminal.book()).at(-1);
  return result === 'refunded' && refunded !== undefined
    ? entered('refunded', slipValues(refunded))
    : entered('not_refunded');
}

async function lookThere(terminal: Hands, prompt: Prompt, entered: Entered): Promise<Reply> {
  await clear(terminal);
  const last = (await terminal.book()).at(-1);
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
