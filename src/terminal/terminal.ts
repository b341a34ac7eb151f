/**
 * START. The driver contract, in the words of UnifiedPOS CAT / EVRW: what can be asked of a terminal, and what it answers.
 * What a driver says of its model stands in driver.ts, how it asks the clerk in prompt.ts.
 *
 * A driver holds one dialogue for each call. It never decides what a payment's state is: it reports answers through
 * `commit` and returns how the dialogue ended; the fold in `payments/lifecycle.ts` decides. Amounts are integer yen, times
 * are instants in ISO 8601 UTC, durations are milliseconds with the unit in the name.
 */

/** Payment media. CAT knows credit, debit and electronic money; `qr` is our extension (UnifiedPOS has none). */
export type Method = 'credit' | 'debit' | 'emoney' | 'qr';

/** How a terminal judged a transaction. `unlisted`: a code that no table names; never read as yes or no. */
export type Verdict = 'approved' | 'declined' | 'cancelled' | 'unlisted';

/** One result message of the terminal, as the journal keeps it. Card numbers are masked before it exists. */
export interface TerminalAnswer {
  verdict: Verdict;
  /** The terminal's own code, as it wrote it (ZVT: BMP 27 in hex). */
  resultCode: string;
  amountYen: number | null;
  /** ISO 4217 numeric, e.g. `392`; null where the terminal does not say. */
  currency: string | null;
  /** What was really presented; null where the terminal does not say. */
  method: Method | null;
  brand: string | null;
  brandName: string | null;
  terminalId: string | null;
  receiptNumber: string | null;
  traceNumber: string | null;
  approvalCode: string | null;
  /** The terminal's own clock, `MM-DDThh:mm:ss` where it gives no year. */
  terminalTime: string | null;
  /** The message itself, masked, in hex. */
  raw: string;
  /** Not approved, and yet stored under this receipt number: a 取消 of what had been taken. Left out: what is approved is. */
  isStored?: true;
  /** Of a reversal, where the terminal says so: the trace number of the payment that it has undone. */
  undoneTrace?: string;
}

/** `refuse`: amount, currency or terminal are not those of the operation; a terminal that can is made to reverse. */
export type Decision = 'acknowledge' | 'refuse';

/**
 * Records an answer durably and says what to tell the terminal. Called before the acknowledgement leaves. A promise
 * makes the driver ask the terminal for patience, as far as the terminal has any. Throws or rejects if the record
 * could not be made: the driver refuses the answer and lets the error out.
 */
export type Commit = (answer: TerminalAnswer) => Decision | Promise<Decision>;

/** A line of a receipt; a terminal's own wishes about its looks come along, as far as it has any. */
export interface PrintedLine {
  text: string;
  align: 'left' | 'center' | 'right';
  doubleWidth: boolean;
  doubleHeight: boolean;
}

/** A piece of a receipt that the terminal wants printed. */
export interface PrintedText {
  /** Null where the terminal does not say whose receipt it is. */
  receipt: 'merchant' | 'customer' | 'administration' | null;
  lines: PrintedLine[];
  /** The receipt ends with this piece. */
  isLast: boolean;
}

/**
 * Stores a piece of a receipt, to be printed whenever a printer can: the terminal hears that it was taken once this
 * returns. What goes wrong here never refuses a piece, because that would reverse the payment; it comes out of the
 * dialogue as an error when that has ended.
 */
export type KeepText = (text: PrintedText) => void | Promise<void>;

/**
 * Stores what a provider calls an order, before anything there can move money under that name: whatever breaks
 * afterwards, an inquiry can ask for it. Throws or rejects if the record could not be made: the order is then given up.
 */
export type KeepReference = (reference: string) => void | Promise<void>;

/** A step worth showing to the clerk while money moves. `hint` is the terminal's own display text, if it sent one. */
export interface Progress {
  step: 'sent' | 'present_card' | 'enter_pin' | 'waiting_for_host' | 'remove_card' | 'reversing' | 'working';
  hint: string | null;
}

export type OnProgress = (progress: Progress) => void;

