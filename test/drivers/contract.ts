/**
 * What every driver owes to the counter, as tests; see README.md beside this. A driver's subject says how to play the
 * resident at its far end, how to break the line, and what its far end's own book says. Nothing here knows a protocol.
 */
import { describe } from 'node:test';
import type { Driver } from '../../src/terminal/driver.ts';
import type { AskClerk } from '../../src/terminal/prompt.ts';
import type { Method, Terminal } from '../../src/terminal/terminal.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { createCleanup } from '../support/cleanup.ts';
import { testAnswers } from './contract/answers.ts';
import { createBench, type Bench } from './contract/bench.ts';
import { testBrokenLines } from './contract/broken-lines.ts';
import { testConnecting } from './contract/connecting.ts';
import { testDeclaration } from './contract/declaration.ts';
import { testOrders } from './contract/orders.ts';
import { testQuestions } from './contract/questions.ts';
import { testSales } from './contract/sales.ts';

/** What the resident does at the next sale by themselves. `cutAt`: one of the subject's `cutPoints`. */
export type Step =
  | { act: 'present'; brand: string; cutAt?: string }
  | { act: 'insufficient' | 'refuse' | 'walk_away' | 'stop' };

/** A line of the far end's own book. Only `stored` is money that was moved. */
export interface BookLine {
  amountYen: number;
  method: Method;
  brand: string;
  receiptNumber: string;
  state: 'authorised' | 'stored' | 'reversed';
  kind: 'sale' | 'void' | 'refund';
}

/** The terminal at the other end of the line, as a test plays it. */
export interface FarEnd {
  /** Where it is, as the settings would say it. */
  address: string;
  /** A new connection of the driver to it, each time. */
  connect(options: object, wire: Wire): Promise<Terminal>;
  /** What the resident does at the next sales, one step each; none: somebody will say. */
  plan(...steps: Step[]): Promise<void>;
  /** Resolves once a card is awaited. */
  cardIsAwaited(): Promise<void>;
  /** What the resident does now, while a card is awaited. */
  act(step: Step): Promise<void>;
  /** Resolves once no dialogue runs there. */
  isIdle(): Promise<void>;
  pullCable(): Promise<void>;
  plugCable(): Promise<void>;
  /** Oldest first. */
  book(): Promise<BookLine[]>;
}

/** What lies between the driver and its far end, in the hands of a test. */
export interface Wire {
  /** Everything that leaves passes here: `send` hands it on, once. */
  pass: (message: Buffer, send: () => Promise<void>) => Promise<void>;
  /** The far end also tells this card number, in every place that it has for one. */
  cardNumber?: string;
  /** The counter's screen, between a driver that asks and the clerk who answers; left out: there is none. */
  screen?: (clerk: AskClerk) => AskClerk;
}

export interface Subject {
  driver: Driver;
  /** What the far end is connected by: "a serial line". */
  line: string;
  /** Whether the loss of the far end is noticed without asking it anything. */
  noticesLoss: boolean;
  /** Driver options that suit the far end. */
  options: object;
  /** Options that make no sense; refused before the line is opened. */
  senselessOptions: readonly object[];
  /** Options that expect another terminal than the far end; of no use where nothing is asked at connecting. */
  strangerOptions?: object;
  /** Other things than a terminal; each is given up within a second or so. `closed`: the driver has let go of it. */
  impostors: readonly {
    what: string;
    connect: () => { connecting: Promise<Terminal>; closed: Promise<void> };
  }[];
  /** Where in a sale the far end can pull its cable by itself, and whether the payment stands then. */
  cutPoints: readonly { at: string; what: string; stands: boolean }[];
  /** A far end of its own, in a process of its own. `issuerMs`: how long approving takes. */
  open(t: Cleanup, options?: { issuerMs?: number; takesNoYen?: boolean }): Promise<FarEnd>;
  /** True if the bytes that left us hold anything but what provably can't move money. */
  couldMoveMoney(sent: Buffer): boolean;
}

/** Tests one driver against one kind of far end. */
export function testDriverContract(subject: Subject): void {
  describe(`the driver ${subject.driver.model} over ${subject.line}`, () => {
    const bench: Bench = createBench(subject, createCleanup());
    testDeclaration(bench);
    testConnecting(bench);
    testSales(bench);
    testAnswers(bench);
    testBrokenLines(bench);
    testQuestions(bench);
    testOrders(bench);
  });
}
