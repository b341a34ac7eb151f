/** A scanner on a real serial line (a pty), and the lines that it makes of bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portOpener } from '../../src/terminal/port.ts';
import { scanOf } from '../../src/tickets/scan.ts';
import { createLineReader, startScanner } from '../../src/tickets/scanner.ts';
import { plugPty } from '../terminal/pty.ts';

/** `rest` among the chunks is a pause. */
function linesOf(...chunks: string[]): string[] {
  const lines: string[] = [];
  const reader = createLineReader((line) => lines.push(line));
  for (const chunk of chunks) {
    if (chunk === 'rest') reader.rest();
    else reader.take(Buffer.from(chunk, 'latin1'));
  }
  return lines;
}

test('lines end with CR, LF or both, however the bytes arrive', () => {
  assert.deepEqual(linesOf('A-1\rA-2\nA-3\r\n'), ['A-1', 'A-2', 'A-3']);
  assert.deepEqual(linesOf('A', '-', '1\r', '\n', '\r\n'), ['A-1']);
});

test('what is never ended is thrown away, and what is too long as well', () => {
  assert.deepEqual(linesOf('MDG1.HALF', 'rest', 'A-2\r'), ['A-2']);
  assert.deepEqual(linesOf('X'.repeat(10_000), 'Y\r', 'A-3\r'), ['A-3']);
});

test('only a ticket and what may be a sticker go on to the screens', () => {
  assert.deepEqual(scanOf('mdg1.ABC.DEF'), { kind: 'ticket', text: 'mdg1.ABC.DEF' });
  assert.deepEqual(scanOf(' A-0012 '), { kind: 'sticker', text: 'A-0012' });
  for (const line of [
    '1234567890123456',
    '378282246310005',
    '3056-930902-5904',
    'https://example.com',
    '山田',
    'A',
    '\u0000\u0001',
  ]) {
    assert.equal(scanOf(line), undefined, line);
  }
});

test(
  'a scanner is read, and read again after its cable was out',
  { skip: process.platform !== 'linux' && 'a pty needs Linux' },
  async (t) => {
    let far = plugPty();
    let opened = Promise.withResolvers<undefined>();
    let heard = Promise.withResolvers<string>();
    const open = async () => {
      const port = await portOpener({ line: 'serial', path: far.path, baudRate: 9_600 })();
      opened.resolve(undefined);
      return port;
    };
    const scanner = startScanner({ open, onLine: (line) => heard.resolve(line) });
    t.after(() => scanner.stop());
    t.after(() => far.unplug());
    await opened.promise;
    far.master.write('A-0012\r');
    assert.equal(await heard.promise, 'A-0012');

    [opened, heard] = [Promise.withResolvers(), Promise.withResolvers()];
    far.unplug();
    far = plugPty();
    await opened.promise;
    far.master.write('MDG1.ABC\r\n');
    assert.equal(await heard.promise, 'MDG1.ABC');
  },
);
