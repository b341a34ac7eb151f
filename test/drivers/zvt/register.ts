/** Register software that is not our driver: it sends what a test wants, and answers everything with 80 00 00. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { decodeApdu } from '../../../drivers/zvt/apdu.ts';
import { findField, parseFields } from '../../../drivers/zvt/bitmaps.ts';
import { createLink, type Link } from '../../../drivers/zvt/link.ts';
import { startVirtualTerminal, type VirtualTerminal } from '../../../drivers/zvt/virtual/virtual.ts';
import { parseAddress, portOpener } from '../../../src/terminal/port.ts';
import { makeFolder } from '../../support/folder.ts';
import { AT_ONCE } from './counter.ts';
import { hex } from './support.ts';

export interface Register {
  virtual: VirtualTerminal;
  link: Link;
  /**
   * Sends a command and answers what comes, until 06 0F, 06 1E or a refusal; commands that have no completion end with
   * their answer. Everything heard, in hex.
   */
  hold: (command: string, reply?: (message: string) => string) => Promise<string[]>;
  /** Closes the line and opens it anew. */
  reopen(): Promise<void>;
}

type Options = Omit<Partial<Parameters<typeof startVirtualTerminal>[0]>, 'listen' | 'httpPort'>;

const WITHOUT_COMPLETION = ['0602', '06b0', '06e0', '0840'];
const PATIENCE_MS = 10_000;

export async function openRegister(
  t: TestContext,
  listen: string,
  { timing, ...options }: Options = {},
): Promise<Register> {
  const virtual = await startVirtualTerminal({
    dataDir: makeFolder(t),
    listen,
    httpPort: 0,
    timing: { ...AT_ONCE, ...timing },
    ...options,
  });
  const address = parseAddress(virtual.address);
  assert.ok(address);
  const open = async (): Promise<Link> => createLink(await portOpener(address)());
  const register: Register = {
    virtual,
    link: await open(),
    hold: (command, reply = () => '800000') => hold(register.link, command, reply),
    async reopen() {
      await register.link.close();
      register.link = await open();
    },
  };
  t.after(async () => {
    await register.link.close();
    await virtual.stop();
  });
  return register;
}

async function hold(link: Link, command: string, reply: (message: string) => string): Promise<string[]> {
  const bytes = hex(command);
  await link.send(bytes);
  const heard: string[] = [];
  for (;;) {
    const reception = await link.receive(PATIENCE_MS);
    if (reception.kind !== 'apdu') assert.fail(`${reception.kind} after ${heard.join(' ')}`);
    const message = reception.apdu.toString('hex');
    heard.push(message);
    if (/^8[04]/.test(message)) {
      const isOver = message.startsWith('84') || WITHOUT_COMPLETION.includes(bytes.toString('hex', 0, 2));
      if (isOver) return heard;
      continue;
    }
    const answer = reply(message);
    if (answer !== '') await link.send(hex(answer));
    if (/^06(0f|1e)/.test(message)) return heard;
  }
}

/** The control fields of what was heard, in order; prints are left out. */
export const controlsOf = (heard: string[]): string[] =>
  heard.map((message) => message.slice(0, 4)).filter((control) => !['06d1', '06d3'].includes(control));

export const REGISTER = '06 00 06 000000 8e 0392';
export const SALE_1000 = '06 01 0a 04 000000001000 49 0392';
export const REPEAT = '06 20 05 000000 03 03';
export const TOTALS = '06 10 03 000000';
export const END_OF_DAY = '06 50 03 000000';
export const STATUS = '05 01 00';
export const ENDED = '060f00';
export const voidOf = (receipt: string, amount = ''): string =>
  `06 30 ${amount === '' ? '06' : '0d'} 000000 87 ${receipt} ${amount === '' ? '' : `04 ${amount}`}`;

export const fieldsOf = (message: string | undefined) =>
  parseFields(decodeApdu(hex(message ?? ''))?.data ?? Buffer.alloc(0));
export const fieldOf = (message: string | undefined, bitmap: string): string | undefined =>
  findField(fieldsOf(message), bitmap)?.toString('hex');
export const statusOf = (heard: string[]): string | undefined =>
  heard.find((message) => message.startsWith('040f'));

export async function registered(...given: Parameters<typeof openRegister>): Promise<Register> {
  const register = await openRegister(...given);
  await register.hold(REGISTER);
  return register;
}

/** Everybody pays with that. */
export const everybodyPays = (register: Register, brand = 'visa'): void =>
  register.virtual.plan([{ do: { act: 'present', brand } }], true);
