/**
 * The terminal's side of one dialogue: telling the register something and hearing its answer, waiting for the
 * resident, and all the while answering what the register may ask in between.
 */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { controlOf } from '../apdu.ts';
import { readCommandAnswer } from '../dialogue.ts';
import type { Link } from '../link.ts';
import { TAKEN } from '../messages.ts';
import type { Machine } from './machine.ts';
import { refusal, statusCompletion } from './messages.ts';
import type { ResidentAct } from './resident.ts';

/** The register's answer: `silent` if none came in time, `again` for 84 9C (in two seconds, please). */
export type Heard = 'taken' | 'again' | 'silent' | 'register is new' | { refused: string };

export interface Conversation {
  /** Sends what wants no answer. @throws TerminalError */
  say(message: Buffer): Promise<void>;
  /** Sends and waits for 80 xx or 84 xx. @throws TerminalError when the line is gone */
  tell(message: Buffer, timeoutMs?: number): Promise<Heard>;
  /** Lets time pass. @throws TerminalError when the line is gone */
  hold(ms: number): Promise<void>;
  /** Waits for what the resident does, or the register's abort. @throws TerminalError when the line is gone */
  awaitResident(ms: number): Promise<ResidentAct | 'register aborts' | 'nobody'>;
}

export function createConversation(machine: Machine, link: Link): Conversation {
  let abortWished = false;
  /** Until a card is there an abort is obeyed, even one that crosses a message of ours (§2.23). */
  const takeAbort = async (): Promise<boolean> => {
    const mayAbort = machine.screen.display.phase === 'waiting' && machine.act === undefined;
    abortWished ||= mayAbort;
    await link.send(mayAbort ? TAKEN : refusal('83'));
    return mayAbort;
  };
  const tell = async (message: Buffer, timeoutMs = machine.timing.t3Ms): Promise<Heard> => {
    await link.send(message);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const heard = await hear(link, deadline);
      if (heard === 'timeout') return 'silent';
      if (heard === 'interrupted') continue;
      const answer = readCommandAnswer(heard);
      if (answer?.kind === 'taken') return 'taken';
      if (answer?.kind === 'refused')
        return answer.resultCode === '9c' ? 'again' : { refused: answer.resultCode };
      if (controlOf(heard) === '06b0') await takeAbort();
      else await link.send(refusal('9c'));
      // A register that registers anew has forgotten this dialogue: no answer will come.
      if (controlOf(heard) === '0600') return 'register is new';
    }
  };

  /** What the register may ask while a payment runs; true if it wants the payment to stop. */
  const answerBetween = async (message: Buffer): Promise<boolean> => {
    const control = controlOf(message);
    if (readCommandAnswer(message) !== undefined) return false;
    if (control === '06b0') return takeAbort();
    if (control !== '0501') {
      await link.send(refusal('9c'));
      return false;
    }
    await link.send(TAKEN);
    await tell(statusCompletion(0x9c, true));
    return false;
  };

  return {
    say: (message) => link.send(message),
    tell,
    async hold(ms) {
      const deadline = performance.now() + ms;
      while (performance.now() < deadline) {
        const heard = await hear(link, deadline);
        if (Buffer.isBuffer(heard)) await answerBetween(heard);
      }
    },
    async awaitResident(ms) {
      const deadline = performance.now() + ms;
      for (;;) {
        if (abortWished) return 'register aborts';
        if (machine.act !== undefined) return machine.act;
        const heard = await hear(link, deadline);
        if (heard === 'timeout') return 'nobody';
        if (Buffer.isBuffer(heard) && (await answerBetween(heard))) return 'register aborts';
      }
    },
  };
}

async function hear(link: Link, deadline: number): Promise<Buffer | 'timeout' | 'interrupted'> {
  const reception = await link.receive(Math.max(0, deadline - performance.now()));
  if (reception.kind === 'closed') throw new TerminalError('the register has gone', true);
  return reception.kind === 'apdu' ? reception.apdu : reception.kind;
}
