/** The driver for a terminal without a link, as the contract plays it: between them sits a careful clerk. */
import { fileURLToPath } from 'node:url';
import { manual } from '../../../drivers/manual/manual.ts';
import type { Entry } from '../../../drivers/manual/virtual/book.ts';
import type { State } from '../../../drivers/manual/virtual/terminal.ts';
import type { AskClerk, Prompt, Reply } from '../../../src/terminal/prompt.ts';
import { TerminalError } from '../../../src/terminal/terminal.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { makeFolder } from '../../support/folder.ts';
import type { BookLine, FarEnd, Step, Subject, Wire } from '../contract.ts';
import { startVirtualProgram, virtualPage } from '../virtual-page.ts';
import { answer, clear, has, type Question } from './clerk.ts';

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

async function openFarEnd(t: Cleanup, issuerMs: number): Promise<FarEnd> {
  const args = ['--data', makeFolder(t), '--issuer-ms', String(issuerMs)];
  const { http } = await startVirtualProgram<{ http: string }>(t, PROGRAM, args);
  const terminal = virtualPage<State>(http);
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
    book: async () => (await terminal.entries<Entry>()).map(bookLine),
  };
}

const withoutCut = (step: Step): object =>
  step.act === 'present' ? { act: step.act, brand: step.brand } : step;

const bookLine = ({ kind, slip, amountYen, method, brand }: Entry): BookLine => ({
  ...{ kind, amountYen, method, brand },
  receiptNumber: slip,
  state: 'stored',
});
