/**
 * What goes over a line, for the line trace: messages masked before they are handed on, acknowledgements and damage by
 * name and size only. It reads along with a decoder of its own for each direction and changes nothing.
 */
import type { OpenPort, Port } from '../../src/terminal/port.ts';
import type { Trace, TraceEntry } from '../../src/terminal/trace.ts';
import { splitApdus } from './apdu.ts';
import { maskedApdu } from './describe.ts';
import { createFrameDecoder, type LineEvent } from './frame.ts';
import { LINK_TIMING } from './link.ts';

/** One direction of a line. A card number may be cut by two reads: bytes are held until their message is whole. */
interface Ear {
  hear(bytes: Buffer): void;
  /** Nothing came for T1: what has begun will not end. */
  silence(): void;
}

/** A way to open the line that leaves a trace of what is said on it. */
export function traceLine(openPort: OpenPort, trace: Trace): OpenPort {
  return async (baudRate) => {
    const port = await openPort(baudRate);
    trace({ from: 'register', said: 'opened' });
    return tracePort(port, trace);
  };
}

function tracePort(port: Port, trace: Trace): Port {
  const createEar = port.line === 'serial' ? createSerialEar : createStreamEar;
  const register = createEar((entry) => trace({ from: 'register', ...entry }));
  const terminal = createEar((entry) => trace({ from: 'terminal', ...entry }));
  void port.closed.then(() => {
    terminal.silence();
    trace({ from: 'register', said: 'closed' });
  });
  return {
    line: port.line,
    closed: port.closed,
    async read(timeoutMs) {
      const chunk = await port.read(timeoutMs);
      if (chunk.kind === 'bytes') terminal.hear(chunk.bytes);
      if (chunk.kind === 'timeout' && timeoutMs >= LINK_TIMING.t1Ms) terminal.silence();
      return chunk;
    },
    write(bytes) {
      register.hear(bytes);
      return port.write(bytes);
    },
    interrupt: () => port.interrupt(),
    close: () => port.close(),
  };
}

type Tell = (entry: Omit<TraceEntry, 'from'>) => void;

function tellMessage(apdu: Buffer, tell: Tell): void {
  const masked = maskedApdu(apdu);
  if (masked === undefined) tell({ said: 'unreadable', bytes: apdu.length });
  else tell({ message: masked.toString('hex') });
}

function createSerialEar(tell: Tell): Ear {
  const decoder = createFrameDecoder();
  let noiseBytes = 0;
  const tellAll = (events: LineEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'frame') tellMessage(event.apdu, tell);
      else tell({ said: event.kind });
    }
    if (decoder.noiseBytes > noiseBytes) tell({ said: 'noise', bytes: decoder.noiseBytes - noiseBytes });
    ({ noiseBytes } = decoder);
  };
  return {
    hear: (bytes) => tellAll(decoder.push(bytes)),
    silence: () => tellAll(decoder.quiet()),
  };
}

function createStreamEar(tell: Tell): Ear {
  let rest: Buffer = Buffer.alloc(0);
  return {
    hear(bytes) {
      const split = splitApdus(Buffer.concat([rest, bytes]));
      ({ rest } = split);
      for (const apdu of split.apdus) tellMessage(apdu, tell);
    },
    // A stream loses nothing: what has begun goes on.
    silence: () => undefined,
  };
}
