/** `npm run trace -- FILE`: a line trace as a conversation (how to make one: TERMINAL_TRACE in .env.example). */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { describeHex } from '../drivers/zvt/describe.ts';
import { tellDescription } from '../drivers/zvt/tell.ts';

const CLOCK = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const DAY = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'long',
  timeStyle: 'short',
});
const INDENT = ' '.repeat(16);

/** A line of the trace as text. The last one may have been cut off when the power went. */
function tellLine(line: string): string[] {
  const entry = parse(line);
  if (typeof entry['began'] === 'string') return [`${DAY.format(new Date(entry['began']))}  trace begun`];
  const { at, from, message, said, bytes } = entry;
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return ['(a line that is no part of a trace)'];
  const start = `${CLOCK.format(new Date(at))}  ${from === 'terminal' ? '←' : '→'} `;
  if (typeof message !== 'string') {
    return [`${start}${String(said)}${typeof bytes === 'number' ? ` (${bytes} bytes)` : ''}`];
  }
  const [title = '', ...fields] = tellDescription(describeHex(message));
  return [`${start}${title}`, ...fields.map((field) => `${INDENT}${field}`)];
}

function parse(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function tellFile(file: string): Promise<void> {
  process.stdout.write('→ register to terminal   ← terminal to register   times in Japan\n');
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    process.stdout.write(`${tellLine(line).join('\n')}\n`);
  }
}

const [file] = process.argv.slice(2);
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
if (file === undefined) {
  process.stderr.write('usage: npm run trace -- FILE\n');
  process.exitCode = 1;
} else {
  try {
    await tellFile(file);
  } catch (error) {
    process.stderr.write(
      `${file} can't be read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
