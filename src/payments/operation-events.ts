/**
 * What is written down of an operation on a terminal, event by event. A record stays what it was for ever: what the
 * events make of the operation is in `lifecycle.ts`.
 */
import type { PricedLine } from '../fees/pricing.ts';
import type { OnceMark } from '../once/once.ts';
import type { Signature } from '../staff/staff.ts';
import type { Evidence } from './evidence.ts';
import type {
  Correction,
  EnteredSlip,
  OutsideRefund,
  RefundWithdrawal,
  ReturnedLine,
  ReturnReason,
} from './return-records.ts';
import type { Method, PrintedText, TerminalAnswer, Verdict } from '../terminal/terminal.ts';

/** What every operation is armed with. */
interface ArmedOperation extends Signature {
  terminal: string;
  /** What the terminal called itself then: only that one can say what became of the sale. */
  terminalId: string | null;
  window: string;
  windowNameJa: string;
  lines: PricedLine[];
  amountYen: number;
  /** What the clerk touched: a wish. */
  method: Method;
  brand: string | null;
  /** Date in Asia/Tokyo when armed, `YYYY-MM-DD`. */
  businessDate: string;
  catalogueVersion: string;
  /** SHA-256 of the validated request in canonical JSON: the same id with another body is refused. */
  requestHash: string;
  /**
   * Entered later from the terminal's slip, because the terminal was used alone: nothing is sent, and what stands on the
   * slip is the answer. Left out: the program sent it.
   */
  byHand?: EnteredSlip;
}

export interface ArmedSale extends ArmedOperation, OnceMark {
  kind: 'sale';
}

/**
 * A void (取消: the whole of a sale, undone on the terminal) or a refund (返金: all or some of its lines, as a transaction
 * of its own). The sale stays what it was.
 */
export interface ArmedReturn extends ArmedOperation {
  kind: 'void' | 'refund';
  /** The sale's id. */
  of: string;
  lines: ReturnedLine[];
  reason: ReturnReason;
  note: string;
  /** The second person; null: the amount needed none. */
  confirmedBy: Signature | null;
}

/** Written and fsynced before the first byte leaves. */
export type Armed = ArmedSale | ArmedReturn;

/**
 * What a person decides about a payment that was found approved after the resident may have gone: it stands, because
 * the resident has what was paid for; it is cancelled on the terminal; or it is given back through accounting.
 */
export type Decision = 'keep' | 'void' | 'refund_outside';

/** A clerk's answer to a question, with the question as it stood on the screen. */
export interface ClerkReply extends Signature {
  terminal: string;
  titleJa: string;
  outcome: string;
  values: Record<string, string>;
  /** Read off the slip's barcode, not typed. */
  isScanned: boolean;
}

/** The durable events of an operation; each is fsynced before what follows it. */
export type OperationEvent =
  | { type: 'armed'; payload: Armed }
  | { type: 'cancel_requested'; payload: Signature }
  /** What the clerk told about a terminal without a link, before its driver hears it. */
  | { type: 'clerk_reply'; payload: ClerkReply }
  /** What the provider calls this order, before its terminal is told to take money for it. */
  | { type: 'reference'; payload: { reference: string } }
  /** A piece of the terminal's own receipt, stored before the terminal hears that it was taken. */
  | { type: 'receipt_text'; payload: PrintedText }
  | { type: 'answer'; payload: { answer: TerminalAnswer; refused: string | null } }
  | {
      type: 'ended';
      payload:
        | { kind: 'completed' }
        | { kind: 'aborted'; verdict: Exclude<Verdict, 'approved'>; resultCode: string }
        | { kind: 'not_sent'; reason: string };
    }
  | { type: 'interrupted'; payload: { reason: string } }
  | { type: 'evidence'; payload: Evidence }
  /** The terminal stays silent: the 出納員 lets it take other payments before it has been asked. */
  | { type: 'lock_released'; payload: Signature }
  /** What was left on the card afterwards, shown to the terminal again. */
  | { type: 'balance_read'; payload: Signature & { balanceYen: number; brand: string | null } }
  | {
      type: 'decided';
      /** `operation`: the void or refund, or the refund outside, that carries it out. */
      payload: Signature & { decision: Decision; note: string; operation?: string };
    }
  | { type: 'refund_requested'; payload: OutsideRefund }
  | { type: 'refund_withdrawn'; payload: RefundWithdrawal }
  | { type: 'corrected'; payload: Correction };
