/** A clerk's answer: once, to the question as it stood, on record before anybody hears it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import type { ClerkReply } from '../../src/payments/operation-events.ts';
import { createPrompts } from '../../src/payments/prompts.ts';
import type { Prompt } from '../../src/terminal/prompt.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { HANAKO } from '../proof/clerk.ts';

const none = (code: string) => ({ code, nameJa: code, tone: 'good' as const, fields: [] });
const QUESTION: Prompt = {
  ...{ operationId: 'sale', titleJa: '端末に金額を打ってください', amountYen: 400, guideJa: [] },
  outcomes: [none('approved'), none('declined')],
};
const refusedAs = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

/** One question of terminal 1, and what happened in which order. */
function ask(record: (reply: ClerkReply) => void = () => undefined) {
  const happened: string[] = [];
  const prompts = createPrompts({
    record(_, reply) {
      record(reply);
      happened.push(`recorded ${reply.outcome}`);
    },
    onChange: () => undefined,
  });
  const withdrawn = new AbortController();
  const heard = prompts
    .askFor('1')(QUESTION, withdrawn.signal)
    .then(({ outcome }) => void happened.push(`heard ${outcome}`));
  const [open = assert.fail()] = prompts.open();
  const reply = (outcome: string, terminal = '1') =>
    prompts.reply(terminal, open.id, { outcome, values: {}, again: {}, scan: null }, HANAKO);
  return { prompts, happened, heard, reply, withdrawn };
}

test('an answer is recorded, then heard; a second one, or another terminal’s, is told that it comes too late', async () => {
  const { prompts, happened, heard, reply } = ask();
  assert.throws(() => reply('approved', '2'), refusedAs('prompt_gone'));
  assert.throws(() => reply('perhaps'), refusedAs('reply_mismatch'));
  reply('approved');
  await heard;
  assert.throws(() => reply('declined'), refusedAs('prompt_gone'));
  assert.deepEqual(happened, ['recorded approved', 'heard approved']);
  assert.deepEqual(prompts.open(), []);
});

test('an answer that can not be recorded is none: the question stays', async () => {
  let isFull = true;
  const { happened, heard, reply } = ask(() => {
    if (isFull) throw new AppError('journal_unwritable');
  });
  assert.throws(() => reply('approved'), refusedAs('journal_unwritable'));
  assert.deepEqual(happened, []);
  isFull = false;
  reply('declined');
  await heard;
  assert.deepEqual(happened, ['recorded declined', 'heard declined']);
});

test('a question that is withdrawn may have been seen, unless it was withdrawn before; nobody answers it then', async () => {
  const { heard, reply, withdrawn, prompts } = ask();
  withdrawn.abort();
  const mayHaveMoved = (isSo: boolean) => (error: unknown) =>
    error instanceof TerminalError && error.moneyMayHaveMoved === isSo;
  await assert.rejects(heard, mayHaveMoved(true));
  assert.throws(() => reply('approved'), refusedAs('prompt_gone'));
  await assert.rejects(prompts.askFor('1')(QUESTION, AbortSignal.abort()), mayHaveMoved(false));
});
