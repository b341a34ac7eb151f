/**
 * Charge tickets to try and to print: `npm run ticket -- --item CIT-JUM --quantity 2 --window resident --reference R-1`.
 * `--key new` makes a pair of keys: the private one is for the desk, the public one is added to the counters' file.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import QRCode from 'qrcode';
import { z } from 'zod';
import { businessDateOf } from '../src/business-date.ts';
import { loadEnvFile } from '../src/config.ts';
import { signTicket, type TicketLine } from '../src/tickets/format.ts';
import {
  ensureTrialKey,
  makeTicketKey,
  privateKeyPath,
  readPrivateKey,
  TRIAL_KEY,
} from '../src/tickets/keys.ts';

const USAGE = `npm run ticket -- --item CODE [--quantity N] [--input NAME=VALUE]… [--item …]… --window CODE --reference TEXT
    [--expires YYYY-MM-DD] [--counter ID] [--key ID] [--png FILE | --svg FILE]
npm run ticket -- --key new --id ID`;
const HOLDS_DAYS = 30;

function main(): void {
  loadEnvFile();
  const { values, tokens } = parseArgs({
    options: {
      item: { type: 'string', multiple: true },
      quantity: { type: 'string', multiple: true },
      input: { type: 'string', multiple: true },
      window: { type: 'string' },
      reference: { type: 'string' },
      expires: { type: 'string' },
      counter: { type: 'string' },
      key: { type: 'string' },
      id: { type: 'string' },
      png: { type: 'string' },
      svg: { type: 'string' },
    },
    tokens: true,
  });
  const dataDir = process.env['DATA_DIR'] ?? './data';
  const keysPath = resolve(process.env['TICKET_KEYS'] ?? join(dataDir, 'ticket-keys.json'));
  mkdirSync(dirname(keysPath), { recursive: true });
  if (values.key === 'new') {
    newKey(keysPath, values.id ?? `desk-${businessDateOf(new Date()).slice(0, 4)}`);
    return;
  }
  const { window, reference, counter = null, key = TRIAL_KEY } = values;
  const lines = linesOf(tokens);
  if (window === undefined || reference === undefined || lines.length === 0) throw new Error(USAGE);
  if (key === TRIAL_KEY && !existsSync(privateKeyPath(keysPath, key))) ensureTrialKey(keysPath);
  const until = values.expires ?? businessDateOf(new Date(Date.now() + HOLDS_DAYS * 86_400_000));
  const privateKey = readPrivateKey(privateKeyPath(keysPath, key));
  const text = signTicket({ key, reference, window, counter, until, lines }, privateKey);
  console.log(text);
  void draw(text, values);
}

function newKey(keysPath: string, id: string): void {
  makeTicketKey(keysPath, id);
  console.log(
    `秘密鍵 private key: ${privateKeyPath(keysPath, id)}  会計票を出すところに渡します / for the desk alone`,
  );
  console.log(
    `公開鍵 public key:  ${keysPath}  窓口のパソコンに置き、起動し直します / for the counters; start them again`,
  );
}

/** Quantities and inputs belong to the item before them. */
function linesOf(
  tokens: readonly { kind: string; name?: string; value?: string | undefined }[],
): TicketLine[] {
  const lines: TicketLine[] = [];
  for (const { name, value = '' } of tokens) {
    if (name === 'item') lines.push({ code: value, quantity: 1 });
    const line = lines.at(-1);
    if (line === undefined) continue;
    if (name === 'quantity') line.quantity = Number(value);
    if (name === 'input') {
      const [input = '', given = ''] = value.split('=');
      line.inputs = { ...line.inputs, [input]: given };
    }
  }
  return lines;
}

/** At level M a code that is creased or stained is still read. */
async function draw(text: string, { png, svg }: { png?: string; svg?: string }): Promise<void> {
  const options = { errorCorrectionLevel: 'M', margin: 4 } as const;
  if (png !== undefined) await QRCode.toFile(png, text, { ...options, scale: 6 });
  if (svg !== undefined) writeFileSync(svg, await QRCode.toString(text, { ...options, type: 'svg' }));
}

try {
  main();
} catch (error) {
  console.error(
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
}
