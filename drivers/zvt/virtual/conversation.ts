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
import { refusal, statusCompletion, withMessageId } from './messages.ts';
import { readMessageId } from './request.ts';
import type { ResidentAct } from './resident.ts';

/** The register's answer: `silent` if none came in time, `again` for 84 9C (in two seconds, please). */
export type Heard = 'taken' | 'again' | 'silent' | 'register is new' | { refused: string };

export interface Conversation {
  /** Answers the command. @throws TerminalError */
  say(message: Buffer): Promise<void>;
  /** Sends and waits for 80 xx or 84 xx. @throws TerminalError when the line is gone */
  tell(message: Buffer, timeoutMs?: number): Promise<Heard>;
  /** Lets time pass. @throws TerminalError when the line is gone */
  hold(ms: number): Promise<void>;
  /** Waits for what the resident does, or the register's abort. @throws TerminalError when the line is gone */
  awaitResident(ms: number): Promise<ResidentAct | 'register aborts' | 'nobody'>;
}

/** Message ids (§5): ours count on from the register's last one, and 999999 is followed by 000001. */
const IDS = 999_999;

/** How the terminal speaks: with message ids, if the register wants them. */
interface Voice {
  /** An answer carries the id of what it answers. */
  answer: (question: Buffer, message: Buffer) => Promise<void>;
  ask: (message: Buffer) => Promise<void>;
}

function createVoice(machine: Machine, link: Link): Voice {
  return {
    answer(question, message) {
      const id = machine.messageId === undefined ? undefined : readMessageId(question);
      if (id !== undefined) machine.messageId = id;
      return link.send(id === undefined ? message : withMessageId(message, id));
    },
    ask(message) {
      if (machine.messageId === undefined) return link.send(message);
      machine.messageId = (machine.messageId % IDS) + 1;
      return link.send(withMessageId(message, machine.messageId));
    },
  };
}

/** @param command whose dialogue this is: its answer carries its id */
export function createConversation(machine: Machine, link: Link, command: Buffer): Conversation {
  let abortWished = false;
  const { answer, ask } = createVoice(machine, link);
  /** Until a card is there an abort is obeyed, even one that crosses a message of ours (§2.23). */
  const takeAbort = async (message: Buffer): Promise<boolean> => {
    const mayAbort = machine.screen.display.phase === 'waiting' && machine.act === undefined;
    abortWished ||= mayAbort;
    await answer(message, mayAbort ? TAKEN : refusal('83'));
    return mayAbort;
  };
  const tell = async (message: Buffer, timeoutMs = machine.timing.t3Ms): Promise<Heard> => {
    for (const early of await receiveAll(link)) await answerBetween(early);
    await ask(message);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const heard = await hear(link, deadline);
      if (heard === 'timeout') return 'silent';
      if (heard === 'interrupted') continue;
      const answered = readCommandAnswer(heard);
      if (answered?.kind === 'taken') return 'taken';
      if (answered?.kind === 'refused')
        return answered.resultCode === '9c' ? 'again' : { refused: answered.resultCode };
      if (controlOf(heard) === '06b0') await takeAbort(heard);
      else await answer(heard, refusal('9c'));
      // A register that registers anew has forgotten this dialogue: no answer will come.
      if (controlOf(heard) === '0600') return 'register is new';
    }
  };

  /** What the register may ask while a payment runs; true if it wants the payment to stop. */
  const answerBetween = async (message: Buffer): Promise<boolean> => {
    const control = controlOf(message);
    if (readCommandAnswer(message) !== undefined) return false;
    if (control === '06b0') return takeAbort(message);
    if (control !== '0501') {
      await answer(message, refusal('9c'));
      return false;
    }
    await answer(message, TAKEN);
    await tell(statusCompletion(0x9c, true));
    return false;
  };

  return {
    say: (message) => answer(command, message),
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

/** What came in before a question does not answer it: a register that starts anew still answers the one before. */
async function receiveAll(link: Link): Promise<Buffer[]> {
  const received: Buffer[] = [];
  for (let next = await link.receive(0); next.kind === 'apdu'; next = await link.receive(0)) {
    received.push(next.apdu);
  }
  return received;
}

async function hear(link: Link, deadline: number): Promise<Buffer | 'timeout' | 'interrupted'> {
  const reception = await link.receive(Math.max(0, deadline - performance.now()));
  if (reception.kind === 'closed') throw new TerminalError('the register has gone', true);
  return reception.kind === 'apdu' ? reception.apdu : reception.kind;
}
