/** A line whose far end is held by the test, byte by byte. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { createFrameDecoder, encodeFrame } from '../../../drivers/zvt/frame.ts';
import { createStreamPort } from '../../../src/terminal/stream-port.ts';
import type { Port } from '../../../src/terminal/port.ts';

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

export interface FarEnd {
  port: Port;
  /** Puts bytes on the line. */
  put(bytes: Buffer): void;
  /** Several come in at once. */
  putFrame(...apdus: string[]): void;
  /** The next thing the near end says: `ack`, `nak`, or the hex of a frame's APDU. */
  hear(): Promise<string>;
  /** Nothing more has been said. */
  isQuiet(): boolean;
  cut(): void;
}

export function heldLine(line: Port['line'] = 'serial'): FarEnd {
  const [near, far] = duplexPair();
  const port = createStreamPort(near, {
    line,
    isOpen: () => !near.destroyed,
    release: () => destroy(near),
  });
  const decoder = createFrameDecoder();
  const heard: string[] = [];
  far.on('data', (bytes: Buffer) => {
    for (const event of decoder.push(bytes)) {
      heard.push(event.kind === 'frame' ? event.apdu.toString('hex') : event.kind);
    }
  });
  return {
    port,
    put: (bytes) => void far.write(bytes),
    putFrame: (...apdus) => void far.write(Buffer.concat(apdus.map((apdu) => encodeFrame(hex(apdu))))),
    async hear() {
      while (heard.length === 0) await once(far, 'data');
      return heard.shift() ?? assert.fail();
    },
    isQuiet: () => heard.length === 0,
    cut: () => void near.destroy(),
  };
}

function destroy(stream: Duplex): Promise<void> {
  stream.destroy();
  return Promise.resolve();
}
