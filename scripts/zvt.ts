/**
 * ZVT messages by hand:
 *
 *   npm run --silent zvt -- decode [--json]   reads one message in hex a line, says what it means, masked
 *   npm run --silent zvt -- frame HEX         the message as it goes over a serial line
 *   npm run --silent zvt -- unframe HEX       the messages in what a serial line carried
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { describeHex } from '../drivers/zvt/describe.ts';
import { createFrameDecoder, encodeFrame } from '../drivers/zvt/frame.ts';
import { tellDescription } from '../drivers/zvt/tell.ts';

const USAGE = `usage: npm run --silent zvt -- decode [--json] < messages.txt
       npm run --silent zvt -- frame HEX
       npm run --silent zvt -- unframe HEX`;

/** One line out for each line in, empty ones too, so that they can be laid side by side. */
async function decodeLines(asJson: boolean): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const description = describeHex(line);
    const told = asJson ? JSON.stringify(description) : `${tellDescription(description).join('\n')}\n`;
    if (!process.stdout.write(`${told}\n`)) await once(process.stdout, 'drain');
  }
}

/** Undefined if it is no hex; a tool says so in a sentence. */
function bytesOf(text: string): Buffer | undefined {
  const digits = text.replace(/\s+/g, '');
  return digits !== '' && /^([0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

function unframe(bytes: Buffer): { lines: string[]; faults: string[] } {
  const decoder = createFrameDecoder();
  const events = decoder.push(bytes);
  const wasCut = decoder.inFrame;
  events.push(...decoder.quiet());
  const lines = events.flatMap((event) => (event.kind === 'frame' ? [event.apdu.toString('hex')] : []));
  const damaged = events.filter(({ kind }) => kind === 'damaged').length;
  const faults = [
    wasCut && 'the last frame is cut short',
    !wasCut && damaged > 0 && 'a frame is damaged: wrong checksum, or a DLE that means nothing',
    damaged === 0 && decoder.noiseBytes > 0 && `${decoder.noiseBytes} bytes belong to no frame`,
    lines.length === 0 && damaged === 0 && 'there is no frame: one begins with 10 02',
  ];
  return { lines, faults: faults.filter((fault) => fault !== false) };
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [command, ...rest] = positionals;
const bytes = bytesOf(rest.join(''));
// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

if (command === 'decode') await decodeLines(values.json);
else if (command !== 'frame' && command !== 'unframe') fail(USAGE);
else if (bytes === undefined) fail(`${command} wants bytes in hex, an even number of digits`);
else if (command === 'frame') {
  process.stdout.write(`${encodeFrame(bytes).toString('hex')}\n`);
  const { error } = describeHex(bytes.toString('hex'));
  if (error !== null) process.stderr.write(`framed as it is, but no good message: ${error}\n`);
} else {
  const { lines, faults } = unframe(bytes);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (faults.length > 0) fail(faults.join('; '));
}
