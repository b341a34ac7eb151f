/** The ZVT driver and its virtual terminal, as the contract plays them. */
import { encodeApdu, decodeApdu, splitApdus } from '../../../drivers/zvt/apdu.ts';
import { encodeField } from '../../../drivers/zvt/bitmaps.ts';
import { ACK, createFrameDecoder, encodeFrame, NAK } from '../../../drivers/zvt/frame.ts';
import { encodeTlv } from '../../../drivers/zvt/tlv.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import { parseAddress, portOpener, type OpenPort, type Port } from '../../../src/terminal/port.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { makeFolder } from '../../support/folder.ts';
import type { BookLine, FarEnd, Step, Subject } from '../contract.ts';
import { impostorsOf, through } from '../line-subject.ts';
import { virtualPage } from '../virtual-page.ts';
import type { FarEndSetup } from './far-end-program.ts';
import { openFarEnd } from './far-ends.ts';

const YEN = '392';
const EURO = '978';

/** What provably moves no money: registration, enquiry, totals, repeat receipt, abort, log-off, and answers. */
const HARMLESS = new Set(['0600', '0501', '0610', '0620', '06b0', '0602']);

const subjectOn = (listen: string, line: string, splitLine: (bytes: Buffer) => Buffer[]): Subject => ({
  driver: zvt,
  line,
  options: {},
  senselessOptions: [{ password: '12' }, { terminalId: 'x' }, { pasword: '000000' }],
  strangerOptions: { terminalId: '12345678' },
  impostors: impostorsOf(zvt, { t3Ms: 100, t4Ms: 300 }),
  noticesLoss: true,
  cutPoints: [
    { at: 'card_shown', what: 'after the card was shown', stands: false },
    { at: 'approved', what: 'before the counter heard of the approval', stands: false },
    { at: 'acknowledged', what: 'between the acknowledgement and the receipts', stands: false },
    { at: 'stored', what: 'after the terminal stored it', stands: true },
  ],
  open: (t, { issuerMs = 0, takesNoYen = false } = {}) =>
    connectable(t, { dataDir: makeFolder(t), listen, issuerMs, currency: takesNoYen ? EURO : YEN }),
  couldMoveMoney: (sent) =>
    splitLine(sent).some((apdu) => {
      const control = apdu.toString('hex', 0, 2);
      return !HARMLESS.has(control) && !/^8[04]/.test(control);
    }),
});

const unframed = (bytes: Buffer): Buffer[] =>
  createFrameDecoder()
    .push(bytes)
    .flatMap((event) => (event.kind === 'frame' ? [event.apdu] : []));

const overTcp = subjectOn('tcp:0', 'TCP', (bytes) => splitApdus(bytes).apdus);
const overPty = subjectOn('pty', 'a serial line', unframed);
export const subjects: readonly Subject[] = process.platform === 'linux' ? [overPty, overTcp] : [overTcp];

async function connectable(t: Cleanup, setup: FarEndSetup): Promise<FarEnd> {
  const { line, http } = await openFarEnd(t, setup);
  const address = parseAddress(line);
  if (address === undefined) throw new Error(line);

  const terminal = virtualPage<{ waiting: boolean; display: { phase: string } }>(http);
  return {
    address: line,
    connect: (options, wire) =>
      zvt.connect(through(wire, tellingLine(wire.cardNumber, portOpener(address))), options),
    plan: (...steps) => terminal.tell('/script', { steps: steps.map(scriptStep) }),
    async cardIsAwaited() {
      await terminal.until(({ waiting }) => waiting);
    },
    act: (step) => terminal.tell('/resident', step),
    async isIdle() {
      await terminal.until(({ waiting, display }) => !waiting && !BUSY_PHASES.includes(display.phase));
    },
    pullCable: () => terminal.tell('/resident', { act: 'pull_cable' }),
    plugCable: () => terminal.tell('/resident', { act: 'plug_cable' }),
    book: async () => (await terminal.entries<VirtualEntry>()).map(bookLine),
  };
}

interface VirtualEntry {
  kind: BookLine['kind'];
  amount: number;
  method: BookLine['method'];
  brand: string;
  receiptNumber: number;
  state: BookLine['state'];
}

const bookLine = ({ kind, amount, method, brand, receiptNumber, state }: VirtualEntry): BookLine => ({
  amountYen: amount,
  method,
  brand,
  receiptNumber: String(receiptNumber).padStart(4, '0'),
  state,
  kind,
});

const scriptStep = (step: Step): object => {
  if (step.act !== 'present') return { do: step };
  const { act, brand, cutAt } = step;
  return { do: { act, brand }, ...(cutAt === undefined ? {} : { pullCableAt: cutAt }) };
};

const BUSY_PHASES = ['waiting', 'processing', 'confirming'];

const tellingLine = (cardNumber: string | undefined, openPort: OpenPort): OpenPort =>
  cardNumber === undefined ? openPort : async (baudRate) => tellingPort(cardNumber, await openPort(baudRate));

/** Adds a card number to every status information: BMP 22, 23 and 3C, and as chip data. */
function tellingPort(cardNumber: string, port: Port): Port {
  const decoder = createFrameDecoder();
  let rest: Buffer = Buffer.alloc(0);
  const rewriteFrames = (bytes: Buffer): Buffer =>
    Buffer.concat(
      decoder.push(bytes).map((event) => {
        if (event.kind === 'frame') return encodeFrame(withCardNumber(event.apdu, cardNumber));
        return event.kind === 'ack'
          ? Buffer.of(ACK)
          : event.kind === 'nak'
            ? Buffer.of(NAK)
            : Buffer.alloc(0);
      }),
    );
  const rewriteStream = (bytes: Buffer): Buffer => {
    const split = splitApdus(Buffer.concat([rest, bytes]));
    rest = split.rest;
    return Buffer.concat(split.apdus.map((apdu) => withCardNumber(apdu, cardNumber)));
  };
  return {
    ...port,
    async read(timeoutMs) {
      const chunk = await port.read(timeoutMs);
      if (chunk.kind !== 'bytes') return chunk;
      return { kind: 'bytes', bytes: (port.line === 'serial' ? rewriteFrames : rewriteStream)(chunk.bytes) };
    },
  };
}

function withCardNumber(apdu: Buffer, cardNumber: string): Buffer {
  const decoded = decodeApdu(apdu);
  if (decoded?.control !== '040f' || apdu[4] !== 0) return apdu;
  const digits = Buffer.from(cardNumber, 'hex');
  return encodeApdu(
    '040f',
    Buffer.concat([
      decoded.data,
      encodeField('22', digits),
      encodeField('3c', Buffer.from(`CARD ${cardNumber}`, 'ascii')),
      ...(decoded.data.includes(Buffer.from('0605', 'hex'))
        ? []
        : [encodeField('06', encodeTlv('5a', digits))]),
    ]),
  );
}
