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
import { readSampleFees } from '../src/fees/sample.ts';
import { escapeHtml } from '../src/plain-page.ts';
import { signTicket, type Ticket, type TicketLine } from '../src/tickets/format.ts';
import {
  ensureTrialKey,
  makeTicketKey,
  privateKeyPath,
  readPrivateKey,
  TRIAL_KEY,
} from '../src/tickets/keys.ts';

const USAGE = `npm run ticket -- --item CODE [--quantity N] [--input NAME=VALUE]… [--item …]… --window CODE --reference TEXT
    [--expires YYYY-MM-DD] [--counter ID] [--key ID] [--png FILE | --svg FILE | --sheet FILE.html]
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
      sheet: { type: 'string' },
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
  const ticket = { key, reference, window, counter, until, lines };
  const text = signTicket(ticket, privateKey);
  console.log(text);
  void draw(text, ticket, values);
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
async function draw(
  text: string,
  ticket: Ticket,
  { png, svg, sheet }: { png?: string; svg?: string; sheet?: string },
): Promise<void> {
  const options = { errorCorrectionLevel: 'M', margin: 4 } as const;
  const code = (): Promise<string> => QRCode.toString(text, { ...options, type: 'svg' });
  if (png !== undefined) await QRCode.toFile(png, text, { ...options, scale: 6 });
  if (svg !== undefined) writeFileSync(svg, await code());
  if (sheet !== undefined) writeFileSync(sheet, sheetOf(text, ticket, await code()));
}

/**
 * A page (A5 upright) to print from a browser: what the resident carries to the window, and nothing of who that is. What
 * the sample table does not know stands with its code.
 */
function sheetOf(text: string, { reference, window, until, lines }: Ticket, code: string): string {
  const { items, windows } = readSampleFees();
  const nameOf = (named: readonly { code: string; nameJa: string }[], wanted: string): string =>
    named.find((each) => each.code === wanted)?.nameJa ?? wanted;
  const rows = lines.map(({ code: item, quantity, inputs = {} }) => {
    const told = Object.values(inputs).map(String);
    return `<tr><td>${escapeHtml([nameOf(items, item), ...told].join('　'))}</td><td>${String(quantity)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="ja">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>会計票 ${escapeHtml(reference)}</title>
<style>
@page { size: A5; margin: 12mm }
body { font: 12pt/1.6 'BIZ UDPGothic', sans-serif; max-width: 124mm; margin: 0 auto }
h1 { font-size: 18pt; margin: 0 }
svg { display: block; width: 48mm; margin: 4mm auto }
dl { display: grid; grid-template-columns: auto 1fr; gap: 1mm 6mm; margin: 0 0 4mm }
dt { font-weight: 700 } dd { margin: 0 }
table { width: 100%; border-collapse: collapse } th, td { border-bottom: 1px solid #999; padding: 1mm 0; text-align: start }
th + th, td + td { text-align: end; width: 16mm }
small { display: block; margin-top: 4mm; overflow-wrap: anywhere }
</style>
<h1>会計票</h1>
<p>この紙を窓口でお見せください。金額は、窓口の料金表で決まります。</p>
${code}
<dl>
<dt>受付番号</dt><dd>${escapeHtml(reference)}</dd>
<dt>窓口</dt><dd>${escapeHtml(nameOf(windows, window))}</dd>
<dt>期限</dt><dd>${escapeHtml(until)} まで</dd>
</dl>
<table><thead><tr><th>項目</th><th>数量</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<small>読み取れないときに打ち込む文字：${escapeHtml(text)}</small>
</html>
`;
}

try {
  main();
} catch (error) {
  console.error(
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
}
