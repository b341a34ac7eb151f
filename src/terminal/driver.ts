/** A driver: data about a terminal model, and the way to a connection with it. */
import type { z } from 'zod';
import type { OpenPort } from './port.ts';
import type { AskClerk } from './prompt.ts';
import type { StatementSource } from './statements.ts';
import type { Method, Terminal } from './terminal.ts';
import type { Trace } from './trace.ts';

/** How fine a terminal's totals are, and how ours are rolled up to compare with them. */
export interface TotalsGrain {
  grain: 'brand' | 'class' | 'grand';
  /** Buckets in the order in which they are shown. */
  buckets: { code: string; nameJa: string }[];
  /** The bucket in which the terminal counts a payment. */
  bucketOf(payment: { method: Method; brand: string | null }): string;
  /** A refund is in the totals only where it names its payment; left out: it is subtracted like a void. */
  leavesOutRefunds?: true;
  /** Counts wrap at this number (ZVT BMP 60: one byte, 256); null: they do not. */
  countModulus: number | null;
}

/** A terminal model, as data. */
interface Model {
  model: string;
  nameJa: string;
  /** Brands that the terminal can take, per method; what is really presented, the terminal finds out. */
  brands: Record<Method, string[]>;
  /** A payment of less is refused before anything is sent; left out: none is too small. */
  minimumYen?: number;
  totals: TotalsGrain;
  /**
   * Whether the terminal takes a payment for good only once we have acknowledged its answer, and reverses one that we
   * refuse. If not, an answer that could not be recorded stands there, and start-up finds it.
   */
  awaitsAcknowledgement: boolean;
  /**
   * `last`: a query reaches only the newest stored transaction, and a later sale takes its place. `each`: a query
   * finds every operation by its own id.
   */
  remembers: 'last' | 'each';
  /**
   * A program that behaves as this terminal, for trial and training; see virtual-terminal.ts for how it is run. With
   * the options, and for a service the secret, that it wants to be met with.
   */
  virtual?: { program: URL; options?: object; secret?: string };
  /** The driver's own settings, read from the configuration's `TERMINAL_OPTIONS`. */
  options: z.ZodType;
  /** The model as these settings make it, where they narrow its brands or give it a name of the house's own. */
  configured?(options: unknown): Driver;
  /** The clerk's sentence for a result code: what happened, what it means for the money, what to do next. */
  explainResult(resultCode: string, of?: 'sale' | 'void' | 'refund' | 'settlement'): string;
}

/** The terminal is at the end of a line that carries bytes. */
export interface LineDriver extends Model {
  reach: 'line';
  /** Reads along on a line and hands on what is said, free of card data. Without it a model can't be traced. */
  trace?(openPort: OpenPort, trace: Trace): OpenPort;
  /** Opens the line and makes the terminal ready (ZVT: registration). @throws TerminalError */
  connect(openPort: OpenPort, options: unknown): Promise<Terminal>;
}

/** A provider's service, and what it knows us by; the secret is never shown, logged or kept. */
export interface Service {
  url: URL;
  secret: string;
}

/** The terminal is reached through its provider's service. */
export interface ServiceDriver extends Model {
  reach: 'service';
  /** Whether real money moves under this secret; a live book wants no other, and a trial none of these. */
  isLiveSecret(secret: string): boolean;
  /** What it has paid out, where the service tells that as well. */
  statements?: StatementSource;
  /** Makes sure of the terminal. @throws TerminalError */
  connect(service: Service, options: unknown): Promise<Terminal>;
}

/** The terminal has no link: the clerk keys in the amount there, and tells what came of it here. */
export interface ClerkDriver extends Model {
  reach: 'clerk';
  connect(ask: AskClerk, options: unknown): Promise<Terminal>;
}

export type Driver = LineDriver | ServiceDriver | ClerkDriver;
