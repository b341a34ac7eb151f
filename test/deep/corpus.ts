/** The messages that the judge is shown: all that our encoder can say, recorded dialogues, and captures where there are. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { splitApdus } from '../../drivers/zvt/apdu.ts';
import { BRAND_PROFILE } from '../../drivers/zvt/brands.ts';
import * as commands from '../../drivers/zvt/commands.ts';
import { TAKEN } from '../../drivers/zvt/messages.ts';
import { startVirtualTerminal } from '../../drivers/zvt/virtual/virtual.ts';
import { zvt } from '../../drivers/zvt/zvt.ts';
import { parseAddress, portOpener, type OpenPort, type Port } from '../../src/terminal/port.ts';
import type { Terminal, TerminalAnswer } from '../../src/terminal/terminal.ts';
import { makeFolder } from '../support/folder.ts';

const PASSWORD = '000000';
/** Amounts whose BCD holds a DLE, an ETX, nothing, and as much as fits. */
const AMOUNTS = [0, 1, 3, 10, 300, 1_000, 1_010, 16_500, 123_456, 999_999_999_999];
const MIRRORS = [null, { receiptNumber: null }, { receiptNumber: '0161' }] as const;

/** By the name of what builds them; `encoders` must have every one that exists. */
const BUILT: Readonly<Record<string, () => Buffer[]>> = {
  registration: () => [
    commands.registration(PASSWORD),
    commands.registration('123456', { configByte: 0xbe, printerColumns: 24 }),
  ],
  authorisation: () => AMOUNTS.flatMap((yen) => MIRRORS.map((mirror) => commands.authorisation(yen, mirror))),
  reversal: () =>
    AMOUNTS.flatMap((yen) => MIRRORS.map((mirror) => commands.reversal(PASSWORD, '0161', yen, mirror))),
  refund: () => AMOUNTS.flatMap((yen) => MIRRORS.map((mirror) => commands.refund(PASSWORD, yen, mirror))),
  repeatReceipt: () => [commands.repeatReceipt(PASSWORD)],
  reprintReceipt: () => [commands.reprintReceipt(PASSWORD)],
  turnoverTotals: () => [commands.turnoverTotals(PASSWORD)],
  endOfDay: () => MIRRORS.map((mirror) => commands.endOfDay(PASSWORD, mirror)),
  initialisation: () => [commands.initialisation(PASSWORD)],
  clockSetting: () => [commands.clockSetting(PASSWORD, new Date('2026-10-10T01:10:10Z'))],
  baudRateChange: () => commands.BAUD_RATES.map(commands.baudRateChange),
  displayText: () => [
    commands.displayText(['WELCOME', '300 YEN'], 30, false),
    commands.displayText(['ようこそ'], 30, true),
  ],
};

/** Exports of commands.ts that are no messages. */
const NO_MESSAGES = new Set(['JPY', 'REGISTRATION_WISHES', 'BAUD_RATES', 'headBytesOf']);

/** Every message that our encoder can build, and the builders for which there is no sample here. */
export function builtMessages(): { apdus: Buffer[]; withoutSample: string[] } {
  const constants = Object.values(commands).filter((each) => Buffer.isBuffer(each));
  const withoutSample = Object.entries(commands)
    .filter(([name, value]) => !Buffer.isBuffer(value) && !NO_MESSAGES.has(name) && !(name in BUILT))
    .map(([name]) => name);
  return { apdus: [TAKEN, ...constants, ...Object.values(BUILT).flatMap((build) => build())], withoutSample };
}

/** What driver and virtual terminal say to each other at the counter's daily work, over TCP. */
export async function recordedMessages(t: TestContext): Promise<Buffer[]> {
  const virtual = await startVirtualTerminal({
    dataDir: makeFolder(t),
    listen: 'tcp:0',
    httpPort: 0,
    timing: { readMs: 0, issuerMs: 0, residentMs: 10_000, acknowledgeMs: 300 },
  });
  t.after(() => virtual.stop());
  const address = parseAddress(virtual.address);
  if (address === undefined) throw new Error(virtual.address);
  const recorded: Buffer[] = [];
  const terminal = await zvt.connect(recording(portOpener(address), recorded), {});
  try {
    const plan = (act: Act): void => virtual.plan([{ do: act }]);
    await workADay(terminal, plan);
    await giveBack(terminal, plan);
    virtual.change({ lock: '62' });
    virtual.planFaults([{ fault: 'host_down', command: '0670' }]);
    await careFor(terminal, plan);
  } finally {
    await terminal.close();
  }
  return recorded;
}

