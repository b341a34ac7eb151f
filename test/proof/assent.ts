/**
 * Whose yes it was that a terminal took for the acknowledgement of an approval. ZVT's carries no number, so that an older
 * one will do, which the line has held back until the terminal no longer waited for it and said the next thing.
 */
export interface Assent {
  /** The terminal has an approval, or the totals of a 日計, to tell. */
  onApproved(): void;
  /** Bytes leave the counter. */
  onSent(bytes: Buffer): void;
  /** Bytes have come to the counter as the terminal sent them. */
  onHeard(bytes: Buffer): void;
  /** Bytes have come to the terminal; whether the line had held them back. */
  onReached(wereHeldBack: boolean): void;
  /** What has just come to the terminal is an older yes: the counter, asked or not yet, has said none to this. */
  readonly isOlder: boolean;
}

export function createAssent(line: 'serial' | 'stream'): Assent {
  const at = line === 'serial' ? 2 : 0;
  const isControl = (bytes: Buffer, high: number, low: number): boolean =>
    bytes[at] === high && bytes[at + 1] === low;
  let isAsked = false;
  let hasSaidYes = false;
  let wereHeldBack = false;
  return {
    onApproved() {
      isAsked = false;
      hasSaidYes = false;
    },
    onSent(bytes) {
      hasSaidYes ||= isAsked && (isControl(bytes, 0x80, 0x00) || isControl(bytes, 0x84, 0x00));
    },
    onHeard(bytes) {
      isAsked ||= isControl(bytes, 0x04, 0x0f);
    },
    onReached(now) {
      wereHeldBack = now;
    },
    get isOlder() {
      return wereHeldBack && !hasSaidYes;
    },
  };
}
