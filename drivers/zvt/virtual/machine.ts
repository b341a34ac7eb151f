/** What a virtual terminal consists of, as its dialogues see it. */
import { LINK_TIMING, type LinkTiming } from '../link.ts';
import type { Book } from './book.ts';
import type { CutPoint, Resident, ResidentAct } from './resident.ts';
import type { Screen } from './screen.ts';

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
  /** For the register's answer to anything else (T3). */
  t3Ms: number;
  link: LinkTiming;
}

export const VIRTUAL_TIMING: VirtualTiming = {
  readMs: 500,
  issuerMs: 700,
  residentMs: 120_000,
  acknowledgeMs: 30_000,
  t3Ms: 5_000,
  link: LINK_TIMING,
};

/** What the register asked for when it registered (§2.1); undefined: it has not, or logged off. */
interface RegisteredAs {
  /** ISO 4217 numeric. */
  currency: string;
  /** 08: it wants intermediate status. */
  wantsSteps: boolean;
  /** 02 and 80: it prints payment receipts, from print commands. */
  wantsReceipts: boolean;
  /** It permits 06 D3 (TLV 26); otherwise receipts go line by line (06 D1). */
  wantsTextBlocks: boolean;
  /** It sent a TLV container, so it may be sent one (§9.2.2). */
  takesTlv: boolean;
}

export interface Machine {
  readonly terminalId: string;
  readonly password: string;
  readonly timing: VirtualTiming;
  readonly book: Book;
  readonly resident: Resident;
  readonly screen: Screen;
  registeredAs: RegisteredAs | undefined;
  /** What the resident has done and the dialogue has not yet seen; only while it waits for a card. */
  act: ResidentAct | undefined;
  isWaitingForCard: boolean;
  /** Wakes the dialogue to look at `act`. */
  wake: () => void;
  /** A script's wish; the line goes with the next step of the dialogue. */
  pullCableAt: CutPoint | undefined;
  pullCable: () => Promise<void>;
}