type Act = Parameters<Awaited<ReturnType<typeof startVirtualTerminal>>['plan']>[0][number]['do'];

async function workADay(terminal: Required<Terminal>, plan: (act: Act) => void): Promise<void> {
  const silent = (): void => undefined;
  const sell = (amountYen: number): Promise<unknown> =>
    terminal.authorizeSale(
      { operationId: `sale-${amountYen}`, amountYen, method: 'credit', brand: null },
      () => 'acknowledge',
      silent,
    );
  for (const [at, { brand }] of BRAND_PROFILE.entries()) {
    plan({ act: 'present', brand });
    await sell(400 + at);
  }
  for (const act of ['insufficient', 'refuse', 'stop'] as const) {
    plan({ act });
    await sell(1_000);
  }
  await terminal.checkHealth();
  await terminal.findTransaction({
    operationId: 'sale',
    amountYen: 400,
    armedAt: new Date().toISOString(),
    answer: null,
    previous: null,
  });
  await terminal.reportTotals();
  await terminal.settle({}, silent, silent);
}

/** A payment that is cancelled, and one that is paid out. */
async function giveBack(terminal: Required<Terminal>, plan: (act: Act) => void): Promise<void> {
  const silent = (): void => undefined;
  const answers: TerminalAnswer[] = [];
  const commit = (answer: TerminalAnswer): 'acknowledge' => {
    answers.push(answer);
    return 'acknowledge';
  };
  plan({ act: 'present', brand: 'visa' });
  const sale = { operationId: 'sale', amountYen: 300, method: 'credit', brand: null } as const;
  await terminal.authorizeSale(sale, commit, silent);
  const [of] = answers;
  if (of === undefined) throw new Error('the sale was not answered');
  await terminal.authorizeVoid({ operationId: 'void', amountYen: 300, of }, commit, silent);
  plan({ act: 'present', brand: 'visa' });
  const soldAt = '2026-11-24T00:00:00.000Z';
  await terminal.authorizeRefund({ operationId: 'refund', amountYen: 300, of, soldAt }, commit, silent);
}

/** What keeps a terminal in order, and the leave that is taken of it. */
async function careFor(terminal: Required<Terminal>, plan: (act: Act) => void): Promise<void> {
  const silent = (): void => undefined;
  await terminal.restore(silent);
  plan({ act: 'present', brand: 'nanaco' });
  await terminal.readBalance(silent);
  await terminal.reprint(silent);
  await terminal.showText(['CLOSED', '本日は終了しました'], 5);
  await terminal.logOff();
}

/** Keeps both directions of a TCP line, cut into messages. */
function recording(openPort: OpenPort, recorded: Buffer[]): OpenPort {
  return async (baudRate) => {
    const port = await openPort(baudRate);
    let rest: Buffer = Buffer.alloc(0);
    const recordingPort: Port = {
      line: port.line,
      closed: port.closed,
      async read(timeoutMs) {
        const chunk = await port.read(timeoutMs);
        if (chunk.kind !== 'bytes') return chunk;
        const split = splitApdus(Buffer.concat([rest, chunk.bytes]));
        recorded.push(...split.apdus);
        ({ rest } = split);
        return chunk;
      },
      write(bytes) {
        recorded.push(bytes);
        return port.write(bytes);
      },
      interrupt: () => port.interrupt(),
      close: () => port.close(),
    };
    return recordingPort;
  };
}

/** Captures of real terminals, kept beside the project by whoever has them (`ZVT_VECTORS`); none: none are judged. */
export function capturedMessages(): { folder: string; apdus: Buffer[] } {
  const beside = join(fileURLToPath(new URL('../..', import.meta.url)), '..', 'shared', 'vectors');
  const folder = process.env['ZVT_VECTORS'] ?? beside;
  if (!existsSync(folder)) return { folder, apdus: [] };
  const lists = globSync('*.json', { cwd: folder }).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { apdu?: string; hex?: string }[],
  );
  const written = lists.map(({ apdu, hex }) => Buffer.from(apdu ?? hex ?? '', 'hex'));
  const blobs = globSync('**/*.blob', { cwd: folder }).map((file) => readFileSync(join(folder, file)));
  return { folder, apdus: [...written, ...blobs].filter(({ length }) => length > 0) };
}