/**
 * For terminals that leave a lost acknowledgement to the register: the newest transaction whose approval is in the
 * journal. `receiptNumber` null: none is known. With the one before, the terminal reverses the last. Left out, the
 * terminal is told nothing: so it has to be while an operation is unknown and nobody has decided about it.
 */
export interface Mirror {
  receiptNumber: string | null;
}

/** A command that moves money. */
interface Order {
  operationId: string;
  amountYen: number;
  mirror?: Mirror;
}

export interface Sale extends Order {
  method: Method;
  brand: string | null;
}

/** Cancels one transaction as a whole. */
export interface Void extends Order {
  /** The approval as the terminal reported it: a receipt number from anywhere else could be another resident's. */
  of: TerminalAnswer;
  /** The terminal has been settled since; its receipt numbers may have begun anew, so it can only be refunded. */
  settledSince?: boolean;
}

/**
 * Gives money back as a transaction of its own. What was sold is for whoever has to find it: a person at the terminal, or
 * a service; a terminal on a line that names no other transaction in a refund leaves it out.
 */
export interface Refund extends Order {
  /** The approval as the terminal reported it: its slip's number, its whole amount, what was presented. */
  of: TerminalAnswer;
  /** When it was sold: the day on the slip. ISO 8601, UTC. */
  soldAt: string;
}

/** How a dialogue ended. */
export type Ending =
  /** The terminal closed it in the regular way; the last committed answer counts. */
  | { kind: 'completed' }
  /** The terminal closed it with a code. */
  | { kind: 'aborted'; verdict: Exclude<Verdict, 'approved'>; resultCode: string }
  /** Nothing ever left for the terminal. */
  | { kind: 'not_sent'; reason: string };

/** What we know when we ask a terminal what became of an operation. */
export interface Inquiry {
  operationId: string;
  amountYen: number;
  armedAt: string;
  /** What was armed; a sale unless it says otherwise. */
  kind?: 'sale' | 'void' | 'refund';
  /** Of a void or refund: the approval that was to be given back. */
  of?: TerminalAnswer;
  /** The last answer of this very operation that was committed. */
  answer: TerminalAnswer | null;
  /** What the provider calls this order, as far as it was kept. */
  reference?: string | null;
  /** The last transaction of this terminal that is known to be stored, before this operation. */
  previous: TerminalAnswer | null;
  /**
   * The terminal is known to have been settled since `previous`: receipt numbers are unique within a settlement period
   * only. Left out or false: as far as we know, for it may have done so unseen; a number alone proves nothing.
   */
  settledSince?: boolean;
}

/**
 * What a query established. `inconclusive` is an answer too, and is journalled as one; `in_progress` is none: the
 * terminal is still at it, and neither its memory nor its totals can be trusted yet.
 */
export type Finding =
  | { kind: 'approved'; answer: TerminalAnswer }
  | { kind: 'not_charged'; reason: string }
  /** Also where the terminal holds no payment at all: it may have settled, and forgotten it. */
  | { kind: 'inconclusive'; reason: string }
  | { kind: 'in_progress'; reason: string };

/** Totals of the running settlement period (中間計); fetching them clears nothing. */
export interface TerminalTotals {
  terminalId: string | null;
  /** Of a terminal whose period ends by itself: the instant at which this one began. */
  since?: string;
  rows: { bucket: string; count: number; amountYen: number }[];
  totalYen: number;
  raw: string;
}

/** What a settlement is commanded with. `known`: totals read just before, for who would have to ask a person again. */
export interface Settling {
  mirror?: Mirror;
  known?: TerminalTotals;
}

/** `open`: the terminal could not settle, its totals stand as they were. */
export type Settlement =
  | {
      kind: 'settled';
      totals: TerminalTotals | null;
      /** The terminal now goes about itself, for example updates, and may be silent for minutes. */
      isBusyAfterwards: boolean;
    }
  | { kind: 'open'; resultCode: string };

/**
 * What makes a terminal ready again. `restore`: a call of `restore`, which clears nothing; `settle`: the settlement,
 * which is for a person to begin; `wait`: nothing but time; `attend`: someone has to do what the sentence says.
 */
