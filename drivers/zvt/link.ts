/**
 * APDUs over a line, read by pulling. The same for both ends: the driver and the virtual terminal use it alike.
 *
 * Serial (PA00P016 §3): frames, each acknowledged with one byte before it is processed, sent up to three times.
 * TCP (§4): bare APDUs, cut apart by their length fields.
 */
import type { Port } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { isAnswer, splitApdus } from './apdu.ts';
import { ACK, createFrameDecoder, encodeFrame, NAK, type LineEvent } from './frame.ts';

/** What `receive` found. `interrupted`: someone called `interrupt`; nothing was lost. */
type Reception =
  { kind: 'apdu'; apdu: Buffer } | { kind: 'timeout' } | { kind: 'interrupted' } | { kind: 'closed' };

export interface Link {
  /**
   * Resolves when the far end has the APDU (serial: acknowledged) or the line has taken it (TCP).
   * @throws TerminalError; `moneyMayHaveMoved` is false only if no byte was handed to the line.
   */
  send(apdu: Buffer): Promise<void>;
  /** The next APDU, at most `timeoutMs` later; 0 looks without waiting. */
  receive(timeoutMs: number): Promise<Reception>;
  /** Whether the far end has said more by now than was received: it waits for no answer but the one to that. */
  hasGoneOn(): Promise<boolean>;
  /** Wakes a waiting `receive`; does nothing if none is waiting. */
  interrupt(): void;
  close(): Promise<void>;
  readonly closed: Promise<void>;
}

export interface LinkTiming {
  /** Longest gap between two bytes of a frame. */
  t1Ms: number;
  /** Longest wait for ACK or NAK. */
  t2Ms: number;
  /** How often a frame is sent before the line counts as broken. */
  transmissions: number;
  /** Until the far end has said a word: where nobody may be listening, that has to be found out soon. */
  firstWord?: { t2Ms: number; transmissions: number };
}

/**
 * PA00P016 §3.5: T1 200 ms, T2 below 5 s, a frame is repeated up to two times. Well below, because a terminal waits 5 s
 * for our answer too (T3) and then goes on: repeated at that very moment, the answer to one of its messages would be
 * taken for that to its next, and an approval would be acknowledged before we have it.
 */
export const LINK_TIMING: LinkTiming = { t1Ms: 200, t2Ms: 4_000, transmissions: 3 };

/** Framed with acknowledgements on a serial line (PA00P016), bare messages over TCP, which repeats by itself. */
export function createLink(port: Port, timing: LinkTiming = LINK_TIMING): Link {
  return port.line === 'serial' ? createSerialLink(port, timing) : createStreamLink(port);
}

type Pumped = 'read' | 'timeout' | 'interrupted' | 'closed';

/** Nobody has said a word on this line since it was opened: the far end is off, or at another rate. */
export class Unheard extends TerminalError {}

/** The line refused a repetition: the first transmission may have arrived all the same. */
function afterBytesWereSent(cause: unknown): never {
  throw new TerminalError('the line broke before the acknowledgement', true, { cause });
}

/** Pulls until the inbox has an APDU; `pump` reads the line once and says what else it found. */
async function receiveFrom(
  inbox: Buffer[],
  pump: (timeoutMs: number) => Promise<Pumped>,
  timeoutMs: number,
): Promise<Reception> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const apdu = inbox.shift();
    if (apdu !== undefined) return { kind: 'apdu', apdu };
    const remainingMs = Math.max(0, deadline - performance.now());
    const found = await pump(remainingMs);
    if (inbox.length > 0) continue;
    if (found === 'closed' || found === 'interrupted') return { kind: found };
    if (found === 'timeout' && performance.now() >= deadline) return { kind: 'timeout' };
  }
}

async function hasGoneOn(
  inbox: readonly Buffer[],
  pump: (timeoutMs: number) => Promise<Pumped>,
): Promise<boolean> {
  await pump(0);
  return !inbox.every(isAnswer);
}

function createStreamLink(port: Port): Link {
  const inbox: Buffer[] = [];
  let rest: Buffer = Buffer.alloc(0);
  const pump = async (timeoutMs: number): Promise<Pumped> => {
    const chunk = await port.read(timeoutMs);
    if (chunk.kind !== 'bytes') return chunk.kind;
    const split = splitApdus(Buffer.concat([rest, chunk.bytes]));
    inbox.push(...split.apdus);
    rest = split.rest;
    return 'read';
  };
  return {
    send: (apdu) => port.write(apdu),
    receive: (timeoutMs) => receiveFrom(inbox, pump, timeoutMs),
    hasGoneOn: () => hasGoneOn(inbox, pump),
    interrupt: () => port.interrupt(),
    close: () => port.close(),
    closed: port.closed,
  };
}

interface FrameReceiver {
  /** Frames that are new, acknowledged and not yet taken. */
  inbox: Buffer[];
  /** Reads the line once, answering each frame at link level. */
  pump: (timeoutMs: number) => Promise<Pumped>;
  /** From here on an ACK, a NAK or a new frame is the answer to what is sent next. */
  awaitAnswer(): void;
  /** What came of that; `none` so far. */
  answer(): 'none' | 'acknowledged' | 'repetition wanted';
  /** The far end has said anything that can be understood. */
  hasHeard(): boolean;
}

