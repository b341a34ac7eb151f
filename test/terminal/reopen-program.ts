/**
 * `node reopen-program.ts ROUNDS`: opens and closes serial ports while bytes come in, go out and are being waited
 * for. A process of its own, because what it looks for is a crash: a poller that is asked after it was destroyed.
 */
import { portOpener } from '../../src/terminal/port.ts';
import { plugPty } from './pty.ts';

const rounds = Number(process.argv[2]);
for (let round = 0; round < rounds; round++) {
  const far = plugPty();
  const port = await portOpener({ line: 'serial', path: far.path, baudRate: 9_600 })();
  far.master.write('bytes that are on their way');
  const written = port.write(Buffer.from('and others')).catch(() => undefined);
  const read = port.read(5_000);
  // By turns: the register lets go, the cable is pulled, both at once; at once, or after the first byte.
  if (round % 2 === 0) await read;
  const waiting = round % 2 === 0 ? port.read(5_000) : read;
  if (round % 3 !== 0) far.unplug();
  if (round % 3 !== 1) await port.close();
  await port.closed;
  await Promise.all([waiting, written]);
  if (round % 3 === 0) far.unplug();
}
process.stdout.write(`${rounds} connections\n`);