export type Remedy = 'none' | 'restore' | 'settle' | 'wait' | 'attend';

export interface Health {
  terminalId: string | null;
  /** The terminal's own status code and our sentence for it; `ready` if it can take a sale now. */
  status: string;
  ready: boolean;
  remedy: Remedy;
  /** The terminal has settled by itself since it was last asked: totals and receipt numbers begin anew. */
  hasClosedDay?: true;
}

/** What is left on a card. `unread`: no card, or one that does not tell. */
export type Balance =
  | {
      kind: 'read';
      balanceYen: number;
      method: Method | null;
      brand: string | null;
      brandName: string | null;
    }
  | { kind: 'unread'; resultCode: string };

/**
 * The wire broke. `moneyMayHaveMoved` is the only question that matters then: false only if it is certain that
 * no byte of the command reached the line.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly moneyMayHaveMoved: boolean;
  constructor(message: string, moneyMayHaveMoved: boolean, options?: ErrorOptions) {
    super(message, options);
    this.moneyMayHaveMoved = moneyMayHaveMoved;
  }
}

/** One open connection to one terminal. One call at a time; `abort` alone may be called during another. */
export interface Terminal {
  /** What the terminal called itself when it was connected; an approval by another is refused. */
  readonly terminalId: string | null;
  /** CAT authorizeSales. Resolves when the dialogue has ended. @throws TerminalError when the wire breaks. */
  authorizeSale(
    sale: Sale,
    commit: Commit,
    onProgress: OnProgress,
    keepText?: KeepText,
    keepReference?: KeepReference,
  ): Promise<Ending>;
  /** CAT authorizeVoid: gives the whole of one payment back. @throws as authorizeSale */
  authorizeVoid(
    order: Void,
    commit: Commit,
    onProgress: OnProgress,
    keepText?: KeepText,
    keepReference?: KeepReference,
  ): Promise<Ending>;
  /** CAT authorizeRefund, where the terminal gives some or all of a payment back on any day. @throws as authorizeSale */
  authorizeRefund?(
    order: Refund,
    commit: Commit,
    onProgress: OnProgress,
    keepText?: KeepText,
    keepReference?: KeepReference,
  ): Promise<Ending>;
  /**
   * EVRW queryLastSuccessfulTransactionResult. What is asked about and could still be paid is stopped first, so that the
   * answer holds. @throws TerminalError when the terminal does not answer.
   */
  findTransaction(inquiry: Inquiry): Promise<Finding>;
  /** CAT accessDailyLog with type REPORTING. @throws TerminalError */
  reportTotals(): Promise<TerminalTotals>;
  /**
   * CAT accessDailyLog with type SETTLEMENT (日計), where the terminal has one: final totals, then the terminal begins a new period. `commit`
   * records them before the terminal hears that we have them. @throws TerminalError: whether it settled is open then
   */
  settle?(
    settling: Settling,
    commit: (totals: TerminalTotals) => void | Promise<void>,
    onProgress: OnProgress,
    keepText?: KeepText,
  ): Promise<Settlement>;
  /** CAT checkHealth; provably sends nothing that can move money. @throws TerminalError */
  checkHealth(): Promise<Health>;
  /** Does what `remedy` asks for, moves no money and clears nothing; says how the terminal is then. */
  restore?(onProgress: OnProgress): Promise<Health>;
  /** EVRW readValue: what is left on a card that is shown now. @throws TerminalError */
  readBalance?(onProgress: OnProgress): Promise<Balance>;
  /** The last receipt once more. False if the terminal has none to show. @throws TerminalError */
  reprint?(keepText: KeepText): Promise<boolean>;
  /** Up to eight lines on the terminal's display. False if it shows none. @throws TerminalError */
  showText?(lines: readonly string[], seconds: number): Promise<boolean>;
  /** Takes leave of the terminal before a planned stop, then closes the line. */
  logOff?(): Promise<void>;
  /** A wish: the dialogue goes on until the terminal has answered. */
  abort(): void;
  /** Resolves once the line is gone, whoever ended it. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}
