/** What a virtual terminal consists of, as its dialogues see it. */
import { TerminalError } from '../../../src/terminal/terminal.ts';
import { LINK_TIMING, type LinkTiming } from '../link.ts';
import { AFTER_START, type BaudRate } from './baud-rate.ts';
import type { Book } from './book.ts';
import type { Purse } from './emoney.ts';
import type { FaultPlan, Point } from './faults.ts';
import type { Resident, ResidentAct } from './resident.ts';
import type { Screen } from './screen.ts';
import type { Settings } from './settings.ts';

/** How the terminal paces itself. The defaults are those of a person who watches; tests set zeros. */
export interface VirtualTiming {
  /** From a card being shown to its being read. */
  readMs: number;
  /** What the issuer takes to answer. */
  issuerMs: number;
  /** How long the terminal waits for a card before it ends the sale with 6C. */
  residentMs: number;
  /** For the register's answer to a status information: PA00P015 §2.2.8, 30 s unless BMP 01 says otherwise. */
  acknowledgeMs: number;
  /** After 84 9C the status information comes again: §3.1, in two seconds. */
  repeatMs: number;
  /** For the register's answer to anything else (T3). */
  t3Ms: number;
  /** From the answer to 08 40 until the new rate holds: §2.57. */
  newRateMs: number;
  /** How long it takes to start anew after 06 18. */
  restartMs: number;
  link: LinkTiming;
}

export const VIRTUAL_TIMING: VirtualTiming = {
  readMs: 500,
  issuerMs: 700,
  residentMs: 120_000,
  acknowledgeMs: 30_000,
  repeatMs: 2_000,
  t3Ms: 5_000,
  newRateMs: 2_000,
  restartMs: 3_000,
  link: LINK_TIMING,
};

/** What the register asked for when it registered (§2.1). */
export interface RegisteredAs {
  /** ISO 4217 numeric; undefined if it named none. */
  currency: string | undefined;
  /** 08: it wants intermediate status. */
  wantsSteps: boolean;
  /** 02 and 80: it prints payment receipts, from print commands. With 02 alone it makes them up itself. */
  wantsReceipts: boolean;
  /** 04 and 80: likewise for reports of the terminal. */
  wantsReports: boolean;
  /** It permits 06 D3 (TLV 26); otherwise receipts go line by line (06 D1). */
  wantsTextBlocks: boolean;
  /** It sent a TLV container, so it may be sent one (§9.2.2). */
  takesTlv: boolean;
}

/** Config 86 without TLV: what holds before a registration and after a log-off (§2.24). */
const UNREGISTERED: RegisteredAs = {
  currency: undefined,
  wantsSteps: false,
  wantsReceipts: true,
  wantsReports: true,
  wantsTextBlocks: false,
  takesTlv: false,
};

export interface Machine {
  readonly terminalId: string;
  readonly password: string;
  readonly timing: VirtualTiming;
  /** ISO 4217 numeric; what it takes, the first of them unasked. */
  readonly currencies: readonly string[];
  readonly book: Book;
  readonly resident: Resident;
  readonly screen: Screen;
  readonly faults: FaultPlan;
  settings: Settings;
  purse: Purse;
  /** Undefined: no register has registered, or it logged off, or the power was lost since. */
  registeredAs: RegisteredAs | undefined;
  /** The last message id of the register or ours (§5); undefined: the register wants none. */
  messageId: number | undefined;
  /** The rate at which it speaks and hears, where the line has one. */
  baudRate: BaudRate;
  /** The command whose dialogue runs, or ran last; faults are planned per command. */
  command: string | undefined;
  isInDialogue: boolean;
  /** What the resident has done and the dialogue has not yet seen; only while it waits for a card. */
  act: ResidentAct | undefined;
  isWaitingForCard: boolean;
  /** Wakes the dialogue to look at `act`. */
  wake: () => void;
  /** A script's wish; the line goes with that step of the dialogue. */
  pullCableAt: Point | undefined;
  /** The line goes, and comes back by itself if a time is given. */
  pullCable: (backAfterMs?: number) => Promise<void>;
  /** The line goes, and with it the registration and everything that is not in the book. */
  losePower: (backAfterMs?: number) => Promise<void>;
  isOff: boolean;
}

/** What the register asked for when it registered, or what holds without that. */
export function registrationOf({ registeredAs }: Machine): RegisteredAs {
  return registeredAs ?? UNREGISTERED;
}

/** It is started anew: what was agreed with a register is gone, the book stays. */
export function restart(machine: Machine): void {
  Object.assign(machine, { registeredAs: undefined, messageId: undefined, baudRate: AFTER_START });
}

/** A step of a dialogue is reached: what was planned for here happens now. @throws TerminalError if the power went */
export async function reach(machine: Machine, point: Point): Promise<void> {
  if (machine.pullCableAt === point) await machine.pullCable();
  const fault = machine.faults.takeAt(point, machine.command);
  if (fault?.fault === 'pull_cable') await machine.pullCable(fault.backAfterMs);
  if (fault?.fault !== 'power_loss') return;
  await machine.losePower(fault.backAfterMs);
  throw new TerminalError('the power is gone', true);
}