/**
 * There is no sequence number at link level: a lost ACK makes the far end repeat a frame that is known already.
 * A repeat comes before a frame of ours has been acknowledged; the same bytes after that are a new frame (two
 * equal 04 FF in a row are normal). It also comes while the far end still repeats (§3.5): what is equal after that was
 * said anew, by a far end that was started again before it had acknowledged anything, and has to be heard.
 *
 * A new frame that arrives while we wait for an ACK stands for the ACK: the far end speaks only after it has heard
 * us. Repeating ours then would be worse than a lost ACK: to the far end it would be a new frame, a second sale.
 */
function createFrameReceiver(port: Port, timing: LinkTiming): FrameReceiver {
  const decoder = createFrameDecoder();
  const inbox: Buffer[] = [];
  let lastReceived: Buffer | undefined;
  let repeatsUntilMs = 0;
  let hasHeard = false;
  let awaited: ReturnType<FrameReceiver['answer']> | 'nothing' = 'nothing';

  /** Leaves at once, before the frame is processed (§3.3); a line that breaks here is closed, which readers see. */
  const answer = (byte: number): void => {
    port.write(Buffer.of(byte)).catch((cause: unknown) => {
      if (!(cause instanceof TerminalError)) throw cause;
      return port.close();
    });
  };
  const takeFrame = (apdu: Buffer): void => {
    answer(ACK);
    const now = performance.now();
    if (lastReceived?.equals(apdu) === true && now < repeatsUntilMs) return;
    lastReceived = apdu;
    repeatsUntilMs = now + timing.t2Ms * timing.transmissions;
    inbox.push(apdu);
    if (awaited === 'none') awaited = 'acknowledged';
  };
  const takeEvents = (events: LineEvent[]): void => {
    for (const event of events) {
      hasHeard ||= event.kind !== 'damaged';
      if (event.kind === 'frame') takeFrame(event.apdu);
      if (awaited === 'none' && event.kind === 'nak') awaited = 'repetition wanted';
      if (awaited === 'none' && event.kind === 'ack') {
        awaited = 'acknowledged';
        lastReceived = undefined;
      }
    }
    // One NAK for what can't be read, unless a good frame stood behind it or may still be under way.
    const last = events.findLast(({ kind }) => kind === 'frame' || kind === 'damaged');
    if (last?.kind === 'damaged' && !decoder.inFrame) answer(NAK);
  };

  return {
    inbox,
    async pump(timeoutMs) {
      const waitMs = decoder.inFrame ? Math.min(timing.t1Ms, timeoutMs) : timeoutMs;
      const chunk = await port.read(waitMs);
      if (chunk.kind === 'bytes') takeEvents(decoder.push(chunk.bytes));
      if (chunk.kind === 'timeout' && waitMs >= timing.t1Ms) takeEvents(decoder.quiet());
      return chunk.kind === 'bytes' ? 'read' : chunk.kind;
    },
    awaitAnswer() {
      awaited = 'none';
    },
    answer: () => (awaited === 'nothing' ? 'none' : awaited),
    hasHeard: () => hasHeard,
  };
}

function createSerialLink(port: Port, timing: LinkTiming): Link {
  const receiver = createFrameReceiver(port, timing);
  const pace = (): Pick<LinkTiming, 't2Ms' | 'transmissions'> =>
    receiver.hasHeard() ? timing : (timing.firstWord ?? timing);
  const transmit = async (frame: Buffer): Promise<boolean> => {
    receiver.awaitAnswer();
    await port.write(frame);
    const deadline = performance.now() + pace().t2Ms;
    while (receiver.answer() === 'none' && performance.now() < deadline) {
      const found = await receiver.pump(Math.max(1, deadline - performance.now()));
      if (found === 'closed') throw new TerminalError('the line broke before the acknowledgement', true);
    }
    return receiver.answer() === 'acknowledged';
  };
  return {
    async send(apdu) {
      const frame = encodeFrame(apdu);
      if (await transmit(frame)) return;
      for (let sent = 1; sent < pace().transmissions; sent++) {
        if (await transmit(frame).catch(afterBytesWereSent)) return;
      }
      const what = `not acknowledged after ${pace().transmissions} transmissions`;
      throw receiver.hasHeard() ? new TerminalError(what, true) : new Unheard(what, true);
    },
    receive: (timeoutMs) => receiveFrom(receiver.inbox, receiver.pump, timeoutMs),
    hasGoneOn: () => hasGoneOn(receiver.inbox, receiver.pump),
    interrupt: () => port.interrupt(),
    close: () => port.close(),
    closed: port.closed,
  };
}

/**
 * Answers what was received last. A far end that has gone on meanwhile gets none: it would take it for the answer to
 * what it has said since, which may be an approval, and an answer carries no number that would tell.
 * @returns whether it was answered. @throws TerminalError
 */
export async function reply(link: Link, answer: Buffer): Promise<boolean> {
  if (await link.hasGoneOn()) return false;
  await link.send(answer);
  return true;
}

/**
 * Says what can change nothing for us any more, and lets a line that breaks here be: a dialogue that has ended stays
 * ended, even if the terminal does not hear that we know (§2.2.9).
 */
export async function sayLast(link: Link, said: Promise<unknown>): Promise<void> {
  try {
    await said;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    await link.close();
  }
}
