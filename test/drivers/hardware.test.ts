/** `npm run test:hardware`, with a virtual terminal for the hardware and this test for the person beside it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { drivers } from '../../drivers/index.ts';
import { subjects } from './zvt/subject.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/test-hardware.ts', import.meta.url));

for (const subject of subjects) {
  test(`the hardware test passes over ${subject.line}, and leaves nothing taken`, async (t) => {
    const farEnd = await subject.open(t);
    const brand = subject.driver.brands.credit[0] ?? assert.fail('no credit card');
    const asked: [words: RegExp, act: () => Promise<void>][] = [
      [/^ +Present a(gain| card)/, () => farEnd.act({ act: 'present', brand })],
      [/^ +Present nothing/, () => farEnd.act({ act: 'stop' })],
    ];
    const child = spawn(
      process.execPath,
      [PROGRAM, '--driver', subject.driver.model, '--port', farEnd.address],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said: string[] = [];
    const ended = once(child, 'close');
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (line.includes('Pull the terminal')) await farEnd.pullCable();
      if (line.includes('Plug it in again')) await farEnd.plugCable();
      const act = asked.find(([words]) => words.test(line))?.[1];
      if (act === undefined) continue;
      await farEnd.cardIsAwaited();
      await act();
    }
    assert.deepEqual(await ended, [0, null], said.join('\n'));
    const book = (await farEnd.book()).filter(({ state }) => state === 'stored');
    assert.deepEqual(
      book.map(({ kind, amountYen }) => [kind, amountYen]),
      [
        ['sale', 1],
        ['sale', 1],
        ['void', 1],
        ['void', 1],
      ],
    );
  });
}

test('without a driver that has a line nothing is tried, and only those that have one are named', () => {
  const linked = drivers.filter(({ reach }) => reach === 'line').map(({ model }) => model);
  const other =
    drivers.find(({ model }) => !linked.includes(model)) ?? assert.fail('every driver has a line');
  const asked = [PROGRAM, '--driver', other.model, '--port', 'tcp:127.0.0.1:1'];
  const { status, stderr } = spawnSync(process.execPath, asked, { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.ok(stderr.startsWith(`--driver ${linked.join('|')} --port`), stderr);
});
