/** For subjects whose far end is at the end of a line: the wire that a test holds, and what else could be plugged in. */
import { duplexPair } from 'node:stream';
import type { OpenPort, Port } from '../../src/terminal/port.ts';
import { createStreamPort } from '../../src/terminal/stream-port.ts';
import type { LineDriver } from '../../src/terminal/driver.ts';
import type { Subject, Wire } from './contract.ts';

/** Every write passes the test's wire. */
export function through(wire: Wire, openPort: OpenPort): OpenPort {
  return async (baudRate) => {
    const port = await openPort(baudRate);
    return { ...port, write: (bytes) => wire.pass(bytes, () => port.write(bytes)) };
  };
}

/** @param hastyOptions with which silence is given up within a second or so */
export function impostorsOf(driver: LineDriver, hastyOptions: object): Subject['impostors'] {
  const answers: [what: string, answer: (bytes: Buffer) => Buffer | undefined][] = [
    ['is silent', () => undefined],
    ['says back what it hears', (bytes) => bytes],
    ['talks nonsense', () => Buffer.from('NO CARRIER\r\n')],
    ['sends nothing but zeros', () => Buffer.alloc(300)],
    ['sends nothing but ones', () => Buffer.alloc(300, 0xff)],
  ];
  return answers.map(([what, answer]) => ({
    what,
    connect() {
      const port = strangeLine(answer);
      return { connecting: driver.connect(() => Promise.resolve(port), hastyOptions), closed: port.closed };
    },
  }));
}

/** A far end that does as it likes with what it hears. */
function strangeLine(answer: (bytes: Buffer) => Buffer | undefined): Port {
  const [near, far] = duplexPair();
  far.on('data', (bytes: Buffer) => {
    const said = answer(bytes);
    if (said !== undefined) far.write(said);
  });
  return createStreamPort(near, {
    line: 'stream',
    isOpen: () => !near.destroyed,
    release: () => {
      near.destroy();
      return Promise.resolve();
    },
  });
}
