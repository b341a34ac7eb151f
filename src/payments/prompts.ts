/**
 * Questions of terminals without a link, from the driver to the clerk and back. An answer is on record, with who gave
 * it, before the driver hears it. A question lives as long as this process: after a crash its operation is asked about.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { OpenPrompt } from '../live.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import { replyOf, readScan, type Entry } from '../terminal/reply.ts';
import type { AskClerk, Reply } from '../terminal/prompt.ts';
import { TerminalError } from '../terminal/terminal.ts';
import type { Ledger } from './ledger.ts';
import type { ClerkReply } from './operation-events.ts';

export interface Prompts {
  /** How one terminal asks. */
  askFor(terminal: string): AskClerk;
  open(): OpenPrompt[];
  /** @throws AppError where it has been answered already, or the entry does not answer it; nothing is recorded then */
  reply(terminal: string, id: string, entry: Entry, clerk: Person): void;
}

export interface PromptOptions {
  /** Durable when it returns. */
  record: (operationId: string | null, reply: ClerkReply) => void;
  onChange: (open: OpenPrompt[]) => void;
}

/** What the clerk answers is recorded with its operation, or alone where there is none. */
export function createRecordedPrompts(
  journal: Pick<Journal, 'append'>,
  ledger: Pick<Ledger, 'record'>,
  onChange: PromptOptions['onChange'],
): Prompts {
  return createPrompts({
    record(operationId, reply) {
      if (operationId === null) journal.append('clerk_reply', null, reply);
      else ledger.record(operationId, { type: 'clerk_reply', payload: reply });
    },
    onChange,
  });
}

/** Nothing is asked yet; a question is kept nowhere, and dies with the process. */
export function createPrompts({ record, onChange }: PromptOptions): Prompts {
  const waiting = new Map<string, { open: OpenPrompt; answer: (reply: Reply) => void }>();
  const list = (): OpenPrompt[] => [...waiting.values()].map(({ open }) => open);
  const close = (id: string): void => {
    if (waiting.delete(id)) onChange(list());
  };

  return {
    askFor: (terminal) => (prompt, withdrawn) =>
      new Promise((resolve, reject) => {
        if (withdrawn.aborted) {
          reject(new TerminalError('the question was withdrawn before anybody saw it', false));
          return;
        }
        const id = randomUUID();
        const withdraw = (): void => {
          close(id);
          reject(new TerminalError('the question was withdrawn before it was answered', true));
        };
        withdrawn.addEventListener('abort', withdraw, { once: true });
        const answer = (reply: Reply): void => {
          withdrawn.removeEventListener('abort', withdraw);
          resolve(reply);
        };
        waiting.set(id, { open: { id, terminal, prompt }, answer });
        onChange(list());
      }),
    open: list,
    reply(terminal, id, entry, clerk) {
      const asked = waiting.get(id);
      if (asked?.open.terminal !== terminal) throw new AppError('prompt_gone');
      const { prompt } = asked.open;
      const reply = replyOf(prompt, entry);
      if (reply === undefined) throw new AppError('reply_mismatch');
      const isScanned = readScan(prompt, entry.scan) !== undefined;
      record(prompt.operationId, {
        ...signatureOf(clerk),
        terminal,
        titleJa: prompt.titleJa,
        ...reply,
        isScanned,
      });
      close(id);
      asked.answer(reply);
    },
  };
}
