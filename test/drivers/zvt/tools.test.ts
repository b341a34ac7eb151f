import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../../support/folder.ts';

interface Ran {
  status: number | null;
  lines: string[];
  fault: string;
}

function run(script: string, parameters: string[], input = ''): Ran {
  const path = fileURLToPath(new URL(`../../../scripts/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...parameters], {
    input,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  return { status, lines: stdout.split('\n').slice(0, -1), fault: stderr.trim() };
}

describe('zvt messages by hand', () => {
  test('each line in is one line out, whatever is in it', () => {
    const lines = ['040f0327006c', '', 'no hex', '040F022700', '06 1E 01 6C', '040f02'];
    const ran = run('zvt.ts', ['decode', '--json'], `${lines.join('\n')}\n`);
    assert.deepEqual([ran.status, ran.fault], [0, '']);
    const decoded = ran.lines.map(
      (line) => JSON.parse(line) as { control: string | null; error: string | null },
    );
    assert.deepEqual(
      decoded.map(({ control, error }) => [control, error !== null]),
      [
        ['040f', false],
        [null, true],
        [null, true],
        ['040f', false],
        ['061e', false],
        ['040f', true],
      ],
    );
  });

  test('ten thousand lines are read by one program', () => {
    const { lines } = run('zvt.ts', ['decode', '--json'], '060f0a19102952523535490978\n'.repeat(10_000));
    assert.equal(lines.length, 10_000);
  });

  test('the readable form is the same without braces', () => {
    const { lines } = run('zvt.ts', ['decode'], '040f0c270004000000001000490392\n');
    assert.deepEqual(lines, [
      '04 0F  status information',
      '  result code: 00 (ok)',
      '  amount: 1000',
      '  currency: 392',
      '',
    ]);
  });

  test('containers are told by name, what has none by its tag', () => {
    const { lines } = run('zvt.ts', ['decode'], '060f0d060b1f7303000001 1f790201ff\n');
    assert.deepEqual(lines.slice(1, 3), ['  message id (1f73): 000001', '  tag 1f79: 01ff']);
  });

  test('a message becomes a frame, and the frame the message', () => {
    assert.deepEqual(run('zvt.ts', ['frame', '06010a04000000001000490392']).lines, [
      '100206010a04000000001010004903921003b407',
    ]);
    const back = run('zvt.ts', [
      'unframe',
      '06 100206010a04000000001010004903921003b407 15 1002800000 1003f51f',
    ]);
    assert.deepEqual([back.status, back.lines], [0, ['06010a04000000001000490392', '800000']]);
  });

  for (const [what, bytes, sentence] of [
    ['a damaged frame', '10028000001003f51e', /damaged/],
    ['a frame that is cut', '10028000', /cut short/],
    ['no frame', '41424344', /there is no frame/],
    ['no hex', 'xyz', /in hex/],
    ['nothing', '', /in hex/],
  ] as const) {
    test(`${what} is told in a sentence`, () => {
      const ran = run('zvt.ts', ['unframe', bytes]);
      assert.equal(ran.status, 1);
      assert.match(ran.fault, sentence);
      assert.doesNotMatch(ran.fault, /\n\s+at /);
    });
  }
});

describe('a printed trace', () => {
  test('reads as a conversation, with times in Japan, also where it was cut off', (t) => {
    const file = join(makeFolder(t), 'trace.jsonl');
    writeFileSync(
      file,
      [
        '{"trace":"madoguchi","began":"2026-07-01T01:00:00.000Z"}',
        '{"at":"2026-07-01T01:00:01.000Z","from":"register","message":"06010a04000000001000490392"}',
        '{"at":"2026-07-01T01:00:01.020Z","from":"terminal","said":"ack"}',
        '{"at":"2026-07-01T01:00:01.900Z","from":"terminal","said":"noise","bytes":2}',
        '{"at":"2026-07-01T01:0',
      ].join('\n'),
    );
    const { lines, fault } = run('trace.ts', [file]);
    assert.equal(fault, '');
    assert.deepEqual(lines.slice(2), [
      '10:00:01.000  → 06 01  authorisation',
      '                  amount: 1000',
      '                  currency: 392',
      '10:00:01.020  ← ack',
      '10:00:01.900  ← noise (2 bytes)',
      '(a line that is no part of a trace)',
    ]);
  });

  test('a file that is not there is told in a sentence', () => {
    const { status, fault } = run('trace.ts', ['/nowhere/trace.jsonl']);
    assert.deepEqual([status, fault.includes("can't be read")], [1, true]);
  });
});
