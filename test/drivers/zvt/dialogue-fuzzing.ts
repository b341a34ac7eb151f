/** Whole dialogues with a terminal whose messages are changed, lost, doubled or made up on the way. */
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { decodeApdu, splitApdus } from '../../../drivers/zvt/apdu.ts';
import { describeApdu } from '../../../drivers/zvt/describe.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import type { Port } from '../../../src/terminal/port.ts';
import { createStreamPort } from '../../../src/terminal/stream-port.ts';
import {
  TerminalError,
  type Commit,
  type Ending,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { mutate, mutation } from './fuzzing.ts';
import { hex } from './support.ts';

const AMOUNT_YEN = 1_000;
const STATUS = (code: string, amount: string): string =>
  `04 0F 21 27 ${code} 04 ${amount} 49 0392 87 0007 29 99000001 0B 000012 0C 101210 0D 0701 8A 0A`;
const RIGHT = STATUS('00', '000000001000');
const SALES = [
  ['80 00 00', '04 FF 01 0A', RIGHT, '06 0F 00'],
  ['80 00 00', RIGHT, RIGHT, '06 0F 00'],
  ['80 00 00', STATUS('05', '000000001000'), '06 1E 01 05'],
  ['80 00 00', STATUS('00', '000000010000'), '06 1E 01 6C'],
  ['80 00 00', RIGHT, '06 1E 01 9A'],
  ['80 00 00', STATUS('6C', '000000001000'), RIGHT, '06 0F 00'],
  ['84 83 00'],
].map((messages) => messages.map(hex));

/** How a far end behaves: which sale it means to hold, and what becomes of each of its messages. */
const plan = fc.record({
  sale: fc.constantFrom(...SALES),
  mutations: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(mutation, { maxLength: 2 })),
    {
      minLength: 5,
      maxLength: 5,
    },
  ),
  /** The line breaks after so many messages; beyond their number: it stays, silent. */
  breaksAfter: fc.integer({ min: 1, max: 8 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

type Decision = ReturnType<Commit>;

interface Held {
  port: Port;
  /** All bytes that the terminal has put on the line, from the sale on. */
  said: () => Buffer;
}

/** A status may ask for minutes of T4 (§3.7): the silence after it is ended by the line here, not by the register. */
function asksForPatience(said: Buffer): boolean {
  return splitApdus(said).apdus.some((apdu) => {
    const decoded = decodeApdu(apdu);
    return decoded?.control === '04ff' && decoded.data.length > 1;
  });
}

/** A far end that registers as it should, and then says one message of its plan for each message that it hears. */
function holdFarEnd({ sale, mutations, breaksAfter }: Plan): Held {
  const [near, far] = duplexPair();
  const port = createStreamPort(near, {
    line: 'stream',
    isOpen: () => !near.destroyed,
    release: () => {
      near.destroy();
      return Promise.resolve();
    },
  });
  let heard: Buffer = Buffer.alloc(0);
  let said: Buffer = Buffer.alloc(0);
  let step = -1;
  const answer = (apdu: Buffer): void => {
    const control = apdu.toString('hex', 0, 2);
    if (control === '0600') {
      far.write(hex('80 00 00 06 0F 0A 19 00 29 99000001 49 0392'));
    }
    if (control === '0601') step = 0;
    const message = step < 0 ? undefined : sale[step];
    if (message === undefined) return;
    const bytes = mutate(message, mutations[step] ?? []);
    step += 1;
    said = Buffer.concat([said, bytes]);
    far.write(bytes);
    if (step >= breaksAfter || asksForPatience(said)) near.destroy();
  };
  far.on('data', (bytes: Buffer) => {
    const { apdus, rest } = splitApdus(Buffer.concat([heard, bytes]));
    heard = rest;
    for (const apdu of apdus) answer(apdu);
  });
  return { port, said: () => said };
}

/** What the register makes of it; `taken`: the answers that it recorded, in their order, with what it told the terminal. */
async function sell(
  farEnd: Held,
): Promise<{ ending: Ending | 'unknown'; taken: [TerminalAnswer, Decision][] }> {
  const taken: [TerminalAnswer, Decision][] = [];
  const terminal = await zvt.connect(() => Promise.resolve(farEnd.port), { t3Ms: 25, t4Ms: 25 });
  try {
    const ending = await terminal.authorizeSale(
      { operationId: 'fuzz', amountYen: AMOUNT_YEN, method: 'credit', brand: null },
      (answer) => {
        const isOurs = answer.amountYen === AMOUNT_YEN && [null, '392'].includes(answer.currency);
        const decision = answer.verdict === 'approved' && !isOurs ? 'refuse' : 'acknowledge';
        taken.push([answer, decision]);
        return decision;
      },
      () => undefined,
    );
    return { ending, taken };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    assert.ok(error.moneyMayHaveMoved, 'the command has left');
    return { ending: 'unknown', taken };
  } finally {
    await terminal.close();
  }
}

/** The terminal's own words hold a regular end, and the last status before it approves the right amount. */
function saidApproval(said: Buffer): boolean {
  const words = splitApdus(said).apdus.map(describeApdu);
  return words.some(({ control }, at) => {
    const last = words.slice(0, at).findLast((word) => word.control === '040f')?.fields;
    return control === '060f' && last?.['resultCode'] === '00' && last['amountYen'] === AMOUNT_YEN;
  });
}

/** @returns how the sale ended for the register */
async function holdDialogue(wanted: Plan): Promise<'approved' | 'not approved'> {
  const farEnd = holdFarEnd(wanted);
  const { ending, taken } = await sell(farEnd);
  assert.ok(ending === 'unknown' || ending.kind !== 'not_sent', 'the command has left');
  const [answer, decision] = taken.at(-1) ?? [];
  const isCompleted = ending !== 'unknown' && ending.kind === 'completed';
  if (!isCompleted || answer?.verdict !== 'approved' || decision !== 'acknowledge') return 'not approved';
  assert.ok(saidApproval(farEnd.said()), `no approval in ${farEnd.said().toString('hex')}`);
  return 'approved';
}

/** However a terminal misbehaves, the dialogue ends, and it ends as approved only if the terminal approved. */
export const dialogues = fc.asyncProperty(fc.array(plan, { minLength: 40, maxLength: 40 }), async (plans) => {
  await Promise.all(plans.map(holdDialogue));
});
