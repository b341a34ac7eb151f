/** How a terminal without a link asks the clerk, who reads the answer off its display or its slip. */

/** Something that the clerk reads off the terminal. */
export type PromptField =
  | { code: string; nameJa: string; kind: 'choice'; choices: { code: string; nameJa: string }[] }
  /** `isTwice`: typed twice, or scanned once. */
  | { code: string; nameJa: string; kind: 'digits'; minDigits: number; maxDigits: number; isTwice: boolean }
  | { code: string; nameJa: string; kind: 'count' | 'yen'; isTwice: boolean };

/** A question to the clerk, as data; one screen shows them all. */
export interface Prompt {
  /** What it is about, with which the reply is recorded; null: no operation. */
  operationId: string | null;
  titleJa: string;
  /** Shown large; what the clerk keys in on the terminal. */
  amountYen: number | null;
  /** What to do, in this order. */
  guideJa: string[];
  /** What can have happened, as buttons; some want to know more. */
  outcomes: { code: string; nameJa: string; tone: 'good' | 'bad' | 'doubt'; fields: PromptField[] }[];
  /** How the terminal's slip reads as a barcode: a pattern whose groups are named after fields. */
  scanPattern?: string;
}

/** One of the prompt's outcomes, with a value for each of its fields. */
export interface Reply {
  outcome: string;
  values: Record<string, string>;
}

/**
 * Asks the clerk, for as long as it takes; the reply is checked against the prompt and on record before it comes
 * back. Rejects when the signal withdraws the question, and when there is nobody to ask.
 * @throws TerminalError `moneyMayHaveMoved` false: nobody has seen the question
 */
export type AskClerk = (prompt: Prompt, withdrawn: AbortSignal) => Promise<Reply>;
