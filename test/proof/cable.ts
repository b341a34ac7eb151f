/**
 * The line port: a cable between a counter and a terminal, in virtual time. It can be pulled and plugged in elsewhere,
 * under another name; and what becomes of the bytes on it is for somebody to decide.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createEnd, type End } from '../../scripts/virtual/line.ts';
import type { Port } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import type { Life } from './life.ts';
import type { Owner, VirtualTime } from '../../scripts/virtual/time.ts';

export type Sender = 'register' | 'terminal';

/** What arrives of bytes, and how late. */
export interface Arrival {
  bytes: Buffer;
  lateMs: number;
}

/** What becomes of bytes on their way: nothing is changed if it is undefined, they are lost if it is empty. */
export type Strike = (from: Sender, bytes: Buffer) => Arrival[] | undefined;

export interface Cable {
  /** Where the system has it now (COM3); undefined: it is not plugged in. */
  readonly path: string | undefined;
  /** The terminal's driver opens it. @throws TerminalError if it is not there */
  open(life: Life): Promise<Port>;
  /** The process that had it open is gone. */
  letGo(): void;
  pull(): void;
  /** Under the same name, or a new one. */
  plug(isRenamed?: boolean): void;
}

interface CableOptions {
  time: VirtualTime;
  line: Port['line'];
  /** Whoever is at the far end. */
  terminal: Owner;
  /** A connection has come to the far end. */
  onPort: (port: Port) => void;
  strike: Strike;
  /** Bytes leave the counter. */
  onSent: (bytes: Buffer) => void;
  /** Bytes have come to the counter as the terminal sent them. */
  onHeard: (bytes: Buffer) => void;
  /** Bytes have come to the terminal; whether the line had held them back. */
  onReached: (wereHeldBack: boolean) => void;
}

/** Bytes take so long from one end to the other. */
const LATENCY_MS = 1;
const OPENING_MS = 20;

export function createCable(options: CableOptions): Cable {
  const { time, line, terminal, onPort, strike, onSent, onHeard, onReached } = options;
  let number = 3;
  let isPlugged = false;
  let near: { end: End; life: Life } | undefined;
  let far: End | undefined;
  const busyUntilMs = { register: 0, terminal: 0 };

  /** Bytes never overtake each other. */
  const carry = (from: Sender, bytes: Buffer, to: () => { end: End; owner: Owner } | undefined): void => {
    const target = to();
    if (target === undefined) return;
    for (const { bytes: passed, lateMs } of strike(from, bytes) ?? [{ bytes, lateMs: 0 }]) {
      const at = Math.max(time.ms + LATENCY_MS + lateMs, busyUntilMs[from]);
      busyUntilMs[from] = at;
      const isHeldBack = at > time.ms + LATENCY_MS;
      time.after(at - time.ms, target.owner, () => {
        if (to()?.end !== target.end) return;
        if (from === 'register') onReached(isHeldBack);
        else if (passed.equals(bytes)) onHeard(passed);
        target.end.deliver(passed);
      });
    }
  };
  const nearEnd = (): { end: End; owner: Owner } | undefined => near && { end: near.end, owner: near.life };
  const farEnd = (): { end: End; owner: Owner } | undefined => far && { end: far, owner: terminal };
  /** A serial terminal has one line for as long as the cable is in; on TCP each connection is a new one. */
  const openFar = (): void => {
    const end = createEnd(
      line,
      (bytes) => carry('terminal', bytes, nearEnd),
      () => undefined,
    );
    far = end;
    time.after(0, terminal, () => onPort(end.port));
  };
  const hangUpFar = (): void => {
    const gone = far;
    far = undefined;
    if (gone !== undefined) time.after(LATENCY_MS, terminal, () => gone.hangUp());
  };
  const letGo = (): void => {
    const gone = near;
    near = undefined;
    if (line === 'stream') hangUpFar();
    if (gone !== undefined) time.after(0, gone.life, () => gone.end.hangUp());
  };
  return {
    get path() {
      return isPlugged ? `COM${number}` : undefined;
    },
    async open(life) {
      const path = isPlugged ? `COM${number}` : undefined;
      await delay(OPENING_MS);
      if (path === undefined || !isPlugged || path !== `COM${number}`) {
        throw new TerminalError(`${path ?? 'the terminal'} is not plugged in`, false);
      }
      letGo();
      if (line === 'stream') openFar();
      const end = createEnd(
        line,
        (bytes) => {
          onSent(bytes);
          carry('register', bytes, farEnd);
        },
        () => {
          if (near?.end === end) letGo();
        },
      );
      near = { end, life };
      return guarded(end.port, life);
    },
    letGo,
    pull() {
      if (!isPlugged) return;
      isPlugged = false;
      letGo();
      hangUpFar();
    },
    plug(isRenamed = false) {
      if (isPlugged) return;
      isPlugged = true;
      if (isRenamed) number += 1;
      if (line === 'serial') openFar();
    },
  };
}

/** The register's end: each of its effects is a moment at which its process may die. */
export function guarded(port: Port, life: Life): Port {
  return {
    line: port.line,
    closed: port.closed,
    read: (timeoutMs) =>
      timeoutMs <= 0 ? port.read(timeoutMs) : life.doesLater('line', 'read', () => port.read(timeoutMs)),
    interrupt: () => port.interrupt(),
    write: (bytes) => life.doesLater('line', `write ${bytes.toString('hex', 0, 5)}`, () => port.write(bytes)),
    close: () => life.doesLater('line', 'close', () => port.close()),
  };
}
