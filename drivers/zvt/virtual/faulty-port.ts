/**
 * The seam at which lines go wrong: a port that strikes the messages on their way, as planned. Whatever uses it knows
 * nothing of that.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Port } from '../../../src/terminal/port.ts';
import { controlOf, splitApdus } from '../apdu.ts';
import { createFrameDecoder } from '../frame.ts';
import type { LineFault } from './faults.ts';
import type { Machine } from './machine.ts';

/** What passes as one: a frame, an APDU, or an acknowledgement. */
interface Unit {
  raw: Buffer;
  /** Its control field, `ack` or `nak`. */
  message: string;
}

const DLE = 0x10;
/** So that the far end reads what arrived before the line breaks: a pty forgets what was not read. */
const BEFORE_CUT_MS = 20;

/** `port` with the faults that the machine's plan has for its messages; without one it passes everything on. */
export function createFaultyPort(port: Port, machine: Machine): Port {
  const { faults } = machine;
  const said = createSplitter(port.line);
  const heard = createSplitter(port.line);
  let lastWrite: Promise<void> = Promise.resolve();
  let isCut = false;
  const isSilent = (): boolean => isCut || performance.now() < faults.silentUntil;

  /** The bytes that get through. */
  const strike = async (from: LineFault['from'], { raw, message }: Unit): Promise<Buffer> => {
    if (from === 'register') noteCommand(machine, message);
    const fault = faults.takeOnLine(from, message, machine.command);
    if (fault?.fault === 'silence') faults.silentUntil = performance.now() + fault.ms;
    if (fault?.fault === 'delay') await delay(fault.ms);
    if (fault?.fault === 'drop' || isSilent()) return Buffer.alloc(0);
    if (fault?.fault === 'double') return Buffer.concat([raw, raw]);
    if (fault?.fault === 'corrupt') return flipBit(raw, fault.byte ?? raw.length >>> 1);
    if (fault?.fault !== 'cut') return raw;
    isCut = true;
    void delay(BEFORE_CUT_MS).then(() => machine.pullCable(fault.backAfterMs));
    return raw.subarray(0, fault.afterBytes);
  };
  const sendEach = async (units: Unit[]): Promise<void> => {
    for (const unit of units) {
      const bytes = await strike('terminal', unit);
      if (bytes.length > 0) await port.write(bytes);
    }
  };

  return {
    line: port.line,
    closed: port.closed,
    interrupt: () => port.interrupt(),
    close: () => port.close(),
    write(bytes) {
      const written = lastWrite.then(() => sendEach(said.push(bytes)));
      // Whoever wrote hears of it; the next write finds out for itself.
      lastWrite = written.catch(() => undefined);
      return written;
    },
    async read(timeoutMs) {
      const chunk = await port.read(timeoutMs);
      if (chunk.kind !== 'bytes') return chunk;
      const isPlanned = faults.strikesRegister || heard.isHolding;
      const units = heard.push(chunk.bytes);
      const passed = await Promise.all(units.map((unit) => strike('register', unit)));
      if (isSilent()) return { kind: 'interrupted' };
      if (!isPlanned) return chunk;
      heard.isHolding = heard.rest > 0;
      const bytes = Buffer.concat(passed);
      return bytes.length > 0 ? { kind: 'bytes', bytes } : { kind: 'interrupted' };
    },
  };
}

/** Between two dialogues what the register says is a command. */
function noteCommand(machine: Machine, message: string): void {
  const isCommand = /^[0-9a-f]{4}$/.test(message) && !message.startsWith('8');
  if (isCommand && !machine.isInDialogue) machine.command = message;
}

function flipBit(raw: Buffer, at: number): Buffer {
  const flipped = Buffer.from(raw);
  const index = Math.min(at, raw.length - 1);
  flipped[index] = (flipped[index] ?? 0) ^ 0x01;
  return flipped;
}

interface Splitter {
  push(bytes: Buffer): Unit[];
  /** Bytes of a unit that is not whole. */
  readonly rest: number;
  /** They have been held back, because the unit may be struck. */
  isHolding: boolean;
}

function createSplitter(line: Port['line']): Splitter {
  let rest: number[] = [];
  const decoder = createFrameDecoder();
  const splitFrames = (bytes: Buffer): Unit[] => {
    const units: Unit[] = [];
    for (const byte of bytes) {
      rest.push(byte);
      const event = decoder.push(Buffer.of(byte)).at(-1);
      if (event !== undefined) {
        const message = event.kind === 'frame' ? controlOf(event.apdu) : event.kind;
        units.push({ raw: Buffer.from(rest), message });
      }
      // What stands outside a frame and is no acknowledgement is noise; a DLE may begin a frame.
      if (event !== undefined || (!decoder.inFrame && byte !== DLE)) rest = [];
    }
    return units;
  };
  const splitStream = (bytes: Buffer): Unit[] => {
    const split = splitApdus(Buffer.from([...rest, ...bytes]));
    rest = Array.from(split.rest);
    return split.apdus.map((raw) => ({ raw, message: controlOf(raw) }));
  };
  return {
    push: line === 'serial' ? splitFrames : splitStream,
    get rest() {
      return rest.length;
    },
    isHolding: false,
  };
}
