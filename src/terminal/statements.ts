/** What some providers' services give besides payments: what they have paid out, and for what. */
import type { Service } from './driver.ts';

/** A statement as a file, with a name by which it is known again. The same one has the same bytes for ever. */
export interface FetchedFile {
  name: string;
  bytes: Uint8Array;
}

/** Money that the provider sent and that no bank took, or that was called back before it was sent. */
export interface FailedPayout {
  id: string;
  /** Integer yen. */
  yen: number;
  /** When it was to arrive, `YYYY-MM-DD`. */
  due: string;
  isCanceled: boolean;
  /** The provider's own code; empty: none was given. */
  reason: string;
}

/** A service that tells its statements by itself. */
export interface StatementSource {
  nameJa: string;
  /** The code of the declared format that reads its files. */
  format: string;
  /**
   * Everything since then, the oldest first, each handed on as soon as it is whole; what is known is not fetched again.
   * Returns what is not there yet or can't be had, one sentence each, and what did not arrive, each time again. What is
   * asked moves nothing.
   * @throws TerminalError when the service does not answer to the end: what was handed on stays
   */
  fetch(
    service: Service,
    asked: { since: Date; isKnown: (name: string) => boolean },
    take: (file: FetchedFile) => Promise<void>,
  ): Promise<{ notes: string[]; failed: FailedPayout[] }>;
}
